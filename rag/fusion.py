"""Fusion of lexical and dense scores by standardised scores over each one's best documents.

Standardising over the best `POOL` documents of each kind, with everything below set to that kind's floor, makes the mix
independent of how many documents there are. Measured against reciprocal rank fusion in the benchmark.
"""

from collections.abc import Mapping

import numpy as np

from rag.lexical import Scores

POOL = 300
DENSE_SHARE = 0.5


def best(scores: Scores, count: int) -> list[int]:
    """Rows of the `count` highest scores, best first; ties in order of row."""
    count = min(count, len(scores))
    if count <= 0:
        return []
    rows = np.argpartition(-scores, count - 1)[:count]
    return [int(row) for row in rows[np.lexsort((rows, -scores[rows]))]]


def pooled(scores: Mapping[int, float]) -> tuple[dict[int, float], float]:
    """Standardised scores of a pool and their floor, which every row outside the pool gets."""
    if not scores:
        return {}, 0.0
    values = np.fromiter(scores.values(), float)
    spread = max(float(values.std()), 1e-9)
    middle = float(values.mean())
    standard = {row: (score - middle) / spread for row, score in scores.items()}
    return standard, min(standard.values())


def fuse(lexical: Mapping[int, float], dense: Mapping[int, float]) -> dict[int, float]:
    """Fused score of every row in either pool. With no dense scores the lexical ones stand alone."""
    if not dense:
        return pooled(lexical)[0]
    by_word, word_floor = pooled(lexical)
    by_meaning, meaning_floor = pooled(dense)
    return {
        row: (1 - DENSE_SHARE) * by_word.get(row, word_floor) + DENSE_SHARE * by_meaning.get(row, meaning_floor)
        for row in by_word.keys() | by_meaning.keys()
    }
