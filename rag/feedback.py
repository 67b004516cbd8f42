"""What people say about an answer: yes, or no with a reason; never who said it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag import privacy
from rag.answer import Outcome
from rag.errors import InvalidFeedback

MAX_NOTE_CHARS = 500
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
)  # a spreadsheet would run a cell that begins like this (OWASP, CSV injection)


class Reason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    OFF_TOPIC = "off_topic"
    UNCLEAR = "unclear"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    OTHER = "other"

    @property
    def danish(self) -> str:
        """The reason as shown to people."""
        return _REASONS[self]


_REASONS = {
    Reason.WRONG: "Forkert eller misvisende",
    Reason.OFF_TOPIC: "Svarer ikke på mit spørgsmål",
    Reason.UNCLEAR: "Svært at forstå",
    Reason.OUTDATED: "Kilden er forældet",
    Reason.INCOMPLETE: "Der mangler noget",
    Reason.OTHER: "Andet",
}
NO_REASON = "Ingen grund givet"


class Pile(StrEnum):
    """Answers that did not help, waiting for the task force or done with."""

    OPEN = "open"
    HANDLED = "handled"

    @property
    def danish(self) -> str:
        """Name of the pile, as shown to people."""
        return {"open": "Ikke behandlede", "handled": "Behandlede"}[self.value]


@dataclass(frozen=True)
class GivenFeedback:
    """What a person has said about an answer of their own; `with_question` tells that the question was sent along."""

    helpful: bool
    reason: Reason | None
    note: str
    with_question: bool


@dataclass(frozen=True)
class QuotedSource:
    """A version that the answer quoted."""

    source_id: str
    version_id: str
    title: str
    version: str


@dataclass(frozen=True)
class FeedbackItem:
    """Feedback as the task force sees it: by day, without a sender."""

    id: str
    day: date
    helpful: bool
    outcome: Outcome
    reason: Reason | None
    note: str
    question: str | None
    handled_on: date | None
    sources: tuple[QuotedSource, ...]


@dataclass(frozen=True)
class SourceCount:
    """How often answers that quote a source helped, and did not."""

    source_id: str
    title: str
    helpful: int
    unhelpful: int


def checked_note(note: str) -> str:
    """The note without outer white space; raises `InvalidFeedback` when it is too long or holds personal data."""
    note = note.strip()
    if len(note) > MAX_NOTE_CHARS:
        raise InvalidFeedback(f"Bemærkningen er for lang. Skriv højst {MAX_NOTE_CHARS} tegn.")
    _without_personal_data(note, "Bemærkningen", "Fjern det, og send igen.")
    return note


def checked_question(question: str) -> str:
    """The question, which the gate let through when it was asked, checked by the gate as it is today."""
    _without_personal_data(question, "Spørgsmålet", "Fjern fluebenet, og send igen.")
    return question


def _without_personal_data(text: str, what: str, way_out: str) -> None:
    if found := privacy.count(text):
        kinds = ", ".join(privacy.NAMES[kind] for kind in found)
        raise InvalidFeedback(f"{what} indeholder noget, der ligner personoplysninger ({kinds}). {way_out}")


def as_csv(items: Iterable[FeedbackItem]) -> bytes:
    """The items as a file that a Danish spreadsheet opens: semicolons, UTF-8 with byte order mark, one row an item."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Dag", "Hjalp svaret", "Grund", "Bemærkning", "Spørgsmål", "Svar", "Kilder", "Behandlet"])
    for item in items:
        cells = [
            f"{item.day:%d-%m-%Y}",
            "ja" if item.helpful else "nej",
            item.reason.danish if item.reason else "",
            item.note,
            item.question or "",
            "besvaret" if item.outcome is Outcome.ANSWERED else "afvist",
            ", ".join(f"{source.title} (version {source.version})" for source in item.sources),
            f"{item.handled_on:%d-%m-%Y}" if item.handled_on else "",
        ]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return text.getvalue().encode("utf-8-sig")
