"""Paragraph differences between two versions of a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from rag.passages import text_hash

ALIKE = 0.5


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
            found += _paired(list(before[old_from:old_to]), list(after[new_from:new_to]))
    return found


def _paired(old: list[str], new: list[str]) -> list[Change]:
    """Reworded paragraphs find their predecessor by likeness; the rest came or went."""
    found: list[Change] = []
    for text in new:
        best = max(old, key=lambda candidate: _likeness(candidate, text), default=None)
        if best is not None and _likeness(best, text) >= ALIKE:
            skipped = old[: old.index(best)]
            found += [Change("removed", gone, None) for gone in skipped]
            old = old[len(skipped) + 1 :]
            found.append(Change("changed", best, text))
        else:
            found.append(Change("added", None, text))
    return found + [Change("removed", gone, None) for gone in old]


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), False).ratio()
