"""No group of fewer than five can be reckoned from figures about scores: tests that play the attacker.

The attacker knows who works where, who is behind each figure, and all figures of every unit after every month. She holds two
figures against each other, and solves all of them as linear equations. The same attacker is set on figures that are only hidden
when they are small, to show that she finds what can be found.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.steering.suppression import LEAST, PATIENCE, Block, Score, close, figure

PAIRS = 10_000


@dataclass
class World:
    """A tree of units that changes, people who try month after month, and what has been published so far."""

    chance: Random
    parents: dict[str, str | None] = field(default_factory=dict)
    waiting: list[Score] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    people: list[Score] = field(default_factory=list)
    published: list[frozenset[str]] = field(default_factory=list)
    naive: list[frozenset[str]] = field(default_factory=list)

    def below(self, top: str) -> set[str]:
        return {unit for unit in self.parents if top in self.above(unit)}

    def above(self, unit: str | None) -> list[str]:
        path = []
        while unit is not None:
            path.append(unit)
            unit = self.parents.get(unit)
        return path

    def grow(self, units: int) -> None:
        for number in range(units):
            known = list(self.parents)
            self.parents[f"u{number}"] = self.chance.choice(known[-8:]) if known else None

    def move_a_unit(self) -> None:
        """A unit gets another parent, as in a reorganisation."""
        unit = self.chance.choice(list(self.parents))
        allowed = [one for one in self.parents if one not in self.below(unit)]
        if allowed and self.parents[unit] is not None:
            self.parents[unit] = self.chance.choice(allowed)

    def live(self, months: int, most: int) -> None:
        for number in range(months):
            month = date(2024 + number // 12, number % 12 + 1, 1)
            for _ in range(self.chance.randint(0, most)):
                unit = self.chance.choice(list(self.parents))
                share = self.chance.random()
                score = Score(f"p{len(self.people)}", unit, month, share, share > 0.6)
                self.people.append(score)
                self.waiting.append(score)
            self.close(month)
            if self.chance.random() < 0.2:
                self.move_a_unit()
            self.publish()

    def close(self, month: date) -> None:
        made = close(month, self.waiting, self.parents)
        gone = {key for block in made for key in block.keys}
        self.waiting = [score for score in self.waiting if score.key not in gone]
        self.blocks += made

    def publish(self) -> None:
        """Everything that anybody could export today, by who is behind it: every unit, in any of the months so far."""
        months = sorted({block.month for block in self.blocks})
        for unit in self.parents:
            units = self.below(unit)
            for since in (months[0], self.chance.choice(months)) if months else ():
                chosen = [block for block in self.blocks if block.month >= since]
                if figure(chosen, units) is not None:
                    inside = [block for block in chosen if block.unit_id in units]
                    self.published.append(frozenset(key for block in inside for key in block.keys))
            everybody = frozenset(score.key for score in self.people if score.unit_id in units)
            if len(everybody) >= LEAST:
                self.naive.append(everybody)


def world(seed: int) -> World:
    chance = Random(seed)  # noqa: S311  repeatable worlds, no secret
    made = World(chance)
    made.grow(chance.randint(2, 40))
    made.live(chance.randint(2, 14), chance.choice((3, 12, 40)))
    return made


def small_in_pairs(figures: list[frozenset[str]], chance: Random, pairs: int) -> int:
    """How many of some random pairs give away a group smaller than five, by subtraction or by what they have in common."""
    found = 0
    for _ in range(pairs):
        one, other = chance.choice(figures), chance.choice(figures)
        if other <= one or one <= other:
            found += 0 < abs(len(one) - len(other)) < LEAST
        found += not one.isdisjoint(other) and 0 < len(one ^ other) < LEAST
    return found


def smallest_derivable(figures: Iterable[frozenset[str]], people: list[Score]) -> int | None:
    """The size of the smallest group that any sum and difference of the figures, with whatever factors, can be about.

    A combination of figures counts people alike who are behind just the same figures. So nothing smaller than the smallest
    such class of people can be told apart.
    """
    rows = list(set(figures))
    column = Counter(tuple(person.key in row for row in rows) for person in people)
    return min((size for pattern, size in column.items() if any(pattern)), default=None)


def test_no_pair_of_exports_gives_away_a_small_group() -> None:
    pairs, small, naive = 0, 0, 0
    for seed in count():
        if pairs >= PAIRS:
            break
        made = world(seed)
        chance = Random(1000 + seed)  # noqa: S311  repeatable attacks, no secret
        if len(made.published) > 1:
            pairs += 100
            small += small_in_pairs(made.published, chance, 100)
            naive += small_in_pairs(made.naive, chance, 100)
    assert small == 0
    assert naive > 100, "the attacker finds nothing even where there is something to find"


@given(st.integers(0, 10**9))
def test_no_set_of_exports_gives_away_a_small_group(seed: int) -> None:
    made = world(seed)
    smallest = smallest_derivable(made.published, made.people)
    assert smallest is None or smallest >= LEAST


def test_the_same_equations_break_figures_that_are_only_hidden_when_small() -> None:
    sizes = [smallest_derivable(made.naive, made.people) for made in map(world, range(30))]
    assert sum(size is not None and size < LEAST for size in sizes) > 20


def test_nobodys_score_solves_the_equations() -> None:
    """The shares themselves: no single person's is determined by all published sums together."""
    for seed in range(40):
        made = world(seed)
        if not made.published:
            continue
        rows = np.array([[person.key in row for person in made.people] for row in set(made.published)], float)
        rank = np.linalg.matrix_rank(rows)
        for place in range(0, len(made.people), 7):
            alone = np.eye(len(made.people))[place]
            assert np.linalg.matrix_rank(np.vstack([rows, alone])) == rank + 1


