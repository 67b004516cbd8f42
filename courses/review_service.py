"""Use cases about spaced reviews: this week's three questions, an answer to one, and whether they renew a certificate."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from random import SystemRandom

from fsrs import Card
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses import response as responses
from courses.attempt_rows import asked_now
from courses.course_service import CourseService, CourseVersion
from courses.drawing import shown_order
from courses.errors import NotOpen, UnknownCourse
from courses.grading import Grade, grade
from courses.passed_finals import first_pass
from courses.question import QUESTION, Essay, PromptPractice, Question
from courses.response import Response
from courses.reviews import (
    WEEKLY,
    Candidate,
    Review,
    Week,
    chosen,
    complete,
    is_steady,
    last_weeks,
    reviewed,
    week_of,
)
from courses.tables import (
    AttemptRow,
    CourseQuestionRow,
    CourseVersionRow,
    QuestionVersionRow,
    ReviewCardRow,
    ReviewRow,
)
from courses.watch_service import WatchService
from people.person import Person
from people.refusals import note_others
from people.roles import Permission
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction


@dataclass(frozen=True)
class _Asked:
    """A question that may be asked, its wording, and the module it stands in."""

    question: Question
    wording: str
    topic: str


class ReviewService:
    """Reviews in the database behind `engine`; what `watch` holds back is not asked. `clock` gives the moment, in UTC."""

    def __init__(
        self, engine: Engine, courses: CourseService, watch: WatchService, clock: Callable[[], datetime] = now
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._watch = watch
        self._clock = clock
        self._chance = SystemRandom()

    # --- this week ------------------------------------------------------------------------------------------------

    def this_week(self, person: Person) -> Week:
        """The person's questions of this week, settled the first time they are asked for; none before she has passed a course.

        A question that is held back meanwhile gives way to another, unless it is answered.
        """
        person.require(Permission.LEARN)
        at = self._clock()
        week = week_of(at)
        passed = self._passed(person)
        pool = self._pool(passed)
        with reading(self._engine) as session:
            rows = _rows(session, person.id, week)
            elsewhere = asked_now(session, person.id)
        pool = {key: one for key, one in pool.items() if key not in elsewhere}
        held = self._watch.held_back_wordings({row.question_version_id for row in rows if row.at is None})
        if len(_live(rows, held)) < WEEKLY and set(pool) - {row.question_id for row in rows}:
            with transaction(self._engine) as session:
                one_at_a_time(session)  # the other tab of the same person gets the same three
                rows = self._settled(session, person, at, pool, held)
        with reading(self._engine) as session:
            reviews = [_view(session, row) for row in _live(rows, held)]
        courses = [version.course for version in passed]
        renews = any(course.certificate and course.certificate.by_reviews for course in courses)
        return Week(week, tuple(course.title for course in courses), renews, tuple(reviews))

    def _settled(
        self, session: Session, person: Person, at: datetime, pool: dict[str, _Asked], held: Collection[str]
    ) -> list[ReviewRow]:
        week = week_of(at)
        rows = _rows(session, person.id, week)
        before = {row.question_id for row in rows}
        query = select(ReviewCardRow).where(ReviewCardRow.person_id == person.id)
        cards = {row.question_id: _card(row) for row in session.scalars(query)}
        candidates = [Candidate(key, one.topic, cards.get(key)) for key, one in pool.items() if key not in before]
        live = _live(rows, held)
        topics = {pool[row.question_id].topic for row in live if row.question_id in pool}
        for one in chosen(candidates, at, WEEKLY - len(live), self._chance, topics):
            asked = pool[one.question_id]
            session.add(
                ReviewRow(
                    id=new_id(),
                    person_id=person.id,
                    week=week,
                    question_id=one.question_id,
                    question_version_id=asked.wording,
                    shown_order=shown_order(asked.question, self._chance, shuffle=True),
                )
            )
        session.flush()
        return _rows(session, person.id, week)

    def _passed(self, person: Person) -> list[CourseVersion]:
        """The courses whose final the person has passed, in their newest published version, by title."""
        query = select(AttemptRow).where(AttemptRow.person_id == person.id, AttemptRow.submitted_at.is_not(None))
        finals: dict[tuple[str, int], list[AttemptRow]] = {}
        with reading(self._engine) as session:
            for row in session.scalars(query.order_by(AttemptRow.started_at, AttemptRow.number)):
                if row.quiz == self._courses.version(row.version_id).course.final:
                    finals.setdefault((row.course_id, row.cycle), []).append(row)
            passed = {course_id for (course_id, _), rows in finals.items() if first_pass(session, rows)}
        return [version for version in self._courses.courses() if version.course.id in passed]

    def _pool(self, versions: Sequence[CourseVersion]) -> dict[str, _Asked]:
        """The questions of some courses that can be asked and marked at once, by id."""
        pool: dict[str, _Asked] = {}
        for version in versions:
            held = self._watch.held_back(version)
            for module in version.course.modules:
                for question in module.questions:
                    if question.id not in held and not isinstance(question, Essay | PromptPractice):
                        pool[question.id] = _Asked(question, version.wordings[question.id], module.id)
        return pool

    # --- answering ------------------------------------------------------------------------------------------------

    def answer(self, person: Person, review_id: str, response: Response) -> Grade:
        """Keep and mark an answer, once. Raises `NotOpen` for a second one, a blank, a question of another week or one that is
        held back; `InvalidResponse` when it does not fit; `UnknownCourse` for somebody else's."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            wording = _own(session, person, review_id).question_version_id
        held = self._watch.held_back_wordings([wording])
        at = self._clock()
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = _own(session, person, review_id)
            week = _rows(session, person.id, row.week)
            if row.question_id in asked_now(session, person.id):
                raise NotOpen("Spørgsmålet er også med i en prøve, du er i gang med. Aflevér den først.")
            if row.at is not None:
                raise NotOpen("Du har allerede svaret på dette spørgsmål. Dit første svar gælder.")
            if row.week != week_of(at):
                raise NotOpen("Ugen er slut, så svaret er ikke gemt. Genindlæs siden for at få ugens spørgsmål.")
            if held or sum(one.at is not None for one in week) >= WEEKLY:
                raise NotOpen("Spørgsmålet stilles ikke lige nu, så svaret er ikke gemt. Genindlæs siden.")
            question = _question(session, wording)
            value = responses.checked(question, response)
            if responses.is_blank(value):
                raise NotOpen("Svar først, og tjek så.")
            given = grade(question, value)
            row.response, row.fraction, row.at = {"value": value}, given.fraction, at
            _remember(session, person.id, row.question_id, given, at)
            return given

    # --- renewal --------------------------------------------------------------------------------------------------

    def steady(self, person_id: str, course_id: str, since: date, until: date) -> bool:
        """Whether a person's reviews from `since` to `until` renew her certificate in a course; see `courses.reviews`."""
        weeks = last_weeks(since, until)
        rows = select(ReviewRow).where(ReviewRow.person_id == person_id, ReviewRow.week.in_(weeks))
        own = (
            select(QuestionVersionRow.question_id)
            .join(CourseQuestionRow, CourseQuestionRow.question_version_id == QuestionVersionRow.id)
            .join(CourseVersionRow, CourseVersionRow.id == CourseQuestionRow.version_id)
            .where(CourseVersionRow.course_id == course_id)
        )
        answered: dict[str, list[bool]] = {}
        fractions: list[float] = []
        with reading(self._engine) as session:
            of_course = set(session.scalars(own))
            for row in session.scalars(rows):
                answered.setdefault(row.week, []).append(row.at is not None)
                if row.fraction is not None and row.question_id in of_course:
                    fractions.append(row.fraction)
        return is_steady(sum(map(complete, answered.values())), fractions)


