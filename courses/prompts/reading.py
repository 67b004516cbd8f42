"""A prompt as sentences of words, and signs that are looked for in it.

A sign is a row of elements within one sentence: "lad være ~3 opfind|gæt". An element is a choice of words (`|`), compared by
stem; `=word` is that form only, `word*` and `*word` are beginnings and endings, `#` is a number and `^` the start of a sentence.
`~3` lets up to three words stand between; without it the elements stand side by side.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rag import danish
from rag.language import danish_sentences
from rag.sentences import sentences

READ = 10_000  # characters; the exercise takes less than half of it
SHORTEST_ENDING = 4
_TOKEN = re.compile(r"[^\W_]+|[:?](?=\s|$)|\[")
_NUMBERS = (
    "en én et to tre fire fem seks syv otte ni ti tolv femten tyve tredive halvtreds hundrede halvanden halv".split()
)
_ACUTE = str.maketrans("éÉ", "eE")


@dataclass(frozen=True)
class Element:
    """One place of a sign: which words stand there, and how many may stand before it."""

    gap: int = 0
    stems: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    number: bool = False
    first: bool = False

    def fits(self, word: str, stem: str) -> bool:
        """Whether a word can stand in this place."""
        return (
            stem in self.stems
            or word in self.forms
            or (bool(self.starts) and word.startswith(self.starts))
            or (bool(self.ends) and (stem.endswith(self.ends) or word.endswith(self.ends)))
            or (self.number and (word.isdigit() or word in _NUMBERS))
        )


Sign = tuple[Element, ...]


@dataclass(frozen=True)
class Reading:
    """The words of a prompt in small letters, without é, and their stems; `sentence` numbers the sentence of each."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    sentence: tuple[int, ...]
    _fitting: dict[Element, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            places.setdefault(word, []).append(place)
        return places

    @property
    def length(self) -> int:
        """Number of words and numbers."""
        return sum(map(str.isalnum, self.words))

    def has(self, sign: Sign) -> bool:
        """Whether the sign stands somewhere."""
        return next(self.places(sign), None) is not None

    def places(self, sign: Sign) -> Iterator[int]:
        """Where the sign begins, in no order."""
        return (place for place in self._fits(sign[0]) if self._follows(sign, 1, place))

    def without(self, out: frozenset[int]) -> "Reading":
        """The reading without some words; those around a gap do not stand side by side."""
        kept = [place for place in range(len(self.words)) if place not in out]
        parts, part = [], 0
        for number, place in enumerate(kept):
            part += number > 0 and (kept[number - 1] != place - 1 or self.sentence[place - 1] != self.sentence[place])
            parts.append(part)
        return Reading(self.text, tuple(self.words[p] for p in kept), tuple(self.stems[p] for p in kept), tuple(parts))

    def _follows(self, sign: Sign, number: int, place: int) -> bool:
        if number == len(sign):
            return True
        fitting = self._fits(sign[number])
        last = min(place + 1 + sign[number].gap, len(self.words) - 1)
        return any(
            at in fitting and self.sentence[at] == self.sentence[place] and self._follows(sign, number + 1, at)
            for at in range(place + 1, last + 1)
        )

    def _fits(self, element: Element) -> frozenset[int]:
        if element not in self._fitting:
            found = [
                place
                for word, places in self._places.items()
                if element.fits(word, self.stems[places[0]])
                for place in places
                if not element.first or place == 0 or self.sentence[place - 1] != self.sentence[place]
            ]
            self._fitting[element] = frozenset(found)
        return self._fitting[element]


def read(text: str) -> Reading:
    """The reading of the first `READ` characters of a text. A line goes on after a colon, and where the next one begins with a
    small letter."""
    plain = unicodedata.normalize("NFC", text[:READ]).translate(_ACUTE)
    plain = re.sub(r"(?<=:)[ \t]*\n\s*|(?<![ \t])[ \t]*\n(?=[a-zæøå])", " ", plain)
    words: list[str] = []
    numbers: list[int] = []
    for number, sentence in enumerate(sentences(plain)):
        found = _TOKEN.findall(sentence.text.lower())
        words += found
        numbers += [number] * len(found)
    return Reading(plain, tuple(words), tuple(map(danish.stem, words)), tuple(numbers))


@lru_cache(maxsize=2_000)
def sign(pattern: str) -> Sign:
    """The sign that a pattern describes."""
    elements: list[Element] = []
    gap, first = 0, False
    for part in pattern.split():
        if part.startswith("~"):
            gap = int(part[1:])
        elif part == "^":
            first = True
        else:
            elements.append(_element(part.split("|"), gap, first))
            gap, first = 0, False
    return tuple(elements)


def danish_words(text: str) -> int:
    """How many words stand in sentences that are Danish, or in none of the languages that are told apart."""
    return sum(len(danish.words(text[start:end])) for start, end in danish_sentences(text))


def _element(choices: list[str], gap: int, first: bool) -> Element:
    plain = [one for one in choices if not set("=*#") & set(one)]
    return Element(
        gap=gap,
        stems=frozenset(map(danish.stem, plain)),
        forms=frozenset(one[1:] for one in choices if one.startswith("=")),
        starts=tuple(one[:-1] for one in choices if one.endswith("*")),
        ends=tuple(end for one in choices if one.startswith("*") for end in _endings(one[1:])),
        number="#" in choices,
        first=first,
    )


def _endings(word: str) -> list[str]:
    """The word and its stem, so that inflected compounds fit as well; a short stem would fit too much."""
    stem = danish.stem(word)
    return [word, stem] if len(stem) >= SHORTEST_ENDING else [word]
