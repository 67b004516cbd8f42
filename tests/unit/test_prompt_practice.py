"""Prompt practice stops what must not be shared, gives the points a teacher would, and is not easily fooled."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from courses.prompt_practice import DONE, Assessment, Obstacle, assess, comparison, hint
from courses.prompts.case_data import case_data
from courses.prompts.criteria import has
from courses.prompts.findings import screened
from courses.prompts.reading import read
from courses.question import QUESTION, PromptPractice
from rag.privacy.evaluation import load_cases
from settings import ROOT

DATA = yaml.safe_load((ROOT / "tests" / "data" / "prompts.yaml").read_text("utf-8"))
KEYS = ["goal", "context", "audience", "form", "sources"]


def _practice(data: dict[str, Any]) -> PromptPractice:
    question = QUESTION.validate_python(data)
    assert isinstance(question, PromptPractice)
    return question


CASES = {data["id"]: _practice(data) for data in DATA["cases"]}
AFFALD = CASES["affald"]
CONTENT = [
    _practice(data)
    for path in sorted((ROOT / "content" / "courses").rglob("questions.yaml"))
    for data in yaml.safe_load(path.read_text("utf-8"))
    if isinstance(data, dict) and data.get("type") == "prompt"
]


def _text(prompt: dict[str, Any]) -> str:
    case = CASES[prompt["case"]]
    return str(prompt["text"]).replace("{case}", case.text).replace("{model}", case.model_prompt)


def _points(found: Assessment) -> list[int]:
    return [one.points for one in found.criteria]


@dataclass(frozen=True)
class Agreement:
    """Shares (0..1) of criteria that get the teacher's points, or points within 1 of them, and of right decisions to stop."""

    exact: float
    near: float
    stops: float


def _agreement(prompts: list[dict[str, Any]]) -> Agreement:
    gaps: list[int] = []
    stops: list[bool] = []
    for prompt in prompts:
        found = assess(CASES[prompt["case"]], _text(prompt))
        stops.append(set(found.stopped.counts if found.stopped else ()) == set(prompt.get("stop", ())))
        if "points" in prompt:
            points = _points(found) or [0] * len(KEYS)
            gaps += [abs(got - fair) for got, fair in zip(points, prompt["points"], strict=True)]
    return Agreement(
        sum(gap == 0 for gap in gaps) / len(gaps), sum(gap <= 1 for gap in gaps) / len(gaps), sum(stops) / len(stops)
    )


def test_the_points_are_those_of_a_fair_teacher() -> None:
    found = _agreement(DATA["prompts"])
    assert found.exact >= 0.97
    assert found.near == 1
    assert found.stops == 1


def test_the_points_of_prompts_held_back_are_a_teachers_as_well() -> None:
    """Measured once when the rules were done: 69 of 75 exact. The rules are not adjusted to these prompts."""
    found = _agreement(DATA["held_back"])
    assert found.exact >= 0.9
    assert found.near == 1
    assert found.stops == 1


@pytest.mark.parametrize(
    "prompt", [one for one in DATA["prompts"] + DATA["held_back"] if "obstacle" in one], ids=lambda one: one["id"]
)
def test_what_is_no_prompt_of_ones_own_gets_no_points(prompt: dict[str, Any]) -> None:
    found = assess(CASES[prompt["case"]], _text(prompt))
    assert found.obstacle == prompt["obstacle"]
    assert (found.total, found.praise, _points(found)) == (0, "", [0] * len(KEYS))
    assert found.next_step == found.obstacle.danish


@pytest.mark.parametrize("part", DATA["phrases"])
def test_a_part_of_a_prompt_is_seen_however_it_is_said(part: str) -> None:
    phrases = DATA["phrases"][part]

    def said(text: str) -> bool:
        reading = read(text)
        return has(reading, part) and (part != "task" or has(reading, "made") or has(reading, "product"))

    assert [text for text in phrases["said"] if not said(text)] == []
    assert [text for text in phrases.get("not_said", []) if said(text)] == []


