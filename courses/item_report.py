"""What a trainer is shown of an analysis: figures are held back while too few people stand behind them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from courses.distractors import OptionFigures
from courses.item_analysis import Floats, Interval, ItemFigures, WholeFigures
from courses.item_findings import CORRELATION_FROM, FACILITY_FROM, FEWEST, Finding, comparable
from courses.question import Question

BINS = 10
UNSHOWN = ItemFigures(0, None, None, None, None, None, None, None, None, negative=False)
"""The figures of a question that may not be shown."""


@dataclass(frozen=True)
class ItemReport:
    """A question in one wording. `place` is its number in the quiz; `newest` means that the wording is the one that is asked
    now, `drawn` that it comes from a pool. `answers` is None where nothing may be shown; the other figures are those of
    `courses.item_analysis.ItemFigures`, None where they are not defined or too few people stand behind them.
    """

    place: int
    wording: str
    question: Question
    newest: bool
    drawn: bool
    answers: int | None
    facility: float | None
    sd: float | None
    guess: float | None
    discrimination: float | None
    interval: Interval | None
    whole_discrimination: float | None
    efficiency: float | None
    intended_weight: float | None
    effective_weight: float | None
    negative: bool
    options: tuple[OptionFigures, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class QuizReport:
    """The analysis of a quiz. `people` is None for fewer than five; `spread` counts results in tenths (0-10 %, ... 90-100 %),
    empty below ten people; `items` worst first. `versions` are the numbers of the versions that may be looked at alone;
    `waiting` answers have no mark yet and are left out.
    """

    people: int | None
    whole: WholeFigures
    spread: tuple[int, ...]
    items: tuple[ItemReport, ...]
    versions: tuple[int, ...]
    waiting: int


def item_report(
    place: int,
    wording: str,
    question: Question,
    figures: ItemFigures,
    options: Iterable[OptionFigures],
    found: tuple[Finding, ...],
    guess: float | None,
    *,
    newest: bool,
    drawn: bool,
) -> ItemReport:
    """The report of a question, without what too few answers say."""
    seen, compared = figures.count >= FACILITY_FROM, figures.count >= CORRELATION_FROM
    return ItemReport(
        place=place,
        wording=wording,
        question=question,
        newest=newest,
        drawn=drawn,
        answers=figures.count if figures.count >= FEWEST else None,
        facility=figures.facility if seen else None,
        sd=figures.sd if seen else None,
        guess=guess,
        discrimination=figures.discrimination if compared else None,
        interval=figures.interval if compared else None,
        whole_discrimination=figures.whole_discrimination if compared else None,
        efficiency=figures.efficiency if compared else None,
        intended_weight=figures.intended_weight,
        effective_weight=figures.effective_weight if compared else None,
        negative=figures.negative and compared,
        options=tuple(_shown(one) for one in options) if seen else (),
        findings=found,
    )


def whole_shown(whole: WholeFigures) -> WholeFigures:
    """The whole, without what too few attempts say."""
    if whole.count < FACILITY_FROM:
        whole = replace(whole, mean=None, median=None, sd=None, skewness=None, kurtosis=None)
    if whole.consistency_count < CORRELATION_FROM:
        return replace(whole, consistency=None, consistency_interval=None, error_ratio=None, standard_error=None)
    return whole


def spread(results: Floats) -> tuple[int, ...]:
    """How many results lie in each tenth, 100 % in the last; nothing for too few."""
    known = [share for share in results.tolist() if share == share]
    if len(known) < FACILITY_FROM:
        return ()
    counts = [0] * BINS
    for share in known:
        counts[min(int(share * BINS + 1e-9), BINS - 1)] += 1
    return tuple(counts)


def worst_first(items: Iterable[ItemReport]) -> tuple[ItemReport, ...]:
    """Questions with findings first, then those that separate least, then the hardest; those with too few answers last."""

    def rank(item: ItemReport) -> tuple[int, int, float, float, int]:
        sure = sum(finding.sure for finding in item.findings)
        separates = 2.0 if item.discrimination is None else item.discrimination
        return -sure, -len(item.findings), separates, 2.0 if item.facility is None else item.facility, item.place

    return tuple(sorted(items, key=rank))


def _shown(option: OptionFigures) -> OptionFigures:
    return option if comparable(option) else replace(option, point_biserial=None, interval=None)
