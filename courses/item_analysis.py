"""Classical item analysis of a quiz, as Moodle computes it, from nothing but a matrix of marks.

Sources: Moodle, `question/classes/statistics/questions/calculator.php` (items) and `mod/quiz/report/statistics/classes/
calculator.php` (the whole). Shares and correlations are 0..1 and -1..1 here; Moodle shows them times 100.

A cell that is NaN is an item that an attempt does not hold, or whose mark is still to come. Moodle has no such cells: it looks
at places, whichever question a pool put there, and leaves out attempts that wait for a mark. Two rules stand in for that, and
both come to Moodle's figures where nothing is missing:

- Results and rests are shares of the marks that an attempt could give, so that attempts of different length can be compared.
- Internal consistency and weights need whole attempts. They come from the attempts of the most common form (as many items,
  as many marks). Items that not all of these hold fill the remaining places, which are alike: each has the variance of all
  their marks together.

Moodle correlates a question from a pool with the whole total, its own mark included. In a quiz of ten questions that alone
gives about 0.3, and a wrong key goes unseen; `whole_discrimination` is that figure, for comparison with Moodle.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z95 = 1.959963984540054  # the normal quantile at 97.5 %
_SAME = 1e-9  # values closer than this are the same value, added up differently in binary fractions


@dataclass(frozen=True)
class Interval:
    """A 95 % confidence interval."""

    low: float
    high: float


@dataclass(frozen=True)
class ItemFigures:
    """Figures of one item; None where they are not defined.

    `count`: attempts with a mark. `facility`: mean mark as a share of the most. `sd`: standard deviation of the marks.
    `discrimination`: correlation of the mark with the rest of the attempt, `interval` is Fisher's of it.
    `whole_discrimination`: correlation with the whole attempt. `efficiency`: covariance with the rest as a share of the
    largest that these marks allow. `intended_weight`: share of all marks; `effective_weight`: share of what makes attempts
    differ, None for items that not every attempt holds, and where the covariance is negative (`negative` is then True).
    """

    count: int
    facility: float | None
    sd: float | None
    discrimination: float | None
    interval: Interval | None
    whole_discrimination: float | None
    efficiency: float | None
    intended_weight: float | None
    effective_weight: float | None
    negative: bool


@dataclass(frozen=True)
class WholeFigures:
    """Figures of the whole quiz; `count` attempts, results as shares (0..1) of the marks; None where they are not defined.

    `skewness` and `kurtosis` by k-statistics. `consistency` is Cronbach's alpha (Moodle: CIC) over the `consistency_count`
    attempts of the most common form, with Feldt's interval. `error_ratio` is the share of the standard deviation that is due
    to chance, and `standard_error` that part itself.
    """

    count: int
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: float | None
    consistency_interval: Interval | None
    consistency_count: int
    error_ratio: float | None
    standard_error: float | None


@dataclass(frozen=True)
class Analysis:
    """The items in the order of the columns, and the whole."""

    items: tuple[ItemFigures, ...]
    whole: WholeFigures


class MarkSheet:
    """Marks of attempts: `marks` is attempts x items, NaN where there is none; `max_marks` is the most each item gives."""

    def __init__(self, marks: Floats, max_marks: Floats) -> None:
        if marks.ndim != 2 or max_marks.shape != (marks.shape[1],):
            raise ValueError("marks must be attempts x items, with one most mark an item")
        self.marks = marks
        self.max_marks = max_marks
        self.held: NDArray[np.bool_] = ~np.isnan(marks)
        self._gained: Floats = np.where(self.held, marks, 0.0).sum(axis=1)
        self._possible: Floats = self.held @ max_marks

    @property
    def results(self) -> Floats:
        """The result of each attempt as a share of the marks that it could give; NaN where it could give none."""
        return _shares(self._gained, self._possible)

    @property
    def possible(self) -> Floats:
        """The marks that each attempt could give."""
        return self._possible

    def rest(self, item: int) -> Floats:
        """The result of each attempt without an item, as a share; NaN for attempts that do not hold it or hold nothing else."""
        mark = self.marks[:, item]
        return _shares(self._gained - mark, np.where(self.held[:, item], self._possible - self.max_marks[item], np.nan))


def analyse(marks: Floats, max_marks: Floats) -> Analysis:
    """The analysis of attempts x items; see `MarkSheet` for the arguments and this module's text for what is missing."""
    sheet = MarkSheet(marks, max_marks)
    form = _Form(sheet)
    items = tuple(_item(sheet, form, column) for column in range(marks.shape[1]))
    return Analysis(items, _whole(sheet, form))