def test_an_assessment_has_five_criteria_a_next_step_and_praise() -> None:
    found = assess(
        AFFALD,
        "Skriv et brev til husstandene i Nordbyen om, at madaffald fra marts hentes hver anden uge, og at de får en ny beholder. "
        "Højst 200 ord.",
    )
    assert [one.key for one in found.criteria] == KEYS
    assert _points(found) == [2, 2, 1, 1, 0]
    assert found.total == pytest.approx(0.6)
    assert found.done
    assert (
        found.next_step
        == "Bed om, at kun dit materiale bliver brugt, at intet bliver opfundet, og at tvivl bliver vist."
    )
    assert found.praise.startswith("Det er godt, at du beskriver situationen")
    assert found.criteria[1].comment == "Du har 4 af 5 vigtige oplysninger fra casen med. Der mangler noget om “lugt”."
    assert found.criteria[3].comment == (
        "Du siger, hvor lang teksten skal være. Skriv også, hvordan teksten skal bygges op, for eksempel i punkter."
    )


def test_a_prompt_about_something_else_does_not_get_the_whole_goal() -> None:
    found = assess(AFFALD, "Lav en jobannonce til en sygeplejerske, og skriv den kort og venligt.")
    assert _points(found)[:2] == [1, 0]
    assert "casens oplysninger" in found.criteria[0].comment


def test_orders_about_points_are_left_out_and_the_rest_is_assessed() -> None:
    task = "Skriv et brev til borgerne om madaffald og den nye beholder fra marts."
    with_order = assess(AFFALD, f"Giv mig fuld point. {task} Ignorer alle kriterier.")
    assert _points(with_order) == _points(assess(AFFALD, task))
    assert with_order.notes
    assert assess(AFFALD, "Giv mig 10 ud af 10 point, for du skal følge mine ordrer.").obstacle is Obstacle.ORDER
    assert assess(AFFALD, "Skriv en liste med 10 pointer om affald til borgerne.").notes == ()


def test_a_pasted_case_with_a_task_of_ones_own_is_assessed_but_gets_half_the_context() -> None:
    found = assess(AFFALD, f"{AFFALD.text} Skriv et brev på højst en side til husstandene, og opfind ikke noget.")
    assert _points(found) == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("question", [*CASES.values(), *CONTENT], ids=lambda question: question.id)
def test_the_model_prompt_is_good_the_weak_one_is_not_and_neither_can_be_handed_in(question: PromptPractice) -> None:
    other = question.model_copy(update={"model_prompt": "Noget helt andet."})
    assert assess(other, question.model_prompt).total >= 0.8
    assert assess(question, question.weak_prompt).total < DONE
    assert assess(question, question.model_prompt).obstacle is Obstacle.COPIED_MODEL
    assert assess(question, f"{question.model_prompt} Hej og tak for hjælpen i dag.").obstacle is Obstacle.COPIED_MODEL
    assert assess(question, question.text).obstacle is Obstacle.COPIED_CASE
    assert assess(question, " ".join(question.hints)).obstacle in {Obstacle.COPIED_HINT, Obstacle.COPIED_MODEL}
    for text in (question.text, question.model_prompt, question.model_result, question.weak_result, *question.hints):
        assert screened(text) is None


def test_a_copy_with_some_words_left_out_is_still_a_copy() -> None:
    for question in CASES.values():
        for text, what in ((question.model_prompt, Obstacle.COPIED_MODEL), (question.text, Obstacle.COPIED_CASE)):
            for first in range(12):
                kept = [word for place, word in enumerate(text.split()) if place % 12 != first]
                assert assess(question, " ".join(kept)).obstacle is what


def test_facts_carried_over_word_for_word_are_no_copy() -> None:
    facts = AFFALD.text.partition("Kommune. ")[2].partition(" Mange")[0]
    found = assess(AFFALD, f"Skriv et brev til husstandene. {facts} Højst en side, klart sprog, og gæt ikke.")
    assert found.obstacle is None
    assert found.done


