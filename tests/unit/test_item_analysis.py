"""Item analysis against figures that others computed, and against plain Python that shares nothing with it."""

import math
import statistics
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.item_analysis import Analysis, MarkSheet, analyse, feldt_interval, fisher_interval

# Marks and expected values are the numbers of Moodle's own test of its statistics, which were computed in a spreadsheet there
# (moodle/moodle, mod/quiz/report/statistics/tests: mdl_question_states.csv and statistics_test.php). Slots 8 to 20, the ones
# that are marked and answered; the first gives 8, the others 1.
MOODLE_MARKS = """
5.5 0.3 0.9 1 0.3 1 0 0 1 1 0 0 1
1 0.9 0.9 0.3 0.3 1 0 0 1 0 1 0 1
2.5 1 0.9 0.3 1 0 0 1 1 1 1 1 1
4 0.3 0.9 1 0.3 0 0 0 0 1 0 0 1
3 0.9 0.3 0.9 1 0 1 0 0 1 1 1 0
4.5 0.9 1 1 0.9 0 1 1 1 0 0 0 0
3 0.3 0.3 0.3 0.3 1 0 1 1 1 1 1 1
6 0.9 0.9 1 0.3 0 1 1 1 1 0 0 1
0.5 0.9 1 0.9 0.3 0 1 1 0 1 1 0 1
5.5 0.9 1 0.9 0.3 1 1 0 0 1 0 0 0
2.5 0.9 1 1 0.9 0 1 0 0 1 0 0 1
4 0.9 0.3 0.9 1 0 1 1 1 1 1 0 1
4 0.9 0.3 0.3 1 1 1 1 0 0 1 1 0
3 1 1 0.3 1 0 1 0 1 1 1 1 0
1 1 0.9 0.3 0.3 1 0 1 0 0 0 0 0
1 0.3 0.3 0.3 0.9 0 0 0 1 0 0 0 1
1.5 1 0.3 0.9 1 1 1 0 1 1 0 0 0
4 0.9 1 0.9 1 0 1 1 1 0 1 0 0
2 0.9 0.9 0.3 0.9 0 1 0 0 0 0 0 0
1 1 0.3 0.3 0.3 0 1 1 0 1 0 0 0
6 0.9 1 1 0.9 0 0 0 1 0 0 1 1
7 0.9 0.3 0.3 0.3 1 0 1 1 1 1 0 0
"""
MOODLE_MOST = [8.0] + [1.0] * 12
# fmt: off
MOODLE_FACILITY = [
    41.19318182, 81.36363636, 71.36363636, 65.45454545, 65.90909091, 36.36363636, 59.09090909, 50, 59.09090909, 63.63636364,
    45.45454545, 27.27272727, 50,
]
MOODLE_SD = [
    1912.733589, 251.2738111, 322.6312277, 333.4199022, 337.5811591, 492.3659639, 503.2362797, 511.7663157, 503.2362797,
    492.3659639, 509.6471914, 455.8423058, 511.7663157,
]
MOODLE_EFFECTIVE_WEIGHT = [
    26.58464457, 3.368456046, 3.253955259, 7.584083694, 3.79658376, 3.183278505, 4.532356904, 7.78856243, 10.08351572,
    8.381139345, 8.727645713, 7.946277111, 4.769500946,
]
MOODLE_DISCRIMINATION = [
    25.88327077, 1.170256965, -4.207816809, 28.16930644, -2.513606859, -12.99017581, -8.900638238, 8.670004606, 29.63337745,
    15.18945843, 16.21079629, 15.52451404, -8.396734802,
]
MOODLE_EFFICIENCY = [
    27.23492723, 1.382386552, -4.691171307, 31.12404354, -2.877487579, -17.5074184, -10.27568922, 10.86956522, 34.58997279,
    17.4790556, 20.14359793, 22.06477733, -10,
]
# fmt: on


def moodle() -> Analysis:
    marks = np.array([[float(mark) for mark in line.split()] for line in MOODLE_MARKS.strip().splitlines()])
    return analyse(marks, np.array(MOODLE_MOST))


@pytest.mark.parametrize(
    ("figure", "times", "expected"),
    [
        ("facility", 100, MOODLE_FACILITY),
        ("sd", 1000, MOODLE_SD),
        ("effective_weight", 100, MOODLE_EFFECTIVE_WEIGHT),
        ("discrimination", 100, MOODLE_DISCRIMINATION),
        ("efficiency", 100, MOODLE_EFFICIENCY),
    ],
)
def test_every_figure_of_moodles_own_test_is_met(figure: str, times: float, expected: list[float]) -> None:
    found = [times * getattr(item, figure) for item in moodle().items]
    assert found == pytest.approx(expected, abs=1e-6)


