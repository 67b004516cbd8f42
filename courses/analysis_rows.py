"""Attempts read as a matrix of marks, for figures about questions. Whose they are stays in the database."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import CTE, Select, func, select
from sqlalchemy.orm import Session

from courses.attempt_rows import ANSWER
from courses.item_analysis import Floats
from courses.response import Response
from courses.tables import AttemptItemRow, AttemptRow, ItemGradeRow, ResponseEventRow
from people.roles import PERMISSIONS, Permission
from people.tables import RoleGrantRow

_TEACHERS = [role.value for role, may in PERMISSIONS.items() if Permission.MANAGE_COURSES in may]


@dataclass(frozen=True)
class Marks:
    """Marks of attempts: `marks` is attempts x wordings, NaN where an attempt does not hold the wording or its mark is still to
    come; `max_marks` is the most that each gives; `attempts` and `wordings` are the ids of rows and columns; `waiting` tells how
    many marks of each attempt are still to come."""

    attempts: tuple[str, ...]
    wordings: tuple[str, ...]
    marks: Floats
    max_marks: Floats
    waiting: NDArray[np.int64]

    def of(self, rows: NDArray[np.intp], wordings: Container[str]) -> "Marks":
        """The same of some attempts and wordings."""
        columns = np.flatnonzero([wording in wordings for wording in self.wordings])
        return Marks(
            tuple(self.attempts[row] for row in rows),
            tuple(self.wordings[column] for column in columns),
            self.marks[np.ix_(rows, columns)],
            self.max_marks[columns],
            self.waiting[rows],
        )


def counting(course_id: str) -> Select[str, str, str, int]:
    """Person, version, quiz and place in time of every attempt at a course that counts: handed in, and not by somebody who
    teaches. Trainers try their own quizzes; Moodle leaves out previews of teachers for the same reason. Who teaches is what
    is granted now: somebody who has become a trainer since is left out too, which costs an attempt and misleads nobody.
    """
    teaching = select(RoleGrantRow.person_id).where(RoleGrantRow.role.in_(_TEACHERS))
    place = func.row_number().over(
        partition_by=(AttemptRow.person_id, AttemptRow.quiz), order_by=(AttemptRow.submitted_at, AttemptRow.id)
    )
    return select(AttemptRow.id, AttemptRow.version_id, AttemptRow.quiz, place.label("place")).where(
        AttemptRow.course_id == course_id,
        AttemptRow.submitted_at.is_not(None),
        AttemptRow.person_id.not_in(teaching),
    )


def first_attempts(course_id: str, quiz: str) -> CTE:
    """Ids of the first attempt of each person at a quiz that counts."""
    ranked = counting(course_id).where(AttemptRow.quiz == quiz).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1).cte("first_attempt")


def people_of_quizzes(session: Session, course_id: str) -> dict[str, int]:
    """How many people have an attempt that counts at each quiz of a course."""
    ranked = counting(course_id).subquery()
    query = select(ranked.c.quiz, func.count()).where(ranked.c.place == 1).group_by(ranked.c.quiz)
    return {quiz: count for quiz, count in session.execute(query)}


def versions_of(session: Session, first: CTE) -> dict[str, str]:
    """The version of the course that each of some attempts was at."""
    query = select(AttemptRow.id, AttemptRow.version_id).where(AttemptRow.id.in_(select(first.c.id)))
    return {attempt: version for attempt, version in session.execute(query)}


def marks_of(session: Session, first: CTE) -> Marks:
    """The newest marks of some attempts, by wording."""
    query = (
        select(
            AttemptItemRow.attempt_id,
            AttemptItemRow.question_version_id,
            AttemptItemRow.max_mark,
            ItemGradeRow.fraction,
        )
        .join(first, first.c.id == AttemptItemRow.attempt_id)
        .join(ItemGradeRow, ItemGradeRow.item_id == AttemptItemRow.id)
        .order_by(ItemGradeRow.id)
    )
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    most: dict[str, float] = {}
    newest: dict[tuple[int, int], float] = {}  # a later grade takes the place of an earlier one
    for attempt, wording, mark, fraction in session.execute(query):
        place = rows.setdefault(attempt, len(rows)), columns.setdefault(wording, len(columns))
        newest[place] = np.nan if fraction is None else fraction * mark
        most[wording] = mark
    marks: Floats = np.full((len(rows), len(columns)), np.nan)
    if newest:
        at = np.array(list(newest))
        marks[at[:, 0], at[:, 1]] = list(newest.values())
    known = np.bincount(np.fromiter((row for row, _ in newest), np.int64, len(newest)), minlength=len(rows))
    waiting = known - (~np.isnan(marks)).sum(axis=1)
    return Marks(tuple(rows), tuple(columns), marks, np.array([most[wording] for wording in columns], float), waiting)


def answers_of(session: Session, first: CTE, wordings: Sequence[str]) -> dict[str, dict[str, Response]]:
    """The last answers to some wordings: attempt -> answer of each wording; without a blank that was never touched."""
    query = (
        select(AttemptItemRow.attempt_id, AttemptItemRow.question_version_id, ResponseEventRow.response)
        .join(first, first.c.id == AttemptItemRow.attempt_id)
        .join(ResponseEventRow, ResponseEventRow.item_id == AttemptItemRow.id)
        .where(AttemptItemRow.question_version_id.in_(wordings), ResponseEventRow.kind == ANSWER)
        .order_by(ResponseEventRow.id)
    )
    found: dict[str, dict[str, Response]] = {wording: {} for wording in wordings}
    for attempt, wording, response in session.execute(query):
        found[wording][attempt] = response["value"]
    return found


def fingerprint(session: Session, course_id: str) -> tuple[object, ...]:
    """What changes whenever figures about a course may: an attempt is handed in or deleted, a mark given, a role granted."""
    handed_in = (
        select(func.count())
        .select_from(AttemptRow)
        .where(AttemptRow.course_id == course_id, AttemptRow.submitted_at.is_not(None))
    )
    teaching = select(RoleGrantRow.person_id).where(RoleGrantRow.role.in_(_TEACHERS)).distinct()
    return (
        session.scalar(select(func.max(ItemGradeRow.id))),
        session.scalar(handed_in),
        frozenset(session.scalars(teaching)),
    )
