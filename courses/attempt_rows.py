"""Attempts read from their rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from courses.attempt import Attempt, Item, Result, total
from courses.course import Policy, Show
from courses.grading import Grade, State
from courses.question import QUESTION
from courses.tables import (
    AttemptItemRow,
    AttemptRow,
    ExtraAttemptRow,
    ExtraTimeRow,
    ItemGradeRow,
    QuestionVersionRow,
    ResponseEventRow,
)

ANSWER, FLAG, UNFLAG, CHECK = "answer", "flag", "unflag", "check"


def attempt_view(session: Session, row: AttemptRow) -> Attempt:
    """The attempt with its items, the last answer to each and its newest grade."""
    items = session.scalars(
        select(AttemptItemRow).where(AttemptItemRow.attempt_id == row.id).order_by(AttemptItemRow.ordinal)
    ).all()
    ids = [item.id for item in items]
    answers: dict[str, Any] = {}
    flagged: set[str] = set()
    checked: set[str] = set()
    events = select(ResponseEventRow.item_id, ResponseEventRow.kind, ResponseEventRow.response)
    for item_id, kind, response in session.execute(
        events.where(ResponseEventRow.item_id.in_(ids)).order_by(ResponseEventRow.id)
    ):
        if kind == ANSWER:
            answers[item_id] = response["value"]
        elif kind == FLAG:
            flagged.add(item_id)
        elif kind == UNFLAG:
            flagged.discard(item_id)
        else:
            checked.add(item_id)
    grades = newest_grades(session, ItemGradeRow.item_id.in_(ids))
    views = []
    for item in items:
        given = grades.get(item.id)
        question = QUESTION.validate_python(item.question)
        views.append(
            Item(
                item.id,
                item.ordinal,
                question,
                item.question_version_id,
                tuple(item.shown_order),
                item.max_mark,
                answers.get(item.id),
                item.id in flagged,
                item.id in checked,
                grade_view(given) if given else None,
                given.reason if given else "",
            )
        )
    return Attempt(
        row.id,
        row.person_id,
        row.course_id,
        row.version_id,
        row.cycle,
        row.quiz,
        row.number,
        Policy.model_validate(row.policy),
        row.started_at,
        row.deadline_at,
        row.submitted_at,
        row.submitted_by_time,
        tuple(views),
    )


def newest_grades(session: Session, which: ColumnElement[bool]) -> dict[str, ItemGradeRow]:
    """The newest grade of each item among the grades that `which` selects."""
    last = select(func.max(ItemGradeRow.id)).where(which).group_by(ItemGradeRow.item_id)
    return {row.item_id: row for row in session.scalars(select(ItemGradeRow).where(ItemGradeRow.id.in_(last)))}


def grade_view(row: ItemGradeRow) -> Grade:
    """A stored grade; comments are not stored, they belong to the question."""
    return Grade(row.fraction, State(row.state))


def results(session: Session, rows: Sequence[AttemptRow]) -> dict[str, Result]:
    """The result of each submitted attempt by its id, in two queries whatever their number."""
    ids = [row.id for row in rows if row.submitted_at is not None]
    items = session.execute(
        select(AttemptItemRow.id, AttemptItemRow.attempt_id, AttemptItemRow.max_mark).where(
            AttemptItemRow.attempt_id.in_(ids)
        )
    ).all()
    grades = newest_grades(session, ItemGradeRow.item_id.in_([item_id for item_id, *_ in items]))
    of_attempt: dict[str, list[tuple[Grade | None, float]]] = {key: [] for key in ids}
    for item_id, attempt_id, max_mark in items:
        given = grades.get(item_id)
        of_attempt[attempt_id].append((grade_view(given) if given else None, max_mark))
    return {
        row.id: total(of_attempt[row.id], Policy.model_validate(row.policy).pass_at)
        for row in rows
        if row.id in of_attempt
    }


def attempts_of(
    session: Session, person_id: str, course_id: str, cycle: int | None = None, quiz: str | None = None
) -> Sequence[AttemptRow]:
    """A person's attempts at the quizzes of a course, oldest first; of one `cycle` or one `quiz` where given."""
    query = select(AttemptRow).where(AttemptRow.person_id == person_id, AttemptRow.course_id == course_id)
    if cycle is not None:
        query = query.where(AttemptRow.cycle == cycle)
    if quiz is not None:
        query = query.where(AttemptRow.quiz == quiz)
    return session.scalars(query.order_by(AttemptRow.started_at, AttemptRow.number)).all()


def extra_attempts(session: Session, person_id: str, course_id: str, cycle: int, quiz: str) -> int:
    """How many attempts a trainer has given the person at a quiz, beside those of the policy."""
    query = select(func.count()).where(
        ExtraAttemptRow.person_id == person_id,
        ExtraAttemptRow.course_id == course_id,
        ExtraAttemptRow.cycle == cycle,
        ExtraAttemptRow.quiz == quiz,
    )
    return session.scalar(query) or 0


def asked_now(session: Session, person_id: str) -> set[str]:
    """Ids of the questions in the person's open attempts whose key comes later; it must not be shown elsewhere meanwhile."""
    query = (
        select(AttemptRow.policy, QuestionVersionRow.question_id)
        .join(AttemptItemRow, AttemptItemRow.attempt_id == AttemptRow.id)
        .join(QuestionVersionRow, QuestionVersionRow.id == AttemptItemRow.question_version_id)
        .where(AttemptRow.person_id == person_id, AttemptRow.submitted_at.is_(None))
    )
    return {question for policy, question in session.execute(query) if policy["show"] != Show.AT_ONCE}


def last_answers(session: Session, items: Select[str]) -> dict[str, Any]:
    """The last answer to each of the items whose ids `items` selects; those without one are left out."""
    last = select(func.max(ResponseEventRow.id)).where(
        ResponseEventRow.kind == ANSWER, ResponseEventRow.item_id.in_(items)
    )
    rows = session.scalars(
        select(ResponseEventRow).where(ResponseEventRow.id.in_(last.group_by(ResponseEventRow.item_id)))
    )
    return {row.item_id: row.response["value"] for row in rows if row.response}


def extra_percent(session: Session, person_id: str) -> int:
    """How much more time (per cent) a person gets in timed quizzes."""
    query = select(ExtraTimeRow.percent).where(ExtraTimeRow.person_id == person_id)
    return session.scalars(query.order_by(ExtraTimeRow.id.desc()).limit(1)).first() or 0
