"""What options do, what chance gets, and what trainers are told and not told, on small numbers that can be checked by hand."""

import csv
import io
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.distractors import NONE_OF_THEM, OptionFigures, option_figures
from courses.guessing import guess_share
from courses.item_analysis import ItemFigures, analyse, fisher_interval
from courses.item_csv import as_csv
from courses.item_findings import Finding, Kind, findings
from courses.item_report import item_report, spread, whole_shown, worst_first
from courses.question import Option, SingleChoice
from tests.small_course import QUESTIONS


def figures(count: int = 100, facility: float = 0.8, discrimination: float | None = 0.4) -> ItemFigures:
    return ItemFigures(
        count, facility, 0.4, discrimination, fisher_interval(discrimination, count), 0.5, 0.6, 0.1, 0.1, False
    )


def option(key: str, chosen: int, r: float | None = None, *, right: bool = False, count: int = 100) -> OptionFigures:
    return OptionFigures(
        key, f"Svar {key}", right, not right, count, chosen, chosen / count, r, fisher_interval(r, count)
    )


def kinds(item: ItemFigures, *options: OptionFigures, guess: float | None = 0.25) -> list[tuple[Kind, bool]]:
    return [(one.kind, one.sure) for one in findings(QUESTIONS["one"], item, options, guess)]


# --- options --------------------------------------------------------------------------------------------------------


def test_point_biserial_is_the_formula_of_the_books_with_blanks_as_not_chosen() -> None:
    answers = ["a", "a", "b", None, "a", "c", None, "b"]
    rest = np.array([0.9, 0.8, 0.3, 0.1, 0.7, 0.5, 0.2, 0.4])
    found = {one.id: one for one in option_figures(QUESTIONS["one"], answers, rest)}
    chosen = np.array([one == "a" for one in answers])
    share = 3 / 8
    by_hand = (rest[chosen].mean() - rest[~chosen].mean()) / rest.std() * math.sqrt(share * (1 - share))
    assert found["a"].point_biserial == pytest.approx(by_hand, abs=1e-12)
    assert (found["a"].share, found["b"].share, found["c"].share) == (3 / 8, 2 / 8, 1 / 8)
    assert (found["a"].right, found["b"].wrong, found["c"].right, found["c"].wrong) == (True, True, False, False)


@given(st.lists(st.sampled_from([[], ["a"], ["a", "b"], ["c"], None]), min_size=1, max_size=20))
def test_ticks_are_counted_one_by_one_and_ticking_nothing_is_an_answer_that_a_blank_is_not(answers: list[Any]) -> None:
    found = {one.id: one for one in option_figures(QUESTIONS["many"], answers, np.zeros(len(answers)))}
    assert found["a"].chosen == sum("a" in (one or []) for one in answers)
    assert found["d"].chosen == 0
    assert (NONE_OF_THEM in found) == ([] in answers)
    assert all(one.point_biserial is None for one in found.values())
    nothing_right = {one.id: one for one in option_figures(QUESTIONS["none"], [None], np.zeros(1))}
    assert nothing_right[NONE_OF_THEM].right


def test_statements_have_two_options_and_texts_have_none() -> None:
    sides = option_figures(QUESTIONS["true"], [True, False, None, True], np.array([0.9, 0.1, 0.2, 0.8]))
    assert [(one.text, one.chosen, one.right) for one in sides] == [("Sandt", 2, True), ("Falsk", 1, False)]
    assert option_figures(QUESTIONS["word"], ["DPIA"], np.zeros(1)) == ()
    assert option_figures(QUESTIONS["one"], [], np.zeros(0)) == ()


@pytest.mark.parametrize(
    ("key", "share"),
    {
        "one": 0.5,
        "many": None,
        "true": 0.5,
        "pairs": 0.25,
        "order": 1 / 3,
        "word": 0.0,
        "hours": 0.0,
        "gaps": 0.25,
    }.items(),
)
def test_what_blind_chance_gets(key: str, share: float | None) -> None:
    found = guess_share(QUESTIONS[key])
    assert found == (None if share is None else pytest.approx(share))
    assert guess_share(QUESTIONS["essay"]) is guess_share(QUESTIONS["prompt"]) is None


# --- findings -------------------------------------------------------------------------------------------------------


def test_a_sound_question_has_no_findings_however_many_get_it_right() -> None:
    options = (option("a", 99, 0.1, right=True), option("b", 1), option("c", 0))
    assert kinds(figures(facility=0.99, discrimination=0.05), *options) == []


def test_a_wrong_key_is_told_from_bad_luck() -> None:
    assert kinds(figures(100, 0.5, -0.4)) == [(Kind.AGAINST, True)]
    assert kinds(figures(100, 0.5, -0.05)) == [(Kind.AGAINST, False)]
    assert kinds(figures(29, 0.5, -0.9)) == []


