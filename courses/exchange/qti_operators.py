"""Values of QTI and the operators of its response processing that are understood here.

A number is a float, an identifier, string or pair a str, a multiple a frozenset, an ordered a tuple, nothing None
(QTI 3.0 Assessment, Section and Item Information Model, "Response Processing").
"""

import math
from collections.abc import Callable
from typing import Any

from courses.errors import InvalidContent
from courses.exchange.xml_guard import Element

Value = Any

NUMBERS = ("float", "integer")
STANDARD = "Ret opgaven til en af de to standardmåder (match_correct eller map_response)."
UNKNOWN = f"Pointene regnes ud på en måde, der ikke kendes her ({{}}). {STANDARD}"


def tolerances(expression: Element) -> tuple[float, float]:
    sizes = [finite(one) for one in expression.get("tolerance", "").split()[:2]] or [0.0]
    return sizes[0], sizes[-1]


def _equal(expression: Element, parts: list[Value]) -> Value:
    """QTI: the second number lies within the tolerance around the first."""
    first, second = parts
    if first is None or second is None:
        return None
    below, above = tolerances(expression)
    match expression.get("tolerance-mode", "exact"):
        case "absolute":
            low, high = first - below, first + above
        case "relative":
            low, high = sorted((first * (1 - below / 100), first * (1 + above / 100)))
        case _:
            return first == second
    # a hair's breadth for binary fractions, as in courses.grading
    slack = 1e-9 * max(1.0, abs(first))
    low_counts = expression.get("include-lower-bound", "true") in ("true", "1")
    high_counts = expression.get("include-upper-bound", "true") in ("true", "1")
    over = second >= low - slack if low_counts else second > low + slack
    under = second <= high + slack if high_counts else second < high - slack
    return over and under


def _match(_: Element, parts: list[Value]) -> Value:
    first, second = parts
    return None if first is None or second is None else first == second


def _string_match(expression: Element, parts: list[Value]) -> Value:
    first, second = parts
    if first is None or second is None or expression.get("substring", "false") in ("true", "1"):
        if first is None or second is None:
            return None
        raise ValueError
    exact = expression.get("case-sensitive", "true") in ("true", "1")
    return first == second if exact else first.casefold() == second.casefold()


def _all(_: Element, parts: list[Value]) -> Value:
    return False if False in parts else None if None in parts else True


def _any(_: Element, parts: list[Value]) -> Value:
    return True if True in parts else None if None in parts else False


def _not(_: Element, parts: list[Value]) -> Value:
    (only,) = parts
    return None if only is None else not only


def _is_null(_: Element, parts: list[Value]) -> Value:
    (only,) = parts
    return only is None or only == ""


def _sum(_: Element, parts: list[Value]) -> Value:
    return None if None in parts else math.fsum(parts)


def _product(_: Element, parts: list[Value]) -> Value:
    return None if None in parts else math.prod(parts)


def _pairwise(rule: Callable[[Value, Value], Value]) -> Callable[[Element, list[Value]], Value]:
    def run(_: Element, parts: list[Value]) -> Value:
        first, second = parts
        return None if first is None or second is None else rule(first, second)

    return run


def _index(expression: Element, parts: list[Value]) -> Value:
    """The n-th of an ordered, counted from 1."""
    (only,) = parts
    place = int(expression.get("n", ""))
    return only[place - 1] if only is not None and 1 <= place <= len(only) else None


def _round(_: Element, parts: list[Value]) -> Value:
    (only,) = parts
    return None if only is None else float(math.floor(only + 0.5))


def _multiple(_: Element, parts: list[Value]) -> Value:
    found: set[Value] = set()
    for part in parts:
        if part is not None:
            found |= part if isinstance(part, frozenset) else {part}
    return frozenset(found) or None


def _ordered(_: Element, parts: list[Value]) -> Value:
    found: list[Value] = []
    for part in parts:
        if part is not None:
            found += part if isinstance(part, tuple) else [part]
    return tuple(found) or None


OPERATORS: dict[str, Callable[[Element, list[Value]], Value]] = {
    "qti-match": _match,
    "qti-equal": _equal,
    "qti-string-match": _string_match,
    "qti-and": _all,
    "qti-or": _any,
    "qti-not": _not,
    "qti-is-null": _is_null,
    "qti-sum": _sum,
    "qti-product": _product,
    "qti-subtract": _pairwise(lambda first, second: first - second),
    "qti-divide": _pairwise(lambda first, second: first / second),
    "qti-gt": _pairwise(lambda first, second: first > second),
    "qti-gte": _pairwise(lambda first, second: first >= second),
    "qti-lt": _pairwise(lambda first, second: first < second),
    "qti-lte": _pairwise(lambda first, second: first <= second),
    "qti-member": _pairwise(lambda first, second: first in second),
    "qti-contains": _pairwise(lambda first, second: second <= first),
    "qti-index": _index,
    "qti-round": _round,
    "qti-multiple": _multiple,
    "qti-ordered": _ordered,
}


def gathered(values: list[Value], cardinality: str) -> Value:
    match cardinality:
        case "multiple":
            return frozenset(values) or None
        case "ordered":
            return tuple(values) or None
        case "single":
            return values[0] if values else None
    raise InvalidContent(UNKNOWN.format(f"cardinality={cardinality[:40]}"))


def typed(base_type: str, element: Element) -> Value:
    return converted(base_type, "".join(element.itertext()))


def converted(base_type: str, text: str) -> Value:
    if base_type in NUMBERS:
        return finite(text)
    if base_type == "boolean":
        return text.strip() in ("true", "1")
    return text if base_type == "string" else " ".join(text.split())


def bound(mapping: Element, name: str, otherwise: float) -> float:
    return finite(mapping.get(name)) if mapping.get(name) else otherwise


def finite(text: str) -> float:
    try:
        number = float(text.strip())
    except ValueError as error:
        raise InvalidContent(f"“{text.strip()[:40]}” skal være et tal. Ret det, og eksportér igen.") from error
    if not math.isfinite(number):
        raise InvalidContent("Et tal er ikke endeligt. Ret det, og eksportér igen.")
    return number
