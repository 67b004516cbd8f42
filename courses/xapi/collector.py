"""The collector: finds in the tables what has happened and is not told yet, and has it told. Only reads.

Kind and event name what a statement tells of, so nothing is told twice. `event` is the id of a row: of the enrolment
(`initialized`), the reading (`completed`), the period or the attempt (`satisfied`), and of the attempt with a number
(`passed`, `failed`: `<id>#1`), because a mark may be changed, and changed back, which needs a new statement each time. The event
of `voided` is the id of the statement that is taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from courses.attempt import Result, passes
from courses.attempt_rows import attempts_of, results
from courses.course import Lesson, Policy, Quiz
from courses.course_service import CourseService, CourseVersion
from courses.tables import (
    AttemptItemRow,
    AttemptRow,
    CertificationPeriodRow,
    EnrolmentRow,
    ItemGradeRow,
    ReadingRow,
)
from courses.xapi.narrator import Narrator, Occasion
from courses.xapi.statement import Statement
from courses.xapi.tables import StatementRow
from courses.xapi.verdicts import Judged, wanted

JUDGED = ("passed", "failed")
# How far back a look reaches behind the one before it: a transaction may commit after its moment, and an attempt is handed in
# by the daily round at the moment its time was over.
SLACK = timedelta(days=2)
GRADE_SLACK = timedelta(hours=1)
# What happened longer ago is not told: the retention deletes what says that it was, after five years by the calendar, which are
# a little more.
TOLD_WITHIN = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Told:
    """A statement to be kept, with what it tells of."""

    kind: str
    event: str
    statement: Statement


@dataclass
class _Look:
    """One look: at what has happened `since` the statements were switched on, and mostly at what is new after `looked`."""

    session: Session
    since: datetime
    looked: datetime
    at: datetime
    enrolments: dict[tuple[str, str, int], list[EnrolmentRow]] = field(default_factory=dict)

    @property
    def recent(self) -> datetime:
        return max(self.since, self.looked - SLACK)

    def enrolled(self, person_id: str, course_id: str, cycle: int) -> list[EnrolmentRow]:
        """The enrolments of a cycle, the one that began it first."""
        key = (person_id, course_id, cycle)
        if key not in self.enrolments:
            query = select(EnrolmentRow).where(
                EnrolmentRow.person_id == person_id, EnrolmentRow.course_id == course_id, EnrolmentRow.cycle == cycle
            )
            self.enrolments[key] = list(self.session.scalars(query.order_by(EnrolmentRow.number)))
        return self.enrolments[key]


class Collector:
    """Finds what is to be told of the courses; `narrator` puts it into words."""

    def __init__(self, courses: CourseService, narrator: Narrator) -> None:
        self._courses = courses
        self._narrator = narrator

    def untold(self, session: Session, since: datetime, looked: datetime, at: datetime) -> Iterator[Told]:
        """What has happened since `since`, but no longer than `TOLD_WITHIN` ago, and is not told, in the order of kinds. `looked`
        is when this was asked last."""
        look = _Look(session, max(since, at - TOLD_WITHIN), looked, at)
        yield from self._begun(look)
        yield from self._read(look)
        yield from self._judged(look)
        yield from self._certified(look)

    # --- enrolments and readings ----------------------------------------------------------------------------------

    def _begun(self, look: _Look) -> Iterator[Told]:
        earlier = aliased(EnrolmentRow)
        moved = exists().where(
            earlier.person_id == EnrolmentRow.person_id,
            earlier.course_id == EnrolmentRow.course_id,
            earlier.cycle == EnrolmentRow.cycle,
            earlier.number < EnrolmentRow.number,
        )
        query = select(EnrolmentRow).where(
            EnrolmentRow.at >= look.recent, ~moved, ~_told(EnrolmentRow.id, "initialized")
        )
        for row in look.session.scalars(query.order_by(EnrolmentRow.at)):
            one = Occasion(row.person_id, self._courses.version(row.version_id), row.id, row.id, row.at)
            yield Told("initialized", row.id, self._narrator.initialized(one))

    def _read(self, look: _Look) -> Iterator[Told]:
        query = select(ReadingRow).where(ReadingRow.read_at >= look.recent, ~_told(ReadingRow.id, "completed"))
        for row in look.session.scalars(query.order_by(ReadingRow.read_at)):
            enrolled = look.enrolled(row.person_id, row.course_id, row.cycle)
            found = self._lesson(enrolled, row)
            if found is None or row.read_at is None:
                continue
            version, lesson = found
            one = Occasion(row.person_id, version, enrolled[0].id, row.id, row.read_at)
            yield Told("completed", row.id, self._narrator.completed(one, lesson, row.opened_at))

    def _lesson(self, enrolled: list[EnrolmentRow], row: ReadingRow) -> tuple[CourseVersion, Lesson] | None:
        """The lesson in the version that was taken when it was read; else in the newest that has it."""
        then = [one for one in enrolled if row.read_at and one.at <= row.read_at]
        for enrolment in [*reversed(then), *reversed(enrolled)]:
            version = self._courses.version(enrolment.version_id)
            lesson = version.course.activity(row.activity)
            if isinstance(lesson, Lesson):
                return version, lesson
        return None

    # --- quizzes --------------------------------------------------------------------------------------------------

    def _judged(self, look: _Look) -> Iterator[Told]:
        graded = (
            select(AttemptItemRow.attempt_id)
            .join(ItemGradeRow, ItemGradeRow.item_id == AttemptItemRow.id)
            .where(ItemGradeRow.at >= look.looked - GRADE_SLACK)
        )
        new = and_(AttemptRow.submitted_at >= look.recent, ~_told(AttemptRow.id + literal("#1"), *JUDGED))
        place = (AttemptRow.person_id, AttemptRow.course_id, AttemptRow.cycle, AttemptRow.quiz)
        query = (
            select(*place).where(AttemptRow.submitted_at >= look.since, or_(new, AttemptRow.id.in_(graded))).distinct()
        )
        for person_id, course_id, cycle, quiz in look.session.execute(query).all():
            rows = [
                row
                for row in attempts_of(look.session, person_id, course_id, cycle, quiz)
                if row.submitted_at is not None
            ]
            yield from self._quiz(look, rows)

    def _quiz(self, look: _Look, rows: list[AttemptRow]) -> Iterator[Told]:
        found = results(look.session, rows)
        shares: list[float] = []
        judged = []
        for row in rows:
            result = found[row.id]
            shares.append(result.share)
            passed = passes(Policy.model_validate(row.policy), shares)
            judged.append(Judged(row.id, passed, result.pending == 0))
        before = _statements(look.session, [row.id for row in rows])
        standing = {one.attempt_id: one.passed for one in before if not one.voided}
        right = wanted(judged, standing)
        for one in before:
            if not one.voided and right.get(one.attempt_id) is not one.passed:
                yield from self._taken_back(look, one)
        for row in rows:
            verdict = right.get(row.id)
            if verdict is None or standing.get(row.id) is verdict or _moment(row) < look.since:
                continue
            number = 1 + sum(one.attempt_id == row.id for one in before)
            yield from self._verdict(look, row, f"{row.id}#{number}", found[row.id], passed=verdict)

    def _verdict(self, look: _Look, row: AttemptRow, event: str, result: Result, *, passed: bool) -> Iterator[Told]:
        version = self._courses.version(row.version_id)
        quiz = version.course.activity(row.quiz)
        enrolled = look.enrolled(row.person_id, row.course_id, row.cycle)
        if not isinstance(quiz, Quiz) or not enrolled:
            return
        one = Occasion(row.person_id, version, enrolled[0].id, event, _moment(row))
        pass_at = Policy.model_validate(row.policy).pass_at
        statement = self._narrator.judged(
            one, quiz, passed=passed, share=result.share, pass_at=pass_at, started_at=row.started_at
        )
        yield Told("passed" if passed else "failed", event, statement)
        if passed and quiz.id == version.course.final and version.course.certificate is None:
            yield Told("satisfied", event, self._narrator.satisfied(one))

    def _taken_back(self, look: _Look, one: "_Before") -> Iterator[Told]:
        """A verdict, and with a pass what the course's end was told by."""
        query = select(StatementRow.id).where(StatementRow.kind == "satisfied", StatementRow.event == one.event)
        followed = look.session.scalars(query).all() if one.passed else ()
        for target in (one.statement_id, *followed):
            yield Told("voided", target, self._narrator.voided(target, look.at))

    # --- the end of a course --------------------------------------------------------------------------------------

    def _certified(self, look: _Look) -> Iterator[Told]:
        # No slack here: a certificate may have waited for its key for days, and `certified_at` is when the final was passed.
        query = select(CertificationPeriodRow).where(
            CertificationPeriodRow.certified_at >= look.since, ~_told(CertificationPeriodRow.id, "satisfied")
        )
        for row in look.session.scalars(query.order_by(CertificationPeriodRow.certified_at)):
            enrolled = look.enrolled(row.person_id, row.course_id, row.cycle)
            if enrolled:
                version = self._courses.version(row.version_id)
                one = Occasion(row.person_id, version, enrolled[0].id, row.id, row.certified_at)
                yield Told("satisfied", row.id, self._narrator.satisfied(one))


@dataclass(frozen=True, slots=True)
class _Before:
    statement_id: str
    event: str
    attempt_id: str
    passed: bool
    voided: bool


def _statements(session: Session, attempts: list[str]) -> list[_Before]:
    """What has been told of attempts, whether it stands or was taken back."""
    query = select(StatementRow.id, StatementRow.kind, StatementRow.event).where(
        StatementRow.kind.in_(JUDGED), func.substr(StatementRow.event, 1, 36).in_(attempts)
    )
    rows = session.execute(query).all()
    taken = select(StatementRow.event).where(
        StatementRow.kind == "voided", StatementRow.event.in_([key for key, *_ in rows])
    )
    voided = set(session.scalars(taken)) if rows else set()
    return [_Before(key, event, event.partition("#")[0], kind == "passed", key in voided) for key, kind, event in rows]


def _told(event: Any, *kinds: str) -> ColumnElement[bool]:
    return exists().where(StatementRow.kind.in_(kinds), StatementRow.event == event)


def _moment(row: AttemptRow) -> datetime:
    if row.submitted_at is None:
        raise ValueError("only what is handed in is told of")
    return row.submitted_at
