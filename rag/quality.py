"""How the assistant does over a period: what became of the questions, week by week, and where the time went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from rag.answer import Outcome
from rag.stages import Stage


@dataclass(frozen=True)
class DayCount:
    """How many questions of one day had the same outcome and were searched alike."""

    day: date
    outcome: Outcome
    hybrid: bool
    count: int


@dataclass(frozen=True)
class Tally:
    """Numbers of questions. `words_only` are those searched without meaning; a blocked question is not searched at all."""

    answered: int = 0
    refused: int = 0
    blocked: int = 0
    words_only: int = 0

    @classmethod
    def of(cls, counts: Iterable[DayCount]) -> "Tally":
        """The sum of some counts."""
        totals = dict.fromkeys(Outcome, 0)
        words_only = 0
        for item in counts:
            totals[item.outcome] += item.count
            if not item.hybrid and item.outcome is not Outcome.BLOCKED:
                words_only += item.count
        return cls(totals[Outcome.ANSWERED], totals[Outcome.REFUSED], totals[Outcome.BLOCKED], words_only)

    @property
    def searched(self) -> int:
        """Questions that got an answer or a refusal."""
        return self.answered + self.refused

    @property
    def refusal_rate(self) -> float | None:
        """Share (0..1) of the searched questions that were refused; None when nothing was searched."""
        return self.refused / self.searched if self.searched else None

    @property
    def words_only_share(self) -> float | None:
        """Share (0..1) of the searched questions that were searched by words only; None when nothing was searched."""
        return self.words_only / self.searched if self.searched else None


@dataclass(frozen=True)
class Week:
    """The questions of a calendar week (ISO 8601), or of the part of it that lies in the period."""

    year: int
    number: int
    tally: Tally

    @property
    def danish(self) -> str:
        """uge 47, 2026"""
        return f"uge {self.number}, {self.year}"


@dataclass(frozen=True)
class StageTime:
    """Milliseconds of a stage: the middle of `count` questions, and what 95 of 100 stay below."""

    stage: Stage
    count: int
    p50: float
    p95: float


@dataclass(frozen=True)
class SourceUse:
    """How many answers quote a source, and how many refused questions came nearest to it."""

    source_id: str
    quoted: int
    nearest: int


@dataclass(frozen=True)
class Quality:
    """All figures of a period that ends today; stages and sources are those of `sample` questions, drawn by lot."""

    days: int
    total: Tally
    weeks: tuple[Week, ...]
    stages: tuple[StageTime, ...]
    sources: tuple[SourceUse, ...]
    sample: int


def by_week(counts: Sequence[DayCount], first: date, last: date) -> tuple[Week, ...]:
    """Every week from `first` to `last`, oldest first, those without questions included."""
    weeks: dict[tuple[int, int], list[DayCount]] = {}
    for offset in range((last - first).days + 1):
        weeks.setdefault((first + timedelta(days=offset)).isocalendar()[:2], [])
    for item in counts:
        weeks[item.day.isocalendar()[:2]].append(item)
    return tuple(Week(year, number, Tally.of(items)) for (year, number), items in weeks.items())


def stage_times(timings: Iterable[Mapping[str, float]]) -> tuple[StageTime, ...]:
    """p50 and p95 of every stage that was timed, slowest p95 first; percentiles by linear interpolation (numpy)."""
    collected: dict[Stage, list[float]] = {}
    for timing in timings:
        for name, value in timing.items():
            collected.setdefault(Stage(name), []).append(value)
    times = [
        StageTime(stage, len(values), float(np.percentile(values, 50)), float(np.percentile(values, 95)))
        for stage, values in collected.items()
    ]
    return tuple(sorted(times, key=lambda time: -time.p95))
