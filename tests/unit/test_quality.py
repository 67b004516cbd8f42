"""Where the time goes, and the figures of a period."""

import threading
from contextvars import copy_context
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Outcome
from rag.quality import DayCount, Tally, by_week, stage_times
from rag.stages import Stage, stage, timed

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def test_stages_are_timed_only_while_somebody_listens() -> None:
    with stage(Stage.GATE):
        pass
    with timed() as watch:
        with stage(Stage.GATE), stage(Stage.EXTRACT):
            pass
        with stage(Stage.GATE):
            pass
    with stage(Stage.FUSE):
        pass
    assert set(watch.milliseconds) == {Stage.GATE, Stage.EXTRACT, Stage.TOTAL}
    assert watch.milliseconds[Stage.TOTAL] >= watch.milliseconds[Stage.GATE] >= 0


def test_a_stage_that_fails_is_timed_too_and_the_error_goes_on() -> None:
    with timed() as watch, pytest.raises(RuntimeError), stage(Stage.DENSE):
        raise RuntimeError
    assert Stage.DENSE in watch.milliseconds


def test_a_thread_that_works_for_a_question_counts_for_it_and_for_no_other() -> None:
    def dense() -> None:
        with stage(Stage.DENSE):
            pass

    def fuse() -> None:
        with stage(Stage.FUSE):
            pass

    with timed() as mine:
        beside = threading.Thread(target=copy_context().run, args=(dense,))
        stranger = threading.Thread(target=fuse)
        for thread in (beside, stranger):
            thread.start()
            thread.join()
    with timed() as other:
        pass
    assert set(mine.milliseconds) == {Stage.DENSE, Stage.TOTAL}
    assert set(other.milliseconds) == {Stage.TOTAL}


def test_rates_are_of_the_questions_that_were_searched() -> None:
    day = date(2026, 11, 24)
    tally = Tally.of(
        [
            DayCount(day, Outcome.ANSWERED, True, 6),
            DayCount(day, Outcome.REFUSED, False, 2),
            DayCount(day, Outcome.BLOCKED, False, 5),
        ]
    )
    assert (tally.searched, tally.blocked) == (8, 5)
    assert (tally.refusal_rate, tally.words_only_share) == (0.25, 0.25)


def test_without_questions_there_is_no_rate() -> None:
    assert Tally().refusal_rate is None
    assert Tally.of([DayCount(date(2026, 1, 1), Outcome.BLOCKED, False, 3)]).words_only_share is None


@given(first=DAYS, length=st.integers(0, 200), data=st.data())
def test_weeks_cover_the_period_in_order_and_lose_nobody(first: date, length: int, data: st.DataObject) -> None:
    last = first + timedelta(days=length)
    days = data.draw(st.lists(st.dates(first, last), max_size=20))
    counts = [DayCount(day, Outcome.REFUSED, True, 1) for day in days]
    weeks = by_week(counts, first, last)
    assert sum(week.tally.refused for week in weeks) == len(days)
    places = [(week.year, week.number) for week in weeks]
    assert places == sorted(set(places))
    assert places[0] == first.isocalendar()[:2]
    assert places[-1] == last.isocalendar()[:2]


def test_a_week_over_new_year_is_one_week() -> None:
    weeks = by_week([], date(2026, 12, 28), date(2027, 1, 3))
    assert [week.danish for week in weeks] == ["uge 53, 2026"]


def test_the_slowest_stage_comes_first() -> None:
    timings = [{"gate": 1.0, "dense": float(value)} for value in range(101)]
    slowest, gate = stage_times(timings)
    assert (slowest.stage, slowest.count, slowest.p50, slowest.p95) == (Stage.DENSE, 101, 50.0, 95.0)
    assert (gate.stage, gate.p95) == (Stage.GATE, 1.0)
    assert stage_times([]) == ()