def _rows(session: Session, person_id: str, week: str) -> list[ReviewRow]:
    query = select(ReviewRow).where(ReviewRow.person_id == person_id, ReviewRow.week == week)
    return list(session.scalars(query.order_by(ReviewRow.id)))


def _live(rows: Sequence[ReviewRow], held: Collection[str]) -> list[ReviewRow]:
    """The questions of the week that are shown: answered ones first, then those that may be asked; never more than three."""
    answered = sorted((row for row in rows if row.at is not None), key=attrgetter("at"))
    asked = [row for row in rows if row.at is None and row.question_version_id not in held]
    return [*answered, *asked][:WEEKLY]


def _own(session: Session, person: Person, review_id: str) -> ReviewRow:
    query = select(ReviewRow).where(ReviewRow.id == review_id, ReviewRow.person_id == person.id)
    row = session.scalars(query).first()
    if row is None:
        owner = select(ReviewRow.person_id).where(ReviewRow.id == review_id)
        note_others(session, person, "review", review_id, owner)
        raise UnknownCourse
    return row


def _question(session: Session, wording: str) -> Question:
    return QUESTION.validate_python(session.get_one(QuestionVersionRow, wording).content)


def _view(session: Session, row: ReviewRow) -> Review:
    question = _question(session, row.question_version_id)
    response = row.response["value"] if row.response else None
    given = grade(question, response) if row.at else None
    return Review(row.id, question, row.question_version_id, tuple(row.shown_order), response, given)


def _card(row: ReviewCardRow) -> Card:
    return Card.from_dict(row.card)  # type: ignore[arg-type]  # a row holds JSON, fsrs wants its own TypedDict


def _remember(session: Session, person_id: str, question_id: str, given: Grade, at: datetime) -> None:
    query = select(ReviewCardRow).where(ReviewCardRow.person_id == person_id, ReviewCardRow.question_id == question_id)
    row = session.scalars(query).first()
    card = reviewed(_card(row) if row else None, given, at)
    if row is None:
        session.add(
            ReviewCardRow(
                id=new_id(), person_id=person_id, question_id=question_id, card=dict(card.to_dict()), due_at=card.due
            )
        )
    else:
        row.card, row.due_at = dict(card.to_dict()), card.due
