"""Issuing a certificate: its period, its row, its signed badge and the event in the audit log, in the caller's transaction."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses import open_badge, signing_key
from courses.certification import REVIEWS, Span
from courses.course import Course, Quiz
from courses.course_service import SYSTEM, CourseVersion
from courses.open_badge import Badge
from courses.signing_key import SigningKey
from courses.tables import CertificateRow, CertificationPeriodRow, PublicKeyRow
from people.tables import PersonRow
from rag.calendar import danish_date
from storage import audit
from storage.base import new_id

CERTIFICATE = "certificate"  # object type in the audit log
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Earned:
    """What a certificate is issued for. `evidence` is the id of the attempt that was passed, or `REVIEWS`; `at` is when."""

    person_id: str
    cycle: int
    version: CourseVersion
    span: Span
    evidence: str
    at: datetime


class Issuer:
    """Issues certificates of the application at `public_url`, signed with the key in `key_file`."""

    def __init__(self, key_file: Path, public_url: str) -> None:
        self._key_file = key_file
        self.public_url = public_url.rstrip("/")

    def key(self) -> SigningKey:
        """The key that is signed with now; raises `InvalidCredential` when it cannot be used."""
        return signing_key.load(self._key_file)

    def issue(self, session: Session, key: SigningKey, earned: Earned, now: datetime) -> str:
        """Id of the new certificate. The caller holds `one_at_a_time`, without which two would get the same number."""
        period = CertificationPeriodRow(
            id=new_id(),
            person_id=earned.person_id,
            course_id=earned.version.course.id,
            cycle=earned.cycle,
            version_id=earned.version.id,
            certified_at=earned.at,
            valid_from=earned.span.valid_from,
            valid_until=earned.span.valid_until,
            window_opens_on=earned.span.opens_on,
            evidence=earned.evidence,
        )
        session.add(period)
        session.flush()
        number, salt = new_id(), open_badge.new_salt()
        holder = session.get_one(PersonRow, earned.person_id).name
        identity_hash = open_badge.identity_hash(holder, salt)
        last = session.scalar(select(func.max(CertificateRow.status_index)))
        index = 0 if last is None else last + 1
        badge = self._badge(
            earned.version,
            certificate_id=UUID(number),
            valid_from=earned.span.valid_from,
            valid_until=earned.span.valid_until,
            identity_hash=identity_hash,
            salt=salt,
            status_index=index,
            evidence=_evidence(earned),
        )
        token = open_badge.sign(badge, key)
        session.add(
            CertificateRow(
                id=number,
                period_id=period.id,
                person_id=earned.person_id,
                holder=holder,
                salt=salt,
                identity_hash=identity_hash,
                status_index=index,
                issued_at=now,
                token=token,
            )
        )
        if session.get(PublicKeyRow, key.kid) is None:
            session.add(PublicKeyRow(kid=key.kid, jwk=dict(key.public), at=now))
        audit.record(
            session,
            actor=SYSTEM,
            action="certificate.issued",
            object_type=CERTIFICATE,
            object_id=number,
            after_hash=hashlib.sha256(token.encode()).hexdigest(),
        )
        return number

    def achievement(self, version: CourseVersion) -> dict[str, Any]:
        """What a badge of this version of a course says that its holder has achieved, as a document of its own."""
        nobodys = self._badge(
            version,
            certificate_id=UUID(int=0),
            valid_from=_ANY_DAY,
            valid_until=_ANY_DAY,
            identity_hash="",
            salt="",
            status_index=0,
        )
        return {"@context": open_badge.CONTEXTS, **open_badge.credential(nobodys)["credentialSubject"]["achievement"]}

    def _badge(self, version: CourseVersion, **of_one_certificate: Any) -> Badge:
        course = version.course
        return Badge(
            base_url=self.public_url,
            course_id=course.id,
            course_version=str(version.number),
            title=course.title,
            summary=course.summary,
            criteria=_criteria(course),
            **of_one_certificate,
        )


def _criteria(course: Course) -> str:
    final = course.activity(course.final)
    least = f" med mindst {round(final.policy.pass_at * 100)} % af pointene" if isinstance(final, Quiz) else ""
    renewed = " Beviset kan fornyes med en ny prøve"
    if course.certificate is not None and course.certificate.by_reviews:
        renewed += " eller ved jævnligt at svare på spørgsmål om stoffet"
    return f"Den afsluttende prøve i kurset er bestået{least}.{renewed}."


def _evidence(earned: Earned) -> str:
    day = danish_date(earned.at)
    if earned.evidence == REVIEWS:
        return f"Fornyet {day} efter jævnlige svar på spørgsmål om stoffet."
    return f"Den afsluttende prøve blev bestået {day}."
