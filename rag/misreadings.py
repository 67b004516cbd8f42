"""What Danish letters look like to text recognition that does not know them, and what a word may have been."""

from collections.abc import Iterator
from functools import cache

# What was read -> what stands on the paper, with how unusual the misreading is (0 is the rule, 1 seldom).
_TABLE: dict[str, dict[str, float]] = {
    "å": {"a": 0.0, "ä": 0.0, "à": 0.0, "á": 0.1, "â": 0.1},
    "æ": {"ae": 0.0, "ee": 0.0, "eae": 0.3, "aee": 0.3, "aeae": 0.3, "ze": 0.3, "sze": 0.6, "ea": 0.6, "e": 0.5, "ge": 0.8,
          "a": 0.9, "ä": 0.3, "ce": 0.8, "z": 0.8},
    "ø": {"g": 0.0, "o": 0.1, "a": 0.45, "@": 0.0, "e": 0.5, "s": 0.8, "gs": 0.8, "J": 0.5, "j": 0.9, "¢": 0.2, "é": 0.6,
          "ö": 0.1, "ó": 0.3, "q": 0.6, "d": 1.0, "©": 0.3, "®": 0.3},
    "b": {"o": 1.0, "h": 1.0},
    "m": {"rn": 0.8},
    "l": {"I": 0.1, "|": 0.2},
}  # fmt: skip
_BY_START: dict[str, list[tuple[str, str, float]]] = {}
for _true, _looks in _TABLE.items():
    for _read, _unusual in _looks.items():
        _BY_START.setdefault(_read[0], []).append((_read, _true, _unusual))

DANISH = frozenset("æøå")


@cache
def _here(start: str) -> tuple[tuple[str, str, float], ...]:
    return tuple(_BY_START.get(start, ()))


def readings(word: str, changes: int, unusual: float) -> Iterator[tuple[str, float]]:
    """Every lower-case word that may have been read as `word`, with how unusual its misreadings are together.

    Exactly `changes` places differ, and the misreadings are at most `unusual` together. `word` keeps its capitals: an
    "I" may be an "l", an "i" may not.
    """
    lower = "".join(char if char in "IJ" else char.lower() for char in word)
    yield from _from(lower, 0, changes, unusual, "", 0.0)


def _from(word: str, at: int, changes: int, left: float, done: str, paid: float) -> Iterator[tuple[str, float]]:
    if changes == 0:
        yield done + word[at:].lower(), paid
        return
    for place in range(at, len(word)):
        for read, true, unusual in _here(word[place]):
            if unusual <= left and word.startswith(read, place):
                start = done + word[at:place].lower() + true
                yield from _from(word, place + len(read), changes - 1, left - unusual, start, paid + unusual)
