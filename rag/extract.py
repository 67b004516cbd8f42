"""Extractive answers: the sentences of the sources that answer a question best, law before national before municipal."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag import danish
from rag.answer import AnswerSentence, quoted
from rag.coverage import Asked
from rag.index import IndexedPassage, Snapshot
from rag.retriever import Hit
from rag.sentences import Sentence, sentences

SECTIONS = 5
SENTENCES = 4
PER_SOURCE = 2
SOURCES = 3
RELATIVE = 0.62
COVERAGE_SHARE = 0.4
LEAD_SHARE = 0.35
PLACE_SHARE = 0.25
SHORT = 25


@dataclass(frozen=True)
class _Candidate:
    indexed: IndexedPassage
    sentence: Sentence
    score: float


class Extractor:
    """Chooses sentences from the sections of the hits in one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._by_section: dict[tuple[str, str], list[IndexedPassage]] = {}
        for indexed in snapshot.passages:
            self._by_section.setdefault(_place(indexed), []).append(indexed)

    def compose(self, question: str, hits: Sequence[Hit]) -> tuple[AnswerSentence, ...]:
        """At most four checked sentences from at most three sources, ordered by level, then by how well they fit."""
        candidates = sorted(self._candidates(question, hits), key=lambda candidate: -candidate.score)
        chosen = _chosen(candidates)
        ordered = sorted(chosen, key=lambda candidate: (candidate.indexed.version.level.rank, -candidate.score))
        checked = (quoted(candidate.indexed, candidate.sentence) for candidate in ordered)
        return tuple(sentence for sentence in checked if sentence is not None)

    def asked_before(self, question: str, indexed: IndexedPassage) -> float:
        """How alike (0..1) the question is to the everyday questions its section says it answers; rarity-weighted Dice."""
        asked = set(danish.stems(question))
        return max((self._alike(asked, set(danish.stems(known))) for known in indexed.section.questions), default=0.0)

    def _alike(self, one: set[str], other: set[str]) -> float:
        rarity = self._snapshot.lexical.rarity
        total = sum(rarity(stem) for stem in one) + sum(rarity(stem) for stem in other)
        return 2 * sum(rarity(stem) for stem in one & other) / total if total else 0.0

    def _candidates(self, question: str, hits: Sequence[Hit]) -> list[_Candidate]:
        places: dict[tuple[str, str], float] = {}
        for hit in hits:
            if len(places) < SECTIONS:
                places.setdefault(_place(hit.indexed), hit.score)
        if not places:
            return []
        top, low = max(places.values()), min(hit.score for hit in hits)
        asked = Asked(question, self._snapshot.lexical, self._snapshot.glossary)
        candidates = []
        for place, score in places.items():
            nearness = (score - low) / (top - low) if top > low else 1.0
            for number, indexed in enumerate(self._by_section[place]):
                known = self.asked_before(question, indexed)
                for order, sentence in enumerate(sentences(indexed.passage.text)):
                    if len(sentence.text) < SHORT or sentence.text.endswith((":", "?")):
                        continue
                    lead = (1.0 if number == 0 else 0.5) * (1.0 if order == 0 else 0.3)
                    value = (
                        COVERAGE_SHARE * asked.found_in(sentence.text)
                        + LEAD_SHARE * lead * (0.4 + 0.6 * known)
                        + PLACE_SHARE * nearness
                    )
                    candidates.append(_Candidate(indexed, sentence, value))
        return candidates


def _place(indexed: IndexedPassage) -> tuple[str, str]:
    return indexed.version.id, indexed.section.anchor


def _chosen(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Best first, few per source, nothing said twice, nothing much weaker than the best."""
    chosen: list[_Candidate] = []
    for candidate in candidates:
        if len(chosen) == SENTENCES or candidate.score < RELATIVE * candidates[0].score:
            break
        source = candidate.indexed.version.source_id
        sources = [item.indexed.version.source_id for item in chosen]
        new_source = source not in sources
        if sources.count(source) >= PER_SOURCE or (new_source and len(set(sources)) >= SOURCES):
            continue
        if any(_says_the_same(item.sentence.text, candidate.sentence.text) for item in chosen):
            continue
        chosen.append(candidate)
    return chosen


def _says_the_same(one: str, other: str) -> bool:
    first, second = set(danish.stems(one)), set(danish.stems(other))
    return len(first & second) >= 0.7 * min(len(first), len(second))
