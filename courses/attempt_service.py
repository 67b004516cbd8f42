"""Use cases about attempts: begin, answer, flag, check, hand in. The server's clock decides; every answer is a row at once."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses import response as responses
from courses.attempt import Attempt, Result, attempts_left, is_over, next_start, passes
from courses.attempt_rows import (
    ANSWER,
    CHECK,
    FLAG,
    UNFLAG,
    asked_now,
    attempt_view,
    attempts_of,
    extra_attempts,
    extra_percent,
    last_answers,
    results,
)
from courses.course import Policy, Quiz, Show
from courses.course_service import CourseService, CourseVersion
from courses.drawing import drawn, shown_order
from courses.enrolment import enrolment
from courses.errors import NotOpen, UnknownCourse
from courses.grading import Grade, grade
from courses.progress_rows import progress_of
from courses.question import QUESTION
from courses.response import Response
from courses.tables import (
    AttemptItemRow,
    AttemptRow,
    ItemGradeRow,
    QuestionVersionRow,
    ResponseEventRow,
)
from people.person import Person
from people.refusals import note_others
from people.roles import Permission
from rag.calendar import danish_moment
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

AUTO = "auto"
HeldBack = Callable[[CourseVersion], Collection[str]]


class AttemptService:
    """Attempts in the database behind `engine`. `held_back` names the questions of a version that are not asked now; `clock`
    gives the moment, in UTC."""

    def __init__(
        self, engine: Engine, courses: CourseService, held_back: HeldBack, clock: Callable[[], datetime] = now
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._held_back = held_back
        self._clock = clock
        self._chance = SystemRandom()

    # --- beginning ------------------------------------------------------------------------------------------------

    def start(self, person: Person, course_id: str, quiz_id: str) -> str:
        """Id of the attempt that is open, or of a new one. Two clicks at once give the same attempt. One whose time is over is
        handed in and given, so that its result is seen before another begins.

        Raises `NotOpen` when no attempt is left or the waiting time is not over, and `UnknownCourse`.
        """
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            version, cycle = self._enrolled(session, person, course_id)
        quiz = version.course.activity(quiz_id)
        if not isinstance(quiz, Quiz):
            raise UnknownCourse
        held_back = self._held_back(version)  # may wait for the index; nobody else waits for that
        with transaction(self._engine) as session:
            one_at_a_time(session)
            before = attempts_of(session, person.id, course_id, cycle, quiz_id)
            for row in before:
                if row.submitted_at is None:
                    self._close_if_over(session, row)
                    return row.id  # one that has just been closed shows its result; nobody begins the next by mistake
            progress_of(session, person.id, version, cycle).require_unlocked(quiz)
            extra = extra_attempts(session, person.id, course_id, cycle, quiz_id)
            self._require_startable(quiz.policy, before, extra)
            return self._begin(session, person, version, quiz, cycle, len(before) + 1, held_back)

    def _begin(
        self,
        session: Session,
        person: Person,
        version: CourseVersion,
        quiz: Quiz,
        cycle: int,
        number: int,
        held_back: Collection[str],
    ) -> str:
        seen = self._seen(session, person.id)
        closed_to = {*held_back, *asked_now(session, person.id)}
        questions = drawn(version.course, quiz, closed_to, seen, self._chance)
        if not questions:
            raise NotOpen("Prøven er lukket, mens spørgsmålene bliver set efter. Prøv igen i morgen.")
        at = self._clock()
        minutes = quiz.policy.minutes
        extra = 1 + extra_percent(session, person.id) / 100
        attempt = AttemptRow(
            id=new_id(),
            person_id=person.id,
            course_id=version.course.id,
            version_id=version.id,
            cycle=cycle,
            quiz=quiz.id,
            number=number,
            policy=quiz.policy.model_dump(mode="json"),
            started_at=at,
            deadline_at=at + timedelta(minutes=minutes * extra) if minutes else None,
            submitted_at=None,
        )
        session.add(attempt)
        session.flush()
        for ordinal, question in enumerate(questions, 1):
            order = shown_order(question, self._chance, shuffle=quiz.policy.shuffle_options)
            session.add(
                AttemptItemRow(
                    id=new_id(),
                    attempt_id=attempt.id,
                    ordinal=ordinal,
                    question_version_id=version.wordings[question.id],
                    question=question.model_dump(mode="json"),
                    shown_order=order,
                    max_mark=question.points,
                )
            )
        return attempt.id

    def _enrolled(self, session: Session, person: Person, course_id: str) -> tuple[CourseVersion, int]:
        found = enrolment(session, person.id, course_id)
        if found is None:
            raise UnknownCourse
        return self._courses.version(found.version_id), found.cycle

    def _require_startable(self, policy: Policy, before: Collection[AttemptRow], extra: int) -> None:
        if attempts_left(policy, len(before), extra) == 0:
            raise NotOpen("Du har brugt alle dine forsøg. Tal med din underviser, hvis du skal have flere.")
        opens = next_start(policy, max((row.submitted_at for row in before if row.submitted_at), default=None))
        if opens is not None and opens > self._clock():
            raise NotOpen(f"Du kan begynde et nyt forsøg {danish_moment(opens)}.")

    @staticmethod
    def _seen(session: Session, person_id: str) -> set[str]:
        query = (
            select(QuestionVersionRow.question_id)
            .join(AttemptItemRow, AttemptItemRow.question_version_id == QuestionVersionRow.id)
            .join(AttemptRow, AttemptRow.id == AttemptItemRow.attempt_id)
            .where(AttemptRow.person_id == person_id)
        )
        return set(session.scalars(query))

    # --- reading --------------------------------------------------------------------------------------------------

    def get(self, person: Person, attempt_id: str) -> Attempt:
        """The person's own attempt; one whose time is over is handed in with what was answered. Raises `UnknownCourse`."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            row = self._own(session, person, attempt_id)
            if row.submitted_at is not None or not self._is_over(row):
                return attempt_view(session, row)
        with transaction(self._engine) as session:
            row = self._own(session, person, attempt_id, lock=True)
            self._close_if_over(session, row)
            return attempt_view(session, row)

    def attempts(
        self, person: Person, course_id: str, cycle: int, quiz_id: str
    ) -> list[tuple[AttemptRow, Result | None]]:
        """The person's attempts at a quiz with their results, oldest first; None for the open one."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            rows = attempts_of(session, person.id, course_id, cycle, quiz_id)
            found = results(session, rows)
            return [(row, found.get(row.id)) for row in rows]

    def extra_percent(self, person: Person) -> int:
        """How much more time (per cent) the person gets in timed quizzes."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return extra_percent(session, person.id)

    def standing(self, person: Person, attempt: Attempt) -> tuple[bool, bool]:
        """Whether the quiz of an attempt is passed, and whether it is done with: passed, or no attempt left and none open."""
        person.require(Permission.LEARN)
        place = (person.id, attempt.course_id, attempt.cycle, attempt.quiz)
        with reading(self._engine) as session:
            rows = attempts_of(session, *place)
            found = results(session, rows)
            left = attempts_left(attempt.policy, len(rows), extra_attempts(session, *place))
        passed = passes(attempt.policy, [found[row.id].share for row in rows if row.id in found])
        return passed, passed or (left == 0 and len(found) == len(rows))

    def left(self, person: Person, course_id: str, cycle: int, quiz_id: str, policy: Policy) -> int | None:
        """How many attempts at a quiz the person has left; None for any number."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            used = len(attempts_of(session, person.id, course_id, cycle, quiz_id))
            return attempts_left(policy, used, extra_attempts(session, person.id, course_id, cycle, quiz_id))

    # --- answering ------------------------------------------------------------------------------------------------

    def answer(self, person: Person, item_id: str, response: Response) -> None:
        """Keep an answer. When this returns, it is in the database.

        Raises `InvalidResponse` when it does not fit the question and `NotOpen` when it comes too late.
        """
        with transaction(self._engine) as session:
            item = self._open_item(session, person, item_id)
            if self._checked(session, item.id):
                raise NotOpen("Svaret er tjekket og kan ikke ændres mere. Gå til næste spørgsmål.")
            value = responses.checked(QUESTION.validate_python(item.question), response)
            session.add(ResponseEventRow(item_id=item.id, kind=ANSWER, response={"value": value}, at=self._clock()))

    def flag(self, person: Person, item_id: str, *, flagged: bool) -> None:
        """Mark a question to come back to, or take the mark away."""
        with transaction(self._engine) as session:
            item = self._open_item(session, person, item_id)
            kind = FLAG if flagged else UNFLAG
            session.add(ResponseEventRow(item_id=item.id, kind=kind, response=None, at=self._clock()))

    def check(self, person: Person, item_id: str) -> None:
        """Judge an answer at once, where the quiz allows that; it cannot be changed afterwards. A second call does nothing."""
        with transaction(self._engine) as session:
            item = self._open_item(session, person, item_id)
            attempt = session.get_one(AttemptRow, item.attempt_id)
            if Policy.model_validate(attempt.policy).show is not Show.AT_ONCE:
                raise NotOpen("I denne prøve vises svarene først bagefter.")
            if self._checked(session, item.id):
                return
            if QUESTION.validate_python(item.question).id in asked_now(session, person.id):
                raise NotOpen("Spørgsmålet er også med i en prøve, du er i gang med. Aflevér den først.")
            last = last_answers(session, select(AttemptItemRow.id).where(AttemptItemRow.id == item.id)).get(item.id)
            if responses.is_blank(last):
                raise NotOpen("Svar først, og tjek så.")
            session.add(ResponseEventRow(item_id=item.id, kind=CHECK, response=None, at=self._clock()))
            session.add(self._graded(item, grade(QUESTION.validate_python(item.question), last)))

    def submit(self, person: Person, attempt_id: str) -> Attempt:
        """Hand in. A second call changes nothing."""
        person.require(Permission.LEARN)
        with transaction(self._engine) as session:
            row = self._own(session, person, attempt_id, lock=True)
            if row.submitted_at is None:
                self._close(session, row, by_time=self._is_over(row))
            return attempt_view(session, row)

    def close_overdue(self) -> int:
        """Hand in every attempt whose time is over; how many there were. For the daily round."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            query = select(AttemptRow).where(AttemptRow.submitted_at.is_(None), AttemptRow.deadline_at < self._clock())
            return sum(self._close_if_over(session, row) for row in session.scalars(query).all())

    # --- closing --------------------------------------------------------------------------------------------------

    def _is_over(self, row: AttemptRow) -> bool:
        return is_over(Policy.model_validate(row.policy), row.deadline_at, self._clock())

    def _close_if_over(self, session: Session, row: AttemptRow) -> bool:
        session.refresh(row, with_for_update=True)  # an answer that is on its way in is waited for
        if row.submitted_at is not None or not self._is_over(row):
            return False
        self._close(session, row, by_time=True)
        return True

    def _close(self, session: Session, row: AttemptRow, *, by_time: bool) -> None:
        view = attempt_view(session, row)
        row.submitted_at = row.deadline_at if by_time and row.deadline_at else self._clock()
        row.submitted_by_time = by_time
        rows = session.scalars(select(AttemptItemRow).where(AttemptItemRow.attempt_id == row.id))
        stored = {item.id: item for item in rows}
        for item in view.items:
            if item.grade is None:
                session.add(self._graded(stored[item.id], grade(item.question, item.response)))
        session.flush()

    def _graded(self, item: AttemptItemRow, given: Grade) -> ItemGradeRow:
        return ItemGradeRow(
            item_id=item.id, fraction=given.fraction, state=given.state.value, by=AUTO, reason="", at=self._clock()
        )

    # --- rows -----------------------------------------------------------------------------------------------------

    @staticmethod
    def _own(session: Session, person: Person, attempt_id: str, *, lock: bool = False) -> AttemptRow:
        query = select(AttemptRow).where(AttemptRow.id == attempt_id, AttemptRow.person_id == person.id)
        row = session.scalars(query.with_for_update() if lock else query).first()
        if row is None:
            owner = select(AttemptRow.person_id).where(AttemptRow.id == attempt_id)
            note_others(session, person, "attempt", attempt_id, owner)
            raise UnknownCourse
        return row

    def _open_item(self, session: Session, person: Person, item_id: str) -> AttemptItemRow:
        """The item of an attempt of the person's own that is open. The attempt stays open until the transaction ends."""
        person.require(Permission.LEARN)
        item = session.get(AttemptItemRow, item_id)
        if item is None:
            raise UnknownCourse
        attempt = self._own(session, person, item.attempt_id, lock=True)
        if attempt.submitted_at is not None:
            raise NotOpen("Prøven er afleveret, så svaret er ikke gemt.")
        if self._is_over(attempt):
            raise NotOpen("Tiden er gået, så svaret er ikke gemt. Det, du svarede før, er afleveret.")
        return item

    @staticmethod
    def _checked(session: Session, item_id: str) -> bool:
        query = select(ResponseEventRow.id).where(ResponseEventRow.item_id == item_id, ResponseEventRow.kind == CHECK)
        return session.scalars(query.limit(1)).first() is not None
