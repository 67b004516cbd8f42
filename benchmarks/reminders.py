"""How long it takes to plan and write the mails of a day: 10,000 invented people with 20 courses each.

Deadlines and certificates are spread over a year, so that a day has its share; on the first day everybody is assigned everything,
and nearly everybody gets a mail with all courses that she has not finished. Standings are written as `StandingService` keeps
them ready.
"""

import random
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, insert

from benchmarks.corpus import progress
from benchmarks.isolation import alone
from benchmarks.lost_mails import SENDER
from benchmarks.table import Measurement, at_most
from courses.course import Course
from courses.course_service import CourseService
from courses.steering.area.tables import CourseStandingRow, StandingMarkRow
from courses.steering.reminder_days import opening
from courses.steering.reminder_service import ReminderService
from courses.tables import AssignmentRow, CertificationPeriodRow
from people.organisation.example import example_organisation
from people.organisation.example_service import load_example
from people.tables import PersonRow
from storage.base import new_id
from storage.engine import make_engine
from storage.mail_server import MailServer
from storage.mail_service import MailService
from storage.migrate import migrate
from storage.session import transaction

PEOPLE, COURSES = 10_000, 20
SECONDS = 10.0
DAY = date(2026, 11, 23)  # a Monday, so that managers get their digest too
ASSIGNED = date(2026, 1, 5)
BATCH = 5000
R = TypeVar("R")


def measurements() -> list[Measurement]:
    """Planning and writing on SQLite, in a process of its own."""
    progress(f"Planlægger påmindelser til {PEOPLE} personer")
    return alone({}, _measured)


def _measured() -> list[Measurement]:
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'reminders.sqlite3'}")
        migrate(engine)
        courses = CourseService(engine, list)
        people = _seed(engine, courses)
        mail = MailService(engine, MailServer("127.0.0.1"), SENDER)
        service = ReminderService(engine, courses, mail, "https://ai.example.dk", lambda: opening(DAY))
        size = f"{PEOPLE // 1000}.000 personer × {COURSES} kurser"
        plan, planned = _timed(lambda: service.plan(DAY))
        digests, overviews = _timed(lambda: service.digests(DAY))
        written, done = _timed(lambda: service.write_due(DAY))
        again, _ = _timed(lambda: service.write_due(DAY))
        if done.reminders != len(planned) or not overviews:
            raise RuntimeError("a day has no reminders")
        first = ReminderService(engine, courses, mail, "https://ai.example.dk", lambda: opening(ASSIGNED))
        worst, everybody = _timed(lambda: first.write_due(ASSIGNED))
        if everybody.reminders < len(people) * 0.99:  # a few have finished everything
            raise RuntimeError(f"{everybody.reminders} of {len(people)} people are told")
        engine.dispose()
    return [
        Measurement(f"Dagens påmindelser planlagt, {size}", plan, "s", at_most(SECONDS), note=f"{len(planned)} mails"),
        Measurement("– oversigter til ledere", digests, "s", at_most(SECONDS), note=f"{len(overviews)} ledere"),
        Measurement("– planlagt og skrevet", written, "s", at_most(SECONDS)),
        Measurement("– kørt igen", again, "s", at_most(SECONDS)),
        Measurement("– alle får alt tildelt samme dag, skrevet", worst, "s", note=f"{everybody.reminders} mails"),
    ]


def _timed(action: Callable[[], R]) -> tuple[float, R]:
    started = time.perf_counter()
    found = action()
    return time.perf_counter() - started, found


def _seed(engine: Engine, courses: CourseService) -> list[str]:
    """The invented municipality, its courses, and where everybody stands; the ids of those who work there."""
    chance = random.Random(9)
    for number in range(COURSES):
        courses.publish(_course(number), "system")
    load_example(engine, example_organisation(PEOPLE, today=DAY))
    with transaction(engine) as session:
        people = sorted(
            row.id for row in session.query(PersonRow).filter(PersonRow.active, PersonRow.email.is_not(None))
        )
        session.add(StandingMarkRow(id=1, at=opening(date(2040, 1, 1)), grade_id=0, revision=1))
        version = courses.courses()[0].id
        rows: dict[type, list[dict[str, Any]]] = {AssignmentRow: [], CourseStandingRow: [], CertificationPeriodRow: []}
        for person in people:
            for number in range(COURSES):
                for table, row in _pair(person, f"kursus-{number}", version, chance):
                    rows[table].append(row)
        for table, values in rows.items():
            for first in range(0, len(values), BATCH):
                session.execute(insert(table), values[first : first + BATCH])
    return people


def _pair(person: str, course: str, version: str, chance: random.Random) -> list[tuple[type, dict[str, Any]]]:
    """A person assigned a course at the beginning of the year, due some day of it; two of three have it."""
    due = ASSIGNED + timedelta(days=chance.randrange(20, 360))
    at = datetime.combine(ASSIGNED, datetime.min.time(), opening(ASSIGNED).tzinfo)
    done = chance.random() < 2 / 3
    finished = ASSIGNED + timedelta(days=chance.randrange(1, 300)) if done else None
    until = finished + timedelta(days=365) if finished else None
    standing = {
        "person_id": person,
        "course_id": course,
        "assigned_on": ASSIGNED,
        "due_on": due,
        "cycle": 1,
        "version_id": version,
        "begun_on": ASSIGNED,
        "first_on": finished,
        "finished_on": finished,
        "valid_until": until,
        "revision": 1,
    }
    found: list[tuple[type, dict[str, Any]]] = [
        (AssignmentRow, {"id": new_id(), "person_id": person, "course_id": course, "due_on": due, "at": at, "by": "s"}),
        (CourseStandingRow, standing),
    ]
    if finished and until:
        period = {
            "id": new_id(),
            "person_id": person,
            "course_id": course,
            "cycle": 1,
            "version_id": version,
            "certified_at": opening(finished),
            "valid_from": finished,
            "valid_until": until,
            "window_opens_on": until - timedelta(days=60),
            "evidence": "-",
        }
        found.append((CertificationPeriodRow, period))
    return found


def _course(number: int) -> Course:
    lesson = {"kind": "lesson", "id": "laes", "title": "Læs", "text": "Tekst."}
    final = {"kind": "quiz", "id": "final", "title": "Prøve", "slots": [{"question": "q"}]}
    question = {"type": "true_false", "id": "q", "text": "En sprogmodel kan tage fejl.", "answer": True}
    return Course.model_validate(
        {
            "id": f"kursus-{number}",
            "title": f"Kursus {number}",
            "summary": "Kort.",
            "audience": "Alle",
            "final": "final",
            "certificate": {"valid_months": 12, "window_days": 60},
            "modules": [
                {"id": "m", "title": "M", "summary": "M.", "activities": [lesson, final], "questions": [question]}
            ],
        }
    )
