"""The passages that may be quoted now, as questions look them up: by their place and by their hash."""

from collections.abc import Sequence

from courses.question import SourceRef
from rag.index import IndexedPassage
from rag.quotes import stands_in
from rag.source import PassageView


class Shelf:
    """Passages by source and section."""

    def __init__(self, passages: Sequence[IndexedPassage]) -> None:
        self._by_place: dict[tuple[str, str], list[PassageView]] = {}
        self._hashes: dict[str, set[str]] = {}
        self._titles: dict[str, str] = {}
        self._headings: dict[str, dict[str, str]] = {}
        for indexed in passages:
            source = indexed.version.source_id
            self._by_place.setdefault((source, indexed.section.anchor), []).append(indexed.passage)
            self._hashes.setdefault(source, set()).add(indexed.passage.hash)
            self._titles[source] = indexed.version.title
            self._headings.setdefault(source, {})[indexed.section.anchor] = indexed.section.heading

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the sources by id."""
        return self._titles

    def headings(self, source: str) -> dict[str, str]:
        """Headings of a source's sections by anchor, in order."""
        return self._headings.get(source, {})

    def section(self, source: str, anchor: str) -> list[PassageView]:
        """The passages of a section, in order; empty when the section is gone."""
        return self._by_place.get((source, anchor), [])

    def holding(self, ref: SourceRef) -> PassageView | None:
        """The passage of the section that holds the quote word for word."""
        return next((one for one in self.section(ref.source, ref.section) if stands_in(ref.quote, one.text)), None)

    def has(self, source: str, passage_hash: str) -> bool:
        """Whether a passage with this hash may be quoted from the source now; wherever in it, for a section may be renamed."""
        return passage_hash in self._hashes.get(source, ())
