"""Extractive answers: the sentences of the sources that answer a question best, law before national before municipal."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from rag import danish
from rag.answer import AnswerSentence, quoted
from rag.coverage import Asked
from rag.index import IndexedPassage, Snapshot
from rag.instructions import speaks_to_machine
from rag.retriever import Found
from rag.sentences import Sentence

SECTIONS = 12
SENTENCES = 5
PER_SOURCE = 3
SOURCES = 3
SHORT = 25
GAP = 4.0  # a sentence so much (log-odds) worse than the best says something else
_DO = frozenset(
    """
    anmeld bed beskriv brug del fjern fortæl få giv gem husk kontakt kontrollér kontroller lav læs meld offentliggør ryd se
    send sig skriv slet spørg start sørg tag tjek undgå undersøg vælg vurdér vurder
    """.split()
)


@dataclass(frozen=True)
class Weights:
    """Log-odds that a sentence answers, for each reading of it; see `Reading`.

    Fitted by logistic regression on the questions of our own; see ADR 7."""

    similarity: float
    coverage: float
    place: float
    distance: float
    known: float
    verdict: float


MEANING = Weights(similarity=22.2, coverage=3.6, place=0.54, distance=0.94, known=0.12, verdict=0.9)
WORDS = Weights(similarity=0.0, coverage=5.2, place=0.27, distance=0.56, known=0.0, verdict=1.06)


@dataclass(frozen=True)
class Reading:
    """What tells whether a sentence answers: its cosine with the question (0 without sentence vectors), how much of the
    question it holds (0..1), the fused score of its passage, how far its section is behind the best one (0 or less), how alike
    (0..1) the question is to one its section says it answers, and whether it says yes or no."""

    similarity: float
    coverage: float
    place: float
    distance: float
    known: float
    verdict: float

    def log_odds(self, weights: Weights) -> float:
        """The readings weighed; the zero of the scale has no meaning."""
        return float(sum(value * weight for value, weight in zip(astuple(self), astuple(weights), strict=True)))


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be shown."""

    indexed: IndexedPassage
    sentence: Sentence
    reading: Reading
    score: float


class Extractor:
    """Chooses sentences from the sections of the hits in one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._by_section: dict[tuple[str, str], list[int]] = {}
        for row, indexed in enumerate(snapshot.passages):
            self._by_section.setdefault(indexed.place, []).append(row)

    def compose(self, question: str, found: Found) -> tuple[AnswerSentence, ...]:
        """At most five checked sentences from at most three sources: the answer, then why, by level of source, then what to
        do."""
        chosen = _chosen(sorted(self.candidates(question, found), key=lambda candidate: -candidate.score))
        reasons = sorted(chosen[1:], key=lambda item: (_is_step(item), item.indexed.version.level.rank, -item.score))
        checked = (quoted(candidate.indexed, candidate.sentence) for candidate in [*chosen[:1], *reasons])
        return tuple(sentence for sentence in checked if sentence is not None)

    def coverage(self, question: str, text: str) -> float:
        """Share (0..1, by rarity) of the question's words that stand in a text."""
        return Asked(question, self._snapshot.lexical, self._snapshot.glossary).found_in(text)

    def asked_before(self, question: str, indexed: IndexedPassage) -> float:
        """How alike (0..1) the question is to the everyday questions its section says it answers; rarity-weighted Dice."""
        asked = set(danish.stems(question))
        return max((self._alike(asked, set(danish.stems(known))) for known in indexed.section.questions), default=0.0)

    def _alike(self, one: set[str], other: set[str]) -> float:
        rarity = self._snapshot.lexical.rarity
        total = sum(rarity(stem) for stem in one) + sum(rarity(stem) for stem in other)
        return 2 * sum(rarity(stem) for stem in one & other) / total if total else 0.0

    def candidates(self, question: str, found: Found) -> list[Candidate]:
        """Every sentence of the sections of the hits, weighed."""
        places = list(dict.fromkeys(hit.indexed.place for hit in found.hits))[:SECTIONS]
        if not places:
            return []
        asked = Asked(question, self._snapshot.lexical, self._snapshot.glossary)
        weights = MEANING if found.similarities else WORDS
        floor, top = min(found.scores.values()), max(found.scores.values())
        candidates = []
        for place in places:
            scores = {row: found.scores.get(row, floor) for row in self._by_section[place]}
            distance = max(scores.values()) - top
            known = self.asked_before(question, self._snapshot.passages[self._by_section[place][0]])
            for row, score in scores.items():
                indexed = self._snapshot.passages[row]
                for key, sentence in indexed.sentences:
                    if not _may_be_shown(sentence.text):
                        continue
                    reading = Reading(
                        found.similarities.get(key, 0.0),
                        asked.found_in(sentence.text),
                        score,
                        distance,
                        known,
                        float(sentence.text.startswith(("Ja,", "Nej,", "Ja:", "Nej:"))),
                    )
                    candidates.append(Candidate(indexed, sentence, reading, reading.log_odds(weights)))
        return candidates


def _may_be_shown(text: str) -> bool:
    return len(text) >= SHORT and not text.endswith((":", "?")) and not speaks_to_machine(text)


def _is_step(candidate: Candidate) -> bool:
    """Whether the sentence tells what to do."""
    return danish.words(candidate.sentence.text)[0] in _DO


def _chosen(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Best first, few per source, nothing said twice, nothing much weaker than the best."""
    chosen: list[Candidate] = []
    for candidate in candidates:
        if len(chosen) == SENTENCES or candidate.score < candidates[0].score - GAP:
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
