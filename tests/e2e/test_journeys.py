"""What people do with the real application in a real browser, from sign-in to answer, refusal, upload and reply.

With SCREENSHOTS=<folder> the pages are also photographed for the documentation.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import docx
import pytest
from fpdf import FPDF
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import ROOT, Visit, english_left, open_page, settle, violations

DECISION = ROOT.parent / "shared" / "real" / "direktionen_brug_af_ai_2024.txt"
PAGES = {
    "forside": ("medarbejder", "/"),
    "spoerg": ("medarbejder", "/spoerg"),
    "retningslinjer": ("medarbejder", "/retningslinjer"),
    "laes": ("medarbejder", "/retningslinjer?kilde=ai-forordningen"),
    "ordbog": ("medarbejder", "/ordbog"),
    "materiale": ("underviser", "/materiale"),
    "indbakke": ("taskforce", "/indbakke"),
    "tilbagemeldinger": ("taskforce", "/indbakke?vis=Tilbagemeldinger"),
    "kvalitet": ("taskforce", "/indeks?periode=90+dage"),
    "indeks": ("administrator", "/indeks"),
}


@pytest.fixture
def visit(chromium: Browser, app_url: str) -> Iterator[Visit]:
    """A fresh visitor at a desk, in daylight."""
    visitor = open_page(chromium, app_url)
    yield visitor
    visitor.close()


def sign_in(visit: Visit, role: str) -> Page:
    """Sign in as the example person with a role."""
    page = visit.goto("/")
    page.get_by_role("button", name=f"Log ind som {role}", exact=True).click()
    expect(page.get_by_role("heading", name="AI-univers", exact=True)).to_be_visible(timeout=60_000)
    settle(page)
    return page


def ask(page: Page, question: str) -> None:
    """Write a question by keyboard and wait for the answer."""
    box = page.get_by_role("textbox", name="Skriv dit spørgsmål")
    box.fill(question)
    box.press("Enter")
    expect(page.get_by_text(question, exact=True).first).to_be_visible()
    settle(page)


def photograph(page: Page, name: str) -> None:
    """Keep a picture for docs/ when asked to."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_pages_are_accessible_and_danish_and_ask_nobody_outside(
    chromium: Browser, app_url: str, theme: Literal["light", "dark"], width: Literal["desktop", "phone"]
) -> None:
    faults: dict[str, object] = {}
    for role in dict.fromkeys(role for role, _ in PAGES.values()):
        visit = open_page(chromium, app_url, theme, width)
        faults[f"log ind {role}"] = violations(visit.goto("/"))
        sign_in(visit, role)
        for name, (holder, path) in PAGES.items():
            if holder == role:
                page = visit.goto(path)
                faults[name] = violations(page) + english_left(page)
                photograph(page, f"{name}-{theme}-{width}")
        faults[f"udefra {role}"] = visit.external
        visit.close()
    assert {name: found for name, found in faults.items() if found} == {}


