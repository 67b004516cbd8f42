"""Runs of digit groups, the raw material of CPR, telephone and plate numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# Between the groups of one number: dash, dot, slash, underscore or space; the text is folded, so one of each is enough.
_RUN = re.compile(r"\d+(?:[-./_ \t]{1,4}\d+)*")
_DIGITS = re.compile(r"\d+")
_LETTERED = re.compile(r"(?<![^\W_])[0-9OoIl|]{2,12}(?![^\W_])")
_LETTERS = str.maketrans("OoIl|", "00111")


@dataclass(frozen=True)
class Groups:
    """Neighbouring groups of digits. `gaps` are the characters between them, one less than the groups."""

    digits: tuple[str, ...]
    gaps: tuple[str, ...]
    start: int
    end: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many digits each group has."""
        return tuple(len(group) for group in self.digits)

    @property
    def number(self) -> str:
        """All digits as one."""
        return "".join(self.digits)


def with_digits_for_letters(text: str) -> str:
    """O and l written for 0 and 1 inside numbers put right; every character keeps its place."""

    def right(match: re.Match[str]) -> str:
        token = match.group()
        return token.translate(_LETTERS) if any("0" <= letter <= "9" for letter in token) else token

    return _LETTERED.sub(right, text)


def windows(text: str, sizes: frozenset[int], longest: int = 12) -> Iterator[Groups]:
    """Every row of neighbouring whole groups whose digits are `sizes` in number; at most `longest` groups."""
    for run in _RUN.finditer(text):
        groups = [match.span() for match in _DIGITS.finditer(text, run.start(), run.end())]
        for first in range(len(groups)):
            total = 0
            for last in range(first, min(first + longest, len(groups))):
                total += groups[last][1] - groups[last][0]
                if total > max(sizes):
                    break
                if total in sizes:
                    chosen = groups[first : last + 1]
                    digits = tuple(text[start:end] for start, end in chosen)
                    gaps = tuple(text[before[1] : after[0]] for before, after in pairwise(chosen))
                    yield Groups(digits, gaps, chosen[0][0], chosen[-1][1])