def test_moodles_unanswered_questions_and_descriptions_have_the_values_it_expects() -> None:
    marks = np.array([[float(mark) for mark in line.split()] for line in MOODLE_MARKS.strip().splitlines()])
    empty = np.zeros((len(marks), 1))
    found = analyse(np.hstack([empty, empty, marks]), np.array([1.0, 0.0, *MOODLE_MOST]))
    unanswered, description = found.items[:2]
    assert (unanswered.facility, unanswered.sd, unanswered.effective_weight) == (0.0, 0.0, 0.0)
    assert description.facility is None
    assert unanswered.discrimination is description.discrimination is unanswered.efficiency is None
    assert [item.discrimination for item in found.items[2:]] == pytest.approx(
        [value / 100 for value in MOODLE_DISCRIMINATION], abs=1e-8
    )


# --- plain Python, from the definitions -----------------------------------------------------------------------------

Row = list[Fraction]


def covariance(one: Row, other: Row) -> Fraction:
    first, second = sum(one) / len(one), sum(other) / len(other)
    return sum(((a - first) * (b - second) for a, b in zip(one, other, strict=True)), Fraction(0)) / (len(one) - 1)


def correlation(one: Row, other: Row) -> float | None:
    product = covariance(one, one) * covariance(other, other)
    return float(covariance(one, other)) / math.sqrt(product) if product else None


def alpha(columns: Sequence[Row]) -> float | None:
    totals = [sum(row) for row in zip(*columns, strict=True)]
    whole = covariance(totals, totals)
    if not whole or len(columns) < 2:
        return None
    parts = sum((covariance(column, column) for column in columns), Fraction(0))
    return float(Fraction(len(columns), len(columns) - 1) * (1 - parts / whole))


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[Row], list[Fraction]]:
    """Columns of marks in quarters of what each item gives, and what it gives; at least three attempts at two items."""
    attempts, items = draw(st.integers(3, 12)), draw(st.integers(2, 6))
    most = draw(st.lists(st.sampled_from([Fraction(1), Fraction(2), Fraction(5, 2)]), min_size=items, max_size=items))
    quarters = st.lists(st.integers(0, 4), min_size=attempts, max_size=attempts)
    return [[Fraction(quarter, 4) * mark for quarter in draw(quarters)] for mark in most], most


def computed(columns: list[Row], most: list[Fraction]) -> Analysis:
    return analyse(np.array(columns, dtype=float).T, np.array(most, dtype=float))


def near(expected: float | Fraction | None) -> object:
    return None if expected is None else pytest.approx(float(expected), abs=1e-6)


@given(sheets())
def test_items_agree_with_plain_python(sheet: tuple[list[Row], list[Fraction]]) -> None:
    columns, most = sheet
    totals: Row = [sum(row, Fraction(0)) for row in zip(*columns, strict=True)]
    with_total = [covariance(column, totals) for column in columns]
    roots = sum(math.sqrt(value) for value in with_total if value >= 0)
    for place, item in enumerate(computed(columns, most).items):
        marks, mark = columns[place], most[place]
        rest = [total - mine for total, mine in zip(totals, marks, strict=True)]
        largest = covariance(sorted(marks), sorted(rest))
        assert item.count == len(marks)
        assert item.facility == near(Fraction(statistics.mean(marks)) / mark)
        assert item.sd == near(math.sqrt(covariance(marks, marks)))
        assert item.discrimination == near(correlation(marks, rest))
        assert item.whole_discrimination == near(correlation(marks, totals))
        assert item.efficiency == near(covariance(marks, rest) / largest if largest else None)
        assert item.intended_weight == near(mark / sum(most))
        assert item.negative == (bool(roots) and with_total[place] < 0)
        fits = roots and with_total[place] >= 0
        assert item.effective_weight == near(math.sqrt(with_total[place]) / roots if fits else None)


