"""One's own data in a real browser: found from any page, fetched as a file, and deleted; readable everywhere."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from bootstrap import Services, start
from courses.tables import AssignmentRow
from people.organisation.tables import EmploymentRow, LookRow, OrgUnitRow, UnitPlacementRow
from rag.answer import Answer, Outcome
from rag.calendar import today
from settings import Settings
from storage.base import new_id, now
from storage.session import transaction
from tests.e2e.browser import ROOT, english_left, serving, settle, signed_in, violations
from ui.text import danish_date

METTE = "demo-mette"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application, with somebody who is led, has been looked at, and has data to delete."""
    folder = tmp_path_factory.mktemp("mine-data")
    with serving(ROOT / "app.py", folder / "data", folder / "server.log") as found:
        prepare(start(Settings(data_dir=folder / "data")))  # type: ignore[call-arg]  # the same database as the server's
        yield found


def prepare(house: Services) -> None:
    """Mette is a teacher under Lars; a course is overdue, and she has asked a question."""
    person, moment = house.people.find(METTE), now()
    house.conversations.add(person, None, "Må jeg bruge Copilot?", Answer(status=Outcome.REFUSED))
    house.learning.begin(person, "ai-for-alle")
    with transaction(house.engine) as session:
        session.add(OrgUnitRow(id="skole", key="skole", kind="institution"))
        session.flush()
        session.add(
            UnitPlacementRow(
                id=new_id(), unit_id="skole", parent_id=None, title="Åskolen", valid_from=today(), valid_to=None
            )
        )
        session.add(
            EmploymentRow(
                id=new_id(),
                key=new_id(),
                person_id=METTE,
                unit_id="skole",
                title="Lærer",
                manager_id="demo-lars",
                acting_manager_id=None,
                acting_until=None,
                valid_from=today(),
                valid_to=None,
            )
        )
        session.add(
            AssignmentRow(
                id=new_id(),
                person_id=METTE,
                course_id="ai-for-alle",
                due_on=today() - timedelta(days=3),
                at=moment - timedelta(days=40),
                by="system",
            )
        )
        for hours in range(12):
            session.add(LookRow(person_id=METTE, by="demo-lars", what="missing", at=moment - timedelta(days=hours)))


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_readable_for_everybody(
    chromium: Browser,
    address: str,
    theme: Literal["light", "dark"],
    width: Literal["desktop", "phone"],
    tmp_path: Path,
) -> None:
    visit = signed_in(chromium, address, "medarbejder", theme, width)
    page = visit.page
    page.get_by_role("link", name="Mine data").click()
    page.get_by_role("heading", name="Mine data").wait_for()
    settle(page)
    for box in page.get_by_test_id("stExpander").all():
        box.locator("summary").click()
    settle(page)
    columns = (page.viewport_size or {"width": 1280})["width"]
    page.set_viewport_size({"width": columns, "height": 4000})
    settle(page)
    page.get_by_role("heading", name="Mine data").scroll_into_view_if_needed()
    page.screenshot(path=tmp_path / f"mine-data-{theme}-{width}.png", full_page=True)
    assert violations(page) == []
    assert english_left(page) == []
    assert visit.external == []
    wide = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth")
    assert wide <= 0
    visit.close()


def test_it_is_found_read_fetched_and_deleted(chromium: Browser, address: str) -> None:
    visit = signed_in(chromium, address, "medarbejder")
    page = visit.page
    page.get_by_role("link", name="Mine data").click()
    expect(page.get_by_text("I dag kan Lars Leder (Leder) se")).to_be_visible()
    expect(page.get_by_text("Enhed: Åskolen. Roller: Medarbejder.")).to_be_visible()
    late = danish_date(today() - timedelta(days=3))
    expect(page.get_by_text(f"Frist {late}. Begyndt {danish_date(today())}. Ikke gennemført.")).to_be_visible()
    expect(page.get_by_text("Over fristen")).to_be_visible()
    expect(page.get_by_role("cell", name="Hvilke kurser du mangler, og fristerne")).to_have_count(10)
    expect(page.get_by_role("cell").get_by_role("listitem")).to_have_count(0)  # "2." begins no list
    settle(page)  # a file that is asked for while the page is being drawn belongs to the page before, which is gone
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Hent mine data").click()
    document = json.loads(Path(fetched.value.path()).read_text("utf-8"))
    assert document["om"]["person"] == "Mette Medarbejder"
    assert document["oplysninger"]["Samtaler"]["rækker"][0]["titel"] == "Må jeg bruge Copilot?"
    page.get_by_text("Samtaler (1)").click()
    page.get_by_text("Jeg er sikker.").click()
    page.get_by_role("button", name="Slet det valgte").click()
    expect(page.get_by_text("Slettet: samtaler.")).to_be_visible()
    expect(page.get_by_text("Samtaler (1)")).to_have_count(0)
    visit.close()
