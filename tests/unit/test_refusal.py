"""Refusal: more evidence never makes a refusal likelier."""

from hypothesis import given
from hypothesis import strategies as st

from rag.refusal import LOOK_AT, OPERATING_POINT, Evidence, confidence, evidence
from rag.retriever import Hit
from tests.fakes import indexed

SHARE = st.floats(0, 1)


def hit(coverage: float, similarity: float | None = None) -> Hit:
    return Hit(indexed("Du må bruge AI."), 0.0, coverage, similarity)


@given(SHARE, SHARE, SHARE, SHARE, SHARE | st.none())
def test_more_words_found_or_a_known_question_never_lowers_confidence(
    low: float, high: float, known: float, better_known: float, similarity: float | None
) -> None:
    low, high = sorted((low, high))
    known, better_known = sorted((known, better_known))
    assert confidence(Evidence(low, known, similarity)) <= confidence(Evidence(high, better_known, similarity))


@given(SHARE, SHARE, SHARE, SHARE)
def test_nearer_meaning_never_lowers_confidence(coverage: float, known: float, one: float, other: float) -> None:
    far, near = sorted((one, other))
    assert confidence(Evidence(coverage, known, far)) <= confidence(Evidence(coverage, known, near))


@given(SHARE, SHARE, SHARE | st.none())
def test_confidence_is_a_share(coverage: float, known: float, similarity: float | None) -> None:
    assert 0.0 <= confidence(Evidence(coverage, known, similarity)) <= 1.0


def test_nothing_found_is_refused() -> None:
    assert confidence(evidence([], 0.0)) < OPERATING_POINT


def test_all_words_and_a_known_question_are_answered() -> None:
    assert confidence(evidence([hit(1.0)], 1.0)) >= OPERATING_POINT


def test_the_best_of_the_first_hits_counts_and_later_hits_do_not() -> None:
    found = evidence([hit(0.2, 0.8), hit(0.6), hit(0.1, 0.9), hit(1.0, 1.0)], 0.4)
    assert LOOK_AT == 3
    assert found == Evidence(0.6, 0.4, 0.9)


def test_without_an_encoder_there_is_no_similarity() -> None:
    assert evidence([hit(0.5)], 0.0).similarity is None
