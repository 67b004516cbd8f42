"""My area in a real browser: a manager finds an overdue person, reminds her, and takes the list with her."""

import csv
import io
import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from bootstrap import connect
from courses.course_service import CourseVersion
from courses.enrolment import enrol
from courses.steering.tables import KeyPersonRow
from courses.tables import AssignmentRow, CertificationPeriodRow
from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.organisation.unit import UnitKind
from people.tables import PersonRow, RoleGrantRow
from rag.calendar import today
from settings import Settings
from storage.base import new_id, now
from storage.session import transaction
from tests.e2e.browser import ROOT, english_left, open_page, serving, settle, signed_in, violations
from tests.e2e.tiny_content import tiny_content

UNITS = {
    "omsorg": (None, "Omsorg", UnitKind.DEPARTMENT),
    "fjorden": ("omsorg", "Plejecenter Fjorden", UnitKind.INSTITUTION),
    "bakken": ("omsorg", "Plejecenter Bakken", UnitKind.INSTITUTION),
    "nat": ("bakken", "Nattevagten", UnitKind.UNIT),
    "nyt": ("omsorg", "Det nye hus", UnitKind.INSTITUTION),
}
NAMES = ("Åse Ærø", "Bo Bak", "Carla Cramer", "Dan Dahl", "Eva Eng", "Finn Friis", "Gry Gade", "Hans Holm")
FIRST = date(2020, 1, 1)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with people of a department that the example manager leads."""
    folder = tmp_path_factory.mktemp("area")
    content = tiny_content(folder / "content")
    # Mails wait in the outbox: nobody listens on this port.
    mail = {"SMTP_HOST": "localhost", "SMTP_PORT": "9", "SMTP_SENDER": "ai@eksempel.dk"}
    environment = {"CONTENT_DIR": str(content), **mail}
    with serving(ROOT / "app.py", folder / "data", folder / "server.log", environment=environment) as found:
        yield found


@pytest.fixture(scope="module")
def peopled(address: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The application when its organisation is there; the first visit has made its tables."""
    signed_in(chromium, address, "Leder").close()
    folder = next(Path(tmp_path_factory.getbasetemp()).glob("area*"))
    house = connect(Settings(data_dir=folder / "data", content_dir=folder / "content", _env_file=None))  # type: ignore[call-arg]
    (version,) = house.courses.courses()
    with transaction(house.engine) as session:
        for key, (parent, title, kind) in UNITS.items():
            session.add(OrgUnitRow(id=key, key=key, kind=kind.value))
            session.flush()
            session.add(UnitPlacementRow(id=new_id(), unit_id=key, parent_id=parent, title=title, valid_from=FIRST))
        session.add(RoleGrantRow(id=new_id(), person_id="demo-lars", role="manager", unit_id="omsorg"))
        for place, name in enumerate(NAMES):
            unit = ("fjorden", "bakken", "nat")[place % 3]
            session.add(
                PersonRow(id=name, name=name, unit=unit, email=f"p{place}@eksempel.dk", created_at=now(), grants=[])
            )
            session.flush()
            session.add(
                EmploymentRow(
                    id=new_id(), key=name, person_id=name, unit_id=unit, title="Sosu", primary=True, valid_from=FIRST
                )
            )
            due = today() + timedelta(days=-40 + 15 * place)
            session.add(
                AssignmentRow(
                    id=new_id(),
                    person_id=name,
                    course_id=version.course.id,
                    due_on=due,
                    at=now() - timedelta(days=100),
                    by="system",
                    ended_reason="",
                )
            )
            if place >= 5:
                enrol(session, name, version.course.id, version.id, "system")
                session.add(_period(name, version, today() + timedelta(days=30 * (place - 4))))
        session.add(
            KeyPersonRow(
                id=new_id(),
                unit_id="fjorden",
                course_id=version.course.id,
                person_id="Finn Friis",
                valid_from=FIRST,
                at=now(),
                by="system",
            )
        )
    house.standings.rebuild()  # what is said to have happened long ago is noticed by the daily round
    house.engine.dispose()
    return address


def _period(person: str, version: CourseVersion, until: date) -> CertificationPeriodRow:
    return CertificationPeriodRow(
        id=new_id(),
        person_id=person,
        course_id=version.course.id,
        cycle=1,
        version_id=version.id,
        certified_at=now() - timedelta(days=60),
        valid_from=today() - timedelta(days=60),
        valid_until=until,
        window_opens_on=until,
        evidence="reviews",
    )


