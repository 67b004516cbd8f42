"""Typing errors in questions are put right by the sources; what is right stays as it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.spelling import Spelling

PUBLISHED = (
    "Kommunen skal journalisere prompten, når den har betydning for sagen. Et databrud skal anmeldes til Datatilsynet.",
    "Et databrud anmeldes inden 72 timer. Tavshedspligten gælder også, når du skriver med kunstig intelligens.",
    "Nøglepersoner i kommunen bruger Copilot og ChatGPT. Nøglepersoner underviser kolleger i Copilot.",
)
SPELLING = Spelling(PUBLISHED)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("skal promten jornaliseres", "skal prompten journaliseres"),
        ("hvad er kunstig inteligens", "hvad er kunstig intelligens"),
        ("skal et data brud anmældes", "skal et databrud anmeldes"),
        ("hvem er nøgle personer i komunen", "hvem er nøglepersoner i kommunen"),
        ("Komunen og Copilto", "Kommunen og Copilto"),
    ],
)
def test_slips_are_put_right(written: str, meant: str) -> None:
    spelling = Spelling((*PUBLISHED, "De journaliseres. Det skal anmeldes."))
    assert spelling.corrected(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        "Hvorfor stoppede Uddevalla med Copilot igen?",  # a name, and a verb beside one
        "Skal min bil til syn i dag?",  # ordinary Danish that no source has
        "Må jeg bruge børnehavebordet?",  # a compound nobody lists
        "AI og KL og FRIA",  # too short to be sure of
        "Kan Datatilsynet sige nej?",
        "",
        "???",
    ],
)
def test_what_is_right_stays(written: str) -> None:
    assert SPELLING.corrected(written) == written


def test_the_sources_own_words_stay() -> None:
    for text in PUBLISHED:
        assert SPELLING.corrected(text) == text


@given(st.text(max_size=200))
def test_any_text_is_survived_and_keeps_what_is_no_word(text: str) -> None:
    corrected = SPELLING.corrected(text)
    assert [mark for mark in corrected if not mark.isalpha() and mark != " "] == [
        mark for mark in text if not mark.isalpha() and mark != " "
    ]
