"""The workshop in a real browser: a presentation becomes a lesson, GIFT comes in, a question is edited, a colleague reviews, and
version two is published while an earlier attempt stays as it was."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect
from pptx import Presentation
from pptx.util import Inches

from tests.e2e.browser import ROOT, english_left, serving, settle, signed_in, violations
from tests.e2e.courses import hand_in
from tests.e2e.tiny_content import TEXTS, tiny_content

NEW_TEXT = "Du må gerne skrive en borgers sagsnummer i en åben AI-tjeneste."
GIFT = """::Sluk:: Hvad gør du, hvis en deltager ikke vil optages af Copilot? {
 =Slukker for Copilot#Ja, et nej skal respekteres.
 ~Fortsætter uden at sige noget
 ~Beder deltageren om at gå
 ####Et nej skal respekteres.}

Denne tekst har ingen svar.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with a small content and a database of its own."""
    folder = tmp_path_factory.mktemp("workshop")
    content = tiny_content(folder / "content")
    with serving(
        ROOT / "app.py", folder / "data", folder / "server.log", environment={"CONTENT_DIR": str(content)}
    ) as found:
        yield found


def presentation(path: Path) -> Path:
    """Three slides: a title, a list with a picture, and a table."""
    made = Presentation()
    first = made.slides.add_slide(made.slide_layouts[0])
    first.shapes.title.text = "Copilot i mødet"
    second = made.slides.add_slide(made.slide_layouts[1])
    second.shapes.title.text = "Før mødet"
    second.placeholders[1].text_frame.text = "Fortæl deltagerne, at AI lytter med"
    second.placeholders[1].text_frame.add_paragraph().text = "Sluk, hvis en siger nej"
    drawn = io.BytesIO()
    image = Image.new("RGB", (300, 200), "#16705e")
    ImageDraw.Draw(image).ellipse((100, 50, 200, 150), fill="white")
    image.save(drawn, "PNG")
    drawn.seek(0)
    picture = second.shapes.add_picture(drawn, Inches(5), Inches(3))
    picture._element.nvPicPr.cNvPr.set("descr", "En grøn knap med en hvid cirkel")
    third = made.slides.add_slide(made.slide_layouts[5])
    third.shapes.title.text = "Hvilke møder?"
    table = third.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
    for place, text in enumerate(("Slags møde", "Må Copilot bruges?", "Teammøde", "Ja")):
        table.cell(place // 2, place % 2).text = text
    made.save(str(path))
    return path


def manuscript(page: Page) -> str:
    """Id of the manuscript that the address names."""
    found = re.search(r"kladde=([\w-]+)", page.url)
    assert found
    return found[1]


def test_from_a_presentation_to_version_two(chromium: Browser, address: str, tmp_path: Path) -> None:
    learner = signed_in(chromium, address, "medarbejder")
    page = learner.goto("/kurser")
    page.get_by_role("button", name="Begynd").first.click()
    settle(page)
    page = learner.goto("/kursus?kursus=lille&del=proeve")
    page.get_by_role("button", name="Begynd", exact=True).click()
    page.get_by_role("heading", name="Spørgsmål 1 af 2").wait_for()
    page.get_by_role("radio", name="Falsk").locator("xpath=ancestor::label").click()
    settle(page)
    hand_in(page)
    result = page.url.removeprefix(address)
    expect(page.get_by_text(TEXTS[0])).to_have_count(1)

    trainer = signed_in(chromium, address, "underviser")
    page = trainer.goto("/vaerksted")
    page.get_by_role("button", name="Lav en ny version").click()
    page.get_by_text("Bygger på version 1.").wait_for()
    settle(page)
    key = manuscript(page)

    page = trainer.goto(f"/lektioner-fra-fil?kladde={key}&modul=modul")
    page.locator("input[type=file]").set_input_files(presentation(tmp_path / "copilot.pptx"))
    expect(page.get_by_text("1 lektion og 1 billede er læst")).to_be_visible()
    page.get_by_role("button", name="Læg 1 lektion i kladden").click()
    expect(page.get_by_text("1 lektion er lagt i kladden.")).to_be_visible()
    page = trainer.goto(f"/kladde?kladde={key}&modul=modul")
    page.get_by_role("link", name="Copilot i mødet").click()
    page.get_by_label("Tekst", exact=True).wait_for()
    settle(page)
    expect(page.get_by_alt_text("En grøn knap med en hvid cirkel")).to_be_visible()
    expect(page.get_by_label("Tekst", exact=True)).to_have_value(re.compile(r"\| Slags møde \| Må Copilot bruges\? \|"))

    page = trainer.goto(f"/udveksling?kladde={key}&modul=modul")
    upload = tmp_path / "moeder.gift"
    upload.write_text(GIFT, "utf-8")
    page.locator("input[type=file]").set_input_files(upload)
    expect(page.get_by_text("1 spørgsmål er læst, 1 er ikke")).to_be_visible()
    expect(page.get_by_text("Her er en tekst uden svar")).to_be_visible()
    page.get_by_role("button", name="Læg 1 spørgsmål i kladden").click()
    expect(page.get_by_text("1 spørgsmål er lagt i kladden, 0 er rettet.")).to_be_visible()

    page = trainer.goto(f"/rediger?kladde={key}&del=question:lille-1")
    field = page.get_by_label("Spørgsmål", exact=True)
    field.fill(NEW_TEXT)
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_text("Gemt.", exact=True)).to_be_visible()
    expect(page.get_by_text("Alt er gemt.")).to_be_visible()

    page = trainer.goto(f"/kladde?kladde={key}&vis=Kontrol")
    page.get_by_text(re.compile("Tag stilling|ingen bemærkninger")).first.wait_for()
    settle(page)
    while (left := page.get_by_role("button", name="Lad det stå").count()) > 0:
        page.get_by_role("button", name="Lad det stå").first.click()
        why = page.get_by_label("Hvorfor kan det blive stående?")
        why.fill("Det er en prøve af værkstedet.")
        why.press("Enter")
        page.get_by_role("button", name="Gem begrundelsen").click()
        expect(page.get_by_role("button", name="Lad det stå")).to_have_count(left - 1)
        settle(page)
    page.get_by_role("button", name="Send til gennemsyn").click()
    expect(page.get_by_text("Kladden er sendt til gennemsyn.")).to_be_visible()
    expect(page.get_by_role("button", name="Godkend")).to_have_count(0)  # not one's own

    colleague = signed_in(chromium, address, "taskforce")
    page = colleague.goto(f"/kladde?kladde={key}&vis=Forskelle")
    expect(page.get_by_text(NEW_TEXT, exact=True)).to_be_visible()
    page.get_by_role("button", name="Godkend").click()
    expect(page.get_by_text("Kladden er godkendt og kan udgives.")).to_be_visible()
    colleague.close()

    page = trainer.goto(f"/kladde?kladde={key}")
    page.get_by_role("button", name="Udgiv").click()
    expect(page.get_by_text("Version 2 af Et lille kursus er udgivet.")).to_be_visible()
    trainer.close()

    page = learner.goto(result)
    expect(page.get_by_text(TEXTS[0])).to_have_count(1)
    expect(page.get_by_text(NEW_TEXT)).to_have_count(0)
    assert learner.external == []
    learner.close()


@pytest.mark.parametrize(("theme", "width"), [("light", "desktop"), ("dark", "phone")])
def test_the_workshop_is_accessible_and_danish(
    chromium: Browser, address: str, tmp_path: Path, theme: str, width: str
) -> None:
    visit = signed_in(chromium, address, "underviser", theme=theme, width=width)
    broken: dict[str, list[str]] = {}

    def look(page: Page, name: str) -> None:
        settle(page)
        if found := violations(page) + english_left(page):
            broken[name] = found
        if shots := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{shots}/vaerksted-{name}-{theme}-{width}.png", full_page=True)

    page = visit.goto("/vaerksted")
    look(page, "værksted")
    begin = page.get_by_role("button", name="Lav en ny version")
    if begin.count():
        begin.click()
    else:
        page.get_by_role("link", name="Et lille kursus").click()
    page.get_by_role("heading", name="Et lille kursus").wait_for()
    settle(page)
    key = manuscript(page)
    for view in ("Indhold", "Kontrol", "Forskelle", "Historik"):
        look(visit.goto(f"/kladde?kladde={key}&modul=modul&vis={view}"), view)
    for part in ("course", "module:modul", "activity:lektion", "activity:proeve", "question:lille-2"):
        look(visit.goto(f"/rediger?kladde={key}&del={part}"), part)
    look(visit.goto(f"/rediger?kladde={key}&ny=question&modul=modul"), "nyt spørgsmål")
    page = visit.goto(f"/lektioner-fra-fil?kladde={key}&modul=modul")
    page.locator("input[type=file]").set_input_files(presentation(tmp_path / "copilot.pptx"))
    page.get_by_text("1 lektion og 1 billede er læst").wait_for()
    look(page, "lektioner fra fil")
    page = visit.goto(f"/udveksling?kladde={key}&modul=modul")
    upload = tmp_path / "moeder.gift"
    upload.write_text(GIFT, "utf-8")
    page.locator("input[type=file]").set_input_files(upload)
    page.get_by_text("1 spørgsmål er læst, 1 er ikke").wait_for()
    look(page, "import")
    look(visit.goto(f"/udveksling?kladde={key}&vis=Eksport"), "eksport")
    page = visit.goto("/forslag")
    page.get_by_role("button", name="Lav forslag").click()
    page.get_by_text(re.compile(r"forslag fra Udkast|forslag venter")).first.wait_for()
    look(page, "forslag")
    assert broken == {}
    assert visit.external == []
    visit.close()
