"""Finding passages: lexical and dense scores of a question, fused."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Protocol

from rag.coverage import Asked
from rag.fusion import POOL, best, fuse
from rag.index import IndexedPassage, Snapshot
from rag.stages import Stage, stage

log = logging.getLogger(__name__)
_BESIDE = ThreadPoolExecutor(max_workers=4, thread_name_prefix="dense")


class Vectors(Protocol):
    """What the retriever needs of a vector store."""

    def nearest(self, question: str, count: int) -> dict[str, float]: ...


@dataclass(frozen=True)
class Hit:
    """A passage found. `score` is fused; `coverage` is the share (0..1, by rarity) of the question's words found in it;
    `similarity` is the cosine of question and passage, None without an encoder."""

    indexed: IndexedPassage
    score: float
    coverage: float
    similarity: float | None


class Retriever:
    """Searches one snapshot; `vectors` None means words only."""

    def __init__(self, snapshot: Snapshot, vectors: Vectors | None = None) -> None:
        self.snapshot = snapshot
        self._vectors = vectors

    @property
    def hybrid(self) -> bool:
        """Whether meaning is searched too."""
        return self._vectors is not None

    def search(self, question: str, count: int = 10) -> list[Hit]:
        """The best `count` passages for a question, best first. Words are scored while the encoder works beside."""
        if not self.snapshot.passages:
            return []
        nearest = _BESIDE.submit(copy_context().run, self._nearest, question)
        with stage(Stage.LEXICAL):
            scores = self.snapshot.lexical.scores(question, self.snapshot.glossary.widen(question))
            lexical = {row: float(scores[row]) for row in best(scores, POOL)}
            asked = Asked(question, self.snapshot.lexical, self.snapshot.glossary)
        dense = nearest.result()
        hits = []
        with stage(Stage.FUSE):
            for row, score in sorted(fuse(lexical, dense).items(), key=lambda item: (-item[1], item[0]))[:count]:
                indexed = self.snapshot.passages[row]
                hits.append(Hit(indexed, score, asked.found_in(" ".join(indexed.fields.values())), dense.get(row)))
        return hits

    def over(self, snapshot: Snapshot) -> "Retriever":
        """The same vectors searched with another snapshot; passages with the same text to encode find theirs."""
        return Retriever(snapshot, self._vectors)

    def _nearest(self, question: str) -> dict[int, float]:
        if self._vectors is None:
            return {}
        try:
            with stage(Stage.DENSE):
                found = self._vectors.nearest(question, POOL)
        except Exception:  # the encoder and the store are native code; whatever fails there, words still answer
            log.exception("dense search failed; answering by words alone")
            return {}
        rows = self.snapshot.rows_by_key
        return {row: similarity for key, similarity in found.items() for row in rows.get(key, ())}
