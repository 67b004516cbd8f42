"""Grading: what holds for every kind of question, and the examples that are easy to get wrong in Danish."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.errors import InvalidResponse
from courses.grading import State, grade, number
from courses.question import Accepted, MultipleChoice, Numeric, Ordering, Question, ShortText, Tick
from courses.question import Figure as Number
from courses.question import Item as Thing
from courses.response import checked
from tests.small_course import QUESTIONS, RIGHT

AUTOMATIC = sorted(RIGHT)


def answers(question: Question) -> st.SearchStrategy[Any]:
    """Answers of the right form for a question, right and wrong ones, and blanks."""
    match question.type:
        case "single":
            return st.sampled_from([None, *(option.id for option in question.options)])
        case "multiple":
            return st.none() | st.lists(st.sampled_from([option.id for option in question.options]))
        case "true_false":
            return st.sampled_from([None, True, False])
        case "matching":
            choices = st.none() | st.sampled_from(question.choices)
            return st.none() | st.fixed_dictionaries({}, optional={pair.id: choices for pair in question.pairs})
        case "ordering":
            ids = [item.id for item in question.items]
            return st.none() | st.lists(st.none() | st.sampled_from(ids), min_size=len(ids), max_size=len(ids))
        case "cloze":
            return st.none() | st.fixed_dictionaries(
                {}, optional={"t": st.text(max_size=5), "w": st.sampled_from(["dt", "kl"])}
            )
    return st.none() | st.text(max_size=20)


@given(st.sampled_from(AUTOMATIC).flatmap(lambda key: st.tuples(st.just(key), answers(QUESTIONS[key]))))
def test_a_fraction_lies_between_nothing_and_everything(pair: tuple[str, Any]) -> None:
    key, response = pair
    question = QUESTIONS[key]
    given_ = grade(question, checked(question, response))
    assert given_.fraction is not None
    assert 0.0 <= given_.fraction <= 1.0
    assert (given_.fraction == 1.0) == (given_.state is State.CORRECT)
    assert (given_.state is State.BLANK) == (checked(question, response) is None)


@pytest.mark.parametrize("key", AUTOMATIC)
def test_the_right_answer_gives_everything(key: str) -> None:
    question = QUESTIONS[key]
    assert grade(question, checked(question, RIGHT[key])).state is State.CORRECT


@pytest.mark.parametrize("key", AUTOMATIC)
def test_a_blank_is_not_a_wrong_answer(key: str) -> None:
    assert grade(QUESTIONS[key], None).state is State.BLANK


@given(st.lists(st.booleans(), min_size=2, max_size=10).filter(lambda key: any(key) and not all(key)))
def test_ticking_everything_gives_nothing(key: list[bool]) -> None:
    options = tuple(Tick(id=f"o{place}", text=f"Mulighed {place}", correct=right) for place, right in enumerate(key))
    question = MultipleChoice(id="q", text="?", options=options)
    assert grade(question, [option.id for option in options]).fraction == 0.0
    assert grade(question, [option.id for option in options if option.correct]).fraction == 1.0


@given(st.lists(st.booleans(), min_size=2, max_size=10).filter(any), st.data())
def test_one_more_wrong_tick_never_helps(key: list[bool], data: st.DataObject) -> None:
    options = tuple(Tick(id=f"o{place}", text=f"Mulighed {place}", correct=right) for place, right in enumerate(key))
    question = MultipleChoice(id="q", text="?", options=options)
    ticked = data.draw(st.sets(st.sampled_from([option.id for option in options])))
    wrong = [option.id for option in options if not option.correct and option.id not in ticked]
    if wrong:
        before, after = (grade(question, sorted(one)).fraction for one in (ticked, {*ticked, wrong[0]}))
        assert after is not None
        assert before is not None
        assert after <= before


def test_an_empty_key_is_met_by_ticking_none_of_them() -> None:
    question = QUESTIONS["none"]
    assert grade(question, checked(question, [])).state is State.CORRECT
    assert grade(question, checked(question, ["a"])).state is State.WRONG
    assert grade(question, checked(question, None)).state is State.BLANK


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("personoplysninger må ikke deles", True),
        ("  Personoplysninger  MÅ ikke deles ", True),
        ("personoplysninger må deles", False),
        ("personoplysninger må ikke deles.", False),
        ("personoplysninger ma ikke deles", False),
    ],
)
def test_short_text_knows_no_likeness(written: str, right: bool) -> None:
    question = ShortText(id="q", text="?", accepted=(Accepted(text="personoplysninger må ikke deles"),))
    assert (grade(question, written).state is State.CORRECT) is right


def test_composed_and_decomposed_letters_are_the_same() -> None:
    question = ShortText(id="q", text="?", accepted=(Accepted(text="Århus"),))
    assert grade(question, "A\u030arhus").state is State.CORRECT


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("72", 72.0),
        ("1.234,5", 1234.5),
        ("1.234", 1234.0),
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("−3", -3.0),
        ("1 000", 1000.0),
        ("2e3", 2000.0),
        ("", None),
        ("tolv", None),
        ("1,2,3", None),
        ("inf", None),
        ("nan", None),
        ("1e999", None),
        ("12 timer", None),
        ("0.125", 0.125),
        ("0,125", 0.125),
    ],
)
def test_danish_numbers(text: str, value: float | None) -> None:
    assert number(text) == value


@given(st.floats(-1e6, 1e6), st.floats(0, 1e3), st.floats(-2, 2))
def test_a_number_is_right_within_its_tolerance(value: float, tolerance: float, off: float) -> None:
    question = Numeric(id="q", text="?", figures=(Number(value=value, tolerance=tolerance),))
    if abs(abs(off) - 1) > 0.01 and tolerance > 1e-3:
        right = grade(question, repr(value + off * tolerance)).state is State.CORRECT
        assert right is (abs(off) < 1)


@pytest.mark.parametrize(
    ("unit", "text"), [("timer", "72 timer"), ("timer", "72Timer"), ("procent", "72 %"), ("", "72")]
)
def test_a_unit_that_was_written_too_does_no_harm(unit: str, text: str) -> None:
    question = Numeric(id="q", text="?", figures=(Number(value=72),), unit=unit)
    assert grade(question, text).state is State.CORRECT


def test_order_counts_neighbours() -> None:
    items = tuple(Thing(id=key, text=key) for key in "abcd")
    question = Ordering(id="q", text="?", items=items)
    assert grade(question, list("bcda")).fraction == pytest.approx(2 / 3)
    assert grade(question, list("dcba")).fraction == 0.0
    assert grade(question, ["a", "b", None, None]).fraction == pytest.approx(1 / 3)
    assert grade(question, ["a", "b", "a", "b"]).fraction == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("key", "response"),
    [
        ("one", "z"),
        ("one", ["a"]),
        ("one", True),
        ("many", "a"),
        ("many", ["a", "z"]),
        ("many", [1]),
        ("true", "true"),
        ("true", 1),
        ("pairs", {"p": "Hest"}),
        ("pairs", {"z": "Løn"}),
        ("pairs", ["Løn"]),
        ("order", ["x", "y"]),
        ("order", ["x", "y", "q"]),
        ("order", "xyz"),
        ("word", 7),
        ("word", "x" * 501),
        ("gaps", {"w": "zz"}),
        ("gaps", {"t": 72}),
        ("essay", "x" * 40_001),
    ],
)
def test_forged_answers_are_refused(key: str, response: Any) -> None:
    with pytest.raises(InvalidResponse):
        checked(QUESTIONS[key], response)


@pytest.mark.parametrize(
    ("key", "response"),
    [
        ("word", "borgeren 010190-1234"),
        ("hours", "0101901234"),
        ("gaps", {"t": "010190 1234"}),
        ("essay", "Jens Hansen fra Vorup har demens og bor på plejehjem."),
    ],
)
def test_personal_data_in_what_is_written_is_refused_without_repeating_it(key: str, response: Any) -> None:
    with pytest.raises(InvalidResponse, match="personoplysninger") as error:
        checked(QUESTIONS[key], response)
    assert "1234" not in str(error.value)
    assert "Jens" not in str(error.value)


@pytest.mark.parametrize("response", ["", "  \n", {}, None])
def test_nothing_written_is_a_blank(response: Any) -> None:
    key = "pairs" if response == {} else "word"
    assert checked(QUESTIONS[key], response) is None
