"""A quiz that many people have taken through the real services: sound questions, a wrong key, a hard one, a dead option."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Engine

from courses.attempt_service import AttemptService
from courses.course import Course, Module, Policy, Quiz, Show, Slot
from courses.course_service import CourseService
from courses.learning_service import LearningService
from courses.question import Criterion, Essay, MultipleChoice, Option, Question, SingleChoice, Tick, TrueFalse
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.session import transaction

COURSE, QUIZ = "maalt-kursus", "maalt-proeve"
WRONG_KEY, HARD, DEAD, STATEMENT, TICKS = "forkert-facit", "for-svaert", "doed-mulighed", "udsagn", "saet-kryds"
SOUND = ("sund-1", "sund-2", "sund-3", "sund-4", "sund-5")
ESSAY = Essay(id="skriv", text="Hvordan vil du hjælpe dine kolleger?", rubric=(Criterion(id="k", text="Konkret"),))


def single(key: str, text: str, right: str = "a") -> SingleChoice:
    """A question with four options."""
    words = {
        "a": "Slå efter i retningslinjen",
        "b": "Spørg en kollega",
        "c": "Lad sprogmodellen bestemme",
        "d": "Gør ingenting",
    }
    options = tuple(Option(id=one, text=word, fraction=float(one == right)) for one, word in words.items())
    return SingleChoice(id=key, text=text, options=options, feedback="Det står i retningslinjen.")


QUESTIONS: tuple[Question, ...] = (
    *(single(key, f"Hvad gør du i situation {place}?") for place, key in enumerate(SOUND, 1)),
    single(WRONG_KEY, "Hvem må se sagen?", right="b"),
    single(HARD, "Hvilken artikel handler om oplæring?"),
    single(DEAD, "Hvad er en prompt?"),
    TrueFalse(id=STATEMENT, text="En sprogmodel kan tage fejl.", answer=True),
    MultipleChoice(
        id=TICKS,
        text="Hvad må du ikke skrive?",
        options=(
            Tick(id="a", text="CPR-numre", correct=True),
            Tick(id="b", text="Navne på borgere", correct=True),
            Tick(id="c", text="En opdigtet sag"),
        ),
    ),
)


def measured_course(questions: tuple[Question, ...] = QUESTIONS, slots: tuple[Slot, ...] = ()) -> Course:
    """A course of one quiz over `questions`; `slots` says otherwise how they are asked."""
    quiz = Quiz(
        id=QUIZ,
        title="Målt prøve",
        policy=Policy(show=Show.AFTER_SUBMIT, shuffle_questions=True),
        slots=slots or tuple(Slot(question=one.id) for one in questions),
    )
    module = Module(id="maalt-modul", title="Modul", summary="Målt.", activities=(quiz,), questions=questions)
    return Course(
        id=COURSE,
        title="Målt kursus",
        summary="Kort.",
        audience="Alle",
        open_to_all=True,
        final=QUIZ,
        modules=(module,),
    )


def response(chance: Random, able: float, key: str) -> Any:
    """What somebody answers who is `able` (0..1): the better, the more often right, but for the two questions that are wrong."""
    knows = chance.random() < 1.4 * able - 0.1
    if key == WRONG_KEY:  # those who know choose a, which is right; the key says b
        return "a" if knows else chance.choice("bbbbc")
    if key == HARD:
        return "a" if chance.random() < 0.1 + 0.15 * able else chance.choice("bcd")
    if key == DEAD:
        return "a" if knows else chance.choice("bc")
    if key == STATEMENT:
        return knows or chance.random() < 0.5
    if key == TICKS:
        return ["a", "b"] if knows else chance.choice([["a"], ["a", "c"], [], ["b", "c"]])
    return "a" if knows else chance.choice("bcd")


class Takers:
    """People who take the measured quiz in the database behind `engine`."""

    def __init__(self, engine: Engine, courses: CourseService | None = None) -> None:
        self._engine = engine
        self.courses = courses or CourseService(engine, list)
        self.learning = LearningService(engine, self.courses)
        self.attempts = AttemptService(engine, self.courses, lambda _version: ())

    def person(self, key: str, *roles: Role) -> Person:
        """A person of that name, stored."""
        with transaction(self._engine) as session:
            grants = [RoleGrantRow(id=new_id(), role=role.value) for role in roles]
            session.add(PersonRow(id=key, name=key, unit="Prøvehuset", created_at=now(), grants=grants))
        return Person(key, key, "Prøvehuset", frozenset({Role.EMPLOYEE, *roles}))

    def take(self, person: Person, answer: Callable[[str], Any] | Mapping[str, Any], *, begin: bool = True) -> None:
        """Take the quiz once; `answer` gives the response to a question by its id, None for a blank."""
        if begin:
            self.learning.begin(person, COURSE)
        attempt = self.attempts.get(person, self.attempts.start(person, COURSE, QUIZ))
        for item in attempt.items:
            key = item.question.id
            value = answer.get(key) if isinstance(answer, Mapping) else answer(key)
            if value is not None:
                self.attempts.answer(person, item.id, value)
        self.attempts.submit(person, attempt.id)

    def crowd(self, count: int, name: str = "taget", seed: int = 1) -> list[Person]:
        """People of every ability who have taken the quiz once."""
        people = []
        for place in range(count):
            person = self.person(f"{name}-{place:03}", Role.EMPLOYEE)
            self.take(person, partial(_answered, f"{name}/{place}/{seed}", (place + 0.5) / count))
            people.append(person)
        return people


def _answered(who: str, able: float, key: str) -> Any:
    """The same answer whenever it is asked, in whichever order the questions come."""
    return response(Random(f"{who}/{key}"), able, key)  # noqa: S311  repeatable answers, no secret