def correlation(one: Floats, other: Floats) -> float | None:
    """Pearson's correlation; None where one of the two is the same throughout."""
    if _constant(one) or _constant(other):
        return None
    between = _covariance(one, other) / float(np.sqrt(one.var(ddof=1) * other.var(ddof=1)))
    return min(max(between, -1.0), 1.0)


def fisher_interval(value: float | None, count: int) -> Interval | None:
    """Fisher's 95 % interval of a correlation over `count` pairs; None where it is not defined (3 pairs or fewer, or +-1)."""
    if value is None or count <= 3 or abs(value) >= 1.0:
        return None
    middle, half = np.arctanh(value), Z95 / np.sqrt(count - 3)
    return Interval(float(np.tanh(middle - half)), float(np.tanh(middle + half)))


def feldt_interval(alpha: float | None, count: int, items: int) -> Interval | None:
    """The 95 % interval of Cronbach's alpha over `count` attempts at `items` items (Feldt, Woodruff & Salih 1987)."""
    if alpha is None or count < 2 or items < 2:
        return None
    above, below = count - 1, (count - 1) * (items - 1)
    from scipy.special import fdtri  # a tenth of a second that the start need not wait for

    low, high = (1.0 - (1.0 - alpha) * float(fdtri(above, below, share)) for share in (0.975, 0.025))
    return Interval(low, high)


class _Form:
    """The attempts of the most common form: as many items and as many marks. `fixed` are the items that all of these hold,
    `places` the number of places that the other items fill."""

    def __init__(self, sheet: MarkSheet) -> None:
        counts = (sheet.max_marks > 0) & sheet.held
        shape = np.column_stack([counts.sum(axis=1), np.round(sheet.possible, 9)])
        kinds, kind, sizes = np.unique(shape, axis=0, return_inverse=True, return_counts=True)
        wanted = kind.ravel() == int(np.argmax(sizes)) if len(kinds) else np.zeros(0, bool)
        rows = np.flatnonzero(wanted & (sheet.possible > 0))
        self.count = len(rows)
        self.marks: Floats = sheet.marks[rows]
        held = sheet.held[rows]
        self.worth: float | None = float(sheet.possible[rows[0]]) if self.count else None
        self.fixed = np.logical_and(np.all(held, axis=0), self.count > 0)
        self.items = int(counts[rows[0]].sum()) if self.count else 0
        self.places = self.items - int((self.fixed & (sheet.max_marks > 0)).sum())
        self._drawn: Floats = self.marks[:, ~self.fixed][held[:, ~self.fixed]]
        self._totals: Floats = np.where(held, self.marks, 0.0).sum(axis=1)
        self._covariances = {
            int(column): _rounded(_covariance(self.marks[:, column], self._totals))
            for column in np.flatnonzero(self.fixed)
        }
        self._root_sum = sum(np.sqrt(value) for value in self._covariances.values() if value >= 0)
        if self.places and self.count > 1:
            left = _rounded(float(self._totals.var(ddof=1)) - sum(self._covariances.values()))
            self._root_sum += np.sqrt(max(left, 0.0) * self.places)

    def effective_weight(self, column: int) -> tuple[float | None, bool]:
        """The effective weight of an item, and whether its covariance with the total is negative."""
        covariance = self._covariances.get(column)
        if covariance is None or self.count < 2 or not self._root_sum:
            return None, False
        return (None, True) if covariance < 0 else (float(np.sqrt(covariance) / self._root_sum), False)

    def consistency(self) -> float | None:
        """Cronbach's alpha; Moodle asks for more than two attempts, more than one item and totals that differ."""
        if self.count < 3 or self.items < 2 or _constant(self._totals):
            return None
        variances = float(self.marks[:, self.fixed].var(axis=0, ddof=1).sum())
        if self.places:
            variances += self.places * float(self._drawn.var(ddof=1))
        return self.items / (self.items - 1) * (1 - variances / float(self._totals.var(ddof=1)))


