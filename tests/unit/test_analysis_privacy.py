"""No views of an analysis can be subtracted to the figures of fewer than five people."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from courses.analysis_privacy import Flags, separable, shown_items


@pytest.mark.parametrize(
    ("people", "offered"),
    [({1: 30}, (1,)), ({1: 30, 2: 9}, (1,)), ({1: 30, 2: 4}, ()), ({1: 30, 2: 12, 3: 2}, (1,)), ({}, ())],
)
def test_too_few_in_other_versions_are_not_left_over(people: dict[int, int], offered: tuple[int, ...]) -> None:
    versions = np.array([number for number, count in people.items() for _ in range(count)], np.int64)
    assert separable(np.ones((len(versions), 2), bool), versions) == offered


def test_a_question_that_few_drew_in_another_version_is_not_left_over() -> None:
    held = np.ones((27, 2), bool)
    versions = np.array([1] * 15 + [2] * 12)
    assert separable(held, versions) == (1, 2)
    held[15:24, 1] = False  # of twelve in version two, three drew the second question
    assert separable(held, versions) == ()
    assert shown_items(held).tolist() == [True, True]


def test_a_question_that_few_had_is_not_left_over_from_the_whole() -> None:
    held = np.ones((20, 3), bool)
    held[4:, 2] = False
    assert shown_items(held).tolist() == [False, True, False]
    assert shown_items(held[:, :2]).tolist() == [True, True]


@given(
    arrays(bool, st.tuples(st.integers(0, 60), st.integers(1, 3)), elements=st.booleans(), fill=st.just(True)),
    st.integers(1, 3),
    st.randoms(use_true_random=False),
)
def test_an_attacker_with_all_views_learns_of_nobody(held: Flags, count: int, chance: Random) -> None:
    """Sums of each question over all versions and in single ones, and of all questions together, subtracted in every way."""
    versions = np.array([chance.randint(1, count) for _ in range(len(held))], np.int64)
    everybody = shown_items(held)
    assert not _few(held[:, ~everybody].sum(axis=1) > 0) or held.any(axis=1).sum() < 5  # of whom nothing is told at all
    offered = separable(held, versions)
    for some in (some for size in range(1, len(offered) + 1) for some in combinations(offered, size)):
        rest = ~np.isin(versions, some)
        assert not _few(rest)
        for column in range(held.shape[1]):
            assert not _few(held[~rest, column])
            assert not _few(held[rest, column]) or held[:, column].sum() < 5


def _few(people: Flags) -> bool:
    return 0 < int(people.sum()) < 5
