"""A small course whose questions rest on passages that tests can change, with the services that watch and review it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from courses.attempt_service import AttemptService
from courses.course import Course
from courses.course_service import CourseService, CourseVersion
from courses.enrolment import enrol
from courses.review_service import ReviewService
from courses.tables import AttemptItemRow
from courses.watch_service import WatchService
from people.person import Person
from people.tables import PersonRow
from rag.index import IndexedPassage
from storage.base import now
from storage.session import one_at_a_time, reading, transaction
from tests.fakes import indexed, version

MODULES = ("regler", "data", "kilder")
RIGHT, WRONG = "a", "b"
SOURCE = "retningslinje"


def rule(number: int) -> str:
    """The passage that question `number` rests on."""
    return (
        f"Regel {number} siger, at medarbejdere altid skal tjekke svaret fra AI nummer {number}, før det bliver brugt."
    )


def question(number: int, **more: Any) -> dict[str, Any]:
    """Question `number`: its right answer is `RIGHT`."""
    return {
        "type": "single",
        "id": f"q-{number}",
        "text": f"Hvad siger regel {number}?",
        "options": [{"id": RIGHT, "text": "Tjek svaret", "fraction": 1}, {"id": WRONG, "text": "Stol på svaret"}],
        "feedback": "Svaret skal tjekkes.",
        "sources": [{"source": SOURCE, "section": f"regel-{number}", "quote": f"Regel {number} siger"}],
        **more,
    }


def course(count: int = 6, key: str = "kursus", questions: Sequence[Mapping[str, Any]] | None = None) -> Course:
    """A course of three modules with `count` questions, all of them in its final."""
    asked = questions if questions is not None else [question(number) for number in range(1, count + 1)]
    final = {
        "kind": "quiz",
        "id": "proeve",
        "title": "Afsluttende prøve",
        "slots": [{"question": one["id"]} for one in asked],
        "policy": {"pass_at": 0.8},
    }
    modules = [
        {
            "id": name,
            "title": name.title(),
            "summary": "Et modul.",
            "activities": [{"kind": "lesson", "id": f"lektion-{name}", "title": "Læs", "text": "Tekst."}],
            "questions": [one for number, one in enumerate(asked) if number % len(MODULES) == place],
        }
        for place, name in enumerate(MODULES)
    ]
    modules[-1]["activities"].append(final)  # type: ignore[union-attr]
    return Course.model_validate(
        {
            "id": key,
            "title": f"Kursus {key}",
            "summary": "Et kursus.",
            "audience": "Alle",
            "open_to_all": True,
            "final": "proeve",
            "certificate": {},
            "modules": modules,
        }
    )


class Clock:
    """A clock that tests set forward."""

    def __init__(self) -> None:
        self.at = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **how: float) -> None:
        """Let time pass."""
        self.at += timedelta(**how)


class School:
    """The services over one set of passages."""

    def __init__(self, engine: Engine, *people: Person) -> None:
        self.engine = engine
        self.clock = Clock()
        self.passages: Sequence[IndexedPassage] = []
        self.put(*map(rule, range(1, 13)))
        self.courses = CourseService(engine, lambda: self.passages)
        self.watch = WatchService(engine, self.courses, lambda: self.passages, self.clock)
        self.reviews = ReviewService(engine, self.courses, self.watch, self.clock)
        self.attempts = AttemptService(engine, self.courses, self.watch.held_back, self.clock)
        with transaction(engine) as session:
            for one in people:
                session.add(PersonRow(id=one.id, name=one.name, unit=one.unit, created_at=now(), grants=[]))

    def put(self, *texts: str, **changed: str) -> None:
        """Let the source have these passages, each a section of its own; `regel_3="…"` rewords one, `""` removes it."""
        source = version(SOURCE)
        stand = {one.section.anchor: one.passage.text for one in self.passages}
        stand |= {f"regel-{number}": text for number, text in enumerate(texts, 1)}
        stand |= {name.replace("_", "-"): text for name, text in changed.items()}
        self.passages = [indexed(text, source, name.replace("-", " ").title()) for name, text in stand.items() if text]

    def publish(self, made: Course) -> CourseVersion:
        """Publish a course."""
        return self.courses.publish(made, "system")

    def begin(self, person: Person, course_id: str = "kursus") -> str:
        """A new attempt at the final; its id."""
        with transaction(self.engine) as session:
            one_at_a_time(session)
            enrol(session, person.id, course_id, self.courses.current(course_id).id, person.id)
        return self.attempts.start(person, course_id, "proeve")

    def take(self, person: Person, course_id: str = "kursus", answer: str = RIGHT) -> str:
        """An attempt at the final, handed in; its id."""
        attempt_id = self.begin(person, course_id)
        for item in self.attempts.get(person, attempt_id).items:
            self.attempts.answer(person, item.id, answer)
        self.attempts.submit(person, attempt_id)
        return attempt_id

    def asked(self, attempt_id: str) -> set[str]:
        """Ids of the questions of an attempt."""
        with reading(self.engine) as session:
            items = session.query(AttemptItemRow).where(AttemptItemRow.attempt_id == attempt_id)
            return {item.question["id"] for item in items}
