"""The table of measurements: Danish figures, bars, rows without figures, and the JSON."""

import json
from pathlib import Path

import pytest

from benchmarks.corpus import recombined
from benchmarks.table import Bar, Measurement, at_least, at_most, drawn, not_measured, write
from rag.evaluation import SetPassage


@pytest.mark.parametrize(
    ("bar", "value", "met"),
    [
        (at_most(25), 25.0, True),
        (at_most(25), 25.01, False),
        (at_least(0.88), 0.88, True),
        (at_least(0.88), 0.879, False),
    ],
)
def test_a_bar_holds_up_to_and_including_its_limit(bar: Bar, value: float, met: bool) -> None:
    assert Measurement("Søgning", value, bar=bar).met is met


def test_the_table_is_danish_and_says_why_a_figure_is_missing() -> None:
    rows = [
        Measurement("Søgning, p50", 1234.56, "ms", at_most(25)),
        Measurement("nDCG@10", 0.8934, bar=at_least(0.88), digits=3, note="901 tekststykker"),
        Measurement("Recall@10", 0.97, digits=3),
        not_measured("AUROC", "sættet findes ikke"),
    ]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in drawn(rows).splitlines()]
    assert lines[0] == ["Mål", "Krav", "Målt", "Opfyldt"]
    assert lines[2:] == [
        ["Søgning, p50", "≤ 25 ms", "1.234,6 ms", "nej"],
        ["nDCG@10", "≥ 0,88", "0,893 (901 tekststykker)", "ja"],
        ["Recall@10", "–", "0,970", "–"],
        ["AUROC", "–", "ikke målt: sættet findes ikke", "–"],
    ]


def test_a_figure_that_is_missing_is_neither_met_nor_failed() -> None:
    assert not_measured("Start", "chromium mangler", at_most(3)).met is None


def test_the_json_keeps_full_figures_and_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    write(path, [Measurement("Søgning", 12.3456, "ms", at_most(25))], {"cpu": "prøve", "cores": 2})
    found = json.loads(path.read_text("utf-8"))
    assert found["machine"] == {"cpu": "prøve", "cores": 2}
    assert found["measurements"][0]["value"] == 12.3456
    assert found["measurements"][0]["met"] is True


def test_recombined_passages_are_the_same_every_time() -> None:
    real = [SetPassage(id="a", title="Én", text="Første sætning her. Anden sætning her.")] * 2
    assert recombined(real, 5) == recombined(real, 5)
    assert len({passage.id for passage in recombined(real, 5)}) == 5
