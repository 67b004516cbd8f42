"""Finding passages: lexical and dense scores of a question, fused."""

import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Protocol

from rag.coverage import Asked
from rag.fusion import POOL, best, fuse
from rag.index import IndexedPassage, Snapshot
from rag.stages import Stage, stage

log = logging.getLogger(__name__)

# Found by cross-validation on an outside Danish question set and on questions of our own; see ADR 7.
WORD_SHARE = 0.8
PASSAGE_SHARE = 0.5
SENTENCE_SHARE = 0.8
KNOWN_SHARE = 0.6
AGREE_ON = 5
REPEATED = (
    0.5  # what a passage loses for each better one of its own section: a reader is better served by another place
)
WORDS_BESIDE_PASSAGES = 0.5  # where no sentences are encoded, words weigh as much as passages
_BESIDE = ThreadPoolExecutor(max_workers=4, thread_name_prefix="dense")


class Vectors(Protocol):
    """What the retriever needs of a vector store: cosines by key, of passages and, where encoded, of all details."""

    def nearest(self, question: str, count: int) -> dict[str, float]: ...


@dataclass(frozen=True)
class Hit:
    """A passage found. `score` is fused; `coverage` is the share (0..1, by rarity) of the question's words found in it;
    `similarity` is the cosine of question and passage, None without an encoder."""

    indexed: IndexedPassage
    score: float
    coverage: float
    similarity: float | None


@dataclass(frozen=True)
class Found:
    """What a search saw: the best hits, the fused score of every row it weighed, cosines of sentences and known questions by
    key (empty where none are encoded), and how far (0..1) words and meaning agree about the first five."""

    hits: list[Hit]
    scores: Mapping[int, float]
    similarities: Mapping[str, float]
    agreement: float

    @property
    def hybrid(self) -> bool:
        """Whether meaning had a say; the encoder may fail a single question."""
        return any(hit.similarity is not None for hit in self.hits)


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
        """The best `count` passages for a question, best first."""
        return self.look(question, count).hits

    def look(self, question: str, count: int) -> Found:
        """The same with all that was seen on the way. Words are scored while the encoder works beside."""
        passages = self.snapshot.passages
        if not passages:
            return Found([], {}, {}, 0.0)
        nearest = _BESIDE.submit(copy_context().run, self._nearest, question)
        with stage(Stage.LEXICAL):
            scores = self.snapshot.lexical.scores(question, self.snapshot.glossary.widen(question))
            lexical = {row: float(scores[row]) for row in best(scores, POOL)}
            asked = Asked(question, self.snapshot.lexical, self.snapshot.glossary)
        similarities = nearest.result()
        with stage(Stage.FUSE):
            dense, sentence, known = self._views(similarities)
            words = WORD_SHARE if sentence else WORDS_BESIDE_PASSAGES
            fused = fuse([(words, lexical), (PASSAGE_SHARE, dense), (SENTENCE_SHARE, sentence), (KNOWN_SHARE, known)])
            hits = [
                Hit(passages[row], score, asked.found_in(passages[row].searched), dense.get(row))
                for row, score in self._varied(fused)[:count]
            ]
        return Found(hits, fused, similarities if sentence else {}, _agreement(lexical, dense))

    def _views(self, similarities: Mapping[str, float]) -> list[dict[int, float]]:
        """Cosine by row: of the passage, of its best sentence, of the best known question of its section."""
        rows = self.snapshot.rows_by_key
        dense = {row: value for key, value in similarities.items() for row in rows.get(key, ())}
        sentence: dict[int, float] = {}
        known: dict[int, float] = {}
        for row, indexed in enumerate(self.snapshot.passages):
            if any(key not in similarities for key, _ in indexed.sentences):
                return [dense, {}, {}]  # what is new would stand behind everything that is encoded already
            of_sentences = [similarities[key] for key, _ in indexed.sentences]
            of_questions = [similarities[key] for key in indexed.question_keys if key in similarities]
            if of_sentences:
                sentence[row] = max(of_sentences)
            if of_questions:
                known[row] = max(of_questions)
        return [dense, _pool(sentence), _pool(known)]

    def _varied(self, fused: Mapping[int, float]) -> list[tuple[int, float]]:
        """Rows with their scores, best first, each lowered by `REPEATED` for every better row of the same section."""
        before: Counter[tuple[str, str]] = Counter()
        lowered = []
        for row, score in sorted(fused.items(), key=lambda item: (-item[1], item[0])):
            place = self.snapshot.passages[row].place
            lowered.append((row, score - REPEATED * before[place]))
            before[place] += 1
        return sorted(lowered, key=lambda item: (-item[1], item[0]))

    def over(self, snapshot: Snapshot) -> "Retriever":
        """The same vectors searched with another snapshot; passages with the same text to encode find theirs."""
        return Retriever(snapshot, self._vectors)

    def _nearest(self, question: str) -> dict[str, float]:
        if self._vectors is None:
            return {}
        try:
            with stage(Stage.DENSE):
                found = self._vectors.nearest(question, POOL)
        except Exception:  # the encoder and the store are native code; whatever fails there, words still answer
            log.exception("dense search failed; answering by words alone")
            return {}
        return found


def _pool(scores: dict[int, float]) -> dict[int, float]:
    """The `POOL` best."""
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:POOL])


def _agreement(lexical: Mapping[int, float], dense: Mapping[int, float]) -> float:
    """How many (0..1) of the five best by words are among the five best by meaning."""
    first = [set(sorted(view, key=lambda row: -view[row])[:AGREE_ON]) for view in (lexical, dense)]
    return len(first[0] & first[1]) / AGREE_ON