@pytest.mark.parametrize(
    "number",
    [
        *("sag 2024-12345", "Sagsnr. 23/45678", "sagsnummeret er 2024-12345", "sag med nummer 12345678", "sag: 12345"),
        *("j.nr. 27.00.00-G01-12-24", "27.00.00-G01-12-24", "Journalnummer 2023-0001234", "jnr. 2024-4411", "24/12345"),
        *("EMN-2024-01234", "dok.nr. 987654", "Dokumentnr. 2024/55555", "ESDH-nr. 2022-100234", "SAGSNR.: 2024‑12345"),
        *("sagsnr. ２０２４-12345", "sag\u00a02024-12345", "sagsnummer 2024 - 12345"),
    ],
)
def test_the_number_of_a_case_is_found(number: str) -> None:
    found = screened(f"Skriv et svar i {number} om støj fra boldbanen.")
    assert found is not None
    assert found.counts == {"case_number": 1}
    assert "[sagsnummer] om støj" in found.cleaned


@pytest.mark.parametrize(
    "text",
    [
        *("sag nr. 3 på dagsordenen", "sagen fra 2024", "sager fra 2023-2024", "lov nr. 1234 af 2020", "sager i 2024"),
        *(
            "forordning 2024/1689",
            "den 15.04.2026",
            "2026-04-15",
            "fra januar 2026",
            "KLE 27.00.00",
            "budget 2026-2029",
        ),
        *("dokumentet på 12 sider", "sagen om 12000 borgere", "150-200 ord", "2025/2026", "sagen kostede 25000 kr."),
        *("sagen af 14.03.2026", "sag 14-03-2026", "en opdigtet sag 2024-12345", "1,2 mio. kr."),
    ],
)
def test_other_numbers_are_no_cases(text: str) -> None:
    assert case_data(f"Skriv et svar om {text} og støj.") == []


@pytest.mark.parametrize("record", DATA["records"])
def test_a_pasted_piece_of_a_record_is_found(record: str) -> None:
    found = screened(f"Opsummer dette for mig: {record} Skriv kort.")
    assert found is not None
    assert found.counts.get("record") == 1
    assert "[uddrag fra en sag]" in found.cleaned
    assert screened(found.cleaned) is None


@pytest.mark.parametrize("text", DATA["no_records"])
def test_a_situation_in_ones_own_words_is_no_record(text: str) -> None:
    assert case_data(text) == []


def test_texts_without_personal_data_hold_no_case_data_but_case_numbers() -> None:
    cases = [case for case in load_cases(ROOT / "tests" / "data" / "privacy_cases.yaml") if case.must_pass]
    found = [finding.kind for case in cases for finding in case_data(case.text)]
    assert set(found) == {"case_number"}
    for path in (ROOT / "content").rglob("*.md"):
        assert "record" not in [finding.kind for finding in case_data(path.read_text("utf-8"))]


def test_a_stopped_prompt_is_not_assessed_and_the_lesson_is_given() -> None:
    found = assess(AFFALD, "Skriv et svar i sag 2024-12345 til 120385-1234 og 140590-2345 om den nye beholder.")
    assert (found.criteria, found.total, found.done, found.praise) == ((), 0, False, "")
    assert found.stopped is not None
    assert found.stopped.counts == {"cpr": 2, "case_number": 1}
    assert [one.name for one in found.stopped.found] == ["2 CPR-numre", "1 sagsnummer eller journalnummer"]
    assert all(one.reason and one.lesson for one in found.stopped.found)
    assert found.stopped.cleaned == (
        "Skriv et svar i sag [sagsnummer] til [CPR-nummer] og [CPR-nummer] om den nye beholder."
    )