@given(st.integers(0, 10**9))
def test_nobody_is_counted_twice_and_nobody_is_lost(seed: int) -> None:
    made = world(seed)
    counted = [key for block in made.blocks for key in block.keys]
    waiting = [score.key for score in made.waiting]
    assert Counter(counted + waiting) == Counter(person.key for person in made.people)
    assert all(block.people == len(block.keys) >= LEAST for block in made.blocks)


@given(st.integers(0, 10**9))
def test_who_is_put_together_depends_on_no_score(seed: int) -> None:
    """That a figure is there or missing must tell nothing of how people did."""
    made, other = world(seed), world(seed)
    turned = [Score(one.key, one.unit_id, one.month, 1 - one.share, not one.passed) for one in other.people]
    month = max((one.month for one in made.people), default=date(2024, 1, 1))
    before = [block.keys for block in close(month, made.people, made.parents)]
    assert before == [block.keys for block in close(month, turned, made.parents)]


PARENTS = {"by": None, "skole": "by", "klub": "skole"}


def scores(number: int, unit: str = "klub", month: date = date(2026, 1, 1)) -> list[Score]:
    return [Score(f"{unit}{place}{month}", unit, month, 0.5 + place / 20, place % 2 == 0) for place in range(number)]


def test_five_of_a_unit_get_a_figure_of_their_own_when_the_month_is_over() -> None:
    blocks = close(date(2026, 1, 1), scores(5), PARENTS)
    assert [block.unit_id for block in blocks] == ["klub"]
    found = figure(blocks, {"klub"})
    assert found is not None
    assert (found.people, round(found.mean, 6), found.passed) == (5, 0.6, 0.6)
    assert figure(blocks, {"skole"}) is None
    assert close(date(2025, 12, 1), scores(5), PARENTS) == []


def test_four_wait_at_their_unit_and_are_then_counted_further_up() -> None:
    waiting = scores(4) + scores(1, "skole")
    assert close(date(2026, PATIENCE, 1), waiting, PARENTS) == []
    assert [block.unit_id for block in close(date(2026, 1 + 2 * PATIENCE, 1), waiting, PARENTS)] == ["by"]


def test_a_fifth_colleague_in_time_keeps_them_in_their_own_unit() -> None:
    waiting = scores(4) + scores(1, month=date(2026, 2, 1))
    assert [block.unit_id for block in close(date(2026, 2, 1), waiting, PARENTS)] == ["klub"]


@pytest.mark.parametrize("number", range(LEAST))
def test_fewer_than_five_are_never_shown(number: int) -> None:
    assert figure(close(date(2030, 1, 1), scores(number), PARENTS), set(PARENTS)) is None
