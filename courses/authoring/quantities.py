"""Numbers of a sentence that can be asked about or changed: amounts with their unit, and dates."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.calendar import MONTHS

_WORDS = "nul en to tre fire fem seks syv otte ni ti elleve tolv".split()
# What an amount of a unit is confused with: the usual deadlines and limits.
_LADDERS: dict[str, tuple[int, ...]] = {
    "minutter": (5, 10, 15, 30, 45, 60),
    "timer": (12, 24, 48, 72, 96),
    "dage": (7, 14, 30, 60, 90, 180),
    "uger": (1, 2, 4, 6, 8, 12),
    "måneder": (1, 3, 6, 12, 18, 24),
    "år": (1, 2, 3, 5, 10),
    "procent": (1, 3, 5, 7, 10, 15, 25, 50, 75),
}
_UNITS = "|".join((*_LADDERS, "%", "ord", "millioner", "mio\\.", "kroner", "euro"))
_AMOUNT = re.compile(rf"(?<![\d.,/§-])(?P<digits>\d{{1,3}}(?:\.\d{{3}})*) (?P<unit>{_UNITS})(?![\w/])")
_COUNT = re.compile(
    rf"\b(?P<word>{'|'.join(_WORDS[2:])}) (?P<unit>(?!eller|af|og|til|gange|store?\b)[a-zæøå]{{3,}}(?:er|e|r|mål|år|ord))\b",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\b(?P<day>\d{{1,2}}\. (?:{'|'.join(MONTHS)})) (?P<year>20\d\d)\b")
_AT_LEAST = re.compile(r"(?:mindst|minimum|mere end|over|ikke under)(?: de)?\s$", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:højst|maksimalt|op til|inden for|senest|under|mindre end|inden|til|fra|siden|før)(?: de(?: første)?)?\s$",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?:^|,\s|\s)(?:hvis|når)\s[^,]*$", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """Characters `start` to `end` of a sentence hold a number, `text`; `others` are numbers in its place that make the sentence
    untrue, the likeliest to be believed first. `deadline` says that it limits time."""

    start: int
    end: int
    text: str
    others: tuple[str, ...]
    deadline: bool = False

    def replaced(self, sentence: str, number: int = 0) -> str:
        """The sentence with another number in its place."""
        return sentence[: self.start] + self.others[number] + sentence[self.end :]


def quantities(sentence: str, dates: Sequence[str] = ()) -> Iterator[Quantity]:
    """The numbers of a sentence, but for those in a condition: what holds "når der er gået 30 dage" may hold later, too.

    `dates` are other dates of the source.
    """
    for match in _AMOUNT.finditer(sentence):
        if not _CONDITION.search(sentence[: match.start()]):
            yield from _amount(sentence, match)
    for match in _COUNT.finditer(sentence):
        if not _CONDITION.search(sentence[: match.start()]):
            yield from _count(sentence, match)
    for match in _DATE.finditer(sentence):
        if not _CONDITION.search(sentence[: match.start()]) and not sentence[: match.start()].endswith("pr. "):
            yield _date(sentence, match, dates)


def dates_in(text: str) -> list[str]:
    """The dates written out in a text, each once."""
    return list(dict.fromkeys(match[0] for match in _DATE.finditer(text)))


def _amount(sentence: str, match: re.Match[str]) -> Iterator[Quantity]:
    value = int(match["digits"].replace(".", ""))
    unit = match["unit"]
    ladder = _LADDERS.get("procent" if unit == "%" else unit) or tuple(value * step // 2 for step in (1, 3, 4, 6))
    others = _believable(value, _untrue(value, ladder, sentence[: match.start()]))
    if others:
        written = tuple(_thousands(other) for other in others)
        yield Quantity(
            match.start("digits"), match.end("digits"), match["digits"], written, unit in _LADDERS and unit != "procent"
        )


def _count(sentence: str, match: re.Match[str]) -> Iterator[Quantity]:
    value = _WORDS.index(match["word"].lower())
    near = tuple(other for other in (value + 1, value - 1, value + 2, value - 2, value + 3) if 2 <= other < len(_WORDS))
    others = _believable(value, _untrue(value, _LADDERS.get(match["unit"], near), sentence[: match.start()]))
    if len(others) >= 2:
        capital = match["word"][0].isupper()
        written = tuple(_written(other).capitalize() if capital else _written(other) for other in others)
        yield Quantity(match.start("word"), match.end("word"), match["word"], written, match["unit"] in _LADDERS)


def _written(value: int) -> str:
    return _WORDS[value] if value < len(_WORDS) else str(value)


def _untrue(value: int, ladder: Sequence[int], before: str) -> list[int]:
    """Values in the place of `value` that contradict the sentence. Who must wait at least six months must wait at least three,
    too; so a lower limit is only raised, and an upper one only lowered."""
    others = [other for other in ladder if other != value and other > 0]
    if _AT_LEAST.search(before):
        return [other for other in others if other > value]
    return [other for other in others if other < value] if _AT_MOST.search(before) else others


def _believable(value: int, others: Sequence[int]) -> list[int]:
    return sorted(others, key=lambda other: (max(other, value) / max(min(other, value), 1), other))[:3]


def _date(sentence: str, match: re.Match[str], dates: Sequence[str]) -> Quantity:
    """A date is moved to a year before it: what holds from a day holds later, too."""
    year = int(match["year"])
    moved = [f"{match['day']} {year - 1}", f"{match['day']} {year - 2}"]
    earlier = [other for other in dates if other not in sentence and _order(other) < _order(match[0])]
    others = [*sorted(earlier, key=_order, reverse=True)[:1], *moved]
    return Quantity(match.start(), match.end(), match[0], tuple(dict.fromkeys(others)))


def _order(written: str) -> tuple[int, int, int]:
    day, month, year = written.replace(".", "").split()
    return int(year), MONTHS.index(month), int(day)


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", ".")
