"""The lexical index: which document comes first, and why."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.danish import content_words
from rag.lexical import LexicalIndex, standardised

FILLER = [{"body": f"Affald hentes om mandagen i område {number}."} for number in range(8)]


def first(documents: list[dict[str, str]], question: str) -> int:
    scores = LexicalIndex(documents).scores(question, dict.fromkeys(content_words(question), 1.0))
    return int(np.argmax(scores))


def test_the_document_with_the_words_comes_first() -> None:
    assert first([*FILLER, {"body": "Medarbejdere må bruge Copilot."}], "Må medarbejdere bruge Copilot?") == len(FILLER)


def test_an_inflected_word_is_found() -> None:
    assert first([*FILLER, {"body": "Retningslinjerne gælder alle."}], "retningslinje") == len(FILLER)


def test_part_of_a_compound_is_found() -> None:
    assert first([*FILLER, {"body": "Lav en konsekvensanalyse."}], "analysen") == len(FILLER)


def test_a_typing_error_is_forgiven() -> None:
    assert first([*FILLER, {"body": "Reglerne om databeskyttelse."}], "databeskytelse") == len(FILLER)


def test_a_question_of_the_section_weighs_more_than_the_body() -> None:
    in_body = {"body": "Optagelse af møder kræver besked til alle."}
    in_questions = {"body": "Alle skal have besked, det kræver omtanke.", "questions": "Optagelse af møder"}
    assert first([*FILLER, in_body, in_questions], "optagelse af møder") == len(FILLER) + 1


def test_a_word_nobody_uses_changes_nothing() -> None:
    index = LexicalIndex([*FILLER, {"body": "Medarbejdere må bruge Copilot."}])
    alone = index.scores("", {"copilot": 1.0})
    assert np.allclose(alone, index.scores("", {"copilot": 1.0, "qqqqq": 1.0}))


def test_a_synonym_counts_less_than_what_was_written() -> None:
    index = LexicalIndex([*FILLER, {"body": "Om voicebot."}, {"body": "Om biometri."}])
    scores = index.scores("", {"voicebot": 1.0, "biometri": 0.5})
    assert scores[len(FILLER)] > scores[len(FILLER) + 1] > scores[0]


def test_rare_words_are_rarer_than_common_ones_and_unknown_rarest() -> None:
    index = LexicalIndex([*FILLER, {"body": "Medarbejdere må bruge Copilot."}])
    assert index.rarity("affald") < index.rarity("copilot") < index.rarity("qqqqq")


def test_an_empty_index_answers() -> None:
    assert LexicalIndex([]).scores("copilot", {"copilot": 1.0}).tolist() == []


def test_a_question_of_stop_words_ranks_nothing() -> None:
    assert LexicalIndex(FILLER).scores("", {}).tolist() == [0.0] * len(FILLER)


SCORES = st.lists(st.floats(-1000, 1000, width=32), min_size=1, max_size=50)


@given(SCORES)
def test_standardised_scores_have_mean_0_and_keep_the_order(values: list[float]) -> None:
    scores = np.array(values, np.float32)
    result = standardised(scores)
    assert np.isfinite(result).all()
    assert abs(float(result.mean())) < 1e-2
    order = np.argsort(scores, kind="stable")
    assert (np.diff(result[order]) >= -1e-3).all()  # what float32 rounds off beside large numbers
