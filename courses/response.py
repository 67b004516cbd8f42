"""Answers as they are stored: one JSON form for each kind of question; None is a blank.

single: option id · multiple: list of option ids, empty = "none of them" · true_false: bool
matching: {pair id: right side} · ordering: list of item ids, None for a place not filled
short_text, numeric, essay, prompt: text · cloze: {gap id: option id or text}
"""

from collections.abc import Callable, Mapping
from typing import Any

from courses.errors import InvalidResponse
from courses.question import (
    Cloze,
    Essay,
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
from courses.written import require_impersonal

Response = Any  # JSON: None, bool, str, list or dict, as the table above says
EMPTIED = ""  # what was written, when whoever wrote it is forgotten
LONGEST_SHORT = 500
LONGEST_PROMPT = 4_000
LONGEST_ESSAY = 40_000


def checked(question: Question, response: Response) -> Response:
    """The response in its stored form: what is empty is left out, and nothing but white space is a blank.

    Raises `InvalidResponse` when the form or an id does not fit the question, as a changed page or a forged call would send it,
    and when written text seems to hold personal data.
    """
    fits = fitting(question, response)
    if not isinstance(question, PromptPractice):  # the exercise itself stops and teaches
        for text in _written(question, fits):
            require_impersonal(text, InvalidResponse, "Svaret")
    return fits


def fitting(question: Question, response: Response) -> Response:
    """The same for an answer that was kept before: only whether it fits."""
    return None if response is None else _CHECKS[type(question)](question, response)


def _written(question: Question, response: Response) -> list[str]:
    """What was written freely in a response."""
    if isinstance(response, str) and isinstance(question, ShortText | Numeric | Essay):
        return [response]
    if isinstance(response, dict) and isinstance(question, Cloze):
        free = {gap.id for gap in question.gaps if not gap.options}
        return [value for key, value in response.items() if key in free]
    return []


def is_blank(response: Response) -> bool:
    """Whether nothing was answered; an empty list is an answer ("none of them")."""
    return response is None


def _refuse() -> InvalidResponse:
    return InvalidResponse("Svaret passer ikke til spørgsmålet og er ikke gemt. Genindlæs siden, og svar igen.")


def _single(question: SingleChoice, response: Response) -> Response:
    if response not in [option.id for option in question.options]:
        raise _refuse()
    return response


def _multiple(question: MultipleChoice, response: Response) -> Response:
    ids = [option.id for option in question.options]
    if not isinstance(response, list) or not all(isinstance(one, str) for one in response) or set(response) - set(ids):
        raise _refuse()
    return [one for one in ids if one in response]


def _true_false(_question: TrueFalse, response: Response) -> Response:
    if not isinstance(response, bool):
        raise _refuse()
    return response


def _matching(question: Matching, response: Response) -> Response:
    return _chosen(response, dict.fromkeys((pair.id for pair in question.pairs), frozenset(question.choices)))


def _ordering(question: Ordering, response: Response) -> Response:
    ids = {item.id for item in question.items}
    if not isinstance(response, list) or len(response) != len(ids):
        raise _refuse()
    placed = [one for one in response if one is not None]
    if not all(isinstance(one, str) for one in placed) or set(placed) - ids:
        raise _refuse()
    return response if placed else None


def _text(longest: int) -> Callable[[Any, Response], Response]:
    def check(_question: Question, response: Response) -> Response:
        if not isinstance(response, str):
            raise _refuse()
        if len(response) > longest:
            raise InvalidResponse(f"Svaret er for langt og er ikke gemt. Skriv højst {longest} tegn.")
        return response if response.strip() else None

    return check


def _cloze(question: Cloze, response: Response) -> Response:
    allowed = {gap.id: frozenset(option.id for option in gap.options) or None for gap in question.gaps}
    return _chosen(response, allowed)


def _chosen(response: Response, allowed: Mapping[str, frozenset[str] | None]) -> Response:
    """`allowed` maps each part to what may be chosen for it, None for free text."""
    if not isinstance(response, dict) or set(response) - set(allowed):
        raise _refuse()
    for part, value in response.items():
        choices = allowed[part]
        if value is None:
            continue
        if not isinstance(value, str) or len(value) > LONGEST_SHORT or (choices is not None and value not in choices):
            raise _refuse()
    kept = {part: response[part] for part in allowed if (response.get(part) or "").strip()}
    return kept or None


_CHECKS: dict[type, Callable[[Any, Response], Response]] = {
    SingleChoice: _single,
    MultipleChoice: _multiple,
    TrueFalse: _true_false,
    Matching: _matching,
    Ordering: _ordering,
    ShortText: _text(LONGEST_SHORT),
    Numeric: _text(LONGEST_SHORT),
    Cloze: _cloze,
    Essay: _text(LONGEST_ESSAY),
    PromptPractice: _text(LONGEST_PROMPT),
}
