"""Words, stems and grams of Danish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import danish


@pytest.mark.parametrize(
    ("one", "other"),
    [("retningslinje", "retningslinjerne"), ("borger", "borgernes"), ("godkendt", "godkendte"), ("møde", "møderne")],
)
def test_inflections_share_a_stem(one: str, other: str) -> None:
    assert danish.stem(one) == danish.stem(other)


def test_words_are_lower_case_and_keep_danish_letters_and_numbers() -> None:
    assert danish.words("Må Ærø få ÅBEN AI-adgang i 2026?") == ["må", "ærø", "få", "åben", "ai", "adgang", "i", "2026"]


def test_the_words_that_rules_are_made_of_are_searched() -> None:
    assert danish.content_words("Må vi, kan vi, vil vi, skal vi?") == ["må", "kan", "vil", "skal"]


def test_filler_words_are_not_searched() -> None:
    assert danish.content_words("Hvad er det, og hvordan er det med en prompt?") == ["prompt"]


def test_grams_see_into_compounds() -> None:
    shared = set(danish.grams("analyse")) & set(danish.grams("konsekvensanalyse"))
    assert {"anal", "lyse", "alyse"} <= shared


def test_grams_survive_a_typing_error() -> None:
    right, wrong = set(danish.grams("databeskyttelse")), set(danish.grams("databeskytelse"))
    assert len(right & wrong) / len(right) > 0.5


def test_grams_of_different_words_do_not_meet() -> None:
    assert not set(danish.grams("møde")) & set(danish.grams("borger"))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=30))
def test_every_word_has_grams_that_mark_its_edges(word: str) -> None:
    grams = danish.grams(word)
    assert grams
    assert grams[0].startswith("_")
    assert any(gram.endswith("_") for gram in grams)
    assert all(gram in f"_{word}_" for gram in grams)
