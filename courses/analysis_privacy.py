"""What of an analysis may be shown, so that no difference of figures speaks of fewer than five people.

Figures can be subtracted in two ways: some versions from all of them, and the questions that are shown from the whole quiz. In
what is left over each time, every question must speak of nobody or of at least five people.
"""

import numpy as np
from numpy.typing import NDArray

from courses.item_findings import FACILITY_FROM, FEWEST

Flags = NDArray[np.bool_]


def separable(held: Flags, versions: NDArray[np.int64]) -> tuple[int, ...]:
    """The versions that may be looked at alone.

    `held` tells which attempts (rows) have a mark for which question (columns); `versions` is the version of each attempt.
    """
    numbers, people = np.unique(versions, return_counts=True)
    cells = np.array([held[versions == number].sum(axis=0) for number in numbers]).reshape(len(numbers), held.shape[1])
    together = cells.sum(axis=0) >= FEWEST  # nothing is ever told of the others, in any view
    offered = [place for place in np.argsort(-people) if people[place] >= FACILITY_FROM and not _few(cells[place])]
    while offered:
        left = np.delete(np.arange(len(numbers)), offered)
        if not _few(cells[left].sum(axis=0)[together]) and not _few(people[left].sum(keepdims=True)):
            break
        offered.pop()
    return tuple(sorted(int(numbers[place]) for place in offered))


def shown_items(held: Flags) -> Flags:
    """Which questions of a view may be shown, one flag a column: each that enough people have a mark for, but for the smallest
    where the others would be told by the whole."""
    counts = held.sum(axis=0)
    shown: Flags = counts >= FEWEST
    for column in np.argsort(counts):
        if not _few(held[:, ~shown].any(axis=1).sum(keepdims=True)):
            break
        shown[column] = False
    return shown


def _few(people: NDArray[np.int64]) -> bool:
    return bool(((people > 0) & (people < FEWEST)).any())
