"""Retention of courses: five years after a person's way through a course has ended, nobody can tell whose it was.

The way ends with the last thing that happened in it, in whichever round, and not before the last day of its last certificate; as
long as it is assigned and not finished, it has not ended. All rounds end together, because later ones build on what was
done in the first. Rows go to a stand-in; free text is emptied, because words can point at somebody by themselves.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, tuple_, union, update
from sqlalchemy.orm import Session

from courses.attempt_rows import ANSWER
from courses.course_service import SYSTEM, CourseService
from courses.enrolment import enrolment
from courses.progress_rows import progress_of
from courses.response import EMPTIED
from courses.steering.area.tables import CourseStandingRow, ScoredAttemptRow
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    AttemptRow,
    CertificationPeriodRow,
    EnrolmentRow,
    ExtraAttemptRow,
    ItemGradeRow,
    PromptTryRow,
    ReadingRow,
    ResponseEventRow,
)
from governance.retention_people import gone
from governance.retention_rules import Cutoff, Deed
from governance.retention_stand_ins import StandIns, is_stand_in
from governance.retention_step import Done, Step
from storage.base import now

# In this order: what is emptied beside the person, because it is written by hand.
_TABLES: tuple[tuple[Any, dict[str, Any]], ...] = (
    (AssignmentRow, {"ended_reason": ""}),
    (EnrolmentRow, {}),
    (ReadingRow, {}),
    (PromptTryRow, {"prompt": ""}),
    (ExtraAttemptRow, {}),
    (AttemptRow, {}),
    (CertificationPeriodRow, {}),
)
_WRITTEN = ("essay", "prompt", "short_text", "numeric", "cloze")  # types of questions that are answered by typing
Way = tuple[str, str]
"""Id of a person and of a course."""


def courses_step(courses: CourseService) -> Step:
    """Hand the ways that have ended to stand-ins."""

    def find(session: Session, cutoff: Cutoff) -> Sequence[Way]:
        left = {(person, course) for person, course in session.execute(_of_gone(cutoff))}
        over = {(person, course) for person, course in session.execute(_quiet(cutoff))} - left
        return sorted(left | {way for way in over if not _is_expected(session, courses, way)})

    def do(session: Session, cutoff: Cutoff, ways: Sequence[Way]) -> Done:
        stand_ins = StandIns(session)
        still = {(person, course) for person, course in session.execute(_quiet(cutoff, ways))}
        still |= {(person, course) for person, course in session.execute(_of_gone(cutoff))}
        done: Done = Counter()
        for way in ways:
            if way in still:
                done += _hand_over(session, way, stand_ins)
        return done

    return Step(find, do)


def _of_gone(cutoff: Cutoff) -> Select[Any]:
    """The ways of people who are forgotten."""
    parts = [select(table.person_id, table.course_id).where(table.person_id.in_(gone(cutoff))) for table, _ in _TABLES]
    ways = union(*parts).subquery()
    return select(ways.c.person_id, ways.c.course_id)


def _quiet(cutoff: Cutoff, ways: Sequence[Way] | None = None) -> Select[Any]:
    """The ways that began before the cutoff and in which nothing has happened, nor a certificate held, since."""
    day, moment = cutoff.day("enrolment"), cutoff.moment("enrolment")
    began = union(
        *(
            select(table.person_id, table.course_id).where(table.at < moment, ~is_stand_in(table.person_id))
            for table in (EnrolmentRow, AssignmentRow)
        )
    ).subquery()
    lively: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (EnrolmentRow, EnrolmentRow.at >= moment),
        (
            AssignmentRow,
            or_(AssignmentRow.at >= moment, AssignmentRow.ended_at >= moment, AssignmentRow.due_on >= day),
        ),
        (ReadingRow, or_(ReadingRow.opened_at >= moment, ReadingRow.read_at >= moment)),
        (PromptTryRow, PromptTryRow.at >= moment),
        (ExtraAttemptRow, ExtraAttemptRow.at >= moment),
        (AttemptRow, or_(AttemptRow.started_at >= moment, AttemptRow.submitted_at >= moment)),
        (CertificationPeriodRow, CertificationPeriodRow.valid_until >= day),
    )
    query = select(began.c.person_id, began.c.course_id)
    for table, since in lively:
        same = (table.person_id == began.c.person_id) & (table.course_id == began.c.course_id)
        query = query.where(~select(table.id).where(same, since).exists())
    if ways is not None:
        query = query.where(tuple_(began.c.person_id, began.c.course_id).in_(list(ways)))
    return query


def _is_expected(session: Session, courses: CourseService, way: Way) -> bool:
    """Whether somebody still waits for the course to be finished."""
    person_id, course_id = way
    waits = select(AssignmentRow.id).where(
        AssignmentRow.person_id == person_id, AssignmentRow.course_id == course_id, AssignmentRow.ended_at.is_(None)
    )
    if session.scalars(waits.limit(1)).first() is None:
        return False
    found = enrolment(session, person_id, course_id)
    return found is None or not progress_of(session, person_id, courses.version(found.version_id), found.cycle).finished


def _hand_over(session: Session, way: Way, stand_ins: StandIns) -> Done:
    person_id, course_id = way
    taken = union(
        *(
            select(table.person_id).where(table.course_id == course_id, is_stand_in(table.person_id))
            for table, _ in _TABLES
        )
    ).subquery()
    nobody = stand_ins.one(course_id, select(taken.c.person_id))
    done: Done = Counter()
    attempts = select(AttemptRow.id).where(AttemptRow.person_id == person_id, AttemptRow.course_id == course_id)
    done += _empty_attempts(session, list(session.scalars(attempts)))
    session.execute(
        update(AssignmentRow)  # nobody can finish it now, and nobody is to be reminded
        .where(AssignmentRow.person_id == person_id, AssignmentRow.course_id == course_id)
        .where(AssignmentRow.ended_at.is_(None))
        .values(ended_at=now(), ended_by=SYSTEM)
    )
    herself = update(EnrolmentRow).where(EnrolmentRow.person_id == person_id, EnrolmentRow.course_id == course_id)
    session.execute(herself.where(EnrolmentRow.by == person_id).values(by=nobody))  # she began it
    for table, emptied in _TABLES:
        own = update(table).where(table.person_id == person_id, table.course_id == course_id)
        moved = session.scalars(own.values(person_id=nobody, **emptied).returning(table.id)).all()
        done[table.__tablename__, Deed.ANONYMISED] += len(moved)
    reckoned = delete(CourseStandingRow).where(
        CourseStandingRow.person_id == person_id, CourseStandingRow.course_id == course_id
    )
    found = session.scalars(reckoned.returning(CourseStandingRow.course_id)).all()
    done["course_standing", Deed.DELETED] += len(found)
    return done


def _empty_attempts(session: Session, attempts: Sequence[str]) -> Done:
    """Take out what was written in own words, by the person and about her; marks and choices stay."""
    items = select(AttemptItemRow.id).where(AttemptItemRow.attempt_id.in_(attempts))
    written = items.where(AttemptItemRow.question["type"].as_string().in_(_WRITTEN))
    session.execute(
        update(ResponseEventRow)
        .where(ResponseEventRow.item_id.in_(written), ResponseEventRow.kind == ANSWER)
        .values(response={"value": EMPTIED})
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(ItemGradeRow)
        .where(ItemGradeRow.item_id.in_(items))
        .values(reason="")
        .execution_options(synchronize_session=False)
    )

    def count(table: Any, which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(which)) or 0

    return Counter(
        {
            ("attempt_item", Deed.ANONYMISED): count(AttemptItemRow, AttemptItemRow.attempt_id.in_(attempts)),
            ("response_event", Deed.ANONYMISED): count(ResponseEventRow, ResponseEventRow.item_id.in_(items)),
            ("scored_attempt", Deed.ANONYMISED): count(ScoredAttemptRow, ScoredAttemptRow.attempt_id.in_(attempts)),
            ("item_grade", Deed.ANONYMISED): count(ItemGradeRow, ItemGradeRow.item_id.in_(items)),
        }
    )
