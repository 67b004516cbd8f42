"""What happens to a certificate after it was issued: it is revoked, or its holder is forgotten. The row itself stays."""

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from courses import written
from courses.course_service import SYSTEM
from courses.errors import InvalidCredential, UnknownCourse
from courses.issuing import CERTIFICATE
from courses.tables import CertificateRevocationRow, CertificateRow
from storage import audit


def checked_reason(reason: str) -> str:
    """The reason as it is kept; raises `InvalidCredential` when it is none, too long, or holds personal data."""
    return written.reason(reason, InvalidCredential, "Skriv, hvorfor beviset tilbagekaldes.")


def revoke(session: Session, certificate_id: str, by: str, reason: str, at: datetime) -> None:
    """Take a certificate back. The caller holds `one_at_a_time`.

    Raises `UnknownCourse`, and `InvalidCredential` when it was revoked before.
    """
    if session.get(CertificateRow, certificate_id) is None:
        raise UnknownCourse
    if session.get(CertificateRevocationRow, certificate_id) is not None:
        raise InvalidCredential("Beviset er allerede tilbagekaldt. Din begrundelse er ikke gemt.")
    session.add(CertificateRevocationRow(certificate_id=certificate_id, at=at, by=by, reason=reason))
    audit.record(
        session,
        actor=by,
        action="certificate.revoked",
        object_type=CERTIFICATE,
        object_id=certificate_id,
        after_hash=hashlib.sha256(reason.encode()).hexdigest(),
    )


def anonymise(session: Session, certificate_id: str) -> None:
    """Forget whose a certificate was, and why it was revoked; its number, dates and salted hash stay, and that it was revoked.

    Raises `UnknownCourse`.
    """
    row = session.get(CertificateRow, certificate_id)
    if row is None:
        raise UnknownCourse
    revocation = session.get(CertificateRevocationRow, certificate_id)
    if row.person_id is None and row.holder is None and not (revocation and revocation.reason):
        return
    row.person_id = row.holder = None
    if revocation is not None:
        revocation.reason = ""
    audit.record(
        session,
        actor=SYSTEM,
        action="certificate.anonymised",
        object_type=CERTIFICATE,
        object_id=certificate_id,
    )
