"""Questions as employees type them: what must be stopped is stopped, what must pass passes."""

import hashlib

import pytest

from rag import privacy
from rag.privacy.evaluation import Case, load_cases, measured
from settings import ROOT

CASES = load_cases(ROOT / "tests" / "data" / "privacy_cases.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_stopped_or_passes(case: Case) -> None:
    found = privacy.count(case.text)
    if case.must_pass:
        assert found == {}
    else:
        assert set(case.expected) <= set(found)
        assert privacy.find(privacy.cleaned(case.text)) == []


def test_the_shares_hold() -> None:
    for held_back in (None, True):
        assert measured(CASES, must_pass=False, held_back=held_back).percent >= 98
        assert measured(CASES, must_pass=True, held_back=held_back).percent >= 95


def test_there_are_enough_cases_half_of_them_to_pass_and_every_fifth_is_held_back() -> None:
    passing = [case for case in CASES if case.must_pass]
    assert len(CASES) >= 220
    assert 0.4 <= len(passing) / len(CASES) <= 0.6
    assert len({case.id for case in CASES}) == len({case.text for case in CASES}) == len(CASES)
    for case in CASES:
        fifth = int(hashlib.sha256(case.id.encode()).hexdigest(), 16) % 5 == 0
        assert case.held_back == (fifth and "-later-" not in case.id)
