"""Reranking: a cross-encoder reads the question together with each of the best passages and puts them in a new order."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from rag.errors import EncoderFailed, PutAside, RerankerMissing
from rag.guard import Guard
from rag.index import Snapshot
from rag.retriever import Found, Hit, Retriever, Vectors

log = logging.getLogger(__name__)

DEPTH = 20
LIMIT = 2.0
QUESTION_CHARS = 600
PASSAGE_CHARS = 1200
MAX_TOKENS = 256  # time grows with tokens, and a question waits for all twenty pairs


class Reranker(Protocol):
    """What reranking needs: a name, and how well each passage answers the question (any scale, higher is better)."""

    @property
    def name(self) -> str: ...

    def scores(self, question: str, passages: Sequence[str]) -> list[float]: ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder by name or path; torch is imported only here."""

    def __init__(self, model: str) -> None:
        """Raises `RerankerMissing` when the model cannot be loaded (there is no download at run time by design), and when it
        is no cross-encoder: the library would give an embedding model a head of random numbers and go on.
        """
        try:
            from sentence_transformers import CrossEncoder

            self._model: Any = CrossEncoder(model, max_length=MAX_TOKENS)
            architectures = list(self._model.config.architectures or [])
            one_number = int(self._model.num_labels) == 1
        except Exception as error:  # whatever the libraries make of a strange folder, the search goes on without it
            log.warning("the reranking model cannot be loaded: %s", type(error).__name__)
            message = f"Modellen {model} kan ikke indlæses. Ret RERANKER_MODEL, eller fjern indstillingen."
            raise RerankerMissing(message) from error
        if not one_number or not any(name.endswith("ForSequenceClassification") for name in architectures):
            raise RerankerMissing(
                f"Modellen {model} kan ikke omrangere: den giver ikke ét tal for spørgsmål og tekst sammen. "
                "Ret RERANKER_MODEL, eller fjern indstillingen."
            )
        self.name = f"sentence-transformers/{model}"

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score per passage."""
        pairs = [(question[:QUESTION_CHARS], passage[:PASSAGE_CHARS]) for passage in passages]
        return [float(value) for value in self._model.predict(pairs, show_progress_bar=False)]


class GuardedReranker:
    """A reranker that is never waited for longer than `limit` seconds and that is put aside when it keeps failing."""

    def __init__(self, reranker: Reranker, limit: float = LIMIT) -> None:
        self._reranker = reranker
        self.name = reranker.name
        self.guard = Guard("Omrangering af det fundne", limit)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One finite score per passage; raises what `Guard.run` raises."""
        return self.guard.run(lambda: self._checked(question, passages))

    def _checked(self, question: str, passages: Sequence[str]) -> list[float]:
        found = self._reranker.scores(question, passages)
        if len(found) != len(passages) or not all(math.isfinite(score) for score in found):
            raise EncoderFailed("Modellen, der omrangerer, giver tal, der ikke kan bruges. Ret RERANKER_MODEL.")
        return found


class RerankingRetriever(Retriever):
    """Searches like a retriever, then lets a reranker order the best `DEPTH` passages.

    The fused scores stay as a ladder: the passage moved to the first place gets the highest. Refusal and the choice of
    sentences go by distances on that ladder, and scores of a cross-encoder have another scale for every model.
    """

    def __init__(self, snapshot: Snapshot, vectors: Vectors | None, reranker: Reranker) -> None:
        super().__init__(snapshot, vectors)
        self._reranker = reranker

    def over(self, snapshot: Snapshot) -> "RerankingRetriever":
        """The same vectors and the same reranker over another snapshot."""
        return RerankingRetriever(snapshot, self._vectors, self._reranker)

    def look(self, question: str, count: int) -> Found:
        """What a search saw, its best `count` passages in the reranker's order; in fused order where the reranker fails."""
        found = super().look(question, max(count, DEPTH))
        return replace(found, hits=self._ordered(question, found.hits)[:count])

    def _ordered(self, question: str, hits: list[Hit]) -> list[Hit]:
        first, rest = hits[:DEPTH], hits[DEPTH:]
        if not first:
            return hits
        try:
            scores = self._reranker.scores(question, [hit.indexed.to_encode for hit in first])
        except PutAside:
            return hits
        except Exception:  # a model of someone else's; whatever fails there, the fused order stands
            log.exception("reranking failed; answering in fused order")
            return hits
        order = sorted(range(len(first)), key=lambda place: (-scores[place], place))
        return [replace(first[place], score=hit.score) for place, hit in zip(order, first, strict=True)] + rest


def make_reranker(model: str) -> Reranker:
    """The reranker that the setting `RERANKER_MODEL` names; raises `RerankerMissing`."""
    return CrossEncoderReranker(model)
