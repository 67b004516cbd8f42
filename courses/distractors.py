"""What the options of a question do: how many choose each, and whether those are the people who do well elsewhere.

The point-biserial correlation of an option is (mean of those who chose it - mean of the others) / SD * sqrt(p (1 - p)), with
the population SD, which is Pearson's correlation with chosen = 1, not chosen = 0. The score is the rest of the attempt, so
that the question does not speak for itself. Somebody who answered nothing has chosen none of the options, and counts as that.
(Canvas leaves blanks out and takes the total with the question in it.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from courses.item_analysis import Floats, Interval, correlation, fisher_interval
from courses.question import MultipleChoice, Question, SingleChoice, TrueFalse
from courses.response import Response

NONE_OF_THEM = ""  # the id of ticking nothing, which is an answer


@dataclass(frozen=True)
class OptionFigures:
    """An option, `chosen` by how many of `count` people; `share` is of all of them. `right` means that it gives the whole mark,
    `wrong` that it gives nothing. `point_biserial` is None where nobody or everybody chose it, or all do equally well."""

    id: str
    text: str
    right: bool
    wrong: bool
    count: int
    chosen: int
    share: float
    point_biserial: float | None
    interval: Interval | None


def has_options(question: Question) -> bool:
    """Whether a question is answered by choosing among options that are the same for all."""
    return isinstance(question, SingleChoice | MultipleChoice | TrueFalse)


def option_figures(question: Question, responses: Sequence[Response], rest: Floats) -> tuple[OptionFigures, ...]:
    """The options in their own order; `rest` is the share (0..1) that each person has in the rest of her attempt, NaN if none.

    Nothing for questions without options and where nobody was asked.
    """
    if not len(responses):
        return ()
    found = [_figures(option, question, responses, rest) for option in _options(question)]
    return tuple(one for one in found if one.id != NONE_OF_THEM or one.right or one.chosen)


@dataclass(frozen=True)
class _Option:
    id: str
    text: str
    right: bool
    wrong: bool


def _options(question: Question) -> list[_Option]:
    if isinstance(question, SingleChoice):
        return [_Option(one.id, one.text, one.fraction == 1.0, one.fraction <= 0.0) for one in question.options]
    if isinstance(question, TrueFalse):
        sides = ((True, "Sandt"), (False, "Falsk"))
        return [
            _Option(_side(side), text, question.answer is side, question.answer is not side) for side, text in sides
        ]
    if isinstance(question, MultipleChoice):
        ticks = [_Option(one.id, one.text, one.correct, not one.correct) for one in question.options]
        empty = not any(one.correct for one in question.options)
        return [*ticks, _Option(NONE_OF_THEM, "Ingen af dem", empty, not empty)]
    return []


def _side(side: bool) -> str:
    return str(side).lower()


def _picked(question: Question, option: str, response: Response) -> bool:
    if response is None:
        return False
    if isinstance(question, MultipleChoice):
        return option in response if option != NONE_OF_THEM else not response
    return bool(option == (_side(response) if isinstance(question, TrueFalse) else response))


def _figures(option: _Option, question: Question, responses: Sequence[Response], rest: Floats) -> OptionFigures:
    chosen = np.fromiter((_picked(question, option.id, one) for one in responses), bool, len(responses))
    known = ~np.isnan(rest)
    found = correlation(chosen[known].astype(float), rest[known])
    return OptionFigures(
        option.id,
        option.text,
        option.right,
        option.wrong,
        len(chosen),
        int(chosen.sum()),
        float(chosen.mean()),
        found,
        fisher_interval(found, int(known.sum())),
    )
