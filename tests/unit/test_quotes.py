"""The quote check: a quote or nothing."""

from hypothesis import assume, given
from hypothesis import strategies as st

from rag.quotes import folded, stands_in

RULE = "Du må ikke bruge AI til afgørelser. Adgangen lukkes efter 90 dage, jf. art. 5(1)."
WORDS = st.lists(
    st.sampled_from("du må kun bruge ai når lederen har godkendt det efter 90 dage art. 5 2027".split()), min_size=2
)
SPACE = st.text(alphabet=" \n\t\u00a0", min_size=1, max_size=4)


def test_a_piece_of_the_text_stands() -> None:
    assert stands_in("Du må ikke bruge AI til afgørelser.", RULE)


def test_white_space_does_not_count() -> None:
    assert stands_in("Du må\nikke  bruge\tAI", RULE)


def test_an_empty_quote_stands_nowhere() -> None:
    assert not stands_in("", RULE)
    assert not stands_in(" \n ", RULE)


def test_left_out_and_inserted_words_are_rejected() -> None:
    assert not stands_in("Du må bruge AI til afgørelser.", RULE)
    assert not stands_in("Adgangen lukkes ikke efter 90 dage", RULE)


def test_two_sentences_put_together_are_rejected() -> None:
    assert not stands_in("Du må ikke bruge AI til afgørelser. Jf. art. 5(1).", RULE)


def test_case_and_punctuation_count() -> None:
    assert not stands_in("du må ikke bruge ai", RULE)
    assert not stands_in("efter 90 dage. jf.", RULE)


@given(WORDS, st.data())
def test_any_piece_stands_whatever_its_white_space(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    piece = words[start]
    for word in words[start + 1 : end]:
        piece += data.draw(SPACE) + word
    assert stands_in(piece, " ".join(words))


@given(WORDS, st.data())
def test_a_changed_digit_is_rejected(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    places = [place for place, character in enumerate(text) if character.isdigit()]
    assume(places)
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != text[place]))
    assert not stands_in(text[:place] + other + text[place + 1 :], text)


@given(WORDS, st.data())
def test_an_inserted_ikke_is_rejected(words: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(words)))
    assert not stands_in(" ".join([*words[:place], "ikke", *words[place:]]), " ".join(words))


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
