"""Refusal: more evidence never makes a refusal likelier."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import refusal
from rag.extract import Extractor
from rag.refusal import READINGS, Evidence, answers, confidence, evidence
from rag.retriever import Found, Retriever
from tests.fakes import indexed, snapshot

SHARE = st.floats(0, 1)
SEEN = st.builds(Evidence, **dict.fromkeys(READINGS, SHARE)) | st.builds(
    Evidence, **dict.fromkeys(READINGS[:-2], SHARE)
)
AGAINST = ("fact", "strangers", "untold")
PASSAGES = [
    indexed(
        "Lydfilen slettes, når referatet er godkendt.", heading="Lydfiler", questions=["Hvornår slettes lydfilen?"]
    ),
    indexed("Kommunen afprøver Copilot i et pilotforløb.", heading="Copilot"),
]


def seen(question: str) -> Evidence:
    shot = snapshot(PASSAGES)
    return evidence(question, Retriever(shot).look(question, 12), Extractor(shot))


@given(SEEN, st.sampled_from(READINGS), SHARE)
def test_no_reading_pulls_the_wrong_way(one: Evidence, reading: str, value: float) -> None:
    other = replace(one, **{reading: max(value, getattr(one, reading))})
    if other.with_meaning != one.with_meaning:
        return
    if reading in AGAINST:
        assert confidence(other) <= confidence(one)
    else:
        assert confidence(other) >= confidence(one)


@given(SEEN)
def test_confidence_is_a_share(one: Evidence) -> None:
    assert 0.0 <= confidence(one) <= 1.0


def test_nothing_found_is_refused() -> None:
    shot = snapshot(PASSAGES)
    nothing = evidence("Må vi det?", Found([], {}, {}, 0.0), Extractor(shot))
    assert not answers(nothing)


def test_all_words_and_a_known_question_are_answered() -> None:
    assert answers(replace(seen("Hvornår slettes lydfilen?"), fact=0.0, length=0.3))


def test_a_name_that_is_nowhere_counts_against() -> None:
    assert seen("Hvornår slettes lydfilen i Copilot?").strangers == 0.0
    assert seen("Hvornår slettes lydfilen i Zephyr?").strangers == 1.0


@pytest.mark.parametrize("question", ["Hvem ejer Copilot?", "Hvor mange bruger Copilot?", "Hvornår kom Copilot?"])
def test_a_question_for_one_fact_is_seen(question: str) -> None:
    assert seen(question).fact == 1.0
    assert seen("Må vi bruge Copilot?").fact == 0.0


def test_cosines_of_another_model_are_not_read() -> None:
    shot = snapshot(PASSAGES)
    found = replace(Retriever(shot).look("Copilot", 5), similarities=dict.fromkeys(shot.details_to_encode(), 0.9))
    assert evidence("Copilot", found, Extractor(shot)).sentence == 0.9
    assert not evidence("Copilot", found, Extractor(shot), calibrated=False).with_meaning


def test_words_alone_have_a_rule_of_their_own() -> None:
    assert refusal.rule(seen("Hvornår slettes lydfilen?")) is refusal.WORDS
