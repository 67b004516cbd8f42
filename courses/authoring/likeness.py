"""Questions that are alike, found among thousands in a second: by the stems they share, rare ones weighing most.

The measure is the cosine of tf-idf weights.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from courses.authoring.readability import plain
from courses.authoring.wording import told
from courses.question import Matching, Ordering, Question
from rag import danish

NEAR = 0.6  # cosine of what two questions say in all, from which they are alike
ASKED_NEAR = 0.75  # the same for what is asked, without the options
LEAST_STEMS = 4  # two texts of fewer are alike by chance


@dataclass(frozen=True)
class Alike:
    """A question and one it is like; `share` is the cosine (0..1) of what they say in all."""

    question: Question
    other: Question
    share: float


def alike(questions: Sequence[Question], known: Sequence[Question] = ()) -> list[Alike]:
    """Each question with the one it is most like, among those before it and those `known`, where it is like one at all.

    A known question with the same id is the question itself as it was.
    """
    every = [*known, *questions]
    if not questions or len(every) < 2:
        return []
    start = len(known)
    whole = _nearness([told(one) for one in every], start)
    asked = _nearness(["" if isinstance(one, Matching | Ordering) else one.text for one in every], start)
    score = np.maximum(whole / NEAR, asked / ASKED_NEAR)
    found = []
    for row, question in enumerate(questions):
        before = score[row, : start + row]
        others = np.array([one.id != question.id for one in every[: start + row]], dtype=bool)
        best = int(np.argmax(before * others)) if before.size else 0
        if before.size and before[best] * others[best] >= 1.0:
            found.append(Alike(question, every[best], float(whole[row, best])))
    return found


def _nearness(texts: Sequence[str], start: int) -> Any:
    """Cosines (rows: the texts from `start` on; columns: all texts) of the weighted stems; 0 for texts of too few."""
    counts = [Counter(danish.stems(plain(text))) for text in texts]
    columns = {stem: number for number, stem in enumerate(dict.fromkeys(stem for count in counts for stem in count))}
    rows = np.repeat(np.arange(len(counts)), [len(count) for count in counts])
    places = np.fromiter((columns[stem] for count in counts for stem in count), dtype=np.int64)
    spread = np.bincount(places, minlength=len(columns))
    often = np.fromiter((value for count in counts for value in count.values()), dtype=np.float64)
    weights = (1 + np.log(often)) * np.log1p(len(texts) / spread[places])
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=len(texts)))
    enough = np.array([count.total() >= LEAST_STEMS for count in counts])
    unit = np.divide(enough, lengths, out=np.zeros(len(texts)), where=lengths > 0)
    matrix = csr_matrix((weights * unit[rows], (rows, places)), shape=(len(texts), len(columns) or 1))
    return (matrix[start:] @ matrix.T).toarray()
