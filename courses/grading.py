"""Grading: what an answer is worth, as a fraction (0..1) of the question's mark.

Multiple choice: max(0, hits/C - wrong/W), so that ticking everything gives nothing. Matching and cloze: share of the parts.
Ordering: share of neighbours that stand in order. Short text is compared exactly; no likeness ("må" and "må ikke" are alike).
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from courses.question import (
    Accepted,
    Cloze,
    Essay,
    Figure,
    Gap,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    PromptPractice,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from courses.response import Response, is_blank

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")


class State(StrEnum):
    """How an answer came out. A blank is not a wrong answer; `pending` waits for a person."""

    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    BLANK = "blank"
    PENDING = "pending"

    @property
    def danish(self) -> str:
        """Name of the state as shown to people."""
        return _DANISH[self]


_DANISH = {
    State.CORRECT: "Rigtigt",
    State.PARTIAL: "Delvist rigtigt",
    State.WRONG: "Forkert",
    State.BLANK: "Ikke besvaret",
    State.PENDING: "Venter på vurdering",
}


@dataclass(frozen=True)
class Grade:
    """`fraction` of the mark, None while it waits for a person; `comments` is the feedback on what was chosen; `parts` says which
    parts (options, pairs, gaps, places) are right."""

    fraction: float | None
    state: State
    comments: tuple[str, ...] = ()
    parts: dict[str, bool] = field(default_factory=dict)


def grade(question: Question, response: Response) -> Grade:
    """The grade of a checked response."""
    if is_blank(response):
        return Grade(0.0, State.BLANK)
    return _GRADERS[type(question)](question, response)


def by_hand(fraction: float) -> Grade:
    """The grade that a person gave."""
    return _graded(fraction)


def number(text: str) -> float | None:
    """A number written the Danish way (1.234,5) or with a decimal point; None when it is none, or not finite.

    "1.234" is read as 1234: points before groups of three digits are thousands in Danish.
    """
    compact = re.sub(r"[\s\u00a0]", "", text).replace("−", "-")
    if _THOUSANDS.fullmatch(compact):
        compact = compact.replace(".", "")
    compact = compact.replace(",", ".") if compact.count(",") == 1 and "." not in compact else compact
    if not _NUMBER.fullmatch(compact.lower()):
        return None
    value = float(compact)
    return value if math.isfinite(value) else None


def same_text(one: str, other: str, *, case_sensitive: bool) -> bool:
    """Whether two short texts are the same but for Unicode form, white space and, unless it matters, case."""
    first, second = (" ".join(unicodedata.normalize("NFC", text).split()) for text in (one, other))
    return first == second if case_sensitive else first.casefold() == second.casefold()


def _graded(fraction: float, comments: Iterable[str] = (), parts: dict[str, bool] | None = None) -> Grade:
    fraction = min(max(fraction, 0.0), 1.0)
    if math.isclose(fraction, 1.0, abs_tol=1e-9):
        fraction, state = 1.0, State.CORRECT
    else:
        state = State.PARTIAL if fraction > 1e-9 else State.WRONG
    return Grade(fraction, state, tuple(comment for comment in comments if comment), parts or {})


def _single(question: SingleChoice, response: Response) -> Grade:
    chosen = next(option for option in question.options if option.id == response)
    return _graded(chosen.fraction, [chosen.feedback], {chosen.id: chosen.fraction == 1.0})


def _multiple(question: MultipleChoice, response: Response) -> Grade:
    ticked = set(response)
    correct = {option.id for option in question.options if option.correct}
    wrong = {option.id for option in question.options} - correct
    hits, misses = len(ticked & correct), len(ticked & wrong)
    fraction = (hits / len(correct) if correct else 1.0) - (misses / len(wrong) if wrong else 0.0)
    if not correct and misses:  # "none of them" is right, and any tick is wrong
        fraction = 0.0
    comments = [option.feedback for option in question.options if option.id in ticked]
    return _graded(
        fraction, comments, {option.id: (option.id in ticked) == option.correct for option in question.options}
    )


def _true_false(question: TrueFalse, response: Response) -> Grade:
    comment = question.feedback_true if response else question.feedback_false
    return _graded(float(response == question.answer), [comment])


def _matching(question: Matching, response: Response) -> Grade:
    parts = {pair.id: response.get(pair.id) == pair.right for pair in question.pairs}
    return _graded(sum(parts.values()) / len(parts), parts=parts)


def _ordering(question: Ordering, response: Response) -> Grade:
    right = [item.id for item in question.items]
    neighbours = set(pairwise(right))
    found = {pair for pair in pairwise(response) if pair in neighbours}
    parts = {item: place == item for item, place in zip(right, response, strict=True)}
    return _graded(len(found) / len(neighbours), parts=parts)


def _short_text(question: ShortText, response: Response) -> Grade:
    return _graded(*_best_text(question.accepted, response, case_sensitive=question.case_sensitive))


def _numeric(question: Numeric, response: Response) -> Grade:
    return _graded(*_best_figure(question.figures, without_unit(response, question.unit)))


def without_unit(text: str, unit: str) -> str:
    """A number without the unit that was written after it; "%" is the unit "procent"."""
    text = text.strip()
    for end in (unit, "%" if unit == "procent" else unit):
        if end and text.casefold().endswith(end.casefold()):
            return text[: -len(end)]
    return text


def _cloze(question: Cloze, response: Response) -> Grade:
    worth = sum(gap.points for gap in question.gaps)
    found, comments, parts = 0.0, [], {}
    for gap in question.gaps:
        share, notes = _gap(gap, response.get(gap.id))
        found += gap.points * max(share, 0.0)
        comments += notes
        parts[gap.id] = share == 1.0
    return _graded(found / worth, comments, parts)


def _gap(gap: Gap, value: str | None) -> tuple[float, list[str]]:
    if value is None:
        return 0.0, []
    if gap.options:
        chosen = next(option for option in gap.options if option.id == value)
        return chosen.fraction, [chosen.feedback]
    return _best_text(gap.accepted, value, case_sensitive=False) if gap.accepted else _best_figure(gap.figures, value)


def _best_text(accepted: Sequence[Accepted], value: str, *, case_sensitive: bool) -> tuple[float, list[str]]:
    fits = [one for one in accepted if same_text(one.text, value, case_sensitive=case_sensitive)]
    return _best(fits)


def _best_figure(figures: Sequence[Figure], value: str) -> tuple[float, list[str]]:
    found = number(value)
    if found is None:
        return 0.0, []
    # a hair's breadth for binary fractions: 0.1 + 0.2 is within 0 of 0.3
    return _best([one for one in figures if abs(found - one.value) <= one.tolerance + 1e-9 * max(1.0, abs(one.value))])


def _best(fits: Sequence[Accepted | Figure]) -> tuple[float, list[str]]:
    if not fits:
        return 0.0, []
    best = max(fits, key=lambda one: one.fraction)
    return best.fraction, [best.feedback]


def _by_person(_question: Question, _response: Response) -> Grade:
    return Grade(None, State.PENDING)


_GRADERS: dict[type, Callable[[Any, Response], Grade]] = {
    SingleChoice: _single,
    MultipleChoice: _multiple,
    TrueFalse: _true_false,
    Matching: _matching,
    Ordering: _ordering,
    ShortText: _short_text,
    Numeric: _numeric,
    Cloze: _cloze,
    Essay: _by_person,
    PromptPractice: _by_person,
}