@given(sheets())
def test_the_whole_agrees_with_plain_python(sheet: tuple[list[Row], list[Fraction]]) -> None:
    columns, most = sheet
    found = computed(columns, most).whole
    totals = [sum(row, Fraction(0)) / sum(most) for row in zip(*columns, strict=True)]
    count, mean = len(totals), statistics.mean(totals)
    second, third, fourth = (sum((total - mean) ** power for total in totals) / count for power in (2, 3, 4))
    assert found.mean == near(mean)
    assert found.median == near(statistics.median(totals))
    assert found.sd == near(statistics.stdev(totals))
    # The k-statistics in the form that spreadsheets give as SKEW and KURT.
    if second:
        assert found.skewness == near(
            math.sqrt(count * (count - 1)) / (count - 2) * float(third) / math.sqrt(second) ** 3
        )
    if second and count > 3:
        excess = fourth / second**2 - 3
        assert found.kurtosis == near(
            Fraction(count - 1, (count - 2) * (count - 3)) * ((count + 1) * excess + 6)  # Joanes & Gill 1998, G2
        )
    expected = alpha(columns)
    assert found.consistency == near(expected)
    assert found.error_ratio == near(None if expected is None else math.sqrt(1 - expected))
    assert found.standard_error == near(
        None if expected is None else math.sqrt(1 - expected) * statistics.stdev(totals)
    )


@given(st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=3, max_size=30))
def test_alpha_of_right_and_wrong_is_kr_20(rows: list[list[int]]) -> None:
    totals = [sum(row) for row in rows]
    shares = [Fraction(sum(column), len(rows)) for column in zip(*rows, strict=True)]
    whole = Fraction(statistics.pvariance([Fraction(total) for total in totals]))
    kr_20 = Fraction(4, 3) * (1 - sum(share * (1 - share) for share in shares) / whole) if whole else None
    assert analyse(np.array(rows, dtype=float), np.ones(4)).whole.consistency == near(kr_20)


def test_alpha_of_moodles_data_is_what_its_report_would_show() -> None:
    whole = moodle().whole
    possible = sum(MOODLE_MOST)
    assert whole.sd is not None
    assert whole.standard_error is not None
    columns = list(
        zip(*([Fraction(mark) for mark in line.split()] for line in MOODLE_MARKS.split("\n")[1:-1]), strict=True)
    )
    assert whole.consistency == near(alpha([list(column) for column in columns]))
    assert whole.consistency == pytest.approx(0.234318, abs=1e-6)
    assert whole.sd * possible == pytest.approx(2.775, abs=5e-4)
    assert whole.standard_error * possible == pytest.approx(2.428, abs=5e-4)


# --- what is missing ------------------------------------------------------------------------------------------------


@given(sheets(), st.lists(st.booleans(), min_size=12, max_size=12))
def test_two_wordings_of_a_question_leave_the_rest_of_the_quiz_as_it_was(
    sheet: tuple[list[Row], list[Fraction]], first: list[bool]
) -> None:
    """Half of the people met another wording: whole and other questions are as if it were one, as Moodle's places are."""
    columns, most = sheet
    whole = np.array(columns, dtype=float).T
    chosen = np.array(first[: len(whole)])
    split = np.column_stack(
        [np.where(chosen, whole[:, 0], np.nan), np.where(chosen, np.nan, whole[:, 0]), whole[:, 1:]]
    )
    one, two = computed(columns, most), analyse(split, np.array([most[0], *most], dtype=float))
    assert two.items[0].count + two.items[1].count == len(whole)
    for before, after in zip(one.items[1:], two.items[2:], strict=True):
        assert after.discrimination == near(before.discrimination)
        assert after.effective_weight == near(before.effective_weight)
    assert two.whole.consistency == near(one.whole.consistency)
    assert two.whole.sd == near(one.whole.sd)


def test_questions_from_a_pool_come_to_the_alpha_of_moodles_places() -> None:
    """Moodle looks at places that questions are drawn into; its alpha is met without knowing who stood in which place."""
    chance = np.random.default_rng(7)
    ability = chance.normal(size=4000)
    ease = np.linspace(-1.5, 1.5, 30)
    bank = (ability[:, None] + ease + chance.logistic(size=(4000, 30)) > 0).astype(float)
    drawn = np.array([chance.permutation(30)[:10] for _ in range(4000)])
    places = np.take_along_axis(bank, drawn, axis=1)
    sheet = np.full(bank.shape, np.nan)
    np.put_along_axis(sheet, drawn, places, axis=1)
    found = analyse(sheet, np.ones(30))
    assert found.whole.consistency == pytest.approx(analyse(places, np.ones(10)).whole.consistency, abs=0.003)
    assert found.whole.consistency_count == 4000
    assert found.items[3].facility == pytest.approx(np.nanmean(sheet[:, 3]))
    with_total = np.corrcoef(sheet[drawn_rows := ~np.isnan(sheet[:, 3]), 3], np.nansum(sheet, axis=1)[drawn_rows])[0, 1]
    assert found.items[3].whole_discrimination == pytest.approx(with_total)
    assert found.items[3].effective_weight is None


