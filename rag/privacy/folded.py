"""Text made plain before it is searched: one form of every letter, digit, dash and space, and nothing invisible.

NFKC (Unicode Standard Annex 15) turns full-width digits and ligatures into ordinary ones; zero-width characters and soft
hyphens are left out. Places in the plain text lead back to the characters of the original.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_APOSTROPHES = dict.fromkeys("’‘ʼ`´′＇", "'")
_DASHES = frozenset("−⁃˗➖ー")
_DOTS = frozenset("·•∙‧・")
_LINES = frozenset("\r\n\v\f\x85\u2028\u2029")


@dataclass(frozen=True)
class Folded:
    """Plain `text`; character number i came from the original's characters `starts[i]` to `ends[i]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where characters `start` to `end` of the plain text stand in the original; `end` is after `start`."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """`text` in plain form, in linear time."""
    if text.isascii():
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(text):
        start = place
        cluster = text[place]
        place += 1
        if unicodedata.category(cluster) == "Cf":
            continue
        while place < len(text) and (unicodedata.combining(text[place]) or unicodedata.category(text[place]) == "Cf"):
            if unicodedata.combining(text[place]):
                cluster += text[place]
            place += 1
        for character in _plain(cluster):
            characters.append(character)
            starts.append(start)
            ends.append(place)
    return Folded("".join(characters), starts, ends)


def _plain(cluster: str) -> str:
    if cluster in _APOSTROPHES:
        return "'"
    plain = []
    for character in unicodedata.normalize("NFKC", cluster):
        kind = unicodedata.category(character)
        if kind == "Nd":
            plain.append(str(unicodedata.decimal(character)))
        elif kind == "Pd" or character in _DASHES:
            plain.append("-")
        elif character in _LINES:
            plain.append("\n")
        elif kind == "Zs":
            plain.append(" ")
        elif character in _DOTS:
            plain.append(".")
        elif kind != "Cf":
            plain.append(character)
    return "".join(plain)
