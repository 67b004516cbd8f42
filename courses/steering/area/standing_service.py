"""Keeps standings up to date: what has changed since the last look is reckoned again, and all of it once a day."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Select, delete, func, insert, or_, select, union, update
from sqlalchemy.orm import Session

from courses.course_service import CourseService
from courses.steering.area.standing import Standing
from courses.steering.area.standing_rows import Pair, standings_of
from courses.steering.area.tables import CourseStandingRow, StandingMarkRow
from courses.steering.tables import ExemptionRow
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    AttemptRow,
    CertificateRevocationRow,
    CertificateRow,
    CertificationPeriodRow,
    EnrolmentRow,
    ItemGradeRow,
)
from storage.base import now
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)
TOGETHER = 400  # people whose rows are read at once
SLACK = timedelta(seconds=15)  # a transaction may take so long between its rows' moment and its end
GRADE_SLACK = 20  # and so many grades may be given meanwhile
_FIELDS = tuple(Standing.__dataclass_fields__)


class StandingService:
    """Standings in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(self, engine: Engine, courses: CourseService, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._courses = courses
        self._clock = clock

    def refresh(self) -> int:
        """Reckon again whoever has had something happen since the last time; how many rows changed. Safe to repeat."""
        moment = self._clock()
        with reading(self._engine) as session:
            mark = session.get(StandingMarkRow, 1)
            grade = _last_grade(session)
            touched = _touched(mark.at - SLACK, mark.grade_id - GRADE_SLACK) if mark else None
            people = list(session.scalars(touched)) if touched is not None else []
        if mark is None:
            return self.rebuild()
        if not people:
            return 0
        changed = sum(self._write(part) for part in _parts(people)) if self._differ(people) else 0
        if changed or moment - mark.at > SLACK:
            self._note(moment, grade)
        return changed

    def rebuild(self) -> int:
        """Reckon everybody again, whatever has been noted; how many rows changed. For the daily round."""
        moment = self._clock()
        with reading(self._engine) as session:
            grade = _last_grade(session)
            known = union(
                select(AssignmentRow.person_id),
                select(EnrolmentRow.person_id),
                select(ExemptionRow.person_id),
                select(CourseStandingRow.person_id),
            )
            people = sorted(session.scalars(known))
        changed = sum(self._write(part) for part in _parts(people))
        self._note(moment, grade)
        return changed

    def _differ(self, people: list[str]) -> bool:
        """Whether a row has to be written; looked up before a lock is taken, since most looks change nothing."""
        with reading(self._engine) as session:
            return any(
                standings_of(session, self._courses.version, part) != _kept(session, part) for part in _parts(people)
            )

    def _write(self, people: list[str]) -> int:
        with transaction(self._engine) as session:
            one_at_a_time(session)
            wanted = standings_of(session, self._courses.version, people)
            kept = _kept(session, people)
            changed = [pair for pair in wanted if kept.get(pair) != wanted[pair]]
            gone = [pair for pair in kept if pair not in wanted]
            if not changed and not gone:
                return 0
            revision = _next_revision(session, self._clock())
            new = [_row(pair, wanted[pair], revision) for pair in changed if pair not in kept]
            if new:
                session.connection().execute(insert(CourseStandingRow), new)  # as they are, in one batch
            if old := [_row(pair, wanted[pair], revision) for pair in changed if pair in kept]:
                session.execute(update(CourseStandingRow), old)
            for person, course in gone:
                session.execute(delete(CourseStandingRow).where(_is(person, course)))
            return len(changed) + len(gone)

    def _note(self, moment: datetime, grade: int) -> None:
        with transaction(self._engine) as session:
            one_at_a_time(session)
            mark = session.get(StandingMarkRow, 1)
            if mark is None:
                session.add(StandingMarkRow(id=1, at=moment, grade_id=grade, revision=0))
            elif mark.at < moment:
                mark.at, mark.grade_id = moment, grade


def _touched(since: datetime, grade_id: int) -> Select[str]:
    """People who have had something happen since a moment, or a grade after `grade_id`."""
    graded = (
        select(AttemptRow.person_id)
        .join(AttemptItemRow, AttemptItemRow.attempt_id == AttemptRow.id)
        .join(ItemGradeRow, ItemGradeRow.item_id == AttemptItemRow.id)
        .where(ItemGradeRow.id > grade_id)
    )
    certified = select(CertificationPeriodRow.person_id).join(
        CertificateRow, CertificateRow.period_id == CertificationPeriodRow.id
    )
    revoked = certified.join(CertificateRevocationRow, CertificateRevocationRow.certificate_id == CertificateRow.id)
    # One question at a time, since each of them has an index to answer it.
    parts = [
        select(EnrolmentRow.person_id).where(EnrolmentRow.at >= since),
        select(AssignmentRow.person_id).where(AssignmentRow.at >= since),
        select(AssignmentRow.person_id).where(AssignmentRow.ended_at >= since),
        select(ExemptionRow.person_id).where(or_(ExemptionRow.at >= since, ExemptionRow.ended_at >= since)),
        select(AttemptRow.person_id).where(AttemptRow.submitted_at >= since),
        graded,
        certified.where(CertificateRow.issued_at >= since),
        revoked.where(CertificateRevocationRow.at >= since),
    ]
    every = union(*parts).subquery()
    return select(every.c.person_id)


def _kept(session: Session, people: list[str]) -> dict[Pair, Standing]:
    rows = session.scalars(select(CourseStandingRow).where(CourseStandingRow.person_id.in_(people)))
    return {(row.person_id, row.course_id): Standing(*(getattr(row, name) for name in _FIELDS)) for row in rows}


def _row(pair: Pair, standing: Standing, revision: int) -> dict[str, object]:
    return {"person_id": pair[0], "course_id": pair[1], "revision": revision} | {
        name: getattr(standing, name) for name in _FIELDS
    }


def _is(person: str, course: str) -> ColumnElement[bool]:
    return (CourseStandingRow.person_id == person) & (CourseStandingRow.course_id == course)


def _next_revision(session: Session, moment: datetime) -> int:
    """The number of this change; whoever keeps standings in memory sees by it what is new."""
    mark = session.get(StandingMarkRow, 1)
    if mark is None:
        mark = StandingMarkRow(id=1, at=moment - timedelta(days=365 * 100), grade_id=0, revision=0)
        session.add(mark)
    mark.revision += 1
    session.flush()
    return mark.revision


def _last_grade(session: Session) -> int:
    return session.scalar(select(func.max(ItemGradeRow.id))) or 0


def _parts(people: list[str]) -> Iterable[list[str]]:
    for first in range(0, len(people), TOGETHER):
        yield people[first : first + TOGETHER]
