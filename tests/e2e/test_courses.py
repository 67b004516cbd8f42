"""A key person takes the Copilot track in a real browser, from the assignment to the certificate."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bootstrap import start
from courses.course import Lesson, Practice
from settings import Settings
from tests.e2e.browser import ROOT, english_left, open_page, serving, settle, signed_in, violations
from tests.e2e.courses import answer, choose, course, hand_in, question_shown, read_lesson, right, take, turn

TRACK = "noegleperson-copilot"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of the application lies."""
    return tmp_path_factory.mktemp("courses")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The application with all its content and a database of its own."""
    with serving(ROOT / "app.py", folder / "data", folder / "server.log") as found:
        yield found


def prepared(address: str, folder: Path) -> dict[str, str]:
    """A learner who has finished the short course, another in the middle of its final, and one with a written answer to mark;
    the addresses of their pages by name, with the role that may open each."""
    house = start(Settings(data_dir=folder / "data"))  # type: ignore[call-arg]  # the same database as the server's
    course_id = "ai-for-alle"
    rest: dict[str, str] = {}
    for role, key in (("medarbejder", "demo-mette"), ("leder", "demo-lars")):
        person = house.people.find(key)
        house.learning.begin(person, course_id)
        learning = house.learning.open(person, course_id)
        for activity in learning.version.course.activities:
            if isinstance(activity, Lesson):
                house.learning.finish(person, learning, activity)
                rest["lektion"] = f"/kursus?kursus={course_id}&del={activity.id}"
            elif isinstance(activity, Practice):
                rest["øvelse"] = f"/kursus?kursus={course_id}&del={activity.id}"
        attempt_id = house.attempts.start(person, course_id, learning.version.course.final)
        if role == "medarbejder":
            for item in house.attempts.get(person, attempt_id).items:
                house.attempts.answer(person, item.id, right(item.question))
            house.attempts.submit(person, attempt_id)
            house.certification.settle(person)
            rest["resultat"] = f"/proeve?forsoeg={attempt_id}"
            rest["tjek"] = f"/tjek-bevis?bevis={house.certification.mine(person)[0].facts.number}"
        else:
            rest["prøve"] = f"/proeve?forsoeg={attempt_id}"
    return rest


@pytest.mark.parametrize(("theme", "width"), [("light", "desktop"), ("dark", "phone")])
def test_every_page_is_accessible_danish_and_asks_nobody_else(
    chromium: Browser, address: str, folder: Path, theme: str, width: str
) -> None:
    pages = prepared(address, folder)
    plan = {
        "medarbejder": [
            "/kurser",
            "/kursus?kursus=ai-for-alle",
            pages["lektion"],
            pages["øvelse"],
            pages["resultat"],
            "/beviser",
            "/genopfriskning",
            "/aendringer",
            pages["tjek"],
        ],
        "leder": [pages["prøve"], "/kurser"],
        "underviser": ["/deltagere", "/deltagere?vis=Til+vurdering", "/deltagere?vis=Beviser", "/spoergsmaal"],
    }
    broken: dict[str, list[str]] = {}
    for role, addresses in plan.items():
        visit = signed_in(chromium, address, role, theme=theme, width=width)
        for number, path in enumerate(addresses):
            page = visit.goto(path)
            page.get_by_role("heading", level=1).wait_for()
            settle(page)
            if found := violations(page) + english_left(page):
                broken[path] = found
            if shots := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=f"{shots}/kursus-{role}-{number}-{theme}-{width}.png", full_page=True)
        assert visit.external == []
        visit.close()
    assert broken == {}


def test_from_assignment_to_certificate(chromium: Browser, address: str) -> None:
    trainer = signed_in(chromium, address, "underviser")
    track = course(TRACK)
    page = trainer.goto("/deltagere")
    choose(page, "Kursus", track.title)
    page.locator("label").filter(has_text="Niels Nøgleperson").click()
    page.get_by_label(re.compile("Frist")).fill("2. december 2099")
    page.get_by_role("button", name="Tildel til de valgte").click()
    expect(page.get_by_text("Kurset er tildelt.")).to_be_visible()
    trainer.close()

    visit = signed_in(chromium, address, "nøgleperson")
    page = visit.goto("/kurser")
    expect(page.get_by_text("Frist 2. december 2099")).to_be_visible()
    page.get_by_role("button", name="Begynd").first.click()
    expect(page.get_by_role("link", name=re.compile("Fortsæt:"))).to_be_visible()
    questions = track.questions
    for activity in track.activities:
        page = visit.goto(f"/kursus?kursus={TRACK}&del={activity.id}")
        if activity.kind == "lesson":
            read_lesson(page)
        elif activity.kind == "quiz" and activity.id != track.final and not activity.optional:
            page.get_by_role("button", name="Begynd", exact=True).click()
            page.get_by_role("heading", name=re.compile("Spørgsmål 1 af")).wait_for()
            assert take(page, questions) >= 4
            expect(page.get_by_text("Du har bestået med 100 %.")).to_be_visible()

    page = visit.goto(f"/kursus?kursus={TRACK}&del={track.final}")
    page.get_by_role("button", name="Begynd", exact=True).click()
    page.get_by_role("heading", name="Spørgsmål 1 af 20").wait_for()
    for number in range(1, 11):
        answer(page, question_shown(page, questions))
        turn(page, number + 1, 20)
    page.reload()  # a reload is a new session: everything must come from the server
    settle(page)
    expect(page.get_by_role("heading", name="Spørgsmål 11 af 20")).to_be_visible()
    expect(page.get_by_text("10 af 20 spørgsmål er besvaret")).to_be_visible()
    assert violations(page) == []
    for number in range(11, 20):
        answer(page, question_shown(page, questions))
        turn(page, number + 1, 20)
    answer(page, question_shown(page, questions))
    hand_in(page)
    expect(page.get_by_text("Du har bestået med 100 %.")).to_be_visible()

    page = visit.goto("/beviser")
    expect(page.get_by_text("Gyldigt")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("PDF")).first.click()
    pdf = Path(download.value.path())
    assert pdf.read_bytes().startswith(b"%PDF")
    number = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", page.get_by_test_id("stMain").inner_text())
    assert number is not None
    visit.close()

    stranger = open_page(chromium, address)
    page = stranger.goto(f"/tjek-bevis?bevis={number[0]}")
    expect(page.get_by_text(track.title).first).to_be_visible()
    expect(page.get_by_text("Niels")).to_have_count(0)
    assert stranger.external == []
    stranger.close()
