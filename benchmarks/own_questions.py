"""The questions of our own over the shipped sources: found, shown, refused; and how the refusal was calibrated.

An answer holds when for every thing the question asks one of the quotes that tell it stands in what is shown.
Intervals are 95 %, by 2,000 bootstrap samples of the questions.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.corpus import progress
from benchmarks.house import House, environment
from benchmarks.isolation import alone
from benchmarks.table import Bar, Measurement, at_least, at_most
from bootstrap import start
from rag import refusal
from rag.answer import Outcome
from rag.evaluation import auroc
from rag.retriever import Retriever
from settings import Settings

DEPTH = 5
SAMPLES = 2000
FOLDS = 10
WRONGLY_REFUSED = 0.08
PENALTY = 10.0
Snippets = Sequence[tuple[str, str]]
Figures = NDArray[np.float64]
SETS = {"": "eget sæt", "_held_back": "eget sæt, holdt tilbage"}


@dataclass(frozen=True)
class Asked:
    """What became of one question; `holds` counts for answerable ones."""

    id: str
    kind: str
    answerable: bool
    found: bool
    shown: bool
    answered: bool
    seconds: float
    by_words: refusal.Evidence
    by_meaning: refusal.Evidence


def measurements(house: House, tests: Path, *, held_back: bool) -> list[Measurement]:
    """All rows; `held_back` asks also the questions that nothing was tuned on."""
    rows: list[Measurement] = []
    for suffix, name in list(SETS.items())[: 1 + held_back]:
        progress(f"Spørger: {name}")
        asked = alone(environment(house.folder), _ask_all, tests, suffix)
        rows += _rows(asked, name)
        if not suffix:
            rows += _calibration(asked)
    return rows


def failed(asked: Sequence[Asked]) -> list[Asked]:
    """The answerable questions whose answer does not hold and the others that got one."""
    return [one for one in asked if (not (one.shown and one.answered) if one.answerable else one.answered)]


def holds(groups: Sequence[Sequence[dict[str, str]]], snippets: Snippets) -> bool:
    """Whether every group has one quote that stands in a snippet of its source."""
    plain = [(source, " ".join(text.split())) for source, text in snippets]
    return all(
        any(
            one["source"] == source and " ".join(one["quote"].split()) in text
            for one in group
            for source, text in plain
        )
        for group in groups
    )


def _ask_all(tests: Path, suffix: str) -> list[Asked]:
    services = start(Settings())  # type: ignore[call-arg]  # values come from the environment
    services.search.encode()
    questions: list[dict[str, Any]] = []
    for name in ("own_answerable", "own_unanswerable"):
        questions += json.loads((tests / f"{name}{suffix}.json").read_text("utf-8"))["questions"]
    found = []
    for question in questions:
        search = services.search.current()
        text, groups = search.spelling.corrected(question["text"]), question.get("answers", [])
        seen = search.retriever.look(text, DEPTH)
        alone_by_words = Retriever(search.retriever.snapshot).look(text, DEPTH)
        started = time.perf_counter()
        answer = services.assistant.ask(question["text"])
        seconds = time.perf_counter() - started
        composed = search.extractor.compose(text, search.retriever.look(text, 12))
        found.append(
            Asked(
                question["id"],
                question["kind"],
                bool(groups),
                holds(groups, [(hit.indexed.version.source_id, hit.indexed.passage.text) for hit in seen.hits]),
                holds(groups, [(item.citations[-1].source, item.citations[-1].quote) for item in composed]),
                answer.status is Outcome.ANSWERED,
                seconds,
                refusal.evidence(text, alone_by_words, search.extractor),
                refusal.evidence(text, seen, search.extractor),
            )
        )
    return found


def _rows(asked: Sequence[Asked], name: str) -> list[Measurement]:
    inside = [one for one in asked if one.answerable]
    outside = [one for one in asked if not one.answerable]
    answered = [one for one in inside if one.answered]
    return [
        _share(f"Svaret er blandt de første {DEPTH} afsnit, {name}", inside, lambda one: one.found, at_least(95)),
        _share(f"Det viste svar indeholder svaret, {name}", inside, lambda one: one.shown, at_least(90)),
        _share(f"Det samme af de besvarede, {name}", answered, lambda one: one.shown, None),
        _share(f"Uden svar i kilderne: afvist, {name}", outside, lambda one: not one.answered, at_least(90)),
        _share(f"Med svar i kilderne: afvist med urette, {name}", inside, lambda one: not one.answered, at_most(8)),
        Measurement(
            f"Helt svar af citater, p50, {name}",
            float(np.median([one.seconds for one in answered])) * 1000,
            "ms",
            bar=at_most(100),
        ),
    ]


def _share(measure: str, asked: Sequence[Asked], is_so: Callable[[Asked], bool], bar: Bar | None) -> Measurement:
    values = np.array([is_so(one) for one in asked], float) * 100
    draws = np.random.default_rng(0).choice(values, (SAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(draws, [2.5, 97.5])
    note = f"{low:.0f}–{high:.0f} %, {len(asked)} spørgsmål"
    return Measurement(measure, float(values.mean()), "%", bar=bar, note=note)


def _calibration(asked: Sequence[Asked]) -> list[Measurement]:
    """Cross-validated: every question is judged by weights that were found without it. The shipped weights are of all."""
    answerable = np.array([one.answerable for one in asked])
    rows = []
    for name, readings in (
        ("ord og betydning", [astuple(one.by_meaning) for one in asked]),
        ("kun ord", [astuple(one.by_words) for one in asked]),
    ):
        values = np.array(readings, float)
        scores = np.empty(len(asked))
        folds = np.random.default_rng(0).permutation(len(asked)) % FOLDS
        for fold in range(FOLDS):
            found = _logistic(values[folds != fold], answerable[folds != fold])
            scores[folds == fold] = values[folds == fold] @ found[1:] + found[0]
        whole = _logistic(values, answerable)
        fitted = values @ whole[1:] + whole[0]
        point = 1 / (1 + np.exp(-np.quantile(fitted[answerable], WRONGLY_REFUSED)))
        weights = ", ".join(f"{key} {value:.2f}" for key, value in zip(refusal.READINGS, whole[1:], strict=True))
        progress(f"Vægte, {name}: {weights}, konstant {whole[0]:.2f}, driftspunkt {point:.3f}")
        limit = np.quantile(scores[answerable], WRONGLY_REFUSED)
        refused = float((scores[~answerable] < limit).mean()) * 100
        curve = ", ".join(f"{share} %: {_risk(scores, answerable, share):.0f} %" for share in (25, 50, 75, 100))
        rows += [
            Measurement(f"AUROC, afvisning, krydsvalideret, {name}", auroc(scores, answerable), digits=3),
            Measurement(f"Afvist uden svar, når 8 % afvises med urette, krydsvalideret, {name}", refused, "%"),
            Measurement(
                f"Risiko ved halv dækning, krydsvalideret, {name}", _risk(scores, answerable, 50), "%", note=curve
            ),
        ]
    return rows


def _risk(scores: Figures, answerable: NDArray[np.bool_], share: int) -> float:
    """Percentage without an answer in the sources among the `share` percent that the rule trusts most."""
    first = np.argsort(-scores, kind="stable")[: max(len(scores) * share // 100, 1)]
    return float((~answerable[first]).mean()) * 100


def _logistic(values: Figures, answerable: NDArray[np.bool_]) -> Figures:
    """Constant and weights of a ridge-penalised logistic regression on standardised readings, by Newton's method."""
    middle, spread = values.mean(axis=0), np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    design = np.column_stack([np.ones(len(values)), (values - middle) / spread])
    ridge = PENALTY * np.eye(design.shape[1])
    ridge[0, 0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        share = 1.0 / (1.0 + np.exp(-design @ weights))
        slope = design.T @ (answerable - share) - ridge @ weights
        weights += np.linalg.solve((design.T * (share * (1 - share))) @ design + ridge, slope)
    scaled = weights[1:] / spread
    return np.concatenate([[weights[0] - float(scaled @ middle)], scaled])
