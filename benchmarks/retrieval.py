"""How long `Retriever.search` takes over an index of a given size, how long the index takes, and what it occupies."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.corpus import Corpus, NoisyEncoder, Vectors, drawn_questions, load, progress, real_vectors, recombined
from benchmarks.isolation import alone
from benchmarks.machine import peak, resident
from rag.encoder import make_encoder
from rag.errors import EncoderMissing
from rag.evaluation import snapshot_of
from rag.glossary import Glossary
from rag.retriever import Retriever
from rag.vectors import VectorStore

QUERIES = 300
WARM_UP = 30
COUNT = 10


@dataclass(frozen=True)
class Latency:
    """Milliseconds of many calls."""

    p50: float
    p95: float

    @classmethod
    def of(cls, call: Callable[[str], object], questions: list[str]) -> "Latency":
        """Time `call` for every question after the warm-up questions at the front."""
        for question in questions[:WARM_UP]:
            call(question)
        found = []
        for question in questions[WARM_UP:]:
            started = time.perf_counter()
            call(question)
            found.append((time.perf_counter() - started) * 1000)
        return cls(float(np.percentile(found, 50)), float(np.percentile(found, 95)))


@dataclass(frozen=True)
class Sizing:
    """Figures of one index; seconds, milliseconds and MB. The hybrid ones are None without an encoder."""

    passages: int
    lexical: Latency
    hybrid: Latency | None
    encoding: Latency | None
    lexical_seconds: float
    vectors_seconds: float | None
    memory_empty: float
    memory_lexical: float
    memory_all: float
    memory_peak: float
    problem: str = ""


@cache
def sizing(folder: Path, content: Path, size: int) -> Sizing:
    """Measure an index of `size` passages in a process of its own; the same size is measured once per run."""
    corpus = load(folder, content)
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as temporary:
        return alone({}, _measure, corpus, _known(corpus), content, size, Path(temporary))


@cache
def _known(corpus: Corpus) -> Vectors | None:
    try:
        return real_vectors(corpus, make_encoder(None))
    except EncoderMissing:
        return None


def _measure(corpus: Corpus, known: Vectors | None, content: Path, size: int, folder: Path) -> Sizing:
    empty = resident()
    passages = recombined(corpus.passages, size)
    questions = drawn_questions(corpus, QUERIES + WARM_UP)
    progress(f"Bygger ordindekset over {size} tekststykker")
    started = time.perf_counter()
    snapshot = snapshot_of(passages, Glossary.load(content))
    lexical_seconds = time.perf_counter() - started
    words = Retriever(snapshot)
    lexical = Latency.of(lambda question: words.search(question, COUNT), questions)
    memory_lexical = resident()
    if known is None:
        problem = "encoderen findes ikke på denne maskine"
        memory = memory_lexical
        return Sizing(size, lexical, None, None, lexical_seconds, None, empty, memory, memory, peak(), problem)
    encoder = NoisyEncoder(make_encoder(None), known)
    started = time.perf_counter()
    texts = snapshot.texts_to_encode()
    VectorStore(folder, encoder).sync(texts, _every(size, len(texts)))
    vectors_seconds = time.perf_counter() - started
    del texts
    both = Retriever(snapshot, VectorStore(folder, encoder))
    if all(hit.similarity is None for hit in both.search(questions[0], COUNT)):
        raise RuntimeError(
            "the dense search did not take part; see the log"
        )  # the retriever would go on by words alone
    progress(f"Søger i {size} tekststykker")
    hybrid = Latency.of(lambda question: both.search(question, COUNT), questions)
    return Sizing(
        passages=size,
        lexical=lexical,
        hybrid=hybrid,
        encoding=Latency.of(encoder.embed_query, questions),
        lexical_seconds=lexical_seconds,
        vectors_seconds=vectors_seconds,
        memory_empty=empty,
        memory_lexical=memory_lexical,
        memory_all=resident(),
        memory_peak=peak(),
    )


def _every(size: int, total: int) -> Callable[[int, int], None]:
    step = max(size // 5, 1)
    told = 0

    def report(done: int, _total: int) -> None:
        nonlocal told
        if done - told >= step or done == total:
            told = done
            progress(f"  {done} af {total} vektorer lagt i indekset")

    return report
