"""The privacy gate: how much of what must be stopped is stopped, and how much of what must pass does."""

import time
from pathlib import Path

from benchmarks.table import Measurement, at_least, at_most
from rag.privacy import find
from rag.privacy.evaluation import HOSTILE_TEXTS, Case, load_cases, measured

STOPPED = 98.0
PASSED = 95.0
QUESTION_MS = 5.0
LONG_S = 10.0
ROUNDS = 3


def measurements(path: Path) -> list[Measurement]:
    """Shares of all cases and of those that nobody looked at while writing the rules, and the time one question takes."""
    cases = load_cases(path)
    rows = []
    for held_back, which in ((None, "alle"), (True, "holdt tilbage")):
        for must_pass, name, bar in ((False, "stoppet", STOPPED), (True, "sluppet igennem", PASSED)):
            share = measured(cases, must_pass=must_pass, held_back=held_back)
            what = "Skal igennem" if must_pass else "Skal stoppes"
            label = f"{what}: {name}, {which}"
            rows.append(Measurement(label, share.percent, "%", at_least(bar), note=f"{share.right} af {share.total}"))
    return [
        *rows,
        Measurement("Persondataport, ét spørgsmål", _milliseconds(cases), "ms", at_most(QUESTION_MS), 2),
        Measurement(
            "Persondataport, værste tekst på 200.000 tegn", max(map(_seconds, HOSTILE_TEXTS)), "s", at_most(LONG_S)
        ),
    ]


def _seconds(text: str) -> float:
    started = time.perf_counter()
    find(text)
    return time.perf_counter() - started


def _milliseconds(cases: list[Case]) -> float:
    """Mean time of one case, with word lists read."""
    find(cases[0].text)
    started = time.perf_counter()
    for _ in range(ROUNDS):
        for case in cases:
            find(case.text)
    return (time.perf_counter() - started) * 1000 / (ROUNDS * len(cases))
