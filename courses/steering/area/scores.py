"""Figures about scores: months are closed into blocks, and figures are read from blocks and from nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import exists, func, insert, select
from sqlalchemy.orm import Session

from courses.attempt_rows import results
from courses.certification import months_after
from courses.course_service import CourseService
from courses.steering.area.tables import ScoreBlockRow, ScoredAttemptRow, ScoreMonthRow
from courses.steering.suppression import Block, Score, close
from courses.tables import AttemptRow
from people.organisation.scope import units_at
from people.organisation.tables import EmploymentRow
from storage.base import now
from storage.calendar import danish_day

TOGETHER = 500  # attempts whose grades are read at once


def close_months(session: Session, courses: CourseService, today: date) -> int:
    """Close every month that is over and not closed yet; how many. The caller holds `one_at_a_time`."""
    first = session.scalar(select(func.min(AttemptRow.submitted_at)))
    if first is None:
        return 0
    closed = set(session.scalars(select(ScoreMonthRow.month)))
    month, months = danish_day(first).replace(day=1), []
    while (following := months_after(month, 1)) <= today:
        if month not in closed:
            months.append((month, following - timedelta(days=1)))
        month = following
    if months:
        waiting = _waiting(session, courses, months[-1][1])
        for month, last in months:
            _close(session, waiting, month, last)
    return len(months)


class KnownBlocks:
    """All blocks in memory, those of a course and unit together, which is a block as well. Blocks are only ever added, so that
    the newest id tells whether any is new. One a process; safe among threads."""

    def __init__(self) -> None:
        self._known: tuple[int, dict[str, list[Block]]] = (0, {})

    def current(self, session: Session) -> dict[str, list[Block]]:
        """The blocks as they are now, by course."""
        newest = session.scalar(select(func.max(ScoreBlockRow.id))) or 0
        if self._known[0] != newest:
            self._known = newest, self._read(session)
        return self._known[1]

    @staticmethod
    def _read(session: Session) -> dict[str, list[Block]]:
        row = ScoreBlockRow
        query = select(
            row.course_id,
            row.unit_id,
            func.max(row.month),
            func.sum(row.people),
            func.sum(row.shares),
            func.sum(row.passed),
        ).group_by(row.course_id, row.unit_id)
        found: dict[str, list[Block]] = defaultdict(list)
        for course_id, unit_id, month, people, shares, passed in session.execute(query):
            found[course_id].append(Block(unit_id, month, people, shares, passed))
        return found


def _close(session: Session, waiting: dict[str, list[Score]], month: date, last: date) -> None:
    """Store the blocks of a month that is over; who is in one waits no more."""
    parents = {unit.id: unit.parent_id for unit in units_at(session, last).values()}
    rows: list[dict[str, object]] = []
    counted: list[dict[str, str]] = []
    for course_id, scores in waiting.items():
        made = close(month, scores, parents)
        keys = {key for block in made for key in block.keys}
        rows += [_row(course_id, block) for block in made]
        counted += [{"attempt_id": key} for key in keys]
        waiting[course_id] = [score for score in scores if score.key not in keys]
    if rows:
        session.execute(insert(ScoreBlockRow), rows)
        session.execute(insert(ScoredAttemptRow), counted)
    session.add(ScoreMonthRow(month=month, closed_at=now()))
    session.flush()


def _row(course_id: str, block: Block) -> dict[str, object]:
    return {
        "course_id": course_id,
        "unit_id": block.unit_id,
        "month": block.month,
        "people": block.people,
        "shares": block.shares,
        "passed": block.passed,
    }


def _waiting(session: Session, courses: CourseService, last: date) -> dict[str, list[Score]]:
    """First tries at finals to the end of a day that are wholly graded and in no block, by course."""
    found: dict[str, list[Score]] = defaultdict(list)
    tries = _first_tries(session, courses)
    for start in range(0, len(tries), TOGETHER):  # only some in memory at a time: there may be hundreds of thousands
        rows = session.scalars(select(AttemptRow).where(AttemptRow.id.in_(tries[start : start + TOGETHER])))
        part = [row for row in rows if row.submitted_at and danish_day(row.submitted_at) <= last]
        graded = results(session, part)
        units = _units(session, part)
        for row in part:
            result, unit = graded[row.id], units.get(row.id)
            if result.pending or unit is None or row.submitted_at is None:
                continue
            month = danish_day(row.submitted_at).replace(day=1)
            found[row.course_id].append(Score(row.id, unit, month, result.share, result.passed))
    return found


def _first_tries(session: Session, courses: CourseService) -> list[str]:
    """Ids of the first try of each person at the final of each course, where it is in no block."""
    versions = [courses.version(key) for key in session.scalars(select(AttemptRow.version_id).distinct())]
    finals = {(version.course.id, version.course.final) for version in versions}
    place = func.row_number().over(
        partition_by=(AttemptRow.person_id, AttemptRow.course_id, AttemptRow.quiz),
        order_by=(AttemptRow.submitted_at, AttemptRow.id),
    )
    ranked = (
        select(AttemptRow.id, AttemptRow.course_id, AttemptRow.quiz, place.label("place"))
        .where(AttemptRow.submitted_at.is_not(None))
        .subquery()
    )
    counted = exists().where(ScoredAttemptRow.attempt_id == ranked.c.id)
    tries = session.execute(select(ranked.c.id, ranked.c.course_id, ranked.c.quiz).where(ranked.c.place == 1, ~counted))
    return [row.id for row in tries if (row.course_id, row.quiz) in finals]


def _units(session: Session, rows: Sequence[AttemptRow]) -> dict[str, str]:
    """The unit that each person worked in mainly on the day of her try, by the try."""
    employments: dict[str, list[EmploymentRow]] = defaultdict(list)
    people = {row.person_id for row in rows}
    for one in session.scalars(select(EmploymentRow).where(EmploymentRow.person_id.in_(people))):
        employments[one.person_id].append(one)
    found = {}
    for row in rows:
        day = danish_day(row.submitted_at) if row.submitted_at else date.min
        there = [
            one
            for one in employments[row.person_id]
            if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to)
        ]
        if there:
            found[row.id] = min(there, key=lambda one: (not one.primary, one.key)).unit_id
    return found
