"""Fusion of scores by words and by meaning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import fusion
from rag.fusion import best, pooled

POOLS = st.dictionaries(
    st.integers(0, 40), st.integers(-500, 500).map(lambda value: value / 10), min_size=1, max_size=20
)


def fuse(lexical: dict[int, float], dense: dict[int, float]) -> dict[int, float]:
    return fusion.fuse([(1.0, lexical), (1.0, dense)])


def ranking(fused: dict[int, float]) -> list[int]:
    return sorted(fused, key=lambda row: (-round(fused[row], 6), row))


@given(POOLS, POOLS)
def test_every_row_of_either_pool_is_scored(lexical: dict[int, float], dense: dict[int, float]) -> None:
    assert fuse(lexical, dense).keys() == lexical.keys() | dense.keys()


@given(POOLS)
def test_words_alone_keep_their_order(lexical: dict[int, float]) -> None:
    fused = fuse(lexical, {})
    for one in lexical:
        for other in lexical:
            if lexical[one] > lexical[other]:
                assert fused[one] > fused[other]


@given(POOLS, POOLS)
def test_a_passage_best_in_both_comes_first(lexical: dict[int, float], dense: dict[int, float]) -> None:
    fused = fuse({**lexical, 99: max(lexical.values()) + 1}, {**dense, 99: max(dense.values()) + 1})
    assert ranking(fused)[0] == 99


@given(POOLS, POOLS, st.floats(0.5, 50), st.floats(-10, 10))
def test_the_scale_of_the_scores_does_not_matter(
    lexical: dict[int, float], dense: dict[int, float], factor: float, shift: float
) -> None:
    scaled = fuse({row: score * factor + shift for row, score in lexical.items()}, dense)
    assert scaled == pytest.approx(fuse(lexical, dense), abs=1e-4)


def test_a_row_outside_a_pool_gets_the_floor_of_that_pool() -> None:
    fused = fuse({1: 3.0, 2: 1.0}, {1: 0.9, 3: 0.5})
    assert fused == pytest.approx({1: 1.0, 2: -1.0, 3: -1.0})


def test_shares_weigh_and_an_empty_view_is_left_out() -> None:
    views = [(3.0, {1: 1.0, 2: 0.0}), (1.0, {1: 0.0, 2: 1.0}), (6.0, dict[int, float]())]
    assert fusion.fuse(views) == pytest.approx({1: 0.5, 2: -0.5})


def test_equal_scores_and_empty_pools_do_no_harm() -> None:
    assert pooled({}) == ({}, 0.0)
    assert fuse({1: 2.0, 2: 2.0}, {}) == {1: 0.0, 2: 0.0}
    assert fuse({}, {}) == {}


@given(st.lists(st.integers(-5, 5), max_size=40), st.integers(-1, 50))
def test_best_is_a_sort_with_ties_in_order_of_row(values: list[int], count: int) -> None:
    whole = sorted(range(len(values)), key=lambda row: (-values[row], row))
    found = best(np.array(values, np.float32), count)
    # Which of several equal rows is left out at the edge is not promised; their scores are.
    assert [values[row] for row in found] == [values[row] for row in whole[: max(count, 0)]]
    assert found == sorted(found, key=lambda row: (-values[row], row))
