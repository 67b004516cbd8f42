"""Use cases of a learner: my courses, opening one, reading lessons, practising prompts."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.attempt_rows import attempts_of
from courses.course import Lesson, Practice
from courses.course_service import CourseService, CourseVersion
from courses.enrolment import assigned, enrol, enrolment, renews, require_open
from courses.errors import InvalidResponse, NotOpen, UnknownCourse
from courses.progress import Progress
from courses.progress_rows import progress_of
from courses.prompt_practice import Assessment, assess
from courses.question import PromptPractice
from courses.response import checked
from courses.steering.exemption_rows import exemptions_of
from courses.tables import PromptTryRow, ReadingRow
from people.person import Person
from people.roles import Permission
from storage.base import new_id, now
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction


@dataclass(frozen=True)
class MyCourse:
    """A course as it stands on a person's list. `progress` and `cycle` are None before it is begun. Who is exempt
    has no deadline."""

    version: CourseVersion
    assigned: bool
    due_on: date | None
    cycle: int | None
    progress: Progress | None
    exempt: bool

    @property
    def finished(self) -> bool:
        """Whether everything in it is done."""
        return self.progress is not None and self.progress.finished


@dataclass(frozen=True)
class Learning:
    """A course that a person has begun."""

    version: CourseVersion
    cycle: int
    due_on: date | None
    progress: Progress
    newer: bool


@dataclass(frozen=True)
class Try:
    """A prompt that was written in an exercise."""

    prompt: str
    fraction: float
    hints: int
    at: datetime


class LearningService:
    """What learners do, in the database behind `engine`."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        clock: Callable[[], datetime] = now,
        say: Callable[[str], str | None] | None = None,
    ) -> None:
        """`say` gives what a language model makes of a prompt, where one is configured."""
        self._engine = engine
        self._courses = courses
        self._clock = clock
        self._say = say

    def mine(self, person: Person) -> list[MyCourse]:
        """Assigned courses first, the nearest deadline at the top; then what is begun, then what is open to everybody."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            due = assigned(session, person.id)
            exempt = self._exempt(session, person)
            found = []
            for version in self._courses.courses():
                course_id = version.course.id
                begun = enrolment(session, person.id, course_id)
                if begun is None and course_id not in due and not version.course.open_to_all:
                    continue
                if begun is not None:
                    version = self._courses.version(begun.version_id)
                progress = progress_of(session, person.id, version, begun.cycle) if begun else None
                cycle = begun.cycle if begun else None
                own = course_id in due and not (begun and renews(session, person.id, begun))
                free = course_id in exempt
                due_on = due.get(course_id) if own and not free else None
                found.append(MyCourse(version, own, due_on, cycle, progress, free))
        far = date.max
        return sorted(found, key=lambda one: (one.finished, not one.assigned, one.due_on or far, one.progress is None))

    def begin(self, person: Person, course_id: str) -> None:
        """Begin a course with its newest version; nothing happens when it is begun already. Raises `NotOpen`."""
        person.require(Permission.LEARN)
        version = self._courses.current(course_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            if enrolment(session, person.id, course_id) is None:
                require_open(session, person.id, course_id, open_to_all=version.course.open_to_all)
                enrol(session, person.id, course_id, version.id, person.id)

    def move(self, person: Person, course_id: str) -> None:
        """Move one's own unfinished course to its newest version; what is done there by the same name counts."""
        person.require(Permission.LEARN)
        self._move(person.id, course_id, person.id)

    def move_person(self, trainer: Person, person_id: str, course_id: str) -> None:
        """The same for somebody else."""
        trainer.require(Permission.MANAGE_COURSES)
        self._move(person_id, course_id, trainer.id)

    def _move(self, person_id: str, course_id: str, by: str) -> None:
        version = self._courses.current(course_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            found = enrolment(session, person_id, course_id)
            if found is None:
                raise UnknownCourse
            if any(row.submitted_at is None for row in attempts_of(session, person_id, course_id, found.cycle)):
                raise NotOpen("Der er en prøve i gang. Aflevér den først, og skift så til den nye udgave.")
            if found.version_id != version.id:
                enrol(session, person_id, course_id, version.id, by)

    def open(self, person: Person, course_id: str) -> Learning:
        """A course the person has begun, as far as she has come; raises `UnknownCourse`."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            found = enrolment(session, person.id, course_id)
            if found is None:
                raise UnknownCourse
            version = self._courses.version(found.version_id)
            progress = progress_of(session, person.id, version, found.cycle)
            none = renews(session, person.id, found) or course_id in self._exempt(session, person)
            due_on = None if none else assigned(session, person.id).get(course_id)
        newer = self._courses.current(course_id).id != version.id
        return Learning(version, found.cycle, due_on, progress, newer)

    def _exempt(self, session: Session, person: Person) -> Collection[str]:
        return exemptions_of(session, person.id, danish_day(self._clock()))

    # --- lessons --------------------------------------------------------------------------------------------------

    def place(self, person: Person, learning: Learning, lesson: Lesson) -> int:
        """The part of a lesson the person read last (0 is the first), noted as opened now."""
        with transaction(self._engine) as session:
            return self._reading(session, person, learning, lesson).place

    def keep_place(self, person: Person, learning: Learning, lesson: Lesson, place: int) -> None:
        """Remember the part of a lesson that is read now."""
        with transaction(self._engine) as session:
            self._reading(session, person, learning, lesson).place = max(place, 0)

    def finish(self, person: Person, learning: Learning, lesson: Lesson) -> None:
        """A lesson is read to its end; the first time counts."""
        with transaction(self._engine) as session:
            row = self._reading(session, person, learning, lesson)
            row.read_at = row.read_at or self._clock()

    def _reading(self, session: Session, person: Person, learning: Learning, lesson: Lesson) -> ReadingRow:
        person.require(Permission.LEARN)
        learning.progress.require_unlocked(lesson)
        one_at_a_time(session)
        query = select(ReadingRow).where(
            ReadingRow.person_id == person.id,
            ReadingRow.course_id == learning.version.course.id,
            ReadingRow.cycle == learning.cycle,
            ReadingRow.activity == lesson.id,
        )
        row = session.scalars(query).first()
        if row is None:
            row = ReadingRow(
                id=new_id(),
                person_id=person.id,
                course_id=learning.version.course.id,
                cycle=learning.cycle,
                activity=lesson.id,
                place=0,
                opened_at=self._clock(),
                read_at=None,
            )
            session.add(row)
            session.flush()
        return row

    # --- prompts --------------------------------------------------------------------------------------------------

    def practise(self, person: Person, learning: Learning, practice: Practice, prompt: str, hints: int) -> Assessment:
        """Judge a prompt. It is kept with its mark, unless the privacy gate stops it: then nothing of it is kept.

        Raises `InvalidResponse` when it is empty or too long.
        """
        person.require(Permission.LEARN)
        learning.progress.require_unlocked(practice)
        question = learning.version.course.questions[practice.question]
        if not isinstance(question, PromptPractice):
            raise UnknownCourse
        if checked(question, prompt) is None:
            raise InvalidResponse("Skriv en prompt først.")
        found = assess(question, prompt)
        if found.stopped is None:
            with transaction(self._engine) as session:
                session.add(
                    PromptTryRow(
                        id=new_id(),
                        person_id=person.id,
                        course_id=learning.version.course.id,
                        cycle=learning.cycle,
                        activity=practice.id,
                        prompt=prompt,
                        fraction=found.total,
                        hints=hints,
                        at=self._clock(),
                    )
                )
        return found

    @property
    def has_model(self) -> bool:
        """Whether a prompt can be run for real."""
        return self._say is not None

    def run(self, person: Person, learning: Learning, practice: Practice, prompt: str) -> str:
        """What the configured language model makes of a prompt; nothing of it is kept.

        Raises `InvalidResponse` for a prompt that is empty or that the privacy gate stops: it is not sent. Raises `NotOpen` where
        there is no model or it does not answer.
        """
        person.require(Permission.LEARN)
        learning.progress.require_unlocked(practice)
        question = learning.version.course.questions[practice.question]
        if not isinstance(question, PromptPractice) or self._say is None:
            raise NotOpen("Der er ingen sprogmodel at prøve prompten i.")
        if checked(question, prompt) is None:
            raise InvalidResponse("Skriv en prompt først.")
        if assess(question, prompt).stopped is not None:
            raise InvalidResponse("Din prompt er stoppet og ikke sendt. Få tilbagemelding på den for at se hvorfor.")
        answer = self._say(prompt)
        if answer is None:
            raise NotOpen(
                "Sprogmodellen svarer ikke lige nu. Prøv igen om lidt. Tilbagemeldingen på din prompt virker stadig."
            )
        return answer

    def tries(self, person: Person, learning: Learning, practice: Practice) -> list[Try]:
        """One's own tries at an exercise, newest first."""
        person.require(Permission.LEARN)
        query = select(PromptTryRow).where(
            PromptTryRow.person_id == person.id,
            PromptTryRow.course_id == learning.version.course.id,
            PromptTryRow.cycle == learning.cycle,
            PromptTryRow.activity == practice.id,
        )
        with reading(self._engine) as session:
            rows = session.scalars(query.order_by(PromptTryRow.at.desc())).all()
        return [Try(row.prompt, row.fraction, row.hints, row.at) for row in rows]
