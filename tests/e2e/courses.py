"""Taking a course in a browser: reading lessons, answering every kind of question by its fields, as a person would."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from courses.content import load_course
from courses.course import Course
from courses.question import (
    GAP,
    Cloze,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from tests.e2e.browser import settle

ROOT = Path(__file__).resolve().parents[2]
_MARKDOWN = re.compile(r"\*\*|__|`|\\(?=\W)")


def course(key: str) -> Course:
    """A shipped course, whose keys tell what to answer."""
    return load_course(ROOT / "content" / "courses" / key)


def read_lesson(page: Page) -> None:
    """Turn the parts of a lesson to the end and say that it is read."""
    while page.get_by_role("button", name="Næste", exact=True).count():
        before = page.get_by_text(re.compile(r"Afsnit \d+ af \d+")).inner_text()
        page.get_by_role("button", name="Næste", exact=True).click()
        expect(page.get_by_text(before, exact=True)).to_have_count(0)
        settle(page)
    finish = page.get_by_role("button", name="Jeg har læst lektionen")
    if finish.count():
        finish.click()
    expect(page.get_by_text("Du har læst lektionen.")).to_be_visible()


def question_shown(page: Page, questions: Mapping[str, Question]) -> Question:
    """The question that the page shows now."""
    settle(page)
    shown = plain(page.get_by_test_id("stMain").inner_text())
    found = [one for one in questions.values() if _whole(one, shown)]
    return max(found, key=lambda one: len(one.text))


def answer(page: Page, question: Question, *, wrong: bool = False) -> None:
    """Give the right answer (or, to a choice, a wrong one) by the fields, and wait until it is kept."""
    match question:
        case SingleChoice():
            option = next(one for one in question.options if (one.fraction == 1.0) is not wrong)
            _label(page, option.text).click()
        case TrueFalse():
            _label(page, "Sandt" if question.answer is not wrong else "Falsk").click()
        case MultipleChoice():
            right = [one for one in question.options if one.correct]
            for one in right:
                _label(page, one.text).click()
                settle(page)
            if not right:
                _label(page, "Ingen af dem").click()
        case Matching():
            for pair in question.pairs:
                choose(page, plain(pair.left), plain(pair.right))
        case Ordering():
            for place, item in enumerate(question.items, 1):
                choose(page, f"Nummer {place}", plain(item.text))
        case ShortText():
            _write(page.get_by_label("Skriv dit svar"), question.accepted[0].text)
        case Numeric():
            _write(page.get_by_label(re.compile("Skriv et tal")), f"{question.figures[0].value:g}".replace(".", ","))
        case Cloze():
            gaps = {gap.id: gap for gap in question.gaps}
            for place, key in enumerate(GAP.findall(question.text), 1):
                gap = gaps[key]
                if gap.options:
                    choose(page, f"Hul {place}", plain(next(one.text for one in gap.options if one.fraction == 1.0)))
                else:
                    text = gap.accepted[0].text if gap.accepted else f"{gap.figures[0].value:g}".replace(".", ",")
                    _write(page.get_by_label(f"Hul {place}", exact=True), text)
        case _:
            raise AssertionError(f"no fields for {question.type}")
    settle(page)


def right(question: Question) -> Any:
    """The right answer as it is stored."""
    match question:
        case SingleChoice():
            return next(one.id for one in question.options if one.fraction == 1.0)
        case TrueFalse():
            return question.answer
        case MultipleChoice():
            return [one.id for one in question.options if one.correct]
        case Matching():
            return {pair.id: pair.right for pair in question.pairs}
        case Ordering():
            return [item.id for item in question.items]
        case ShortText():
            return question.accepted[0].text
        case Numeric():
            return f"{question.figures[0].value:g}".replace(".", ",")
        case Cloze():
            return {
                gap.id: next(one.id for one in gap.options if one.fraction == 1.0)
                if gap.options
                else gap.accepted[0].text
                if gap.accepted
                else f"{gap.figures[0].value:g}".replace(".", ",")
                for gap in question.gaps
            }
    raise AssertionError(f"{question.type} has no single right answer")


def take(page: Page, questions: Mapping[str, Question]) -> int:
    """Answer every question of an attempt that is open at its first, check where that is offered, and hand in; how many."""
    heading = page.get_by_role("heading", name=re.compile(r"Spørgsmål \d+ af"))
    total = int(heading.inner_text().split()[-1])
    for count in range(1, total + 1):
        answer(page, question_shown(page, questions))
        check = page.get_by_role("button", name="Tjek svaret")
        if check.count():
            check.click()
            expect(check).to_have_count(0)
        if count < total:
            turn(page, count + 1, total)
    hand_in(page)
    return total


def turn(page: Page, number: int, total: int) -> None:
    """Go on to the question with this number."""
    page.get_by_role("button", name="Næste", exact=True).click()
    page.get_by_role("heading", name=f"Spørgsmål {number} af {total}").wait_for()


def hand_in(page: Page) -> None:
    """From a question to the result."""
    page.get_by_role("button", name="Se alle og aflevér").click()
    page.get_by_role("button", name="Aflevér", exact=True).click()
    page.get_by_text(re.compile(r"Forsøg \d+\. Afleveret")).wait_for()
    settle(page)


def plain(text: str) -> str:
    """Text as a browser shows it: no Markdown marks, white space folded."""
    return " ".join(_MARKDOWN.sub("", text).split())


def _whole(question: Question, shown: str) -> bool:
    """Whether text and fields of a question stand on the page; some questions share their text."""
    pieces = [piece for piece in GAP.split(question.text)[::2] if piece.strip()]
    if isinstance(question, SingleChoice | MultipleChoice):
        pieces += [option.text for option in question.options]
    elif isinstance(question, Matching):
        pieces += [pair.left for pair in question.pairs]
    return all(plain(piece) in shown for piece in pieces)


def _label(page: Page, text: str) -> Locator:
    return (
        page.get_by_test_id("stMain")
        .locator("label")
        .filter(has_text=re.compile(rf"^\s*{re.escape(plain(text))}\s*$"))
        .first
    )


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option in a list by its words."""
    field = page.get_by_role("combobox", name=label).first
    field.click()
    field.fill(option)  # a long list draws only what fits, so the option is searched for as a person would
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def _write(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Enter")
