"""Questions that are held back: gathered for the trainer who decides about them, and tied to what stands there now."""

from collections.abc import Sequence
from datetime import datetime
from random import SystemRandom

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.course_service import CourseVersion
from courses.drawing import shown_order
from courses.errors import UnknownCourse
from courses.question import Question
from courses.tables import CourseQuestionRow, QuestionRefRow
from courses.watch import HeldPlace, HeldQuestion, Reason, Standing
from courses.watch_rows import current_refs, titles, unfit, withdrawals
from rag.index import IndexedPassage
from storage import audit


def held_questions(session: Session, versions: Sequence[CourseVersion], standing: Standing) -> list[HeldQuestion]:
    """The questions of some versions that must not be asked now, by the titles of their courses."""
    ids = [version.id for version in versions]
    held = unfit(
        session, select(CourseQuestionRow.question_version_id).where(CourseQuestionRow.version_id.in_(ids)), standing
    )
    used: dict[str, tuple[Question, set[str]]] = {}
    for version in versions:
        questions = version.course.questions
        for question_id, wording in version.wordings.items():
            if wording in held:
                used.setdefault(wording, (questions[question_id], set()))[1].add(version.course.title)
    withdrawn = withdrawals(session, held)
    gone = [ref for ref in current_refs(session, held) if not standing.has(ref.source_id, ref.passage_hash)]
    named = titles(session, {ref.source_id for ref in gone})
    places: dict[str, list[HeldPlace]] = {}
    for ref in gone:
        places.setdefault(ref.question_version_id, []).append(_place(ref, standing, named.get(ref.source_id)))
    found = [
        HeldQuestion(
            wording,
            question,
            tuple(shown_order(question, SystemRandom(), shuffle=False)),
            tuple(sorted(courses)),
            tuple(places.get(wording, ())),
            withdrawn.get(wording, ""),
        )
        for wording, (question, courses) in used.items()
    ]
    return sorted(found, key=lambda one: (one.courses, one.question.id, one.wording))


def _place(ref: QuestionRefRow, standing: Standing, title: str | None) -> HeldPlace:
    text = ref.passage or ref.quote
    if not ref.passage_hash:
        reason = Reason.NOT_FOUND
    elif standing.successor(ref.source_id, ref.anchor, text):
        reason = Reason.CHANGED
    else:
        reason = Reason.REMOVED
    return HeldPlace(
        ref.place,
        reason,
        ref.source_id,
        standing.title(ref.source_id) or title or ref.source_id,
        ref.quote,
        ref.passage,
        tuple(standing.candidates(ref.source_id, ref.anchor, text)),
    )


def current_ref(session: Session, wording: str, place: int) -> QuestionRefRow:
    """The newest ref of a place of a wording; raises `UnknownCourse` without one."""
    found = next((ref for ref in current_refs(session, [wording]) if ref.place == place), None)
    if found is None:
        raise UnknownCourse
    return found


def tie(session: Session, ref: QuestionRefRow, indexed: IndexedPassage, quote: str, by: str, at: datetime) -> None:
    """Let a place rest on another passage from now on; who did it is kept. The caller has checked the quote."""
    passage = indexed.passage
    session.add(
        QuestionRefRow(
            question_version_id=ref.question_version_id,
            place=ref.place,
            source_id=ref.source_id,
            anchor=indexed.section.anchor,
            quote=quote,
            passage=passage.text,
            passage_hash=passage.hash,
            at=at,
            by=by,
        )
    )
    audit.record(
        session,
        actor=by,
        action="question.confirmed",
        object_type="question",
        object_id=ref.question_version_id,
        before_hash=ref.passage_hash or None,
        after_hash=passage.hash,
    )
