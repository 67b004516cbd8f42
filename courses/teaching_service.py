"""Use cases of a trainer: assign courses, give extra time, mark what people wrote, and mark again when a key was wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session

from courses import response as responses
from courses import written
from courses.attempt import attempts_left
from courses.attempt_rows import attempts_of, extra_attempts, extra_percent, last_answers, newest_grades
from courses.course import Quiz
from courses.course_service import CourseService
from courses.enrolment import enrolment
from courses.errors import InvalidAssignment, InvalidResponse, UnknownCourse
from courses.grading import Grade, State, by_hand, grade
from courses.question import QUESTION, Essay
from courses.steering.rule import NEW_DEADLINE
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    AttemptRow,
    ExtraAttemptRow,
    ExtraTimeRow,
    ItemGradeRow,
    QuestionVersionRow,
)
from people.looks import note_looks
from people.person import Person
from people.refusals import require_for
from people.roles import Permission
from people.tables import PersonRow
from rag.calendar import today
from storage import audit
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

MOST_EXTRA = 200
LOOKED_AT = "participants"


@dataclass(frozen=True)
class Participant:
    """A person as a trainer sees her: no marks, only how far she is. `assignment_id` is None without an assignment."""

    person_id: str
    name: str
    unit: str
    assignment_id: str | None
    due_on: date | None
    version_number: int | None
    extra_percent: int


@dataclass(frozen=True)
class Waiting:
    """An answer that waits for a person's mark. Whose it is is not shown: a mark is for the answer."""

    item_id: str
    course_title: str
    question: Essay
    response: str
    submitted_at: datetime


@dataclass(frozen=True)
class Change:
    """What a regrade would do to one submitted answer. `after` is None where the answer does not fit the new wording."""

    item_id: str
    before: float
    after: float | None


@dataclass(frozen=True)
class Regrade:
    """What a regrade of a question would change, and how many submitted answers there are."""

    question_id: str
    wording: str
    answers: int
    changes: tuple[Change, ...]
    unfit: int