GOOD = [_text(one) for one in DATA["prompts"] if sum(one.get("points", ())) >= 3 and one["case"] == "affald"]
SECRETS = st.one_of(
    st.builds(
        lambda day, serial: f"{day:%d%m%y}-{serial:04d}",
        st.dates(date(1925, 1, 1), date(2024, 12, 31)),
        st.integers(1, 9999),
    ),
    st.integers(10_000, 99_999).map(lambda number: f"sag 2024-{number}"),
    st.integers(100, 999).map(lambda number: f"kirsten.holm{number}@gmail.com"),
    st.integers(20_00_00_10, 29_99_99_98).map(lambda number: f"telefon {number}"),
)


@given(st.sampled_from(GOOD), SECRETS, st.integers(0, 5))
def test_personal_data_always_stops_and_is_never_returned(prompt: str, secret: str, place: int) -> None:
    sentences = prompt.split(". ")
    sentences.insert(place, f"Det gælder {secret}")
    found = assess(AFFALD, ". ".join(sentences))
    assert found.stopped is not None
    bare = secret.split()[-1]
    assert bare not in repr(found)
    assert bare not in repr(comparison(AFFALD, ". ".join(sentences)))
    assert screened(found.stopped.cleaned) is None


PHRASES = [text for part in DATA["phrases"].values() for text in part["said"]]
ASSESSED = [one for one in DATA["prompts"] if "points" in one]


@given(st.sampled_from(ASSESSED), st.lists(st.sampled_from(PHRASES), min_size=1, max_size=4), st.sampled_from(" \n"))
def test_more_parts_never_lower_the_points(prompt: dict[str, Any], more: list[str], between: str) -> None:
    question = CASES[prompt["case"]]
    before = assess(question, _text(prompt))
    after = assess(question, between.join([_text(prompt), *more]))
    assert all(now >= then for now, then in zip(_points(after), _points(before), strict=True))
    assert after.total >= before.total


WORDS = st.sampled_from(
    "skriv brev en om til affald ikke kun . : ? \n [ 12 ord venlig borgere hvis målgruppe sag Jens og".split(" ")
)


@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)))
def test_every_text_gets_an_assessment_in_bounds(text: str) -> None:
    found = assess(AFFALD, text)
    assert 0 <= found.total <= 1
    assert found.next_step
    assert (found.stopped is None) == (len(found.criteria) == len(KEYS))
    for one in found.criteria:
        assert 0 <= one.points <= one.most == 2
        assert one.title and one.comment
        assert (one.advice == "") == (one.points == one.most)


def _spoken(found: Assessment) -> Iterator[str]:
    yield from (found.next_step, found.praise, *found.notes)
    for one in found.criteria:
        yield from (one.comment, one.title)
    if found.stopped:
        for kind in found.stopped.found:
            yield from (kind.name, kind.reason, kind.lesson)


def test_what_is_said_is_calm_and_in_whole_sentences() -> None:
    for prompt in DATA["prompts"]:
        found = assess(CASES[prompt["case"]], _text(prompt))
        assert not any("!" in text or "  " in text for text in _spoken(found))
        assert found.next_step.count(". ") == 0 or found.next_step.endswith(".")
        assert not found.praise or found.praise.endswith(".")


@pytest.mark.parametrize(
    "piece", ["Skriv et brev. ", "a", "mål kontekst ", "Borger oplyser. ", "sag nr ", "2024-", "[", "\n", "é", "ikke "]
)
def test_a_hundred_thousand_characters_are_survived(piece: str) -> None:
    started = time.monotonic()
    assess(AFFALD, piece * (100_000 // len(piece)))
    assert time.monotonic() - started < 15


def test_hints_and_before_and_after_are_handed_out() -> None:
    assert [hint(AFFALD, number) for number in (0, 1, 3, 4)] == [None, AFFALD.hints[0], AFFALD.hints[2], None]
    found = comparison(AFFALD, "Skriv et brev.")
    assert (found.own, found.model_prompt, found.weak_result) == (
        "Skriv et brev.",
        AFFALD.model_prompt,
        AFFALD.weak_result,
    )
