"""What a rule gives, what it ends, and by when its course is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.errors import InvalidAssignment
from courses.steering.rule import MOST_DAYS, NEWCOMERS_DAYS, RuleDraft, Standing
from courses.steering.unit_path import path_of
from people.organisation.scope import Unit

DAY = date(2026, 3, 2)
PEOPLE = st.sets(st.sampled_from("abcdefgh"))


def test_days_count_from_the_day_one_comes_under_the_rule() -> None:
    assert RuleDraft("k", days=60).due(DAY, DAY - timedelta(days=9)) == DAY + timedelta(days=60)


def test_nobody_is_late_on_arrival() -> None:
    made, last = DAY - timedelta(days=100), DAY
    draft = RuleDraft("k", due_on=last)
    assert draft.due(made, made) == last
    assert draft.due(last, last) == last  # whoever makes a rule with a short deadline has seen whom it is for
    assert draft.due(made + timedelta(days=1), made) == last
    for late in (1, 0, -1):
        came = last - timedelta(days=late)
        assert draft.due(came, made) == came + timedelta(days=NEWCOMERS_DAYS)


def test_a_rule_may_have_no_deadline() -> None:
    assert RuleDraft("k").due(DAY, DAY) is None
    RuleDraft("k").require_sound(DAY)


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (RuleDraft("k", days=0), "fra 1 til"),
        (RuleDraft("k", days=MOST_DAYS + 1), "fra 1 til"),
        (RuleDraft("k", due_on=DAY - timedelta(days=1)), "allerede overskredet"),
        (RuleDraft("k", days=5, due_on=DAY), "enten"),
    ],
)
def test_a_deadline_that_does_not_hold_is_refused(draft: RuleDraft, said: str) -> None:
    with pytest.raises(InvalidAssignment, match=said):
        draft.require_sound(DAY)


@given(under=PEOPLE, exempt=PEOPLE, live=PEOPLE, by_hand=PEOPLE, taken_back=PEOPLE, begun=PEOPLE, back=PEOPLE)
def test_carrying_a_rule_out_twice_changes_nothing_more(
    under: set[str],
    exempt: set[str],
    live: set[str],
    by_hand: set[str],
    taken_back: set[str],
    begun: set[str],
    back: set[str],
) -> None:
    ids = {person: f"assignment-{person}" for person in live}
    back &= live
    found = Standing(under, exempt, ids, by_hand, taken_back, begun, back)
    assert not set(found.left) & set(found.excused)
    ended = {*found.left, *found.excused, *found.renewed.values()}
    assert len(ended) == len(found.left) + len(found.excused) + len(found.renewed)
    after = {person: key for person, key in ids.items() if key not in ended}
    after |= {person: "new" for person in (*found.new, *found.renewed)}
    again = Standing(under, exempt, after, by_hand, taken_back, begun, back - set(found.renewed))
    assert (again.new, again.left, again.excused, again.renewed) == ([], [], [], {})
    assert set(after) - begun <= under - exempt  # whoever has not begun has it only while the rule is for her
    assert begun & live <= after.keys()  # and whoever has begun keeps it
    assert not set(found.new) & (by_hand | taken_back)  # a person's word stands


def test_a_path_begins_below_the_municipality() -> None:
    units = {
        "k": Unit("k", "k", "municipality", "Randers Kommune", None),
        "b": Unit("b", "b", "department", "Børn og Skole", "k"),
        "s": Unit("s", "s", "institution", "Åskolen", "b"),
    }
    assert path_of(units, "s") == "Børn og Skole › Åskolen"
    assert path_of(units, "k") == "Randers Kommune"
    assert path_of(units, "borte") == ""


def test_a_path_in_a_ring_ends() -> None:
    units = {"a": Unit("a", "a", "unit", "A", "b"), "b": Unit("b", "b", "unit", "B", "a")}
    assert path_of(units, "a") == "B › A"
