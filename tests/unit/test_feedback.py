"""What may be sent as feedback, and the file the task force fetches."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Outcome
from rag.errors import InvalidFeedback
from rag.feedback import MAX_NOTE_CHARS, FeedbackItem, QuotedSource, Reason, as_csv, checked_note, checked_question

SOURCE = QuotedSource("copilot", "v1", "Copilot; regler", "1.0")


def item(note: str = "", question: str | None = None) -> FeedbackItem:
    return FeedbackItem(
        "1", date(2026, 11, 3), False, Outcome.ANSWERED, Reason.OUTDATED, note, question, None, (SOURCE,)
    )


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("note", ["Borger 010190-1234 venter", "Ring 86 12 34 56.", "Skriv til a@b.dk"])
def test_a_note_with_personal_data_is_refused_and_says_which_kind(note: str) -> None:
    with pytest.raises(InvalidFeedback, match=r"personoplysninger \((CPR-nummer|telefonnummer|e-mailadresse)\)"):
        checked_note(note)


def test_a_question_with_personal_data_points_at_the_tick() -> None:
    with pytest.raises(InvalidFeedback, match="fluebenet"):
        checked_question("Må jeg skrive om 010190-1234?")


def test_a_note_has_a_longest_length_and_no_outer_space() -> None:
    assert checked_note("  Kort.  ") == "Kort."
    assert checked_note("x" * MAX_NOTE_CHARS)
    with pytest.raises(InvalidFeedback, match=str(MAX_NOTE_CHARS)):
        checked_note("x" * (MAX_NOTE_CHARS + 1))


def test_the_file_opens_in_a_danish_spreadsheet() -> None:
    data = as_csv([item("Ærgerligt; sagde jeg", "Må vi?")])
    assert data.startswith(b"\xef\xbb\xbf")
    head, row = cells(data)
    assert len(head) == len(row) == 8
    assert row[:5] == ["03-11-2026", "nej", "Kilden er forældet", "Ærgerligt; sagde jeg", "Må vi?"]
    assert row[6] == "Copilot; regler (version 1.0)"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(str.strip))
def test_no_cell_runs_as_a_formula_and_none_breaks_the_table(note: str) -> None:
    _, row = cells(as_csv([item(note)]))
    assert len(row) == 8
    assert not row[3].startswith(("=", "+", "-", "@", "\t", "\r"))
