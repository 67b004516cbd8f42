"""The pack of evidence: what is in it, for whom, signed, and that looking is kept."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas
import pypdf
import pytest
from joserfc import jws
from joserfc.jwk import RSAKey
from sqlalchemy import Engine, select

from courses.issuing import Issuer
from courses.steering.area.standing_service import StandingService
from courses.steering.evidence.evidence import WHAT_IT_IS_NOT, Evidence, Line
from courses.steering.evidence.evidence_service import EvidenceService, Pack
from courses.steering.evidence.report import MOST_LINES, report
from courses.steering.evidence.workbook import workbook
from people.errors import NotAllowed
from people.organisation.tables import EmploymentRow, LookRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.roles import Role
from people.tables import RoleGrantRow
from storage.base import new_id
from storage.session import reading, transaction
from tests.watched_course import School, course

URL = "https://ai.example"


@pytest.fixture
def manager(person: Callable[..., Person]) -> Person:
    return person("demo-lars", Role.MANAGER)


@pytest.fixture
def taskforce(person: Callable[..., Person]) -> Person:
    return person("demo-tina", Role.TASKFORCE)


class House:
    """A school of three people, one of whom is led by the manager, and the service."""

    def __init__(
        self, engine: Engine, folder: Path, employee: Person, other: Person, manager: Person, head: Person
    ) -> None:
        self.engine = engine
        self.school = School(engine, employee, other, manager, head)
        self.school.publish(course())
        standings = StandingService(engine, self.school.courses, self.school.clock)
        issuer = Issuer(folder / "key.pem", URL)
        self.issuer = issuer
        self.service = EvidenceService(engine, self.school.courses, standings, issuer, self.school.clock)
        with transaction(engine) as session:
            session.add(OrgUnitRow(id="unit", key="skole", kind="institution"))
            session.flush()
            session.add(
                UnitPlacementRow(
                    id=new_id(),
                    unit_id="unit",
                    parent_id=None,
                    title="Skolen",
                    valid_from=date(2020, 1, 1),
                    valid_to=None,
                )
            )
            session.add(
                EmploymentRow(
                    id=new_id(),
                    key="1",
                    person_id=employee.id,
                    unit_id="unit",
                    title="Lærer",
                    valid_from=date(2020, 1, 1),
                )
            )
            session.add(RoleGrantRow(id=new_id(), person_id=manager.id, role="manager", unit_id="unit"))


@pytest.fixture
def house(
    engine: Engine,
    tmp_path: Path,
    employee: Person,
    manager: Person,
    taskforce: Person,
    person: Callable[..., Person],
) -> House:
    return House(engine, tmp_path, employee, person("demo-ole"), manager, taskforce)


def opened(pack: Pack) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_task_force_gets_everybody_and_a_manager_her_own(
    house: House, employee: Person, manager: Person, taskforce: Person, person: Callable[..., Person]
) -> None:
    house.school.take(employee)
    house.school.take(person("demo-ole"))
    whole, own = house.service.pack(taskforce).evidence, house.service.pack(manager).evidence
    assert {line.name for line in whole.lines} == {"Mette", "Ole"}
    assert [(line.name, line.unit, line.course, line.version) for line in own.lines] == [
        ("Mette", "Skolen", "Kursus kursus", 1)
    ]
    assert own.lines[0].finished_on == date(2026, 12, 2)
    assert (own.scope, own.people, whole.people) == ("Egne medarbejdere", 1, 4)


def test_only_those_who_see_an_area_get_one(house: House, employee: Person, trainer: Person) -> None:
    for person in (employee, trainer):
        with pytest.raises(NotAllowed):
            house.service.pack(person)


def test_the_three_files_say_the_same_and_the_signature_holds(
    house: House, employee: Person, taskforce: Person
) -> None:
    house.school.take(employee)
    files = opened(house.service.pack(taskforce))
    assert set(files) == {"laes-mig.txt", "rapport.pdf", "evidens.xlsx", "evidens.json", "evidens.jws"}
    document = json.loads(files["evidens.json"])
    assert document["what_it_is_not"] == WHAT_IT_IS_NOT
    assert document["measures"][0]["sha256"] == house.school.courses.versions("kursus")[0].sha256
    sheet = pandas.read_excel(io.BytesIO(files["evidens.xlsx"]), sheet_name="Gennemført")
    assert sheet["Navn"].tolist() == [line["name"] for line in document["lines"]] == ["Mette"]
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["rapport.pdf"])).pages)
    assert "Mette" in text
    assert "ikke en erklæring" in text
    key = RSAKey.import_key(dict(house.issuer.key().public))
    assert jws.deserialize_compact(files["evidens.jws"], key).payload == files["evidens.json"]
    assert URL in files["laes-mig.txt"].decode()


def test_a_look_is_kept_for_each_person_in_it(house: House, employee: Person, taskforce: Person) -> None:
    house.school.take(employee)
    house.service.pack(taskforce)
    with reading(house.engine) as session:
        looks = [(row.person_id, row.by, row.what) for row in session.scalars(select(LookRow))]
    assert looks == [(employee.id, taskforce.id, "evidence")]


def evidence(*names: str) -> Evidence:
    lines = tuple(Line(name, "Enhed", "", "k", "Kursus", 1, date(2026, 1, 1), None, "", None) for name in names)
    return Evidence(datetime(2026, 12, 2, tzinfo=UTC), "Tina", "Randers Kommune", len(names), (), lines)


def test_a_name_is_never_a_formula_and_odd_characters_are_no_fault() -> None:
    odd = evidence('=HYPERLINK("http://ond.example")', "Søren 🎉 Åse", "A\u202eB\x00")
    sheet = pandas.read_excel(io.BytesIO(workbook(odd)), sheet_name="Gennemført")
    assert sheet["Navn"][0] == '=HYPERLINK("http://ond.example")'
    assert b"%PDF" in report(odd)[:10]


def test_a_long_list_is_cut_in_the_report_and_says_so() -> None:
    many = report(evidence(*(f"Person {number}" for number in range(MOST_LINES + 5))))
    text = (
        pypdf.PdfReader(io.BytesIO(many)).pages[0].extract_text()
        + pypdf.PdfReader(io.BytesIO(many)).pages[1].extract_text()
    )
    assert "De sidste 5 står i regnearket" in " ".join(text.split())
