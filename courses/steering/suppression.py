"""Groups of at least five behind every figure about scores.

A figure is only ever put together of whole blocks. A block is a group of at least five people, made once, when a month is
closed, and never changed or split afterwards; nobody is in two blocks of a course. Whatever is shown (a unit, a unit above it, a
day before or after, another filter) is a union of blocks, and so is everything that can be reckoned from any number of figures:
sums and differences of figures are sums and differences of blocks. No group of fewer than five can come out of it, and no cell
has to be hidden because of another one.

People wait for four others. At first among those of their own unit; for every few months that they have waited they are
counted one unit further up, so that nobody waits for ever in a small unit. Who is put together with whom depends on units and
months alone, never on a score: that a figure is missing tells nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

LEAST = 5
PATIENCE = 3  # months that somebody waits at one unit before she is counted at the unit above


@dataclass(frozen=True, slots=True)
class Score:
    """How one person did at her first try: `share` (0..1) of the marks. `month` is the first day of the month of the try;
    `key` names the try."""

    key: str
    unit_id: str
    month: date
    share: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A group of people that is never split. Everybody in it was in `unit_id` or below it at the time of the try."""

    unit_id: str
    month: date
    people: int
    shares: float
    passed: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """What may be shown of a group: how many people are behind it, their mean share and the share that passed (both 0..1)."""

    people: int
    mean: float
    passed: float


def close(month: date, waiting: Iterable[Score], parents: Mapping[str, str | None]) -> list[Block]:
    """The blocks that can be made of those who wait, when `month` (its first day) is over; the others go on waiting.

    `parents` gives the unit above each unit, as it was in that month. A unit it does not know is at the top.
    """
    standing: dict[str, list[Score]] = defaultdict(list)
    for score in waiting:
        if score.month <= month:
            standing[_above(score.unit_id, _months(score.month, month) // PATIENCE, parents)].append(score)
    return [_block(unit_id, month, scores) for unit_id, scores in sorted(standing.items()) if len(scores) >= LEAST]


def figure(blocks: Iterable[Block], units: set[str]) -> Figure | None:
    """The figure of some units: of the blocks that lie wholly in them. None when there is none yet."""
    inside = [block for block in blocks if block.unit_id in units]
    people = sum(block.people for block in inside)
    if people < LEAST:
        return None
    return Figure(
        people, sum(block.shares for block in inside) / people, sum(block.passed for block in inside) / people
    )


def _block(unit_id: str, month: date, scores: Sequence[Score]) -> Block:
    return Block(
        unit_id,
        month,
        len(scores),
        sum(score.share for score in scores),
        sum(score.passed for score in scores),
        tuple(score.key for score in scores),
    )


def _above(unit_id: str, levels: int, parents: Mapping[str, str | None]) -> str:
    for _ in range(levels):
        parent = parents.get(unit_id)
        if parent is None:
            break
        unit_id = parent
    return unit_id


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
