"""The frame around the pages: Danish, quiet, reachable by everybody, and silent towards the rest of the internet."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import ROOT, Visit, english_left, open_page, serving, settle, violations

STATIC = ROOT / "ui" / "static"
Visitor = Callable[..., Visit]


@pytest.fixture(scope="module")
def frame_url(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("frame")
    with serving(Path(__file__).with_name("frame_app.py"), folder / "data", folder / "server.log") as address:
        yield address


@pytest.fixture
def visitor(chromium: Browser, frame_url: str) -> Iterator[Visitor]:
    visits: list[Visit] = []

    def visit(
        theme: Literal["light", "dark"] = "light",
        width: Literal["desktop", "phone"] = "desktop",
        locale: str = "da-DK",
    ) -> Visit:
        visits.append(open_page(chromium, frame_url, theme, width, locale))
        return visits[-1]

    yield visit
    for one in visits:
        one.close()


def runs(page: Page) -> str:
    return page.get_by_text("Kørsler:").inner_text()


def test_the_page_says_that_it_is_danish(visitor: Visitor) -> None:
    page = visitor(locale="en-US").goto()
    assert page.evaluate("document.documentElement.lang") == "da"
    expect(page.locator("[data-testid='stSkipToContent']")).to_have_text("Gå til hovedindholdet")


@pytest.mark.parametrize("locale", ["da-DK", "en-US"])
@pytest.mark.parametrize("path", ["/", "/indhold", "/samtale", "/fejl"])
def test_no_english_is_left(visitor: Visitor, path: str, locale: str) -> None:
    assert english_left(visitor(locale=locale).goto(path)) == []


def test_no_english_is_left_on_a_phone(visitor: Visitor) -> None:
    page = visitor(width="phone").goto("/indhold")
    page.get_by_role("button", name="Vis sidepanelet").click()
    expect(page.get_by_test_id("stSidebarNavItems")).to_be_visible()
    assert english_left(page) == []
    assert violations(page) == []


def test_no_english_is_left_while_fields_are_used(visitor: Visitor) -> None:
    page = visitor(locale="en-US").goto()
    page.locator(".st-key-name input").fill("r")
    page.locator(".st-key-name input").fill("")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-name")).to_contain_text("Feltet skal udfyldes.")
    page.locator(".st-key-subject input").press_sequentially("Data")
    expect(page.get_by_text("Tryk Enter for at sende")).to_be_visible()
    page.locator(".st-key-count input").fill("99")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-count")).to_contain_text("Skriv et tal mellem 0 og 10.")
    page.locator(".st-key-unit input").click()
    page.keyboard.type("zzz")
    expect(page.get_by_text("Ingen resultater")).to_be_visible()
    assert english_left(page) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("stDateInputCalendarButton").click()
    expect(page.get_by_role("button", name="mandag den 2. november 2026 valgt")).to_be_visible()
    assert english_left(page) == []


def test_a_refused_file_is_explained_in_danish(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor().goto()
    large, wrong = tmp_path / "stor.pdf", tmp_path / "program.exe"
    large.write_bytes(b"x" * 21 * 1024 * 1024)
    wrong.write_bytes(b"x")
    for file in (large, wrong):
        page.locator(".st-key-file input[type=file]").set_input_files(str(file))
    chips = page.get_by_test_id("stFileChip")
    expect(chips.first).to_contain_text("Fejl: Filen må højst fylde 20,0 MB.")
    expect(chips.last).to_contain_text("er ikke tilladt.")


def test_an_unknown_page_is_explained_in_danish(visitor: Visitor) -> None:
    visit = visitor()
    visit.page.goto(visit.address + "/findes-ikke")
    expect(visit.page.get_by_role("dialog")).to_contain_text("Siden findes ikke, eller du har ikke adgang til den.")
    assert english_left(visit.page) == []


def test_an_error_shows_no_details(visitor: Visitor) -> None:
    page = visitor().goto("/fejl")
    expect(page.get_by_test_id("stException")).to_contain_text("Der opstod en fejl på siden.")
    assert "hemmelig" not in page.content()


def test_a_lost_connection_is_explained_in_danish(chromium: Browser, tmp_path: Path) -> None:
    with serving(Path(__file__).with_name("frame_app.py"), tmp_path / "data", tmp_path / "server.log") as address:
        visit = open_page(chromium, address)
        page = visit.goto()
    expect(page.get_by_role("dialog")).to_contain_text("Ingen forbindelse", timeout=30_000)
    assert english_left(page) == []
    visit.close()


def test_what_people_write_is_left_alone(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.goto("/indhold")
    expect(page.get_by_test_id("stMarkdown").filter(has_text=re.compile("^Search$"))).to_be_visible()
    expect(page.get_by_test_id("stText")).to_have_text("Open")
    expect(page.get_by_test_id("stCode")).to_contain_text("Running...")
    page = visit.goto()
    field = page.locator(".st-key-description textarea")
    field.fill("Search")
    field.press("Control+Enter")
    settle(page)
    expect(field).to_have_value("Search")
    page.locator(".st-key-topics input").press_sequentially("Sear")
    expect(page.get_by_role("option", name="Tilføj: Sear")).to_be_visible()
    expect(page.get_by_role("option", name="Search")).to_have_text("Search")
    page.get_by_role("option", name="Search").click()
    page.keyboard.press("Escape")  # an open list hides the rest from assistive technology
    expect(page.locator("[data-tag]")).to_have_text("Search")
    expect(page.get_by_role("button", name="Fjern Search")).to_be_visible()


def test_a_lone_key_does_not_run_the_page_again(visitor: Visitor) -> None:
    page = visitor().goto()
    before = runs(page)
    for focus in ("h1", ".st-key-open_dialog button"):
        page.locator(focus).first.focus() if "button" in focus else page.locator(focus).first.click()
        for key in ("r", "R", "c", "a"):
            page.keyboard.press(key)
    page.wait_for_timeout(1_500)
    assert runs(page) == before
    assert page.get_by_role("dialog").count() == 0


def test_keys_still_reach_fields_and_lists(visitor: Visitor) -> None:
    page = visitor().goto()
    page.locator(".st-key-name input").press_sequentially("rc")
    expect(page.locator(".st-key-name input")).to_have_value("rc")
    page.locator(".st-key-level input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-level input").last).to_be_checked()


def test_nothing_is_asked_of_other_machines(visitor: Visitor) -> None:
    visit = visitor()
    for path in ("/", "/indhold", "/samtale"):
        visit.goto(path)
    assert visit.external == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("path", ["/", "/indhold", "/samtale", "/fejl"])
def test_accessibility_rules_hold(visitor: Visitor, path: str, width: str, theme: str) -> None:
    assert violations(visitor(theme, width).goto(path)) == []


def test_the_carrier_of_the_frame_takes_no_space(visitor: Visitor) -> None:
    page = visitor().goto()
    above = page.evaluate("""() => {
      const block = document.querySelector("[data-testid='stMainBlockContainer']");
      const top = block.getBoundingClientRect().top + parseFloat(getComputedStyle(block).paddingTop);
      return document.querySelector("h1").getBoundingClientRect().top - top;
    }""")
    assert above <= 1


def test_the_production_entry_obeys_its_own_policy(chromium: Browser, tmp_path: Path) -> None:
    """The real application behind `server.py`: Danish before the first run, and nothing that the policy forbids."""
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.port", "{port}"]
    with serving(ROOT / "app.py", tmp_path / "data", tmp_path / "log", command=command, health="/readyz") as address:
        visit = open_page(chromium, address, locale="en-US")
        complaints: list[str] = []
        visit.page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        visit.page.goto(address, wait_until="domcontentloaded")
        assert visit.page.evaluate("[document.documentElement.lang, window.danishFrameInstalled]") == ["da", True]
        settle(visit.page, timeout=60_000)
        assert english_left(visit.page) == []
        assert visit.external == []
        assert complaints == []
        visit.close()


def test_the_dictionary_never_meets_its_own_words() -> None:
    """A Danish text that is also an English key would be translated again and again."""
    dictionary = json.loads((STATIC / "danish.json").read_text(encoding="utf-8"))
    words = {**dictionary["sentences"], **dictionary["texts"]}
    patterns = [pair for name in ("sentence_patterns", "text_patterns", "label_patterns") for pair in dictionary[name]]
    for danish in words.values():
        assert words.get(danish, danish) == danish
        assert not [source for source, _ in patterns if re.search(source, danish)], danish
    for english in words:
        assert not [source for source, _ in patterns if source == english]


def test_the_script_passes_streamlits_sanitiser() -> None:
    """It drops a script in which "<" is followed by a letter, "/" or "!"."""
    assert re.search(r"<[/\w!]", (STATIC / "danish.js").read_text(encoding="utf-8")) is None
