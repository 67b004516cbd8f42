"""The figures of an evaluation, worked out by hand."""

import json
import math
from pathlib import Path

import pytest

from rag.evaluation import DataSet, SetPassage, SetQuestion, UnreadableDataSet, evaluate
from rag.glossary import Glossary
from tests.fakes import WordHashEncoder

NO_TERMS = Glossary(terms=())
# "hund" stands most often in the first passage and least often in the last one.
PASSAGES = tuple(
    SetPassage(
        id=f"p{number}", title="", text=" ".join(["hund"] * (5 - number) + ["hest"] * number + ["ko gris får ged"])
    )
    for number in range(5)
)
OTHERS = tuple(SetPassage(id=f"q{number}", title="", text=f"cykel bil tog nummer {number}") for number in range(5))


def data(*questions: SetQuestion) -> DataSet:
    return DataSet(name="prøve", language="da", passages=PASSAGES + OTHERS, questions=questions)


def asked(text: str, *relevant: str, answerable: bool = True) -> SetQuestion:
    return SetQuestion(id=text, text=text, relevant=relevant, answerable=answerable)


def test_a_question_found_first_scores_1() -> None:
    result = evaluate(data(asked("hund", "p0")), NO_TERMS, None)
    assert (result.ndcg_at_10, result.recall_at_1, result.mrr_at_10) == (1.0, 1.0, 1.0)
    assert (result.questions, result.mode) == (1, "lexical")


def test_a_question_found_third_scores_by_its_place() -> None:
    result = evaluate(data(asked("hund", "p2")), NO_TERMS, None)
    assert result.ndcg_at_10 == pytest.approx(1 / math.log2(4), abs=1e-4)
    assert result.mrr_at_10 == pytest.approx(1 / 3, abs=1e-4)
    assert (result.recall_at_1, result.recall_at_5) == (0.0, 1.0)


def test_two_relevant_passages_share_the_ideal() -> None:
    result = evaluate(data(asked("hund", "p0", "p2")), NO_TERMS, None)
    ideal = 1 + 1 / math.log2(3)
    assert result.ndcg_at_10 == pytest.approx((1 + 1 / math.log2(4)) / ideal, abs=1e-4)
    assert (result.recall_at_1, result.recall_at_5) == (0.5, 1.0)


def test_figures_are_means_over_questions_with_relevant_passages() -> None:
    result = evaluate(data(asked("hund", "p0"), asked("hund ", "p2"), asked("tog")), NO_TERMS, None)
    assert result.recall_at_1 == 0.5
    assert result.questions == 3


def test_refusals_are_measured_where_some_questions_have_no_answer() -> None:
    unanswerable = asked("raketter på månen i aften", answerable=False)
    result = evaluate(data(asked("hund hest", "p1"), unanswerable), NO_TERMS, None)
    assert result.refusal_rate_unanswerable == 1.0
    assert result.auroc == 1.0
    assert result.wrong_refusal_rate in (0.0, 1.0)


def test_refusals_are_left_out_where_all_can_be_answered() -> None:
    result = evaluate(data(asked("hund", "p0")), NO_TERMS, None)
    assert result.refusal_rate_unanswerable is result.wrong_refusal_rate is result.auroc is None


def test_limit_uses_the_first_questions() -> None:
    result = evaluate(data(asked("hund", "p0"), asked("hest", "q1")), NO_TERMS, None, limit=1)
    assert (result.questions, result.recall_at_1) == (1, 1.0)


def test_hybrid_reports_progress_and_finds_too() -> None:
    calls: list[tuple[int, int]] = []
    result = evaluate(
        data(asked("hund", "p0")), NO_TERMS, WordHashEncoder(), progress=lambda done, total: calls.append((done, total))
    )
    assert result.mode == "hybrid"
    assert result.recall_at_5 == 1.0
    assert calls[-1] == (10, 10)


GOOD = {
    "name": "x",
    "language": "da",
    "passages": [{"id": "a", "title": "t", "text": "x"}],
    "questions": [{"id": "1", "text": "x", "relevant": ["a"], "answerable": True}],
}


def test_a_good_file_loads_and_extra_fields_of_the_set_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_text(json.dumps({**GOOD, "licence": "unknown"}), "utf-8")
    assert DataSet.load(path).questions[0].relevant == ("a",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"tekst"',
        json.dumps({**GOOD, "passages": []}),
        json.dumps({**GOOD, "questions": []}),
        json.dumps({key: value for key, value in GOOD.items() if key != "questions"}),
        json.dumps({**GOOD, "questions": [{"id": "1", "text": "x", "relevant": ["b"], "answerable": True}]}),
        json.dumps({**GOOD, "questions": [{"id": "1", "text": "x", "relevant": ["a"]}]}),
    ],
)
def test_a_file_that_is_no_data_set_is_named_in_the_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "forkert.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UnreadableDataSet, match=r"forkert\.json"):
        DataSet.load(path)


def test_missing_files_folders_and_binary_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "binær.json").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "findes-ikke.json", tmp_path, tmp_path / "binær.json"):
        with pytest.raises(UnreadableDataSet):
            DataSet.load(path)
