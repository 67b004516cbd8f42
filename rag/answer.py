"""Answers: sentences with their citations, checked, or a refusal that leads somewhere."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from rag.index import IndexedPassage
from rag.quotes import stands_in
from rag.retriever import Hit
from rag.sentences import Sentence
from rag.source import Level, Status

EXTRACT = "extract"


class Outcome(StrEnum):
    """What became of a question. `blocked` means that it held personal data and was neither searched nor stored."""

    ANSWERED = "answered"
    REFUSED = "refused"
    BLOCKED = "blocked"


class Citation(BaseModel):
    """Where a sentence stands, as it was when the answer was given. `quote` is an exact piece of the passage.

    `mended` says that damaged words of the quote were repaired when the source was read.
    """

    model_config = ConfigDict(frozen=True)

    source: str
    version_id: str
    version: str
    title: str
    publisher: str
    level: Level
    status: Status
    valid_from: date
    section: str
    anchor: str
    passage: str
    page: int | None
    quote: str
    note: str
    mended: bool = False

    @property
    def unchecked(self) -> bool:
        """Whether the source itself says that the statement awaits a legal check."""
        return "kontrolleres af jura" in self.note

    @classmethod
    def of(cls, indexed: IndexedPassage, quote: str, note: str = "") -> "Citation":
        """A citation of `quote` in a passage."""
        version = indexed.version
        return cls(
            source=version.source_id,
            version_id=version.id,
            version=version.version,
            title=version.title,
            publisher=version.publisher,
            level=version.level,
            status=version.status,
            valid_from=version.valid_from,
            section=indexed.section.heading,
            anchor=indexed.section.anchor,
            passage=indexed.passage.id,
            page=indexed.passage.page,
            quote=quote,
            note=note,
            mended=indexed.passage.as_read is not None and not stands_in(quote, indexed.passage.as_read),
        )


class AnswerSentence(BaseModel):
    """A sentence that is shown, with at least one citation; the last one is its own, those before it lead in to it."""

    model_config = ConfigDict(frozen=True)

    text: str
    citations: tuple[Citation, ...]

    @property
    def verbatim(self) -> bool:
        """Whether the sentence is its own quote."""
        return self.text == self.citations[-1].quote


class Answer(BaseModel):
    """What is shown and stored. `passages` are the nearest places, `suggestions` questions that the sources do answer.

    `understood` is the question that was searched for, when it leans on an earlier one. `made_by` is `EXTRACT`, where every
    sentence is a quote, or the name of the language model that worded them.
    """

    model_config = ConfigDict(frozen=True)

    status: Outcome
    understood: str = ""
    made_by: str = EXTRACT
    sentences: tuple[AnswerSentence, ...] = ()
    passages: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    findings: dict[str, int] = {}
    cleaned: str = ""
    hybrid: bool = False
    confidence: float = 0.0


def quoted(indexed: IndexedPassage, sentence: Sentence) -> AnswerSentence | None:
    """A sentence with its citation, or None when its text is not an exact piece of the passage or may not be quoted."""
    if not stands_in(sentence.text, indexed.passage.text) or indexed.version.status is Status.RETIRED:
        return None
    return AnswerSentence(text=sentence.text, citations=(Citation.of(indexed, sentence.text, sentence.note),))


def nearest(hits: list[Hit], count: int) -> tuple[Citation, ...]:
    """The best hit of each of the first `count` sections, to be read on; the whole passage is the quote."""
    chosen: dict[tuple[str, str], Citation] = {}
    for hit in hits:
        place = (hit.indexed.version.source_id, hit.indexed.section.anchor)
        if len(chosen) < count and place not in chosen:
            chosen[place] = Citation.of(hit.indexed, hit.indexed.passage.text)
    return tuple(chosen.values())
