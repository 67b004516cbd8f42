"""Standings of people, reckoned from the rows that prove them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.course_service import CourseVersion
from courses.passed_finals import TOGETHER, first_among, shares_of
from courses.steering.area.standing import Standing
from courses.steering.tables import ExemptionRow
from courses.tables import (
    AssignmentRow,
    AttemptRow,
    CertificateRevocationRow,
    CertificateRow,
    CertificationPeriodRow,
    EnrolmentRow,
)
from people.stand_in import is_stand_in_id
from storage.calendar import danish_day

Pair = tuple[str, str]
"""Ids of a person and a course."""
Versions = Callable[[str], CourseVersion]


@dataclass
class _Found:
    """What the rows of one person and course say."""

    assignments: list[tuple[date, date | None, date | None]] = field(default_factory=list)
    exempt_from: date | None = None
    exempt_to: date | None = None
    cycle: int | None = None
    version_id: str | None = None
    begun_on: date | None = None
    passed_on: dict[int, date] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    valid_until: date | None = None

    def standing(self) -> Standing:
        live = [due for _, ended, due in self.assignments if ended is None]
        ends = [ended for _, ended, _ in self.assignments if ended is not None]
        kept = {cycle: day for cycle, day in self.passed_on.items() if cycle not in self.lost}
        return Standing(
            assigned_on=min((begun for begun, _, _ in self.assignments), default=None),
            assigned_to=None if live else max(ends, default=None),
            due_on=min((due for due in live if due is not None), default=None),
            exempt_from=self.exempt_from,
            exempt_to=self.exempt_to,
            cycle=self.cycle,
            version_id=self.version_id,
            begun_on=self.begun_on,
            first_on=min(kept.values(), default=None),
            finished_on=kept.get(self.cycle) if self.cycle is not None else None,
            valid_until=self.valid_until,
        )


def standings_of(session: Session, version_of: Versions, people: Sequence[str]) -> dict[Pair, Standing]:
    """The standing of each of some people (a few hundred at most) in each course that she was assigned, has begun or is exempt
    from; stand-ins for people who are forgotten have none."""
    people = [one for one in people if not is_stand_in_id(one)]
    found: dict[Pair, _Found] = defaultdict(_Found)
    _read_assignments(session, people, found)
    _read_enrolments(session, people, found)
    _read_periods(session, people, found)
    _read_finals(session, version_of, people, found)
    _read_exemptions(session, people, found)
    return {pair: one.standing() for pair, one in found.items()}


def _read_assignments(session: Session, people: Sequence[str], found: dict[Pair, _Found]) -> None:
    query = select(
        AssignmentRow.person_id,
        AssignmentRow.course_id,
        AssignmentRow.at,
        AssignmentRow.ended_at,
        AssignmentRow.due_on,
    ).where(AssignmentRow.person_id.in_(people))
    for person, course, at, ended, due in session.execute(query):
        found[person, course].assignments.append((danish_day(at), danish_day(ended) if ended else None, due))


def _read_enrolments(session: Session, people: Sequence[str], found: dict[Pair, _Found]) -> None:
    query = select(
        EnrolmentRow.person_id, EnrolmentRow.course_id, EnrolmentRow.cycle, EnrolmentRow.version_id, EnrolmentRow.at
    ).where(EnrolmentRow.person_id.in_(people))
    for person, course, cycle, version, at in session.execute(query.order_by(EnrolmentRow.number)):
        one = found[person, course]
        one.cycle, one.version_id = cycle, version
        one.begun_on = min(one.begun_on or date.max, danish_day(at))


def _read_periods(session: Session, people: Sequence[str], found: dict[Pair, _Found]) -> None:
    period = CertificationPeriodRow
    query = (
        select(
            period.person_id,
            period.course_id,
            period.cycle,
            period.certified_at,
            period.valid_until,
            CertificateRevocationRow.certificate_id,
        )
        .outerjoin(CertificateRow, CertificateRow.period_id == period.id)
        .outerjoin(CertificateRevocationRow, CertificateRevocationRow.certificate_id == CertificateRow.id)
        .where(period.person_id.in_(people))
    )
    for person, course, cycle, at, until, revoked in session.execute(query):
        one = found[person, course]
        one.passed_on[cycle] = danish_day(at)
        if revoked is not None:
            one.lost.add(cycle)
        else:
            one.valid_until = max(one.valid_until or date.min, until)


def _read_finals(session: Session, version_of: Versions, people: Sequence[str], found: dict[Pair, _Found]) -> None:
    """Passed finals of the newest cycle where no certificate tells of it: there is none yet, or the course gives none."""
    query = select(
        AttemptRow.id,
        AttemptRow.person_id,
        AttemptRow.course_id,
        AttemptRow.cycle,
        AttemptRow.quiz,
        AttemptRow.version_id,
    ).where(AttemptRow.person_id.in_(people), AttemptRow.submitted_at.is_not(None))
    wanted = [
        row.id
        for row in session.execute(query)
        if (one := found.get((row.person_id, row.course_id))) is not None
        and row.cycle == one.cycle
        and row.cycle not in one.passed_on
        and row.quiz == version_of(row.version_id).course.final
    ]
    rows: list[AttemptRow] = []
    for first in range(0, len(wanted), TOGETHER):
        rows += session.scalars(select(AttemptRow).where(AttemptRow.id.in_(wanted[first : first + TOGETHER])))
    shares = shares_of(session, rows)
    rows.sort(key=lambda row: (row.person_id, row.course_id, row.started_at, row.number))
    for pair, attempts in groupby(rows, lambda row: (row.person_id, row.course_id)):
        passed = first_among(attempts, shares)
        if passed is not None and passed.submitted_at is not None:
            found[pair].passed_on[passed.cycle] = danish_day(passed.submitted_at)


def _read_exemptions(session: Session, people: Sequence[str], found: dict[Pair, _Found]) -> None:
    """Of exemptions that stand, the one that lasts longest."""
    query = select(ExemptionRow.person_id, ExemptionRow.course_id, ExemptionRow.at, ExemptionRow.until).where(
        ExemptionRow.person_id.in_(people), ExemptionRow.ended_at.is_(None)
    )
    for person, course, at, until in session.execute(query.order_by(ExemptionRow.at, ExemptionRow.id)):
        one = found[person, course]
        if one.exempt_from is None or (one.exempt_to is not None and (until is None or until > one.exempt_to)):
            one.exempt_from, one.exempt_to = danish_day(at), until