def go(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/mit-omraade{query}")
    settle(page)
    page.get_by_role("heading", name="Mit område").wait_for()


def test_a_manager_finds_and_reminds_an_overdue_person_and_takes_the_list(chromium: Browser, peopled: str) -> None:
    visit = signed_in(chromium, peopled, "Leder")
    page = visit.page
    go(page, peopled)
    expect(page.get_by_text("3 af 8 medarbejdere er over fristen.")).to_be_visible()
    page.get_by_text("Over fristen", exact=True).last.click()
    settle(page)
    assert "status=" in page.url
    expect(page.get_by_text("Åse Ærø", exact=True)).to_be_visible()
    page.get_by_role("button", name="Mind Åse Ærø").click()
    settle(page)
    expect(page.get_by_text(re.compile(r"1 mail sendes"))).to_be_visible()
    page.get_by_role("button", name="Mind Åse Ærø").click()
    settle(page)
    expect(page.get_by_text(re.compile(r"allerede mindet"))).to_be_visible()
    settle(page)  # a file that is asked for while the page is being drawn belongs to the page before, which is gone

    with page.expect_download() as download:
        page.get_by_role("button", name="Hent som CSV").click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows if len(row) == 6] == ["Navn", "Åse Ærø", "Bo Bak", "Carla Cramer"]
    assert ["Status: Over fristen"] in rows
    visit.close()


def test_a_filter_in_the_address_and_a_way_down_the_tree(chromium: Browser, peopled: str) -> None:
    visit = signed_in(chromium, peopled, "Leder")
    page = visit.page
    go(page, peopled, "?vis=Enheder")
    page.get_by_role("button", name="Plejecenter Bakken").click()
    settle(page)
    assert "enhed=Plejecenter" in page.url
    expect(page.get_by_text("2 af 5 medarbejdere er over fristen.")).to_be_visible()
    go(page, peopled, "?vis=Mangler&enhed=Nattevagten")
    expect(page.get_by_text("Carla Cramer", exact=True)).to_be_visible()
    expect(page.get_by_text("Åse Ærø", exact=True)).to_have_count(0)
    visit.close()


VIEWS = ("Mangler", "Enheder", "Beviser", "Nøglepersoner", "Udvikling", "Resultater")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_every_view_can_be_read_by_everybody(chromium: Browser, peopled: str, theme: str, width: str) -> None:
    visit = signed_in(chromium, peopled, "Leder", theme=theme, width=width)
    page = visit.page
    for view in VIEWS:
        go(page, peopled, f"?vis={view}")
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/omraade-{view}-{width}-{theme}.png", full_page=True)
        assert violations(page) == []
        assert english_left(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
    assert visit.external == []
    visit.close()


def test_where_nobody_has_anything_to_take_every_view_says_so(chromium: Browser, peopled: str) -> None:
    visit = signed_in(chromium, peopled, "Leder")
    page = visit.page
    for view in VIEWS:
        go(page, peopled, f"?vis={view}&enhed=Det nye hus")
        expect(page.get_by_text("Ingen her er tildelt et kursus.")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert violations(page) == []
    visit.close()


def test_the_task_force_sees_no_names(chromium: Browser, peopled: str) -> None:
    visit = signed_in(chromium, peopled, "taskforce")
    page = visit.page
    go(page, peopled)
    expect(page.get_by_text("3 af 8 medarbejdere er over fristen.")).to_be_visible()
    for name in NAMES:
        assert page.get_by_text(name).count() == 0
    assert page.get_by_text("Mangler", exact=True).count() == 0
    visit.close()


def test_an_address_from_a_mail_is_reached_through_the_demos_sign_in(chromium: Browser, peopled: str) -> None:
    visit = open_page(chromium, peopled)
    page = visit.goto("/mit-omraade?vis=Enheder")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Log ind som leder").click()
    expect(page.get_by_role("heading", name="Mit område")).to_be_visible()
    settle(page)
    expect(page.get_by_role("heading", name="Hvor langt enhederne er")).to_be_visible()
    address = urlsplit(page.url)
    assert (address.path, address.query) == ("/mit-omraade", "vis=Enheder")
    visit.close()


def test_a_unit_of_others_in_the_address_is_told_of(chromium: Browser, peopled: str) -> None:
    visit = signed_in(chromium, peopled, "Leder")
    go(visit.page, peopled, "?enhed=findes-ikke")
    visit.page.wait_for_timeout(1_000)
    expect(visit.page.get_by_text("Enheden i adressen findes ikke i dit område.")).to_be_visible()
    visit.page.get_by_text("Enheder", exact=True).last.click()
    settle(visit.page)
    expect(visit.page.get_by_text("Enheden i adressen findes ikke i dit område.")).to_have_count(0)
    visit.close()
