"""Refusal: whether what was found is close enough to the question to be shown as an answer.

A first rule: a logistic mix of three readings of the best hits. The weights are set by hand so that every reading pulls
the way it should. The operating point was chosen by eye on thirty everyday questions; a question set of our own will
calibrate it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.embeddings import EmbeddedE5
from rag.retriever import Hit

LOOK_AT = 3
CALIBRATED_FOR = EmbeddedE5.name


@dataclass(frozen=True)
class Evidence:
    """Readings of the best hits, each 0..1: words of the question found, likeness to a known question, similarity of meaning."""

    coverage: float
    known: float
    similarity: float | None


def evidence(hits: Sequence[Hit], known: float, *, calibrated: bool = True) -> Evidence:
    """The best reading of each kind among the first hits; `known` comes from the extractor.

    Similarity is read only from the model that the rule was made for (`calibrated`): a cosine of 0.5 is far for one and near
    for another.
    """
    first = hits[:LOOK_AT]
    similarities = [hit.similarity for hit in first if calibrated and hit.similarity is not None]
    return Evidence(max((hit.coverage for hit in first), default=0.0), known, max(similarities, default=None))


def confidence(found: Evidence) -> float:
    """How likely (0..1, not calibrated) it is that the sources answer."""
    value = 5.0 * (found.coverage - 0.60) + 3.0 * (found.known - 0.30)
    if found.similarity is not None:
        value += 25.0 * (found.similarity - 0.86)
    return 1.0 / (1.0 + math.exp(-value))


OPERATING_POINT = 0.6
