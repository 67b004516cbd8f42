"""Danish dates and numbers, and text that is safe to draw."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.text import counted, danish_date, danish_moment, number, parsed_date, plain

markdown_it = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
MARKDOWN = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Shown(HTMLParser):
    """The text a reader sees, and the tags around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def shown(markdown: str) -> Shown:
    parser = Shown()
    parser.feed(MARKDOWN.render(markdown))
    parser.close()
    return parser


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"])
MARKS = st.sampled_from(list("*_`#[]()<>!|~$:-+=.\\&{}\"'@/^1 aå\n"))


@given(st.text(LETTERS, max_size=60) | st.text(MARKS, max_size=60))
def test_plain_text_is_drawn_character_by_character(text: str) -> None:
    page = shown(plain(text))
    assert " ".join(page.text.split()) == " ".join(text.split())
    assert set(page.tags) <= {"p"}


@pytest.mark.parametrize(
    "text",
    [
        "**fed**",
        "[klik](https://ond.dk)",
        "<script>alert(1)</script>",
        "# Overskrift",
        "1. punkt",
        "- punkt",
        "![x](y)",
        "> a",
    ],
)
def test_markup_that_people_write_is_no_markup(text: str) -> None:
    assert shown(plain(text)).tags == ["p"]


@pytest.mark.parametrize("text", [":red[fare]", "$x^2$", ":smile:", ":material/home:"])
def test_streamlits_own_marks_are_escaped(text: str) -> None:
    marks = [character for character in text if not character.isalnum()]
    assert all(f"\\{mark}" in plain(text) for mark in marks)


def test_danish_dates() -> None:
    assert danish_date(date(2027, 12, 2)) == "2. december 2027"
    assert danish_date(datetime(2027, 12, 31, 23, 30, tzinfo=UTC)) == "1. januar 2028"


def test_moments_follow_danish_summer_time() -> None:
    assert danish_moment(datetime(2027, 7, 1, 12, 5, tzinfo=UTC)) == "1. juli 2027 kl. 14.05"
    assert danish_moment(datetime(2027, 12, 2, 8, 5, tzinfo=UTC)) == "2. december 2027 kl. 09.05"


@given(st.dates(date(1000, 1, 1)))
def test_a_date_that_is_shown_can_be_written(day: date) -> None:
    assert parsed_date(danish_date(day)) == day
    assert parsed_date(f"{day.day}-{day.month}-{day.year}") == day
    assert parsed_date(f"{day:%d.%m.%Y}") == day


def test_no_date_is_told_from_a_wrong_one() -> None:
    assert parsed_date("  ") is None
    assert parsed_date("31-2-2027") == "31-2-2027"
    assert parsed_date("i morgen") == "i morgen"
    assert parsed_date("2-12") == "2-12"


def test_danish_numbers() -> None:
    assert number(1234.5, 1) == "1.234,5"
    assert number(1234567) == "1.234.567"
    assert number(0.125, 2) in {"0,12", "0,13"}


def test_counts() -> None:
    assert [counted(count, "kilde", "kilder") for count in (0, 1, 2, 1000)] == [
        "0 kilder",
        "1 kilde",
        "2 kilder",
        "1.000 kilder",
    ]
