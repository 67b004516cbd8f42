"""Passages that questions rest on, as they stand now: whether one is still there, what stands in its place, what is different."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz.distance import Indel

from courses.passages import Shelf
from courses.question import Question
from rag.danish import words
from rag.index import IndexedPassage
from rag.quotes import stands_in

ALIKE = 0.5  # likeness from which a passage is the reworded one; below it, the old one was removed
SAME_SECTION = 0.1  # a passage of the same section is preferred to one that is a little more alike elsewhere
MOST_CANDIDATES = 5


class Standing:
    """The passages that may be quoted now, by source."""

    def __init__(self, passages: Sequence[IndexedPassage]) -> None:
        self.shelf = Shelf(passages)
        self.empty = not passages
        self._by_source: dict[str, list[IndexedPassage]] = {}
        for indexed in passages:
            self._by_source.setdefault(indexed.version.source_id, []).append(indexed)

    def has(self, source: str, passage_hash: str) -> bool:
        """Whether a passage with this hash may be quoted from the source now."""
        return self.shelf.has(source, passage_hash)

    def title(self, source: str) -> str | None:
        """The title of a source that may be quoted now."""
        found = self._by_source.get(source)
        return found[0].version.title if found else None

    def find(self, source: str, anchor: str, passage_hash: str) -> IndexedPassage | None:
        """The passage with this hash; the one in the section `anchor` where several are the same."""
        found = [one for one in self._by_source.get(source, ()) if one.passage.hash == passage_hash]
        return min(found, key=lambda one: one.section.anchor != anchor, default=None)

    def near(self, source: str, anchor: str) -> IndexedPassage | None:
        """Where to read on when a passage is gone: the beginning of its section, or else of its source."""
        found = self._by_source.get(source, ())
        return min(found, key=lambda one: one.section.anchor != anchor, default=None)

    def candidates(self, source: str, anchor: str, text: str) -> list[IndexedPassage]:
        """The passages of the source that may stand in the place of `text`, the likeliest first."""
        return [one for one, _ in self._ranked(source, anchor, text)[:MOST_CANDIDATES]]

    def successor(self, source: str, anchor: str, text: str) -> IndexedPassage | None:
        """The reworded passage that stands in the place of `text` now; None when it was removed."""
        return next((one for one, alike in self._ranked(source, anchor, text)[:1] if alike >= ALIKE), None)

    def _ranked(self, source: str, anchor: str, text: str) -> list[tuple[IndexedPassage, float]]:
        wanted = words(text)
        ranked = [(one, likeness(wanted, words(one.passage.text))) for one in self._by_source.get(source, ())]
        return sorted(ranked, key=lambda pair: -pair[1] - SAME_SECTION * (pair[0].section.anchor == anchor))


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Share (0..1) of the words of two texts that stand in both in the same order."""
    return Indel.normalized_similarity(one, other)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `changed` where the other text does not have it."""

    text: str
    changed: bool


def differing(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces, word by word: what went from the first, and what came in the second."""
    old, new = before.split(), after.split()
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for action, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for found, stretch in zip(pieces, (old[old_from:old_to], new[new_from:new_to]), strict=True):
            if stretch:
                found.append(Piece(" ".join(stretch), action != "equal"))
    return pieces


class Reason(StrEnum):
    """Why a question is held back."""

    CHANGED = "changed"
    REMOVED = "removed"
    NOT_FOUND = "not_found"

    @property
    def danish(self) -> str:
        """The reason as shown to trainers."""
        return _REASONS[self]


_REASONS = {
    Reason.CHANGED: "Afsnittet er ændret",
    Reason.REMOVED: "Afsnittet er fjernet",
    Reason.NOT_FOUND: "Citatet blev ikke fundet i kilden",
}


@dataclass(frozen=True)
class HeldPlace:
    """A place that a question rests on and that does not hold any more. `now` are the passages that may stand there instead,
    the likeliest first; `before` is empty when it was never found."""

    place: int
    reason: Reason
    source: str
    title: str
    quote: str
    before: str
    now: tuple[IndexedPassage, ...]

    def quote_in(self, indexed: IndexedPassage) -> str:
        """The quote as it may be tied to another passage; empty when it does not stand there."""
        return self.quote if stands_in(self.quote, indexed.passage.text) else ""


@dataclass(frozen=True)
class HeldQuestion:
    """A question that is not asked now. `order` is that of its options; `courses` are the titles of those that use it;
    `withdrawn` is the reason of the person who took it out, empty while it waits for a decision."""

    wording: str
    question: Question
    order: tuple[str, ...]
    courses: tuple[str, ...]
    places: tuple[HeldPlace, ...]
    withdrawn: str = ""


@dataclass(frozen=True)
class Update:
    """A paragraph that a person was tested on, and what stands there now; `after` is empty when it was removed. `where` is the
    place to read on, None when the whole source is gone."""

    id: str
    title: str
    before: str
    after: str
    at: datetime
    where: IndexedPassage | None


@dataclass(frozen=True)
class Spread:
    """How far a change has come: how many people are told of it, and how many of them have read it."""

    title: str
    before: str
    after: str
    at: datetime
    people: int
    read: int

    @property
    def share(self) -> float:
        """Share (0..1) that has read it."""
        return self.read / self.people
