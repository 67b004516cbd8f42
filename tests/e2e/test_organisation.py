"""An administrator brings a municipality in from two files in a real browser: preview, reasons, import, and the tree of units."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import staff_files as files
from tests.e2e.browser import ROOT, english_left, serving, settle, signed_in, violations
from tests.e2e.tiny_content import tiny_content

UNITS = files.written(
    ("Enhedsid", "Enhedsnavn", "Overordnet enhed", "Type"),
    ("k", "Prøvekommunen", "", "kommune"),
    ("b", "Børn & Skole", "k", "forvaltning"),
    ("s", "Birkeskolen", "b", "skole"),
    ("x", "Uden for det hele", "findes ikke", ""),
)
PEOPLE = files.workbook(
    ("Navn", "E-mail", "DQ-nummer", "Afdeling", "Leder", "Mobil"),
    ("Kaj Kjær", "kaj@proeve.dk", "DQ2", "Birkeskolen", "", "20304050"),
    ("Anna Åkjær", "anna@proeve.dk", "DQ3", "Birkeskolen", "Kaj Kjær", ""),
    ("Uden alt", "", "", "Birkeskolen", "", ""),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a small content and a database of its own."""
    folder = tmp_path_factory.mktemp("organisation")
    content = tiny_content(folder / "content")
    with serving(
        ROOT / "app.py", folder / "data", folder / "server.log", environment={"CONTENT_DIR": str(content)}
    ) as found:
        yield found


def upload(page: Page, name: str, data: bytes, folder: Path) -> None:
    path = folder / name
    path.write_bytes(data)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("heading", name="Det sker der")).to_be_visible(timeout=60_000)
    settle(page)


def test_units_and_people_come_in_from_files_and_are_seen_in_the_tree(
    chromium: Browser, address: str, tmp_path: Path
) -> None:
    visit = signed_in(chromium, address, "Administrator")
    page = visit.goto("/organisation?vis=Indl%C3%A6s")
    upload(page, "enheder.csv", UNITS, tmp_path)
    expect(page.get_by_text("Filen er læst som en liste over enheder.")).to_be_visible()
    assert violations(page) == []
    assert english_left(page) == []
    page.get_by_role("button", name="Indlæs", exact=True).last.click()
    expect(page.get_by_text("Filen er indlæst.")).to_be_visible(timeout=60_000)
    upload(page, "personer.xlsx", PEOPLE, tmp_path)
    page.get_by_role("button", name="Indlæs", exact=True).last.click()
    expect(page.get_by_text("Filen er indlæst.")).to_be_visible(timeout=60_000)
    page = visit.goto("/organisation")
    expect(page.get_by_text("2 personer, heraf 0 i enheden selv")).to_be_visible()
    page.get_by_role("button", name="Prøvekommunen").click()
    page.get_by_role("button", name="Børn & Skole").click()
    expect(page.get_by_text("Institution. 2 personer.")).to_be_visible()
    assert "enhed=" in page.url
    visit.close()


def test_no_english_is_left_where_the_menu_has_no_room(chromium: Browser, address: str) -> None:
    visit = signed_in(chromium, address, "underviser")
    visit.page.set_viewport_size({"width": 800, "height": 800})
    expect(visit.page.get_by_text(re.compile(r"^\d+ flere$"))).to_be_visible()
    assert english_left(visit.page) == []
    visit.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_every_view_can_be_read_by_everybody(
    chromium: Browser,
    address: str,
    tmp_path: Path,
    theme: Literal["light", "dark"],
    width: Literal["desktop", "phone"],
) -> None:
    visit = signed_in(chromium, address, "Administrator", theme, width)
    for view in ("Enheder", "Seneste", "Indl%C3%A6s"):
        page = visit.goto(f"/organisation?vis={view}")
        expect(page.get_by_role("heading", name="Organisation")).to_be_visible()
        assert violations(page) == []
        assert english_left(page) == []
    upload(page, "personer.xlsx", PEOPLE, tmp_path)
    page.get_by_text("Sådan er kolonnerne forstået").click()
    settle(page)
    assert violations(page) == []
    assert english_left(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visit.external == []
    visit.close()