def test_an_employee_asks_reads_the_source_and_sends_on_what_nobody_answers(visit: Visit) -> None:
    page = sign_in(visit, "medarbejder")
    page.get_by_label("Hvad vil du vide?").fill("Må jeg bruge ChatGPT til at skrive et brev til en borger?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("opdigtet situation").first).to_be_visible()
    settle(page)
    photograph(page, "svar")
    for question, answer in [
        ("Hvornår skal vi lave en konsekvensanalyse, når vi vil bruge AI?", "høj risiko"),
        ("Er det lovligt at måle, om eleverne er triste, ud fra deres ansigt?", "Nej"),
        ("Træner Microsoft deres modeller på det, vi skriver?", "grundmodellerne"),
        ("Hvornår træder højrisikoreglerne i kraft?", "2. december 2027"),
    ]:
        ask(page, question)
        expect(page.get_by_test_id("stChatMessage").last).to_contain_text(answer)

    page.get_by_role("button", name=re.compile(r"^\d+\. ")).last.click()
    quoted = page.get_by_test_id("stPopoverBody").locator("p").first.inner_text().strip("“”")
    page.get_by_role("link", name="Læs i sammenhæng").last.click()
    mark = page.locator("mark")
    expect(mark).to_be_in_viewport()
    assert quoted
    assert mark.inner_text().split() == quoted.split()
    settle(page)
    photograph(page, "citat-i-sammenhaeng")
    assert violations(page) == []
    page.go_back()
    settle(page)

    ask(page, "Hvad koster en jordbærkage på torvet i Hornslet?")
    refusal = page.get_by_test_id("stChatMessage").last
    expect(refusal).to_contain_text("Det svarer kilderne ikke på")
    photograph(page, "afvisning")
    assert violations(page) == []
    refusal.get_by_role("button", name="Send til taskforcen").click()
    expect(page.get_by_text("Sendt til AI-taskforcen")).to_be_visible()

    page.reload()
    settle(page)
    expect(page.get_by_text("Sendt til AI-taskforcen")).to_be_visible()


def test_a_citation_opens_by_keyboard_alone(visit: Visit) -> None:
    page = sign_in(visit, "nøgleperson")
    page.goto(f"{visit.address}/spoerg")
    settle(page)
    ask(page, "Hvor store bøder er der efter AI-forordningen?")
    page.get_by_role("button", name=re.compile(r"^\d+\. ")).first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Læs i sammenhæng")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Læs i sammenhæng")).to_be_hidden()


def test_what_people_write_is_shown_and_never_run(visit: Visit) -> None:
    page = sign_in(visit, "leder")
    page.goto(f"{visit.address}/spoerg")
    settle(page)
    page.evaluate("window.hurt = false")
    nasty = "<img src=x onerror=window.hurt=true> **fed** $x$ :red[rød] [link](https://example.invalid)?"
    ask(page, nasty)
    assert page.evaluate("window.hurt") is False
    assert page.get_by_role("link", name="link", exact=True).count() == 0


def test_a_trainer_publishes_text_pdf_and_word_and_the_answer_quotes_them(visit: Visit, tmp_path: Path) -> None:
    if not DECISION.exists():
        pytest.skip("the decision of 2024 is not beside the project (../shared/real)")
    text = DECISION.read_text("utf-8")
    page = sign_in(visit, "underviser")
    for number, path in enumerate([DECISION, as_pdf(text, tmp_path), as_word(text, tmp_path)]):
        page.goto(f"{visit.address}/materiale")
        settle(page)
        page.locator("input[type=file]").set_input_files(path)
        expect(page.get_by_text("Læst:")).to_be_visible(timeout=60_000)
        settle(page)
        page.get_by_role("textbox", name="Titel").fill(f"Direktionens sag om AI, udgave {number + 1}")
        if number == 0:
            photograph(page, "materiale-laest")
            assert violations(page) == []
        page.get_by_role("button", name="Udgiv").click()
        expect(page.get_by_text("er udgivet og kan findes med det samme")).to_be_visible(timeout=30_000)
    page.goto(f"{visit.address}/spoerg")
    settle(page)
    ask(page, "Hvem yder sekretariatsbistand til AI-taskforcen?")
    answer = page.get_by_test_id("stChatMessage").last
    expect(answer).to_contain_text("IT & Digitalisering")
    expect(answer).to_contain_text("sekretariatsbistand")
    photograph(page, "svar-fra-upload")


def test_a_disguised_file_is_refused_in_danish(visit: Visit, tmp_path: Path) -> None:
    wolf = tmp_path / "regler.pdf"
    wolf.write_bytes(b"MZ\x90\x00" + bytes(500))
    page = sign_in(visit, "underviser")
    page.goto(f"{visit.address}/materiale")
    settle(page)
    page.locator("input[type=file]").set_input_files(wolf)
    alert = page.get_by_role("alert").last
    expect(alert).to_contain_text("regler.pdf")
    assert "Traceback" not in page.content()


