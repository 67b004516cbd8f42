"""Danish sentences as exact spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import sentences, without_notes

PIECES = st.sampled_from(
    [
        "Du må bruge AI",
        "Spørg din leder",
        "jf. art. 5",
        "2. december 2027",
        "fx referater",
        ". ",
        "! ",
        "? ",
        "… ",
        ", ",
        "\n",
        " ",
        "(Kilde: K-1)",
        "(Kilde: GDPR art. 6(1)(e) – kontrolleres af jura; K-2)",
        "(fx her)",
        "”Citat.”",
        "10.000 kr.",
        "§ 3, stk. 2",
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=200)


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Reglerne gælder fra den 2. december 2027 i hele kommunen.",
        "Se art. 5, stk. 1, litra f, i forordningen.",
        "Brug det til fx referater, bl.a. på møder m.v. i udvalget.",
        "Det koster ca. 10.000 kr. om året.",
        "Det gælder jf. § 8 og evt. andre regler.",
        "Kontakt hr. Hansen eller dr. Jensen, hvis det haster.",
        "Version 1.2 er den nyeste.",
    ],
)
def test_abbreviations_dates_and_numbers_do_not_end_a_sentence(sentence: str) -> None:
    assert texts(sentence) == [sentence]


def test_each_mark_ends_a_sentence() -> None:
    assert texts("Må jeg det? Ja! Men spørg først. Og vent …") == [
        "Må jeg det?",
        "Ja!",
        "Men spørg først.",
        "Og vent …",
    ]


def test_a_line_break_ends_a_sentence() -> None:
    assert texts("Du skal:\nSpørg din leder\nVent på svar") == ["Du skal:", "Spørg din leder", "Vent på svar"]


def test_a_closing_quotation_mark_stays_with_its_sentence() -> None:
    assert texts("Hun sagde ”ja.” Han nikkede.") == ["Hun sagde ”ja.”", "Han nikkede."]


def test_the_remark_about_the_source_is_a_note_and_no_sentence() -> None:
    found = sentences("Du må bruge AI. Spørg først. (Kilde: GDPR art. 6(1)(e) – kontrolleres af jura; K-1)")
    assert [item.text for item in found] == ["Du må bruge AI.", "Spørg først."]
    assert {item.note for item in found} == {"(Kilde: GDPR art. 6(1)(e) – kontrolleres af jura; K-1)"}


def test_a_note_belongs_to_its_own_line() -> None:
    first, second = sentences("Du må bruge AI. (Kilde: K-1)\nSpørg først. (Kilde: K-2)")
    assert (first.note, second.note) == ("(Kilde: K-1)", "(Kilde: K-2)")


def test_text_is_searched_without_remarks() -> None:
    assert without_notes("Du må. (Kilde: art. 6(1)(e))\nIkke (fx) her.") == "Du må.\nIkke (fx) her."


@given(TEXTS)
def test_sentences_are_exact_spans_in_order(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text == sentence.text.strip() != ""
        assert "\n" not in sentence.text
        assert sentence.start >= end
        end = sentence.end


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    """Every letter outside the remarks stands in a sentence: nothing of a rule, least of all its "ikke", falls out."""
    kept = "".join(character for character in "".join(texts(text)) if character.isalnum())
    wanted = "".join(character for character in without_notes(text) if character.isalnum())
    assert kept == wanted
