"""The dictionary widens what a person asks."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.glossary import SYNONYM_WEIGHT, Glossary, Term

GLOSSARY = Glossary(
    terms=(
        Term(term="konsekvensanalyse", synonyms=("DPIA",), definition="En analyse."),
        Term(term="stor sprogmodel", synonyms=("LLM",), definition="En model."),
        Term(term="voicebot", synonyms=("telefonrobot",), definition="En robot."),
    )
)


def test_an_abbreviation_finds_the_long_word() -> None:
    assert GLOSSARY.widen("Hvornår skal vi lave en DPIA?")["konsekvensanalyse"] == SYNONYM_WEIGHT


def test_the_long_word_finds_the_abbreviation_also_when_inflected() -> None:
    assert GLOSSARY.widen("Hvem laver konsekvensanalyserne?")["dpia"] == SYNONYM_WEIGHT


def test_what_the_person_wrote_always_weighs_most() -> None:
    query = GLOSSARY.widen("DPIA eller konsekvensanalyse")
    assert query["dpia"] == query["konsekvensanalyse"] == 1.0


def test_a_term_of_two_words_is_recognised_as_a_phrase_only() -> None:
    assert "llm" in GLOSSARY.widen("Hvad er en stor sprogmodel?")
    assert "llm" not in GLOSSARY.widen("Hvor stor er kommunens sprogmodel?")


def test_other_questions_are_left_alone() -> None:
    assert GLOSSARY.widen("Må jeg tage billeder?") == {"må": 1.0, "tage": 1.0, "billeder": 1.0}


def test_an_empty_glossary_widens_nothing() -> None:
    assert Glossary(terms=()).widen("DPIA") == {"dpia": 1.0}


def test_an_unknown_field_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "glossary.yaml").write_text("terms:\n  - {term: AI, defintion: tastefejl}\n", "utf-8")
    with pytest.raises(ValidationError):
        Glossary.load(tmp_path)
