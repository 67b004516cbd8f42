"""LIX: the formula, and what is no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring.readability import plain, readability


def test_the_formula_of_bjornsson() -> None:
    counted = readability("Kommunen skal give besked. Du må gerne spørge først.")
    # 9 words, 2 sentences, 1 word of more than six letters (Kommunen)
    assert (counted.words, counted.sentences, counted.long_words) == (9, 2, 1)
    assert counted.lix == pytest.approx(9 / 2 + 100 * 1 / 9)


@pytest.mark.parametrize(
    ("text", "danish"),
    [
        ("Du må se en kat. Den er rød.", "meget let, som en børnebog"),
        (
            "Databehandleraftalen forpligter leverandøren kontraktmæssigt.",
            "meget svær, som en lovtekst eller en afhandling",
        ),
    ],
)
def test_the_classes_are_told_in_words(text: str, danish: str) -> None:
    assert readability(text).danish == danish


def test_six_letters_are_not_long_and_a_hyphen_is_no_letter() -> None:
    assert readability("Borger borgere AI-net").long_words == 1


def test_abbreviations_and_dates_end_no_sentence() -> None:
    assert readability("Reglen gælder fra 2. december 2027, jf. loven. Den er ny.").sentences == 2


def test_markdown_pictures_and_gaps_are_no_text() -> None:
    markdown = (
        "## Regler\n\n> [!husk]\n> Du **skal** spørge [din leder](https://eksempel.dk/en/meget/lang/adresse).\n\n"
        "![Et billede](data:image/svg+xml;base64,PHN2ZyB4bWxucz0i)\n\n- Først {{gap}}\n\n"
        "| Dato | Regel |\n|---|---|\n| I dag | Ny |"
    )
    assert plain(markdown).split() == "Regler Du skal spørge din leder. Først Dato Regel I dag Ny".split()


def test_an_item_and_a_heading_end_a_sentence() -> None:
    assert readability("# Husk\n\n1. Spørg din leder\n2. Læs svaret").sentences == 3


@pytest.mark.parametrize("text", ["", "   ", "![x](y.png)", "{{a}}", "---\n***"])
def test_a_text_without_words_has_no_index(text: str) -> None:
    assert readability(text).lix == 0.0


@given(st.text(max_size=300))
def test_any_text_is_counted(text: str) -> None:
    counted = readability(text)
    assert 0 <= counted.long_words <= counted.words
    assert counted.sentences <= counted.words
    assert counted.lix >= 0.0


@given(st.lists(st.sampled_from(["kat", "borgeren", "må"]), min_size=1, max_size=8), st.integers(2, 5))
def test_saying_it_again_is_no_harder_to_read(words: list[str], times: int) -> None:
    sentence = f"Ja {' '.join(words)}. "
    assert readability(sentence * times).lix == pytest.approx(readability(sentence).lix)
