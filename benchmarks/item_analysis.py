"""How long the analysis of a quiz takes: the arithmetic on a large matrix, and the service on a database of finished attempts.

The arithmetic is timed on 20,000 attempts at 40 questions, complete and as a pool would leave it (half of the cells empty). The
service reads 5,000 attempts at 60 questions from SQLite: marks, last answers and options; a second look finds it ready. The
attempts are written row by row as the services write them, but many at a time.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert

from benchmarks.corpus import progress
from benchmarks.course_house import COURSE, OPTIONS, QUIZ, RIGHT, measured_course
from benchmarks.isolation import alone
from benchmarks.table import Measurement, at_most
from courses.analysis_service import AnalysisService
from courses.attempt_rows import ANSWER
from courses.attempt_service import AUTO
from courses.course import Policy
from courses.course_service import CourseService, CourseVersion
from courses.grading import State
from courses.item_analysis import Floats, analyse
from courses.question import Question
from courses.tables import AttemptItemRow, AttemptRow, ItemGradeRow, ResponseEventRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from storage.base import new_id, now
from storage.engine import make_engine
from storage.migrate import migrate
from storage.session import transaction

ATTEMPTS, ITEMS = 20_000, 40
STORED = 5_000
BATCH = 500
SECONDS = 2.0
RUNS = 3


def measurements() -> list[Measurement]:
    """The arithmetic against its bar, and the service beside it."""
    progress(f"Analyserer {ATTEMPTS} forsøg med {ITEMS} spørgsmål")
    complete, drawn = alone({}, _arithmetic)
    size = f"Analyse af {ATTEMPTS // 1000}.000 forsøg × {ITEMS} spørgsmål"
    first, again, items = alone({}, _service)
    stored = f"Analyse fra databasen, {STORED // 1000}.000 forsøg × {items} spørgsmål"
    return [
        Measurement(size, complete, "s", at_most(SECONDS), digits=2),
        Measurement(f"{size}, halvdelen trukket", drawn, "s", at_most(SECONDS), digits=2),
        Measurement(f"{stored}: første gang", first, "s", digits=2),
        Measurement(f"{stored}: igen", again, "s", digits=2),
    ]


def _arithmetic() -> tuple[float, float]:
    chance = np.random.default_rng(1)
    able = chance.normal(size=(ATTEMPTS, 1))
    marks: Floats = (able + chance.normal(size=(ATTEMPTS, ITEMS)) > np.linspace(-2, 1, ITEMS)).astype(float)
    half = np.where(chance.random(marks.shape).argsort(axis=1) < ITEMS // 2, marks, np.nan)
    most = np.ones(ITEMS)
    return _best(lambda: analyse(marks, most)), _best(lambda: analyse(half, most))


def _best(action: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def _service() -> tuple[float, float, int]:
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'analysis.sqlite3'}")
        migrate(engine)
        courses = CourseService(engine, list)
        version = courses.publish(measured_course(), "system")
        progress(f"Skriver {STORED} afleverede forsøg")
        _write(engine, version)
        service = AnalysisService(engine, courses)
        trainer = Person("underviser", "", "", frozenset({Role.TRAINER}))
        progress("Analyserer dem")
        seconds = []
        for _ in range(2):
            started = time.perf_counter()
            report = service.of_quiz(trainer, COURSE, QUIZ)
            seconds.append(time.perf_counter() - started)
            if report.people != STORED or not all(item.options for item in report.items):
                raise RuntimeError(f"the analysis is of {report.people} people and not of {STORED}")
        engine.dispose()
        return seconds[0], seconds[1], len(report.items)


def _write(engine: Engine, version: CourseVersion) -> None:
    """Finished attempts of invented people, each at every question of the quiz."""
    chance = np.random.default_rng(2)
    policy = Policy().model_dump(mode="json")
    questions = [(question, question.model_dump(mode="json")) for question in version.course.questions.values()]
    for first in range(0, STORED, BATCH):
        rows: dict[type, list[dict[str, Any]]] = {}
        for number in range(first, first + BATCH):
            key, at = f"person-{number}", now()
            rows.setdefault(PersonRow, []).append(
                {"id": key, "name": key, "unit": "Måling", "active": True, "created_at": at}
            )
            attempt = new_id()
            rows.setdefault(AttemptRow, []).append(
                {
                    "id": attempt,
                    "person_id": key,
                    "course_id": COURSE,
                    "version_id": version.id,
                    "cycle": 1,
                    "quiz": QUIZ,
                    "number": 1,
                    "policy": policy,
                    "started_at": at,
                    "deadline_at": None,
                    "submitted_at": at,
                    "submitted_by_time": False,
                }
            )
            for table, row in _items(version, questions, attempt, float(chance.random()), chance):
                rows.setdefault(table, []).append(row)
        with transaction(engine) as session:
            for table, values in rows.items():
                session.execute(insert(table), values)


def _items(
    version: CourseVersion,
    questions: list[tuple[Question, dict[str, Any]]],
    attempt: str,
    able: float,
    chance: np.random.Generator,
) -> Iterator[tuple[type, dict[str, Any]]]:
    for ordinal, (question, frozen) in enumerate(questions, 1):
        item, at = new_id(), now()
        chosen = RIGHT if chance.random() < able else str(chance.choice(list(OPTIONS)))
        right = chosen == RIGHT
        yield (
            AttemptItemRow,
            {
                "id": item,
                "attempt_id": attempt,
                "ordinal": ordinal,
                "question_version_id": version.wordings[question.id],
                "question": frozen,
                "shown_order": list(OPTIONS),
                "max_mark": 1.0,
            },
        )
        yield ResponseEventRow, {"item_id": item, "kind": ANSWER, "response": {"value": chosen}, "at": at}
        yield (
            ItemGradeRow,
            {
                "item_id": item,
                "fraction": float(right),
                "state": (State.CORRECT if right else State.WRONG).value,
                "by": AUTO,
                "reason": "",
                "at": at,
            },
        )
