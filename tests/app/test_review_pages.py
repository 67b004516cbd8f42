"""Spaced reviews, changes and held-back questions as people meet them, through the real scripts and services."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, connect
from people.person import Person
from rag.source import SourceDetails
from settings import get_settings
from tests.app.pages import PEOPLE, Pages, shown, small_content
from tests.watched_course import RIGHT, course, question

REVIEWS = "pages/learner/genopfriskning.py"
UPDATES = "pages/learner/opdatering.py"
QUESTIONS = "pages/trainer/spoergsmaal.py"
LOANS = "En medarbejder kan låne en robotcykel i otte dage, og den skal leveres tilbage med fyldt batteri."
PARKING = "Robotcykler skal parkeres bag rådhuset ved port syv, og nøglen skal afleveres i receptionen samme dag."


@pytest.fixture
def app_folder(tmp_path: Path) -> Path:
    """A house of the test's own: these pages are about what people have done."""
    small_content(tmp_path / "content")
    return tmp_path


class Cycles:
    """A source on robot cycles, a course that rests on it, and somebody who has passed it."""

    def __init__(self, pages: Pages) -> None:
        pages.app("employee")  # migrates and loads
        self.house: Services = connect(get_settings())
        self.put(LOANS, is_new=True)
        sections = ["laan", "parkering", "parkering", "parkering"]
        quotes = ["otte dage", "port syv", "port syv", "port syv"]
        asked = [
            question(number, sources=[{"source": "robotcykler", "section": section, "quote": quote}])
            for number, (section, quote) in enumerate(zip(sections, quotes, strict=True), 1)
        ]
        self.house.courses.publish(course(key="cykler", questions=asked), "system")
        mette = self.person("employee")
        self.house.learning.begin(mette, "cykler")
        attempt = self.house.attempts.start(mette, "cykler", "proeve")
        for item in self.house.attempts.get(mette, attempt).items:
            self.house.attempts.answer(mette, item.id, RIGHT)
        self.house.attempts.submit(mette, attempt)

    def person(self, role: str) -> Person:
        return self.house.people.find(PEOPLE[role])

    def put(self, loans: str, *, is_new: bool = False) -> None:
        """A version of the source, with this paragraph on loans."""
        tina = self.person("taskforce")
        text = f"# Robotcykler\n\n## Lån\n\n{loans}\n\n## Parkering\n\n{PARKING}\n"
        draft = self.house.sources.read_upload(tina, "robotcykler.md", text.encode())
        details = {
            "id": "robotcykler",
            "title": "Robotcykler",
            "publisher": "Randers Kommune",
            "level": "municipal",
            "status": "approved",
            "version": "1.0",
            "valid_from": "2024-01-01",
            "owner": "IT",
        }
        self.house.sources.publish(tina, draft, SourceDetails.parse(details, "kilden"), is_new=is_new)


@pytest.fixture
def cycles(pages: Pages) -> Cycles:
    return Cycles(pages)


def press(at: AppTest, label: str) -> AppTest:
    """The page after a press on the first button with this label."""
    at = next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def test_three_questions_one_at_a_time_with_key_and_source(pages: Pages, cycles: Cycles) -> None:
    at = pages.open("employee", REVIEWS)
    for number in (1, 2, 3):
        assert "Tre spørgsmål i denne uge" in shown(at)
        assert f"Spørgsmål {number} af 3" in shown(at)
        assert "Svaret skal tjekkes" not in shown(at)
        if number == 1:
            at = press(at, "Svar")
            assert "Svar først" in shown(at)
        at.radio[0].set_value(RIGHT).run()
        at = press(at, "Svar")
        assert "Svaret skal tjekkes." in shown(at)
        assert "port syv" in shown(at) or "otte dage" in shown(at)
        at = press(at, "Næste spørgsmål" if number < 3 else "Afslut")
    assert "Det var det for denne uge" in shown(at)
    assert "Det var det for denne uge" in shown(pages.open("employee", REVIEWS))


def test_whoever_has_passed_nothing_is_told_what_it_is(pages: Pages) -> None:
    assert "der har bestået et kursus" in shown(pages.open("manager", REVIEWS))


def test_a_change_reaches_the_one_who_was_tested_and_the_trainer(pages: Pages, cycles: Cycles) -> None:
    assert "Du er opdateret" in shown(pages.open("employee", UPDATES))
    cycles.put(LOANS.replace("otte", "to [og] tyve"))
    assert "Du er opdateret" in shown(pages.open("manager", UPDATES))
    at = pages.open("employee", UPDATES)
    assert "~~otte~~" in shown(at)
    assert "**to [og] tyve**" in shown(at)
    trainer = pages.open("trainer", QUESTIONS)
    assert "1 spørgsmål bliver ikke stillet" in shown(trainer)
    trainer.segmented_control(key="questions_view").set_value("Hvor mange er opdateret").run()
    assert "**Robotcykler**, ændret" in shown(trainer)
    at = press(at, "Jeg har læst ændringen")
    assert "Du er opdateret" in shown(at)


def test_a_trainer_confirms_with_a_quote_that_stands_there(pages: Pages, cycles: Cycles) -> None:
    cycles.put(LOANS.replace("otte", "syv"))
    at = pages.open("trainer", QUESTIONS)
    assert "~~otte~~" in shown(at)
    quote = next(area for area in at.text_area if area.label.startswith("Citat"))
    assert quote.value == ""
    quote.set_value("otte dage")
    at = press(at, "Spørgsmålet er stadig rigtigt")
    assert "står ikke ordret" in shown(at)
    next(area for area in at.text_area if area.label.startswith("Citat")).set_value("syv dage")
    at = press(at, "Spørgsmålet er stadig rigtigt")
    assert "ikke noget at tage stilling til" in shown(at)


def test_a_trainer_withdraws_with_a_reason(pages: Pages, cycles: Cycles) -> None:
    cycles.put("Cyklerne er solgt.")
    at = pages.open("trainer", QUESTIONS)
    assert "ser ud til at være fjernet" in shown(at)
    at = press(at, "Træk tilbage")
    assert "Skriv, hvorfor" in shown(at)
    next(area for area in at.text_area if area.label == "Hvorfor?").set_value("Cyklerne er solgt.")
    at = press(at, "Træk tilbage")
    assert "ikke noget at tage stilling til" in shown(at)
    at.segmented_control(key="questions_view").set_value("Trukket tilbage").run()
    assert "Trukket tilbage, fordi:** Cyklerne er solgt." in shown(at)
