"""The sources' own everyday questions as a test: is the section that says it answers a question found by its text alone?

The questions are taken out of the index while it is measured, or every one of them would simply find itself. What is
measured is whether the words of the sections fit the words of everyday. It says nothing of questions that nobody wrote
down, nor of whether the sentence that is quoted answers, nor of refusals.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import BaseModel, ConfigDict

from rag.index import IndexedPassage, Snapshot
from rag.retriever import Hit, Retriever

DEPTH = 50  # passages looked at; a section holds several, and ten sections are wanted
SECTIONS = 10
FOUND_WITHIN = 5
Place = tuple[str, str]


class Miss(BaseModel):
    """An everyday question whose section was not among the first five."""

    model_config = ConfigDict(frozen=True)

    question: str
    source_id: str
    version_id: str
    title: str
    anchor: str
    heading: str


@dataclass(frozen=True)
class SelfCheck:
    """Figures by name, and the questions that missed, those of the sections with most misses first."""

    questions: int
    figures: dict[str, float]
    misses: tuple[Miss, ...]


def check(
    retriever: Retriever,
    progress: Callable[[int, int], None],
    pause: Callable[[], None] = lambda: None,
) -> SelfCheck:
    """Ask every everyday question of the retriever's snapshot; `pause` is called between questions, to let others in.

    A question that several sections claim is found when one of them is.
    """
    wanted = _everyday(retriever.snapshot.passages)
    blind = retriever.over(_without_questions(retriever.snapshot))
    ranks: list[int | None] = []
    milliseconds: list[float] = []
    misses: list[Miss] = []
    for number, (question, places) in enumerate(wanted.items()):
        progress(number, len(wanted))
        started = time.perf_counter()
        hits = blind.search(question, DEPTH)
        milliseconds.append((time.perf_counter() - started) * 1000)
        rank = _rank(hits, places.keys())
        ranks.append(rank)
        if rank is None or rank > FOUND_WITHIN:
            misses.append(_miss(question, next(iter(places.values()))))
        pause()
    progress(len(wanted), len(wanted))
    often = Counter((miss.version_id, miss.anchor) for miss in misses)
    misses.sort(key=lambda miss: -often[miss.version_id, miss.anchor])
    return SelfCheck(len(wanted), _figures(ranks, milliseconds), tuple(misses))


def _everyday(passages: Sequence[IndexedPassage]) -> dict[str, dict[Place, IndexedPassage]]:
    wanted: dict[str, dict[Place, IndexedPassage]] = {}
    for indexed in passages:
        for question in indexed.section.questions:
            wanted.setdefault(question, {}).setdefault(_place(indexed), indexed)
    return wanted


def _without_questions(snapshot: Snapshot) -> Snapshot:
    passages = [replace(indexed, section=replace(indexed.section, questions=())) for indexed in snapshot.passages]
    return Snapshot(snapshot.revision, snapshot.day, passages, snapshot.glossary)


def _rank(hits: Sequence[Hit], places: Collection[Place]) -> int | None:
    found = list(dict.fromkeys(_place(hit.indexed) for hit in hits))[:SECTIONS]
    return next((rank for rank, place in enumerate(found, 1) if place in places), None)


def _figures(ranks: Sequence[int | None], milliseconds: Sequence[float]) -> dict[str, float]:
    if not ranks:
        return {}

    def share(depth: int) -> float:
        return round(sum(rank is not None and rank <= depth for rank in ranks) / len(ranks), 4)

    return {
        "recall_at_1": share(1),
        "recall_at_5": share(FOUND_WITHIN),
        "recall_at_10": share(SECTIONS),
        "mrr_at_10": round(float(np.mean([1 / rank if rank else 0.0 for rank in ranks])), 4),
        "latency_ms_p50": round(float(np.percentile(milliseconds, 50)), 2),
        "latency_ms_p95": round(float(np.percentile(milliseconds, 95)), 2),
    }


def _place(indexed: IndexedPassage) -> Place:
    return indexed.version.id, indexed.section.anchor


def _miss(question: str, indexed: IndexedPassage) -> Miss:
    version, section = indexed.version, indexed.section
    return Miss(
        question=question,
        source_id=version.source_id,
        version_id=version.id,
        title=version.title,
        anchor=section.anchor,
        heading=section.heading,
    )
