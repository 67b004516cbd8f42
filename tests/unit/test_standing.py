"""How a person stands in a course: the rules, and that counting whole columns follows the same ones."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from courses.steering.area.board import COLUMNS, Standings
from courses.steering.area.counting import NONE, STATES, Counts, done, states
from courses.steering.area.standing import Standing, State

TODAY = date(2026, 6, 1)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
ASSIGNED = date(2026, 1, 1)


def state(**facts: date | int | None) -> State | None:
    return Standing(assigned_on=ASSIGNED, **facts).state(TODAY)  # type: ignore[arg-type]


def test_who_has_not_begun_is_overdue_from_the_day_after_the_deadline() -> None:
    assert state() is State.NOT_STARTED
    assert state(due_on=TODAY) is State.NOT_STARTED
    assert state(due_on=BEFORE) is State.OVERDUE
    assert state(due_on=BEFORE, begun_on=ASSIGNED) is State.OVERDUE
    assert state(due_on=AFTER, begun_on=ASSIGNED) is State.UNDER_WAY


def test_who_passed_is_finished_until_the_certificate_runs_out() -> None:
    assert state(due_on=BEFORE, begun_on=ASSIGNED, finished_on=ASSIGNED) is State.FINISHED
    assert state(begun_on=ASSIGNED, finished_on=ASSIGNED, valid_until=TODAY) is State.FINISHED
    assert state(begun_on=ASSIGNED, finished_on=ASSIGNED, valid_until=BEFORE) is State.OVERDUE


def test_who_renews_is_finished_while_the_old_certificate_holds_and_when_the_new_one_is_earned() -> None:
    assert state(begun_on=ASSIGNED, finished_on=None, valid_until=AFTER) is State.FINISHED
    assert state(begun_on=ASSIGNED, finished_on=TODAY, valid_until=BEFORE) is State.FINISHED
    assert state(begun_on=ASSIGNED, valid_until=BEFORE, due_on=AFTER) is State.UNDER_WAY


def test_exempt_people_are_neither_missing_nor_overdue() -> None:
    assert state(due_on=BEFORE, exempt_from=ASSIGNED, exempt_to=TODAY) is State.EXEMPT
    assert state(due_on=BEFORE, exempt_from=ASSIGNED) is State.EXEMPT
    assert state(due_on=BEFORE, exempt_from=ASSIGNED, exempt_to=BEFORE) is State.OVERDUE
    # A rule ends what it gave to whoever is exempt, and gives nothing to who is exempt before it: both are told of all the same.
    assert state(assigned_to=BEFORE, exempt_from=ASSIGNED) is State.EXEMPT
    assert Standing(exempt_from=ASSIGNED).state(TODAY) is State.EXEMPT
    assert Standing(exempt_from=ASSIGNED, exempt_to=BEFORE).state(TODAY) is None
    counts = Counts(overdue=1, finished=3, exempt=5)
    assert (counts.assigned, counts.missing, counts.share) == (4, 1, 0.75)


def test_who_is_not_assigned_is_in_no_state() -> None:
    assert Standing(begun_on=ASSIGNED).state(TODAY) is None
    assert Standing(assigned_on=AFTER).state(TODAY) is None
    assert Standing(assigned_on=ASSIGNED, assigned_to=TODAY).state(TODAY) is None


DAYS = st.none() | st.dates(TODAY - timedelta(days=4), TODAY + timedelta(days=4))
STANDINGS = st.builds(Standing, **dict.fromkeys(COLUMNS, DAYS))


@given(st.lists(STANDINGS, min_size=1, max_size=30))
def test_columns_are_counted_by_the_same_rules(known: list[Standing]) -> None:
    columns = {
        name: np.array([empty if (day := getattr(one, name)) is None else day.toordinal() for one in known], np.int32)
        for name, empty in COLUMNS.items()
    }
    places = np.arange(len(known))
    board = Standings(tuple(f"p{place}" for place in places), ("k",), places, np.zeros(len(known), np.int64), columns)
    assert [None if code == NONE else STATES[code] for code in states(board, TODAY)] == [
        one.state(TODAY) for one in known
    ]
    assert done(board, TODAY).tolist() == [one.done(TODAY) for one in known]
