"""Fusion of lexical and dense scores by standardised scores over each one's best documents.

Standardising over the best `POOL` documents of each kind, with everything below set to that kind's floor, makes the mix
independent of how many documents there are. Measured against reciprocal rank fusion in the benchmark.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from rag.lexical import Scores

POOL = 300


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


def fuse(views: Sequence[tuple[float, Mapping[int, float]]]) -> dict[int, float]:
    """Fused score of every row in any of the views, each a share and the scores of its pool.

    A view without scores is left out, and the shares of the others are made to fill 1.
    """
    present = [(share, *pooled(scores)) for share, scores in views if scores]
    whole = sum(share for share, _, _ in present)
    rows = {row for _, standard, _ in present for row in standard}
    return {row: sum(share / whole * standard.get(row, floor) for share, standard, floor in present) for row in rows}