def test_the_mark_itself_in_the_total_makes_a_useless_question_look_useful() -> None:
    """Why a question from a pool is compared with the rest here, and not with the whole as Moodle does."""
    guesses = np.random.default_rng(3).integers(0, 2, size=(20_000, 10)).astype(float)
    item = analyse(guesses, np.ones(10)).items[0]
    assert item.discrimination == pytest.approx(0.0, abs=0.03)
    assert item.whole_discrimination == pytest.approx(1 / math.sqrt(10), abs=0.03)


def test_a_mark_that_is_still_to_come_counts_neither_for_nor_against_anybody() -> None:
    marks = np.array([[1, 1, 0, 4], [0, 1, 0, 2], [1, 0, 1, 3], [1, 1, 1, np.nan]], dtype=float)
    most = np.array([1.0, 1.0, 1.0, 4.0])
    found = analyse(marks, most)
    assert found.items[3].count == 3
    assert found.items[3].facility == pytest.approx(9 / 12)
    assert MarkSheet(marks, most).results.tolist() == pytest.approx([6 / 7, 3 / 7, 5 / 7, 1.0])
    assert found.whole.consistency_count == 3
    assert found.whole.consistency == pytest.approx(analyse(marks[:3], most).whole.consistency)


@given(sheets())
def test_the_order_of_attempts_and_items_changes_nothing(sheet: tuple[list[Row], list[Fraction]]) -> None:
    columns, most = sheet
    marks = np.array(columns, dtype=float).T
    marks[0, 0] = np.nan
    turned = analyse(marks[::-1, ::-1], np.array(most[::-1], dtype=float))
    found = analyse(marks, np.array(most, dtype=float))
    for one, other in zip(found.items, reversed(turned.items), strict=True):
        assert other.facility == near(one.facility)
        assert other.discrimination == near(one.discrimination)
        assert other.efficiency == near(one.efficiency)
    assert turned.whole.consistency == near(found.whole.consistency)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (1, 1), (1, 3), (2, 1)])
def test_too_little_to_say_anything_is_said_as_nothing(shape: tuple[int, int]) -> None:
    found = analyse(np.ones(shape), np.ones(shape[1]))
    assert found.whole.consistency is None
    assert found.whole.skewness is None
    assert all(item.discrimination is None and item.interval is None for item in found.items)


def test_marks_that_do_not_fit_their_items_are_refused() -> None:
    with pytest.raises(ValueError, match="attempts x items"):
        analyse(np.ones((3, 2)), np.ones(3))


# --- intervals ------------------------------------------------------------------------------------------------------


def test_fishers_interval_is_that_of_the_tables() -> None:
    """r = 0.5 over 28 pairs: z = 0.5493 with a standard error of exactly 0.2."""
    found = fisher_interval(0.5, 28)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(
        (math.tanh(0.549306 - 0.391993), math.tanh(0.549306 + 0.391993)), abs=1e-6
    )
    assert fisher_interval(0.5, 3) is fisher_interval(1.0, 30) is fisher_interval(None, 30) is None


def test_the_intervals_hold_the_truth_19_times_in_20() -> None:
    chance = np.random.default_rng(11)
    truth = 8 * 0.25 / (1 + 7 * 0.25)  # eight items that correlate 0.25 with each other
    held = {"alpha": 0, "r": 0}
    for _ in range(600):
        common = chance.normal(size=(40, 1))
        items = 0.5 * common + math.sqrt(0.75) * chance.normal(size=(40, 8)) + 50
        found = analyse(items, np.full(8, 100.0))
        interval = found.whole.consistency_interval
        rest = found.items[0].interval
        assert interval is not None
        assert rest is not None
        held["alpha"] += interval.low < truth < interval.high
        held["r"] += rest.low < 7 * 0.25 / math.sqrt(7 + 42 * 0.25) < rest.high
    assert all(0.93 < count / 600 < 0.97 for count in held.values())


def test_more_attempts_narrow_feldts_interval() -> None:
    widths = [found.high - found.low for count in (10, 40, 160) if (found := feldt_interval(0.7, count, 12))]
    assert all(before > after for before, after in pairwise(widths))
    assert len(widths) == 3
