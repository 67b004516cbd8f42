"""Steering in a real browser, over an invented municipality: a rule, an exemption and a key person, in every theme and width."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from people.organisation.example import example_organisation
from people.organisation.example_service import load_example
from rag.calendar import today
from settings import Settings
from storage.engine import make_engine
from storage.migrate import migrate
from tests.e2e.browser import ROOT, Visit, english_left, serving, settle, signed_in, violations
from tests.e2e.courses import choose
from tests.e2e.tiny_content import tiny_content

PEOPLE = 400
FOLDED = {"Regler": "Lav en ny regel", "Fritagelser": "Fritag en person", "Nøglepersoner": "Udpeg en nøgleperson"}
COURSE = "Et lille kursus"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a small content and invented people."""
    folder = tmp_path_factory.mktemp("steering")
    content = tiny_content(folder / "content")
    url = Settings(data_dir=folder / "data").sqlalchemy_url
    engine = make_engine(url)
    migrate(engine)
    load_example(engine, example_organisation(int(os.environ.get("E2E_PEOPLE", PEOPLE)), today=today()))
    engine.dispose()
    with serving(
        ROOT / "app.py", folder / "data", folder / "server.log", environment={"CONTENT_DIR": str(content)}
    ) as found:
        yield found


def view(visit: Visit, name: str) -> Page:
    page = visit.goto(f"/styring?vis={name}")
    page.get_by_role("heading", name="Styring").wait_for()
    settle(page)
    return page


def look(page: Page, name: str) -> None:
    """No broken accessibility rule, no English frame, nothing wider than the window; a picture where one is wanted."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert violations(page) == []
    assert english_left(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    settle(page)


def unfold(page: Page, name: str) -> None:
    page.locator("summary").filter(has_text=name).click()
    settle(page)


def test_a_trainer_steers(chromium: Browser, address: str) -> None:
    visit = signed_in(chromium, address, "underviser")
    page = view(visit, "Regler")
    unfold(page, "Lav en ny regel")
    choose(page, "Kursus", COURSE)
    choose(page, "Hvem", "Alle ledere")
    expect(page.get_by_text("er omfattet i dag")).to_be_visible()
    look(page, "rule-preview")
    page.get_by_role("combobox", name="Enhed og alle under den").click()
    page.keyboard.type("skolen")
    page.get_by_role("option").first.click()
    settle(page)
    look(page, "rule-unit")
    page.get_by_role("button", name="Opret reglen, og tildel til").click()
    expect(page.get_by_text("Reglen er oprettet, og kurset er tildelt")).to_be_visible()
    expect(page.get_by_text(f"{COURSE} inden 60 dage")).to_be_visible()
    page = view(visit, "Fritagelser")
    unfold(page, "Fritag en person")
    page.get_by_label("Søg efter personen").fill("Mette Medarbejder")
    page.get_by_label("Søg efter personen").press("Enter")
    settle(page)
    choose(page, "Kursus", COURSE)
    page.get_by_label("Begrundelse").fill("Tager kurset til næste år")
    press(page, "Fritag")
    expect(page.get_by_text("Personen er fritaget")).to_be_visible()
    expect(page.get_by_text("Begrundelse: Tager kurset til næste år")).to_be_visible()
    page = view(visit, "Nøglepersoner")
    unfold(page, "Udpeg en nøgleperson")
    page.get_by_role("combobox", name="Enhed").first.click()
    page.keyboard.type("skolen")
    page.get_by_role("option").first.click()
    settle(page)
    choose(page, "Kursus", COURSE)
    page.get_by_label("Søg efter nøglepersonen").fill("Niels Nøgleperson")
    page.get_by_label("Søg efter nøglepersonen").press("Enter")
    settle(page)
    press(page, "Udpeg")
    expect(page.get_by_text("Nøglepersonen er udpeget")).to_be_visible()
    expect(page.get_by_text("Ingen stedfortræder")).to_be_visible()
    page = view(visit, "Nøglepersoner")
    page.get_by_role("combobox", name="Slags enhed").scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list that opens while the page scrolls is closed again
    choose(page, "Kursus, der mangler nøglepersoner", COURSE)
    expect(page.get_by_text("enheder mangler")).to_be_visible()
    look(page, "without")
    assert visit.external == []
    visit.close()


def test_the_exempt_person_reads_why(chromium: Browser, address: str) -> None:
    visit = signed_in(chromium, address, "medarbejder")
    page = visit.goto("/kurser")
    expect(page.get_by_text(f"Du er fritaget for {COURSE} uden slutdato.")).to_be_visible()
    look(page, "exempt-mine")
    visit.close()


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_view_is_sound_in_every_theme_and_width(chromium: Browser, address: str, theme: str, width: str) -> None:
    visit = signed_in(chromium, address, "underviser", theme=theme, width=width)
    for name in FOLDED:
        page = view(visit, name)
        unfold(page, FOLDED[name])
        look(page, f"{name}-{theme}-{width}")
    visit.close()
