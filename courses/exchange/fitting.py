"""A question without what a format trims, so that what is written is what is read again."""

import math
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.question import QUESTION, Question

ODD_SIGNS = "En tekst har usynlige styretegn. Skriv den forfra."


def fitting(question: Question, trimmed: Callable[[str, str], str]) -> Question:
    """The question with each text as `trimmed(text, field)` gives it, where `field` names the fields that lead to it, such as
    `options.text`. Raises `InvalidContent` when the question does not stand that, or a number is not finite."""
    try:
        return QUESTION.validate_python(_walked(question.model_dump(), trimmed, ""))
    except ValidationError as error:
        raise InvalidContent(
            "To tekster er ens, eller en er tom, når mellemrum i kanten ikke tæller. Ret dem."
        ) from error


def _walked(value: Any, trimmed: Callable[[str, str], str], field: str) -> Any:
    if isinstance(value, dict):
        return {key: _walked(part, trimmed, f"{field}.{key}" if field else key) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(_walked(part, trimmed, field) for part in value)
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidContent("Et tal er ikke endeligt. Ret det.")
    return trimmed(value, field) if isinstance(value, str) else value