class TeachingService:
    """What trainers do, in the database behind `engine`."""

    def __init__(self, engine: Engine, courses: CourseService, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._courses = courses
        self._clock = clock

    # --- assignments ----------------------------------------------------------------------------------------------

    def assign(self, trainer: Person, person_ids: Sequence[str], course_id: str, due_on: date | str | None) -> int:
        """Assign a course; how many were new. Who has it already, by hand or by rules, has it by hand with the new day.

        Raises `InvalidAssignment` when nobody is chosen, a person is unknown or the day has passed.
        """
        trainer.require(Permission.MANAGE_COURSES)
        self._courses.current(course_id)
        if not person_ids:
            raise InvalidAssignment("Vælg mindst én person.")
        if isinstance(due_on, str):
            raise InvalidAssignment(f"“{due_on}” er ikke en dato. Skriv den fx som 2. december 2027.")
        if due_on is not None and due_on < today():
            raise InvalidAssignment("Fristen er allerede overskredet. Vælg en dag, der kommer.")
        with transaction(self._engine) as session:
            one_at_a_time(session)
            known = set(session.scalars(select(PersonRow.id).where(PersonRow.id.in_(person_ids), PersonRow.active)))
            if set(person_ids) - known:
                raise InvalidAssignment("En af personerne findes ikke længere. Genindlæs siden, og prøv igen.")
            new = 0
            for person_id in dict.fromkeys(person_ids):
                live = self._live(session, person_id, course_id)
                if live and all(one.due_on == due_on for one in live):
                    continue
                new += not live
                for one in live:
                    self._end(one, trainer, NEW_DEADLINE)
                row = AssignmentRow(
                    id=new_id(),
                    person_id=person_id,
                    course_id=course_id,
                    due_on=due_on,
                    at=self._clock(),
                    by=trainer.id,
                    ended_at=None,
                    ended_by=None,
                    ended_reason="",
                )
                session.add(row)
                audit.record(
                    session, actor=trainer.id, action="course.assigned", object_type="assignment", object_id=row.id
                )
            return new

    def end_assignment(self, trainer: Person, assignment_id: str, reason: str) -> None:
        """Take an assignment back, and what else of the same course the person was assigned; raises `InvalidAssignment` without a
        reason, or with one that is about health or family."""
        require_for(self._engine, trainer, Permission.MANAGE_COURSES, "assignment", AssignmentRow, assignment_id)
        reason = written.reason(reason, InvalidAssignment, "Skriv, hvorfor tildelingen tages tilbage.")
        written.require_about_work(reason, InvalidAssignment)
        with transaction(self._engine) as session:
            row = session.get(AssignmentRow, assignment_id)
            if row is None or row.ended_at is not None:
                raise InvalidAssignment("Tildelingen er allerede taget tilbage. Genindlæs siden.")
            for one in self._live(session, row.person_id, row.course_id):
                self._end(one, trainer, reason)
                audit.record(
                    session, actor=trainer.id, action="course.unassigned", object_type="assignment", object_id=one.id
                )

    def give_extra_time(self, trainer: Person, person_id: str, percent: int) -> None:
        """More time for a person's timed quizzes from the next one on; 0 takes it back. Why is not asked."""
        trainer.require(Permission.MANAGE_COURSES)
        _require_other(trainer, person_id)
        if not 0 <= percent <= MOST_EXTRA:
            raise InvalidAssignment(f"Ekstra tid kan være fra 0 til {MOST_EXTRA} %.")
        with transaction(self._engine) as session:
            if session.get(PersonRow, person_id) is None:
                raise UnknownCourse
            session.add(ExtraTimeRow(person_id=person_id, percent=percent, at=self._clock(), by=trainer.id))
            audit.record(session, actor=trainer.id, action="extra_time.set", object_type="person", object_id=person_id)

    def give_attempt(self, trainer: Person, person_id: str, course_id: str) -> None:
        """One more attempt at the final of a course that the person has begun.

        Raises `UnknownCourse`, and `InvalidAssignment` while attempts are left and for oneself.
        """
        trainer.require(Permission.MANAGE_COURSES)
        _require_other(trainer, person_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            begun = enrolment(session, person_id, course_id)
            if begun is None:
                raise UnknownCourse
            course = self._courses.version(begun.version_id).course
            final, quiz = course.final, course.activity(course.final)
            used = len(attempts_of(session, person_id, course_id, begun.cycle, final))
            extra = extra_attempts(session, person_id, course_id, begun.cycle, final)
            if not isinstance(quiz, Quiz) or attempts_left(quiz.policy, used, extra) != 0:
                raise InvalidAssignment("Personen har stadig forsøg tilbage, så der er ikke givet et til.")
            row = ExtraAttemptRow(
                person_id=person_id, course_id=course_id, cycle=begun.cycle, quiz=final, at=self._clock(), by=trainer.id
            )
            session.add(row)
            audit.record(
                session,
                actor=trainer.id,
                action="attempt.given",
                object_type="attempt",
                object_id=f"{person_id}/{course_id}/{final}"[:120],
            )

    def participants(
        self, trainer: Person, course_id: str, wanted: str = "", count: int = 20, skip: int = 0
    ) -> tuple[list[Participant], int]:
        """People by name, a page of them and how many fit; those with the course first.

        Those on it can see that they were looked at.
        """
        trainer.require(Permission.MANAGE_COURSES)
        term = f"%{_escaped(wanted.strip())}%"
        live = (
            select(
                AssignmentRow.person_id,
                func.max(AssignmentRow.id).label("id"),
                func.min(AssignmentRow.due_on).label("due_on"),
            )
            .where(AssignmentRow.course_id == course_id, AssignmentRow.ended_at.is_(None))
            .group_by(AssignmentRow.person_id)
            .subquery()
        )
        fits = or_(PersonRow.name.ilike(term, escape="\\"), PersonRow.unit.ilike(term, escape="\\"))
        query = (
            select(PersonRow.id, PersonRow.name, PersonRow.unit, live.c.id, live.c.due_on)
            .outerjoin(live, live.c.person_id == PersonRow.id)
            .where(PersonRow.active, fits)
        )
        with reading(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = session.execute(
                query.order_by(live.c.id.is_(None), PersonRow.name, PersonRow.id).limit(count).offset(skip)
            ).all()
            found = []
            for person_id, name, unit, assignment_id, due_on in rows:
                begun = enrolment(session, person_id, course_id)
                number = self._courses.version(begun.version_id).number if begun else None
                extra = extra_percent(session, person_id)
                found.append(Participant(person_id, name, unit, assignment_id, due_on, number, extra))
        note_looks(self._engine, trainer.id, {one.person_id for one in found} - {trainer.id}, LOOKED_AT, self._clock())
        return found, total

    @staticmethod
    def _live(session: Session, person_id: str, course_id: str) -> Sequence[AssignmentRow]:
        query = select(AssignmentRow).where(
            AssignmentRow.person_id == person_id,
            AssignmentRow.course_id == course_id,
            AssignmentRow.ended_at.is_(None),
        )
        return session.scalars(query.order_by(AssignmentRow.at.desc())).all()

    def _end(self, row: AssignmentRow, trainer: Person, reason: str) -> None:
        row.ended_at, row.ended_by, row.ended_reason = self._clock(), trainer.id, reason

    # --- marking --------------------------------------------------------------------------------------------------

    def waiting(self, trainer: Person, count: int = 10, skip: int = 0) -> tuple[list[Waiting], int]:
        """Answers that wait for a mark, oldest first, and how many there are."""
        trainer.require(Permission.MANAGE_COURSES)
        last = select(func.max(ItemGradeRow.id)).group_by(ItemGradeRow.item_id)
        query = (
            select(AttemptItemRow, AttemptRow)
            .join(AttemptRow, AttemptRow.id == AttemptItemRow.attempt_id)
            .join(ItemGradeRow, ItemGradeRow.item_id == AttemptItemRow.id)
            .where(ItemGradeRow.id.in_(last), ItemGradeRow.state == State.PENDING, AttemptRow.submitted_at.is_not(None))
        )
        with reading(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            found = []
            for item, attempt in session.execute(query.order_by(AttemptRow.submitted_at).limit(count).offset(skip)):
                question = QUESTION.validate_python(item.question)
                answer = last_answers(session, select(AttemptItemRow.id).where(AttemptItemRow.id == item.id)).get(
                    item.id
                )
                if isinstance(question, Essay) and attempt.submitted_at is not None:
                    title = self._courses.version(attempt.version_id).course.title
                    found.append(Waiting(item.id, title, question, str(answer), attempt.submitted_at))
        return found, total

    def mark(self, trainer: Person, item_id: str, points: dict[str, float], comment: str) -> None:
        """Mark an essay by its rubric; `points` maps each criterion to the points given. Nobody marks her own answer.

        Raises `InvalidAssignment` when a criterion is missing or has more points than it gives.
        """
        require_for(self._engine, trainer, Permission.MANAGE_COURSES, "answer", AttemptItemRow, item_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            item = session.get(AttemptItemRow, item_id)
            attempt = session.get(AttemptRow, item.attempt_id) if item else None
            if item is None or attempt is None or attempt.submitted_at is None:
                raise UnknownCourse
            if attempt.person_id == trainer.id:
                raise InvalidAssignment("Du kan ikke vurdere dit eget svar. Bed en anden underviser om det.")
            newest = newest_grades(session, ItemGradeRow.item_id == item_id).get(item_id)
            if newest is None or newest.state != State.PENDING:
                raise InvalidAssignment("Svaret er allerede vurderet. Genindlæs siden.")
            question = QUESTION.validate_python(item.question)
            if not isinstance(question, Essay) or set(points) != {one.id for one in question.rubric}:
                raise InvalidAssignment("Giv point for hvert punkt.")
            if any(not 0 <= points[one.id] <= one.points for one in question.rubric):
                raise InvalidAssignment("Et punkt har fået flere point, end det giver.")
            written.require_impersonal(comment, InvalidAssignment, "Kommentaren")
            whole = sum(one.points for one in question.rubric)
            given = by_hand(sum(points.values()) / whole)
            session.add(self._row(item_id, given, trainer.id, comment.strip()))
            audit.record(
                session, actor=trainer.id, action="answer.marked", object_type="attempt_item", object_id=item_id
            )

    # --- marking again --------------------------------------------------------------------------------------------

    def regrade_plan(self, trainer: Person, question_id: str) -> Regrade:
        """What would change if every submitted answer to a question were graded by its newest wording. Nothing is written."""
        trainer.require(Permission.MANAGE_COURSES)
        with reading(self._engine) as session:
            return self._plan(session, question_id)

    def regrade(self, trainer: Person, question_id: str, reason: str) -> Regrade:
        """Grade again by the newest wording: a new grade beside the old one wherever it differs. Repeating it changes nothing.

        Answers, wordings shown and old grades stay as they are. Raises `InvalidAssignment` without a reason.
        """
        trainer.require(Permission.MANAGE_COURSES)
        reason = written.reason(
            reason, InvalidAssignment, "Skriv, hvorfor svarene vurderes igen. Deltagerne ser begrundelsen."
        )
        with transaction(self._engine) as session:
            one_at_a_time(session)
            plan = self._plan(session, question_id)
            wording = QUESTION.validate_python(session.get_one(QuestionVersionRow, plan.wording).content)
            answers = last_answers(session, _submitted(question_id))
            for change in plan.changes:
                if change.after is not None:
                    given = grade(wording, answers.get(change.item_id))
                    session.add(self._row(change.item_id, given, trainer.id, reason))
            audit.record(
                session, actor=trainer.id, action="question.regraded", object_type="question", object_id=question_id
            )
            return plan

    def _plan(self, session: Session, question_id: str) -> Regrade:
        newest = session.scalars(
            select(QuestionVersionRow)
            .where(QuestionVersionRow.question_id == question_id)
            .order_by(QuestionVersionRow.number.desc())
            .limit(1)
        ).first()
        if newest is None:
            raise UnknownCourse
        wording = QUESTION.validate_python(newest.content)
        which = _submitted(question_id)
        items = list(session.scalars(which))
        answers = last_answers(session, which)
        grades = newest_grades(session, ItemGradeRow.item_id.in_(which))
        changes, unfit = [], 0
        for item_id in items:
            given = grades.get(item_id)
            before = given.fraction if given else None
            if before is None or answers.get(item_id) == responses.EMPTIED:  # its mark is all that is left
                continue
            try:
                fits = responses.fitting(wording, answers.get(item_id))
            except InvalidResponse:
                unfit += 1
                changes.append(Change(item_id, before, None))
                continue
            after = grade(wording, fits).fraction
            if after is not None and abs(after - before) > 1e-9:
                changes.append(Change(item_id, before, after))
        return Regrade(question_id, newest.id, len(items), tuple(changes), unfit)

    def _row(self, item_id: str, given: Grade, by: str, reason: str) -> ItemGradeRow:
        return ItemGradeRow(
            item_id=item_id, fraction=given.fraction, state=given.state.value, by=by, reason=reason, at=self._clock()
        )


def _submitted(question_id: str) -> Select[str]:
    """Selects the ids of all submitted items of a question, in whichever wording."""
    return (
        select(AttemptItemRow.id)
        .join(AttemptRow, AttemptRow.id == AttemptItemRow.attempt_id)
        .join(QuestionVersionRow, QuestionVersionRow.id == AttemptItemRow.question_version_id)
        .where(QuestionVersionRow.question_id == question_id, AttemptRow.submitted_at.is_not(None))
    )


def _require_other(trainer: Person, person_id: str) -> None:
    """Raise `InvalidAssignment` where a trainer would favour herself."""
    if trainer.id == person_id:
        raise InvalidAssignment("Det kan du ikke give dig selv. Bed en anden underviser om det.")


def _escaped(term: str) -> str:
    """A search term in which the wildcards of LIKE mean themselves."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
