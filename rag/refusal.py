"""Refusal: whether what was found is close enough to the question to be shown as an answer.

A logistic mix of readings that go beyond the top score, with one set of weights where meaning is searched and one where words
stand alone. Weights and operating points are found on the questions of our own in `tests/data` by
`python -m benchmarks own`, which also draws the risk-coverage curve.
"""

import math
from dataclasses import astuple, dataclass, fields

from rag import danish, wanted
from rag.encoder import EMBEDDED
from rag.extract import Extractor
from rag.retriever import Found

LOOK_AT = 3
LONG = 20
WHOLE = 0.99
ENOUGH = 2 / LONG
CALIBRATED_FOR = EMBEDDED


@dataclass(frozen=True)
class Evidence:
    """Readings of a search. `coverage`: share of the question's words in the best hit; `together`: in the first three;
    `asked_before`: likeness by words to a known question; `agreement` of words and meaning; `length` of the question in content
    words (1 is `LONG`); `fact`: whether one fact is asked for; `strangers`: share of its names that are not found together;
    `untold`: whether the fact asked for has a form that the first three do not show; `sentence` and `known`: cosines of the best
    sentence and the best known question, 0 where meaning is not searched or its scale is not known. All 0..1."""

    coverage: float
    together: float
    asked_before: float
    agreement: float
    length: float
    fact: float
    strangers: float
    untold: float
    sentence: float = 0.0
    known: float = 0.0

    @property
    def with_meaning(self) -> bool:
        """Whether meaning was read, too."""
        return self.sentence > 0


@dataclass(frozen=True)
class Rule:
    """Weights of the readings, the constant of the sum, and the confidence from which an answer is shown."""

    weights: Evidence
    constant: float
    operating_point: float

    def confidence(self, evidence: Evidence) -> float:
        """How likely (0..1) it is that the sources answer, among questions like those of the calibration."""
        pairs = zip(astuple(evidence), astuple(self.weights), strict=True)
        return 1.0 / (1.0 + math.exp(-self.constant - sum(value * weight for value, weight in pairs)))


READINGS = tuple(field.name for field in fields(Evidence))
MEANING = Rule(Evidence(0.48, 0.88, 0.62, 0.7, 4.39, -1.54, -1.66, -0.98, 20.1, 19.89), -36.68, 0.61)
WORDS = Rule(Evidence(0.73, 1.18, 2.0, 0.0, 6.39, -1.34, -1.89, -1.6), -2.42, 0.54)


def evidence(question: str, found: Found, extractor: Extractor, *, calibrated: bool = True) -> Evidence:
    """The readings of what was found for a question.

    Cosines are read only from the model that the weights were made for (`calibrated`): 0.5 is far for one and near for another.
    """
    hits, first = found.hits, found.hits[:LOOK_AT]
    texts = [hit.indexed.searched for hit in first]
    cosines = found.similarities if calibrated else {}
    sentence = [cosines[key] for hit in hits for key, _ in hit.indexed.sentences if key in cosines]
    known = [cosines[key] for hit in hits for key in hit.indexed.question_keys if key in cosines]
    return Evidence(
        coverage=max((hit.coverage for hit in first), default=0.0),
        together=extractor.coverage(question, " ".join(texts)),
        asked_before=max((extractor.asked_before(question, hit.indexed) for hit in first), default=0.0),
        agreement=found.agreement if cosines else 0.0,
        length=min(len(danish.content_words(question)) / LONG, 1.0),
        fact=float(wanted.fact(question)),
        strangers=wanted.strangers(question, texts),
        untold=float(wanted.untold(question, [hit.indexed.body for hit in first])),
        sentence=max(sentence, default=0.0),
        known=max(known, default=0.0),
    )


def rule(seen: Evidence) -> Rule:
    """The rule for what could be read."""
    return MEANING if seen.with_meaning else WORDS


def confidence(seen: Evidence) -> float:
    """How likely (0..1) it is that the sources answer."""
    return rule(seen).confidence(seen)


def answers(seen: Evidence) -> bool:
    """Whether an answer is shown.

    A question whose every word stands in one place is answered whatever the rule says; where meaning is searched only when it
    has words enough (two) for that to say anything.
    """
    if seen.coverage >= WHOLE and (seen.length >= ENOUGH or not seen.with_meaning):
        return True
    return confidence(seen) >= rule(seen).operating_point