def _item(sheet: MarkSheet, form: _Form, column: int) -> ItemFigures:
    most = float(sheet.max_marks[column])
    marks = sheet.marks[sheet.held[:, column], column]
    rest = sheet.rest(column)
    known = ~np.isnan(rest)
    pairs = sheet.marks[known, column], rest[known]
    discrimination = correlation(*pairs)
    weight, negative = form.effective_weight(column)
    return ItemFigures(
        count=len(marks),
        facility=float(marks.mean()) / most if len(marks) and most > 0 else None,
        sd=_sd(marks),
        discrimination=discrimination,
        interval=fisher_interval(discrimination, len(pairs[0])),
        whole_discrimination=correlation(marks, sheet.results[sheet.held[:, column]]) if most > 0 else None,
        efficiency=_efficiency(*pairs),
        intended_weight=most / form.worth if form.worth else None,
        effective_weight=weight,
        negative=negative,
    )


def _whole(sheet: MarkSheet, form: _Form) -> WholeFigures:
    results = sheet.results[sheet.possible > 0]
    alpha = form.consistency()
    ratio = None if alpha is None else float(np.sqrt(max(1.0 - alpha, 0.0)))
    sd = _sd(results)
    skewness, kurtosis = _shape(results)
    return WholeFigures(
        count=len(results),
        mean=float(results.mean()) if len(results) else None,
        median=float(np.median(results)) if len(results) else None,
        sd=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        consistency=alpha,
        consistency_interval=feldt_interval(alpha, form.count, form.items),
        consistency_count=form.count,
        error_ratio=ratio,
        standard_error=None if ratio is None or sd is None else ratio * sd,
    )


def _shape(values: Floats) -> tuple[float | None, float | None]:
    """Skewness k3 / k2^1.5 and kurtosis k4 / k2^2 by Fisher's k-statistics; None for too few values or equal ones."""
    count = len(values)
    if count < 3 or _constant(values):
        return None, None
    apart = values - values.mean()
    second, third, fourth = (float((apart**power).mean()) for power in (2, 3, 4))
    k2 = count * second / (count - 1)
    k3 = count**2 * third / ((count - 1) * (count - 2))
    if count < 4:
        return k3 / k2**1.5, None
    k4 = count**2 * ((count + 1) * fourth - 3 * (count - 1) * second**2) / ((count - 1) * (count - 2) * (count - 3))
    return k3 / k2**1.5, k4 / k2**2


def _efficiency(marks: Floats, rest: Floats) -> float | None:
    """The covariance as a share of the largest that the same values allow: both in ascending order."""
    if _constant(marks) or _constant(rest):
        return None
    return _covariance(marks, rest) / _covariance(np.sort(marks), np.sort(rest))


def _covariance(one: Floats, other: Floats) -> float:
    """The covariance over n - 1; exactly 0 where one of the two is the same throughout."""
    if _constant(one) or _constant(other):
        return 0.0
    return float(((one - one.mean()) * (other - other.mean())).sum()) / (len(one) - 1)


def _rounded(covariance: float) -> float:
    """0 for what is only the rounding of binary fractions: the sign of a covariance is looked at."""
    return 0.0 if abs(covariance) <= 1e-12 else covariance


def _sd(values: Floats) -> float | None:
    if len(values) < 2:
        return None
    return 0.0 if _constant(values) else float(values.std(ddof=1))


def _constant(values: Floats) -> bool:
    """Whether there are fewer than two values, or all are the same."""
    if len(values) < 2:
        return True
    return float(values.max() - values.min()) <= _SAME


def _shares(gained: Floats, possible: Floats) -> Floats:
    """Marks as shares of those that were possible; NaN where none were."""
    shares: Floats = np.full(len(gained), np.nan)
    np.divide(gained, possible, out=shares, where=possible > _SAME)
    return shares