def test_the_task_force_replies(visit: Visit) -> None:
    page = sign_in(visit, "taskforce")
    page.goto(f"{visit.address}/spoerg")
    settle(page)
    ask(page, "Hvilken farve har rådhusets gardiner i 1970?")
    page.get_by_role("button", name="Send til taskforcen").last.click()
    expect(page.get_by_text("Sendt til AI-taskforcen").last).to_be_visible()
    page.goto(f"{visit.address}/indbakke")
    settle(page)
    photograph(page, "indbakke-fuld")
    assert violations(page) == []
    card = page.locator("[data-testid=stForm]").last
    card.get_by_role("textbox").fill("Det ved stadsarkivet.")
    card.get_by_role("button", name="Send svar").click()
    page.goto(f"{visit.address}/spoerg")
    settle(page)
    page.get_by_role("button", name="Tidligere samtaler").click()
    page.get_by_role("button", name=re.compile("gardiner")).first.click()
    expect(page.get_by_text("Det ved stadsarkivet.")).to_be_visible()


def test_an_answer_that_does_not_help_is_explained_by_keyboard_and_reaches_the_task_force(
    chromium: Browser, visit: Visit
) -> None:
    page = sign_in(visit, "medarbejder")
    page.goto(f"{visit.address}/spoerg")
    settle(page)
    ask(page, "Hvor store bøder er der efter AI-forordningen?")
    page.get_by_role("button", name="Nej, det hjalp ikke").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("radiogroup", name="Hvad var der galt?")).to_be_visible()
    settle(page)
    assert violations(page) + english_left(page) == []
    page.get_by_role("radio", name="Forkert eller misvisende").focus()
    page.keyboard.press("ArrowUp")  # the last reason
    expect(page.get_by_role("radio", name="Andet")).to_be_checked()
    note = page.get_by_role("textbox", name=re.compile("^Bemærkning"))
    note.fill("Ring til mig på 86 12 34 56.")
    page.get_by_role("button", name="Send begrundelsen").click()
    expect(page.get_by_text("ligner personoplysninger (telefonnummer)")).to_be_visible()
    note.fill("Beløbet står ikke i kroner.")
    page.get_by_role("button", name="Send begrundelsen").click()
    expect(page.get_by_text("det ikke hjalp: andet")).to_be_visible()
    settle(page)
    assert violations(page) + english_left(page) == []

    desk = open_page(chromium, visit.address)
    sign_in(desk, "taskforce")
    inbox = desk.goto("/indbakke?vis=Tilbagemeldinger")
    expect(inbox.get_by_text("Beløbet står ikke i kroner.")).to_be_visible()
    assert violations(inbox) + english_left(inbox) == []
    photograph(inbox, "tilbagemeldinger-fuld")
    with inbox.expect_download() as started:
        inbox.get_by_role("button", name="Hent alle tilbagemeldinger som CSV").click()
    assert "Beløbet står ikke i kroner." in started.value.path().read_text("utf-8-sig")
    desk.close()


def test_an_evaluation_runs_while_the_page_shows_how_far_it_is(visit: Visit) -> None:
    page = sign_in(visit, "administrator")
    page.goto(f"{visit.address}/indeks")
    settle(page)
    page.get_by_role("button", name="Kør evaluering").click()
    expect(page.get_by_text("spørgsmål er prøvet")).to_be_visible()
    expect(page.get_by_text("Rette afsnit blandt de 5 første", exact=True)).to_be_visible(timeout=120_000)
    settle(page)
    page.get_by_text("uden rette afsnit blandt").click()
    settle(page)
    assert violations(page) + english_left(page) == []


def as_pdf(text: str, folder: Path) -> Path:
    """The decision as a PDF."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 6, text.encode("latin-1", "replace").decode("latin-1"))
    path = folder / "direktionen.pdf"
    pdf.output(str(path))
    return path


def as_word(text: str, folder: Path) -> Path:
    """The decision as a Word file."""
    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(" ".join(paragraph.split()))
    path = folder / "direktionen.docx"
    document.save(str(path))
    return path
