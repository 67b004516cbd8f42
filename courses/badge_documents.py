"""What stands behind the public addresses in a badge: keys, status lists, the issuer, achievements. None has personal data."""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, select

from courses import open_badge, status_list, vc_jwt
from courses.course_service import CourseService
from courses.errors import InvalidCredential, UnknownCourse
from courses.issuing import Issuer
from courses.signing_key import PublicKey, key_set
from courses.tables import CertificateRevocationRow, CertificateRow, PublicKeyRow
from storage.base import now
from storage.session import reading

log = logging.getLogger(__name__)
LIST_LIVES = timedelta(days=1)
_THUMBPRINT = re.compile(r"[\w-]{43}", re.ASCII)
_LIST_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_COURSE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


class BadgeDocuments:
    """Reads what the documents say from the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(
        self, engine: Engine, courses: CourseService, issuer: Issuer, clock: Callable[[], datetime] = now
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._issuer = issuer
        self._clock = clock
        self._signed = lru_cache(maxsize=8)(self._sign)

    def keys(self) -> dict[str, PublicKey]:
        """Every public key that badges were ever signed with, by thumbprint."""
        with reading(self._engine) as session:
            return {row.kid: row.jwk for row in session.scalars(select(PublicKeyRow).order_by(PublicKeyRow.at))}

    def key(self, kid: str) -> PublicKey | None:
        """The public key with this thumbprint as a bare JWK."""
        return self._published().get(kid) if _THUMBPRINT.fullmatch(kid) else None

    def key_set(self) -> dict[str, Any]:
        """All public keys as a JWK Set."""
        return key_set(self._published().values())

    def status(self, number: str) -> str | None:
        """Status list `number` (from 1) as a signed token; None when no certificate stands in it.

        Raises `InvalidCredential` when it cannot be signed.
        """
        if not _LIST_NUMBER.fullmatch(number):
            return None
        first = (int(number) - 1) * status_list.LENGTH
        inside = CertificateRow.status_index.between(first, first + status_list.LENGTH - 1)
        query = select(CertificateRow.status_index).where(inside)
        revoked = query.join(CertificateRevocationRow, CertificateRevocationRow.certificate_id == CertificateRow.id)
        with reading(self._engine) as session:
            if session.scalar(query.limit(1)) is None:
                return None
            numbers = tuple(session.scalars(revoked.order_by(CertificateRow.status_index)))
        return self._signed(int(number), numbers, self._clock().replace(minute=0, second=0, microsecond=0))

    def _sign(self, number: int, revoked: tuple[int, ...], hour: datetime) -> str:
        """Kept for the hour, so that whoever asks again and again costs no signatures."""
        base_url = self._issuer.public_url
        said = status_list.credential(base_url, number, revoked, hour, hour + LIST_LIVES)
        return vc_jwt.sign(said, base_url, self._issuer.key())

    def issuer(self) -> dict[str, Any]:
        """Who issues the badges."""
        return open_badge.issuer_profile(self._issuer.public_url)

    def achievement(self, course_id: str) -> dict[str, Any] | None:
        """What a course gives a badge for, as it is offered now; None for a course that gives none."""
        if not _COURSE.fullmatch(course_id):
            return None
        try:
            version = self._courses.current(course_id)
        except UnknownCourse:
            return None
        return self._issuer.achievement(version) if version.course.certificate else None

    def _published(self) -> dict[str, PublicKey]:
        """With the key of today, which signs status lists before it has signed a badge. Asking makes no first key."""
        keys = self.keys()
        if keys:
            try:
                key = self._issuer.key()
            except InvalidCredential as error:
                log.error("%s", error)
            else:
                keys.setdefault(key.kid, key.public)
        return keys
