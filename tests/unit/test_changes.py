"""Paragraph differences between versions."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from rag.changes import Change, changes

PARAGRAPHS = st.lists(
    st.sampled_from(
        [
            "Du må bruge AI til korte tekster.",
            "Du må ikke bruge AI til korte tekster.",
            "Adgangen lukkes efter 90 dage.",
            "Adgangen lukkes efter 30 dage.",
            "Spørg din leder.",
            "Kontakt IT.",
            "Gem referatet på sagen.",
        ]
    ),
    max_size=10,
)

KEEP = "Spørg altid din nærmeste leder først."


def test_an_added_ikke_shows_as_a_changed_paragraph() -> None:
    before, after = "Du må bruge AI til korte tekster.", "Du må ikke bruge AI til korte tekster."
    assert changes([KEEP, before], [KEEP, after]) == [Change("changed", before, after)]


def test_a_changed_number_shows() -> None:
    found = changes(["Adgangen lukkes efter 90 dage."], ["Adgangen lukkes efter 30 dage."])
    assert [change.kind for change in found] == ["changed"]


def test_new_and_gone_paragraphs_show() -> None:
    assert changes([KEEP], [KEEP, "Ny regel om møder."]) == [Change("added", None, "Ny regel om møder.")]
    assert changes([KEEP, "Gammel regel."], [KEEP]) == [Change("removed", "Gammel regel.", None)]


def test_an_unlike_paragraph_in_the_same_place_is_gone_and_new_not_changed() -> None:
    found = changes(["Kontakt IT."], ["Slet lydfilen, når referatet er færdigt."])
    assert sorted(change.kind for change in found) == ["added", "removed"]


def test_line_breaks_are_no_change() -> None:
    assert changes(["Spørg din\nleder."], ["Spørg  din leder."]) == []


@given(PARAGRAPHS)
def test_a_version_does_not_differ_from_itself(paragraphs: list[str]) -> None:
    assert changes(paragraphs, paragraphs) == []


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_changes_lead_from_one_version_to_the_next(before: list[str], after: list[str]) -> None:
    """Nothing is forgotten: what was there, less what went, with what came, is what is there now."""
    found = changes(before, after)
    left = Counter(before)
    left.subtract(change.before for change in found if change.before is not None)
    left.update(change.after for change in found if change.after is not None)
    assert +left == Counter(after)
    assert min(left.values(), default=0) >= 0


@given(PARAGRAPHS, PARAGRAPHS)
def test_each_kind_says_what_it_holds(before: list[str], after: list[str]) -> None:
    holds = {"added": (False, True), "removed": (True, False), "changed": (True, True)}
    for change in changes(before, after):
        assert (change.before is not None, change.after is not None) == holds[change.kind]
        assert change.before != change.after