def test_a_hard_question_is_seen_from_ten_answers_and_sent_back_from_thirty() -> None:
    assert kinds(figures(9, 0.1, None)) == []
    assert kinds(figures(10, 0.39, None)) == [(Kind.HARD, False)]
    assert kinds(figures(30, 0.39)) == [(Kind.HARD, True)]
    assert kinds(figures(30, 0.4)) == []
    (told,) = findings(QUESTIONS["one"], figures(100, 0.2), (), 0.25)
    assert "20 %" in told.text
    assert "gæt" in told.text


def test_an_option_that_nobody_takes_needs_wrong_answers_to_be_a_fault() -> None:
    assert kinds(figures(), option("a", 88, right=True), option("b", 12), option("c", 0)) == [(Kind.UNCHOSEN, True)]
    assert kinds(figures(), option("a", 91, right=True), option("b", 9), option("c", 0)) == []
    few = (option("a", 10, right=True, count=25), option("b", 15, count=25), option("c", 0, count=25))
    assert kinds(figures(25), *few) == []


def test_a_wrong_option_that_tempts_the_able_is_found() -> None:
    assert kinds(figures(), option("a", 60, 0.1, right=True), option("b", 40, 0.4)) == [(Kind.TEMPTING, True)]
    assert kinds(figures(), option("a", 60, 0.4, right=True), option("b", 40, 0.1)) == []
    assert kinds(figures(), option("a", 96, 0.1, right=True), option("b", 4, 0.6)) == []


# --- what is shown --------------------------------------------------------------------------------------------------


def report(count: int, place: int = 1, found: tuple[Finding, ...] = (), **more: Any) -> Any:
    options = (option("a", count - 5, 0.3, right=True, count=count), option("b", 5, -0.3, count=count))
    return item_report(
        place, "w", QUESTIONS["one"], figures(count, **more), options, found, 0.25, newest=True, drawn=False
    )


@pytest.mark.parametrize(
    ("count", "answers", "facility", "discrimination"),
    [
        (4, False, False, False),
        (5, True, False, False),
        (9, True, False, False),
        (10, True, True, False),
        (29, True, True, False),
        (30, True, True, True),
    ],
)
def test_figures_are_held_back_until_enough_people_stand_behind_them(
    count: int, answers: bool, facility: bool, discrimination: bool
) -> None:
    shown = report(count)
    assert (shown.answers is not None) == answers
    assert (shown.facility is not None) == (shown.sd is not None) == bool(shown.options) == facility
    compared = (
        shown.discrimination,
        shown.interval,
        shown.efficiency,
        shown.effective_weight,
        shown.whole_discrimination,
    )
    assert {one is not None for one in compared} == {discrimination}
    assert all((one.point_biserial is not None) == discrimination for one in shown.options)


def test_the_whole_is_held_back_too() -> None:
    marks = np.random.default_rng(1).integers(0, 2, size=(35, 6)).astype(float)
    nine, twenty, all_of_them = (whole_shown(analyse(marks[:count], np.ones(6)).whole) for count in (9, 20, 35))
    assert (nine.mean, nine.sd, nine.consistency) == (None, None, None)
    assert twenty.mean is not None
    assert (twenty.consistency, twenty.standard_error) == (None, None)
    assert all_of_them.consistency is not None


def test_results_are_counted_in_tenths() -> None:
    assert spread(np.array([0.0, 0.05, 0.1, 0.3, 0.3, 0.7, 0.99, 1.0, 1.0, np.nan, 0.5])) == (
        2,
        1,
        0,
        2,
        0,
        1,
        0,
        1,
        0,
        3,
    )
    assert spread(np.ones(9)) == ()


def test_the_worst_stand_first() -> None:
    sound, weak, few = report(100, 1), report(100, 2, discrimination=0.1), report(9, 3)
    bad = report(100, 4, (Finding(Kind.HARD, "Svært"),))
    doubtful = report(100, 5, (Finding(Kind.AGAINST, "Måske", sure=False),))
    assert [one.place for one in worst_first([few, sound, weak, doubtful, bad])] == [4, 5, 2, 1, 3]


def test_the_file_has_danish_figures_and_no_formulas() -> None:
    options = tuple(Option(id=key, text=key, fraction=float(key == "a")) for key in "ab")
    question = SingleChoice(id="q", text="=HYPERLINK(1);\nhvad?", options=options)
    item = item_report(1, "w", question, figures(100, 0.8125, -0.25), (), (), 0.5, newest=True, drawn=False)
    data = as_csv([item, report(4)])
    assert data.startswith("\ufeff".encode())
    first, second = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert first["Spørgsmål"] == "'=HYPERLINK(1); hvad?"
    assert (first["Løsningsprocent"], first["Skelneevne"], first["Svar"]) == ("81,25", "-0,25", "100")
    assert (second["Løsningsprocent"], second["Skelneevne"], second["Svar"]) == ("", "", "")
