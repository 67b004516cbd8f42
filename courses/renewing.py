"""Renewing a certificate: where a person stands in a course, and which ways to a new certificate are open today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.certificate_register import span_of
from courses.certification import REVIEWS, Renewal, Span, why_closed
from courses.course import CertificateRules
from courses.course_service import CourseService, CourseVersion
from courses.enrolment import enrolment
from courses.errors import NotOpen, UnknownCourse
from courses.tables import CertificateRevocationRow, CertificateRow, CertificationPeriodRow
from people.person import Person

Steady = Callable[[Person, str, date, date], bool]
"""Whether a person has kept up with the reviews of a course (id) from the first day to the last."""


@dataclass(frozen=True, slots=True)
class Round:
    """Where a person stands in a course. `begun` means that a round after the first certificate is under way; `last` is the
    last period that stands; `why` says in Danish why no new round can begin, and is empty when it can; `version` is the course
    as it is offered now, None when it is not; `quiz_revoked` means that the newest was earned by a quiz and revoked."""

    cycle: int
    begun: bool
    last: Span | None
    version: CourseVersion | None
    why: str
    quiz_revoked: bool = False

    def offered(self) -> tuple[CourseVersion, CertificateRules]:
        """The version and the rules that a new certificate is issued by; raises `NotOpen`."""
        rules = self.version.course.certificate if self.version else None
        if self.why or self.version is None or rules is None:
            raise NotOpen(self.why)
        return self.version, rules


def round_of(session: Session, courses: CourseService, person_id: str, course_id: str, today: date) -> Round:
    """Where a person stands; raises `UnknownCourse` when she has not begun the course."""
    found = enrolment(session, person_id, course_id)
    if found is None:
        raise UnknownCourse
    has_any, last = last_span(session, person_id, course_id)
    lost = _newest_is_revoked_quiz(session, person_id, course_id)
    begun = has_any and not is_certified(session, person_id, course_id, found.cycle)
    try:
        version = courses.current(course_id)
    except UnknownCourse:
        return Round(found.cycle, begun, last, None, why_closed(None, has_any, last, today), lost)
    why = why_closed(version.course.certificate, has_any, last, today)
    return Round(found.cycle, begun, last, version, why, lost)


def renewal(found: Round, steady: Steady, person: Person, course_id: str, today: date) -> Renewal:
    """Which ways are open today."""
    return Renewal(found.begun, found.why, why_not_by_reviews(found, steady, person, course_id, today))


def why_not_by_reviews(found: Round, steady: Steady, person: Person, course_id: str, today: date) -> str | None:
    """Why a certificate cannot be renewed by reviews, empty when it can; None where a quiz is the only way, because the course
    says so or the certificate was revoked."""
    if found.why:
        return found.why
    rules = found.version.course.certificate if found.version else None
    if rules is None or not rules.by_reviews or found.last is None or found.quiz_revoked:
        return None
    if not steady(person, course_id, found.last.valid_from, today):
        return "Det kræver, at du jævnligt har svaret på ugens spørgsmål. Du kan tage prøven i stedet."
    return ""


def last_span(session: Session, person_id: str, course_id: str) -> tuple[bool, Span | None]:
    """Whether a person was ever certified in a course, and the last period that stands, None when each was revoked."""
    query = (
        select(CertificationPeriodRow, CertificateRevocationRow.certificate_id)
        .join(CertificateRow, CertificateRow.period_id == CertificationPeriodRow.id)
        .outerjoin(CertificateRevocationRow, CertificateRevocationRow.certificate_id == CertificateRow.id)
        .where(CertificationPeriodRow.person_id == person_id, CertificationPeriodRow.course_id == course_id)
        .order_by(CertificationPeriodRow.valid_until.desc())
    )
    rows = session.execute(query).all()
    return bool(rows), next((span_of(period) for period, revoked in rows if revoked is None), None)


def _newest_is_revoked_quiz(session: Session, person_id: str, course_id: str) -> bool:
    query = (
        select(CertificationPeriodRow.evidence, CertificateRevocationRow.certificate_id)
        .join(CertificateRow, CertificateRow.period_id == CertificationPeriodRow.id)
        .outerjoin(CertificateRevocationRow, CertificateRevocationRow.certificate_id == CertificateRow.id)
        .where(CertificationPeriodRow.person_id == person_id, CertificationPeriodRow.course_id == course_id)
        .order_by(CertificationPeriodRow.cycle.desc())
        .limit(1)
    )
    newest = session.execute(query).first()
    return newest is not None and newest.certificate_id is not None and newest.evidence != REVIEWS


def is_certified(session: Session, person_id: str, course_id: str, cycle: int) -> bool:
    """Whether there is a period for this cycle, revoked or not."""
    query = select(CertificationPeriodRow.id).where(
        CertificationPeriodRow.person_id == person_id,
        CertificationPeriodRow.course_id == course_id,
        CertificationPeriodRow.cycle == cycle,
    )
    return session.scalar(query) is not None
