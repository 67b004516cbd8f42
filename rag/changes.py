"""Paragraph differences between two versions of a source."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rag.danish import words
from rag.passages import text_hash

ALIKE = 0.5
LOOK_AHEAD = 20


@dataclass(frozen=True)
class Change:
    """A paragraph that came, went or was reworded; `before` or `after` is None where there is none."""

    kind: Literal["added", "removed", "changed"]
    before: str | None
    after: str | None


def changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """What happened to the paragraphs from one version to the next, in reading order. White space does not count."""
    matcher = SequenceMatcher(None, [text_hash(text) for text in before], [text_hash(text) for text in after], False)
    found: list[Change] = []
    for action, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if action != "equal":
            found += _paired(before[old_from:old_to], after[new_from:new_to])
    return found


def _paired(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """Reworded paragraphs find their predecessor by likeness among the next few; the rest came or went."""
    bags = [Counter(words(text)) for text in old]
    found: list[Change] = []
    start = 0
    for text in new:
        bag = Counter(words(text))
        nearby = range(start, min(start + LOOK_AHEAD, len(old)))
        likeness = {place: _likeness(bags[place], bag) for place in nearby}
        best = max(likeness, key=likeness.__getitem__, default=None)
        if best is None or likeness[best] < ALIKE:
            found.append(Change("added", None, text))
            continue
        found += [Change("removed", gone, None) for gone in old[start:best]]
        found.append(Change("changed", old[best], text))
        start = best + 1
    return found + [Change("removed", gone, None) for gone in old[start:]]


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice's coefficient of two bags of words, 0..1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0
