"""Certificates read from their rows, each in the view that its reader may have: the public, the holder, a trainer."""

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from courses.certification import REVIEWS, Renewal, Span, Standing, standing
from courses.open_badge import identity_hash, new_salt
from courses.tables import CertificateRevocationRow, CertificateRow, CertificationPeriodRow, CourseVersionRow
from storage.calendar import danish_day

NAME_CHARS = 200
_PART_OF_NUMBER = re.compile(r"[0-9a-f-]{4,36}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What everybody may know of a certificate; whose it is, is not among it. Both days of the period count."""

    number: str
    title: str
    version: int
    issued_on: date
    valid_from: date
    valid_until: date
    status: Standing
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate as its holder sees it. `reason` says why it was revoked; `renewal` is given for the one of each course that
    a renewal would follow."""

    facts: Facts
    course_id: str
    opens_on: date
    by_reviews: bool
    reason: str
    renewal: Renewal | None


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate as a trainer sees it. `holder` is empty once it has been anonymised; `reason` says why it was revoked."""

    id: str
    course_id: str
    course_title: str
    holder: str
    issued_at: datetime
    valid_from: date
    valid_until: date
    status: Standing
    reason: str

    @property
    def revocable(self) -> bool:
        """Whether it can still be revoked."""
        return self.status is not Standing.REVOKED


@dataclass(frozen=True, slots=True)
class Record:
    """A certificate with all its rows."""

    row: CertificateRow
    period: CertificationPeriodRow
    title: str
    version: int
    revocation: CertificateRevocationRow | None

    @property
    def span(self) -> Span:
        """The period."""
        return span_of(self.period)

    def facts(self, today: date) -> Facts:
        """The public view."""
        revoked_on = danish_day(self.revocation.at) if self.revocation else None
        return Facts(
            self.row.id,
            self.title,
            self.version,
            danish_day(self.row.issued_at),
            self.period.valid_from,
            self.period.valid_until,
            standing(self.span, today, revoked=revoked_on is not None),
            revoked_on,
        )

    @property
    def reason(self) -> str:
        """Why it was revoked; empty when it was not."""
        return self.revocation.reason if self.revocation else ""

    def own(self, today: date, renewal: Renewal | None) -> OwnCertificate:
        """The holder's view."""
        by_reviews = self.period.evidence == REVIEWS
        return OwnCertificate(
            self.facts(today), self.period.course_id, self.period.window_opens_on, by_reviews, self.reason, renewal
        )

    def issued(self, today: date) -> Issued:
        """The trainer's view."""
        return Issued(
            self.row.id,
            self.period.course_id,
            self.title,
            self.row.holder or "",
            self.row.issued_at,
            self.period.valid_from,
            self.period.valid_until,
            standing(self.span, today, revoked=self.revocation is not None),
            self.reason,
        )


def span_of(row: CertificationPeriodRow) -> Span:
    """A stored period."""
    return Span(row.valid_from, row.valid_until, row.window_opens_on)


def certificate(session: Session, *which: ColumnElement[bool]) -> Record | None:
    """The certificate that `which` selects."""
    return next(iter(certificates(session, *which)), None)


def certificates(
    session: Session, *which: ColumnElement[bool], count: int | None = None, skip: int = 0
) -> list[Record]:
    """The certificates that `which` selects, the last issued first."""
    query = (
        _from(select(*_PARTS), *which)
        .order_by(CertificateRow.issued_at.desc(), CertificateRow.status_index.desc())
        .offset(skip)
        .limit(count)
    )
    return [Record(*found) for found in session.execute(query)]


def counted(session: Session, *which: ColumnElement[bool]) -> int:
    """How many certificates `which` selects."""
    return session.scalar(_from(select(func.count()), *which)) or 0


def matching(session: Session, search: str) -> list[ColumnElement[bool]]:
    """What selects the certificates whose course or number fits what a trainer typed; everything when that is empty."""
    wanted = " ".join(search.casefold().split())
    if not wanted:
        return []
    # Titles are compared here: SQLite's LIKE knows no capital Æ, Ø and Å.
    of_course = select(CourseVersionRow.id, CourseVersionRow.title, CourseVersionRow.course_id)
    versions = [
        key for key, title, course in session.execute(of_course) if wanted in title.casefold() or wanted == course
    ]
    fits: list[ColumnElement[bool]] = [CertificationPeriodRow.version_id.in_(versions)]
    if _PART_OF_NUMBER.fullmatch(wanted):
        fits.append(CertificateRow.id.startswith(wanted, autoescape=True))
    return [or_(*fits)]


def is_named(record: Record | None, typed: str) -> bool:
    """Whether a certificate was issued to somebody of this name. A certificate that does not exist takes the same time."""
    salt = record.row.salt if record else new_salt()
    same = hmac.compare_digest(identity_hash(typed[:NAME_CHARS], salt), record.row.identity_hash if record else "")
    return same and record is not None


_PARTS: tuple[Any, ...] = (
    CertificateRow,
    CertificationPeriodRow,
    CourseVersionRow.title,
    CourseVersionRow.number,
    CertificateRevocationRow,
)


def _from(query: Select[Any], *which: ColumnElement[bool]) -> Select[Any]:
    return (
        query.select_from(CertificateRow)
        .join(CertificationPeriodRow, CertificationPeriodRow.id == CertificateRow.period_id)
        .join(CourseVersionRow, CourseVersionRow.id == CertificationPeriodRow.version_id)
        .outerjoin(CertificateRevocationRow, CertificateRevocationRow.certificate_id == CertificateRow.id)
        .where(*which)
    )
