"""Which questions come again and when, as rules without a database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import SystemRandom

import pytest
from fsrs import Card, Rating, Scheduler, State
from hypothesis import given
from hypothesis import strategies as st

from courses.grading import Grade
from courses.grading import State as Outcome
from courses.reviews import (
    PERIOD_WEEKS,
    WEEKLY,
    Candidate,
    chosen,
    complete,
    is_steady,
    last_weeks,
    rating,
    reviewed,
    week_of,
)

CHANCE = SystemRandom()
START = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
GRADES = {
    Rating.Again: Grade(0.0, Outcome.WRONG),
    Rating.Hard: Grade(0.5, Outcome.PARTIAL),
    Rating.Good: Grade(1.0, Outcome.CORRECT),
}
ratings = st.sampled_from(list(GRADES))


def person_answers(
    count: int, weeks: Sequence[int], answers: Sequence[Rating], topics: int
) -> list[tuple[str, list[Candidate]]]:
    """What somebody is asked who comes in `weeks` (numbers from the start) and answers everything."""
    cards: dict[str, Card] = {}
    asked = []
    for number, week in enumerate(weeks):
        at = START + timedelta(weeks=week)
        pool = [Candidate(f"q{key}", f"t{key % topics}", cards.get(f"q{key}")) for key in range(count)]
        found = chosen(pool, at, WEEKLY, CHANCE)
        for one in found:
            cards[one.question_id] = reviewed(one.card, GRADES[answers[number % len(answers)]], at)
        asked.append((week_of(at), found))
    return asked


@given(
    st.integers(0, 12),
    st.lists(st.integers(1, 60), min_size=1, max_size=12),
    st.lists(ratings, min_size=1),
    st.integers(1, 4),
)
def test_never_more_than_three_a_week_and_none_twice_however_long_somebody_was_away(
    count: int, pauses: list[int], answers: list[Rating], topics: int
) -> None:
    weeks = [sum(pauses[:number]) for number in range(len(pauses))]
    for _, found in person_answers(count, weeks, answers, topics):
        ids = [one.question_id for one in found]
        assert len(ids) == len(set(ids)) == min(WEEKLY, count)


@given(st.integers(1, 8), st.lists(ratings, min_size=1, max_size=6))
def test_a_card_moves_as_fsrs_says(weeks: int, answers: list[Rating]) -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    ours: Card | None = None
    theirs = Card(card_id=0, due=START)
    for number, answer in enumerate(answers):
        at = START + timedelta(weeks=weeks * number)
        ours = reviewed(Card.from_dict(ours.to_dict()) if ours else None, GRADES[answer], at)
        theirs, _ = scheduler.review_card(theirs, answer, at)
        assert ours == theirs
        assert ours.state is State.Review
        assert ours.due > at


@given(st.lists(ratings, min_size=1, max_size=6))
def test_right_lasts_longer_than_partly_right_and_that_longer_than_wrong(before: list[Rating]) -> None:
    card: Card | None = None
    for number, answer in enumerate(before):
        card = reviewed(card, GRADES[answer], START + timedelta(weeks=number))
    at = START + timedelta(weeks=len(before))
    due = [reviewed(card, GRADES[answer], at).due for answer in (Rating.Again, Rating.Hard, Rating.Good)]
    assert due == sorted(due)


@pytest.mark.parametrize("answer", list(GRADES))
def test_answers_are_told_to_fsrs(answer: Rating) -> None:
    assert rating(GRADES[answer]) is answer


def remembered(key: str, topic: str, answer: Rating, weeks_ago: int) -> Candidate:
    return Candidate(key, topic, reviewed(None, GRADES[answer], START - timedelta(weeks=weeks_ago)))


def test_what_was_wrong_comes_first_and_what_is_known_waits_for_what_is_new() -> None:
    wrong, right = remembered("wrong", "a", Rating.Again, 1), remembered("right", "a", Rating.Good, 1)
    found = chosen([right, Candidate("new", "a"), wrong], START, 3, CHANCE)
    assert [one.question_id for one in found] == ["wrong", "new", "right"]


def test_topics_are_mixed_among_what_is_due() -> None:
    pool = [remembered(f"a{number}", "a", Rating.Again, 2) for number in range(5)]
    pool += [Candidate("b", "b"), Candidate("c", "c")]
    assert {one.topic for one in chosen(pool, START, 3, CHANCE)} == {"a", "b", "c"}
    assert {one.topic for one in chosen(pool, START, 2, CHANCE, topics={"a"})} == {"b", "c"}


def test_a_topic_is_not_mixed_in_when_nothing_of_it_is_due() -> None:
    fresh = remembered("known", "b", Rating.Good, 0)
    pool = [remembered(f"a{number}", "a", Rating.Again, 2) for number in range(3)]
    assert {one.topic for one in chosen([*pool, fresh], START, 3, CHANCE)} == {"a"}


def test_too_few_that_are_due_are_filled_up() -> None:
    pool = [remembered(f"q{number}", "a", Rating.Good, 0) for number in range(4)]
    assert len(chosen(pool, START, 3, CHANCE)) == 3


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 12, 6, 22, 59, tzinfo=UTC), "2026-W49"),  # Sunday, 23.59 in Denmark
        (datetime(2026, 12, 6, 23, 0, tzinfo=UTC), "2026-W50"),  # Monday, midnight in Denmark
        (datetime(2026, 7, 5, 22, 0, tzinfo=UTC), "2026-W28"),  # summer time
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_weeks_are_danish_iso_weeks(moment: datetime | date, week: str) -> None:
    assert week_of(moment) == week


def test_the_last_weeks_of_a_period() -> None:
    weeks = last_weeks(date(2025, 1, 1), date(2027, 1, 6))
    assert (weeks[0], weeks[1], len(weeks)) == ("2027-W01", "2026-W53", PERIOD_WEEKS)
    assert last_weeks(date(2026, 12, 31), date(2027, 1, 6)) == ["2027-W01", "2026-W53"]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400))
def test_there_are_never_more_weeks_than_the_period_has(since: date, days: int) -> None:
    weeks = last_weeks(since, since + timedelta(days=days))
    assert len(weeks) == len(set(weeks)) == min(PERIOD_WEEKS, len(weeks))
    assert week_of(since + timedelta(days=days)) in weeks


@pytest.mark.parametrize(
    ("answered", "whole"),
    [
        ([], False),
        ([True, True, True], True),
        ([True, True, False], False),
        ([True, True], True),  # the week had no third question
        ([True, True, True, False], True),  # one was held back and replaced
    ],
)
def test_a_complete_week(answered: list[bool], whole: bool) -> None:
    assert complete(answered) is whole


@pytest.mark.parametrize(
    ("weeks", "fractions", "earned"),
    [
        (16, [1.0] * 7 + [0.0] * 3, True),
        (15, [1.0] * 48, False),
        (26, [1.0] * 69 + [0.0] * 31, False),
        (26, [1.0] * 5, False),
        (26, [], False),
        (26, [0.7] * 6, True),
    ],
)
def test_steady(weeks: int, fractions: list[float], earned: bool) -> None:
    assert is_steady(weeks, fractions) is earned
