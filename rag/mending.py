"""Mends Danish text that was recognised by a program that does not know æ, ø and å. Text that is not damaged stays as it is.

A document is mended only when it shows the damage as a whole: it is Danish, has hardly any æ, ø or å, and several of its
unknown words become known when the usual misreadings are undone. Then an unknown word becomes the known word it was most
likely read from, and a known word (`ar`, `bade`, `star`) only gives way to one that is overwhelmingly more common.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.language import danish_sentences, letters
from rag.misreadings import DANISH, readings
from rag.recognised import Token, is_code, shaped, tokens_of
from rag.vocabulary import FREQUENT, Vocabulary

MOST_DANISH_LETTERS = 0.004  # healthy Danish has 1 to 4 %; below this a long text is suspect
FEWEST_LETTERS = 120
FEWEST_MENDABLE = 3  # unknown words that become known, and their share of all words
MENDABLE_SHARE = 0.015
UNUSUAL = 1.2  # how unusual the misreadings of one word may be together
MOST_CHANGES = 3
OVERWHELMING = 1.2  # a known word gives way to one that is 16 times as common
COMMON = 4.0  # commonness that a short or a replacing word must have
VERY_COMMON = 5.0  # a known word as common as "far" (get, or father) is left alone, whatever stands beside it
SMALL_WORD = 6.0  # the small words of the language, which no name is
FAIR_COMPOUND = 0.9  # worth of a compound read with the usual misreadings only
GOOD_COMPOUND = 1.5  # and with others
LONG = 8  # letters of a compound or a word without Danish letters that we trust
CLEAR = 0.4  # lead of the best reading over the second
WRITTEN_APART = 3  # times that two words must stand apart before their joined form is divided

_BAR = re.compile(r"(?:^|(?<=[.!?]\s))\|(?=\s+(?:[^\W\d_]|\d{4}\b))", re.MULTILINE)
_AI_COMPOUND = re.compile(r"\bAl-[a-zæøå]{3}")
_AI_VERBS = frozenset("er kan skal må ma vil har bliver blev bør giver gør bruges".split())


@dataclass(frozen=True)
class Repair:
    """Characters `start` to `end` of the text as read were `original` and became `mended`."""

    start: int
    end: int
    original: str
    mended: str


@dataclass(frozen=True)
class Mended:
    """A text after mending. `repairs` are in order and do not overlap; none means that the text is as it was read."""

    text: str
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A mended document, text by text. `unknown` counts its words that are in no list after mending, out of `words`.

    Both are 0 when the document shows no damage: its words were not looked up.
    """

    texts: tuple[Mended, ...]
    words: int = 0
    unknown: int = 0

    @property
    def repaired(self) -> int:
        """Number of repaired words."""
        return sum(len(text.repairs) for text in self.texts)


def shows_no_danish_letters(texts: Sequence[str]) -> bool:
    """Whether the Danish sentences of a document have so few æ, ø and å that something must have gone wrong."""
    found = letters(part for text in texts for part in _danish(text))
    return found.all >= FEWEST_LETTERS and found.danish < MOST_DANISH_LETTERS * found.all


def mend(texts: Sequence[str], vocabulary: Vocabulary) -> Outcome:
    """Mend the texts of one document (its paragraphs and headings) by what all of them show together."""
    untouched = Outcome(tuple(Mended(text) for text in texts))
    if not shows_no_danish_letters(texts):
        return untouched
    tokens = [token for number, text in enumerate(texts) for token in tokens_of(number, text)]
    return _Document(texts, tokens, vocabulary).mended() or untouched


def _danish(text: str) -> list[str]:
    return [text[start:end] for start, end in danish_sentences(text)]


class _Document:
    """The words of one suspect document."""

    def __init__(self, texts: Sequence[str], tokens: Sequence[Token], vocabulary: Vocabulary) -> None:
        self._texts = texts
        self._tokens = tokens
        self._known = vocabulary
        self._found: dict[tuple[str, bool], str | None] = {}
        self._pairs = Counter(
            (one.word.lower(), two.word.lower())
            for one, two in pairwise(tokens)
            if one.text == two.text and texts[one.text][one.end : two.start].isspace()
        )
        self._about_ai = any("kunstig intelligens" in text.lower() or _AI_COMPOUND.search(text) for text in texts)

    def mended(self) -> Outcome | None:
        """The mended texts, or None when too few unknown words can be mended for the document to be damaged."""
        repairs: list[list[Repair]] = [[] for _ in self._texts]
        mendable = unknown = 0
        for place, token in enumerate(self._tokens):
            new = self._artificial(place) or self._in_place(place)
            was_unknown = not self._known.commonness(token.word.lower())
            mendable += was_unknown and new is not None
            unknown += was_unknown and new is None and not token.name_or_code
            if new is not None:
                repairs[token.text].append(Repair(token.start, token.end, token.word, new))
        if mendable < FEWEST_MENDABLE or mendable < MENDABLE_SHARE * len(self._tokens):
            return None
        for number, text in enumerate(self._texts):
            if text.count("|") == 1:  # more are the cells of a table
                repairs[number] += [Repair(bar.start(), bar.end(), "|", "I") for bar in _BAR.finditer(text)]
        done = tuple(_applied(text, fixes) for text, fixes in zip(self._texts, repairs, strict=True))
        return Outcome(done, len(self._tokens), unknown)

    def _artificial(self, place: int) -> str | None:
        """AI, read as the word or name "Al", in a document about artificial intelligence."""
        token = self._tokens[place]
        if token.word != "Al" or not self._about_ai:
            return None
        text = self._texts[token.text]
        after = text[token.end :]
        if re.match(r"-\w", after):
            part = re.match(r"-(\w+)", after)
            return "AI" if part and (part[1][0].islower() or self._stands_for_something(part[1])) else None
        if re.match(r"[^\S\n]+[A-ZÆØÅ][a-zæøå]", after):
            return None  # Al Gore
        following = re.match(r"[^\S\n]+(\w+)", after)
        alone = not following or following[1].lower() in _AI_VERBS
        return "AI" if alone or not token.first else None

    def _stands_for_something(self, word: str) -> bool:
        return bool(self._known.commonness(word.lower()) or self._word(word, True))

    def _in_place(self, place: int) -> str | None:
        """What a word is mended to where it stands; beside known words, a known word is judged by its neighbours too."""
        token = self._tokens[place]
        own = self._known.listed(token.word.lower())
        if len(token.word) < 2 or is_code(token.word) or not own:
            return self._word(token.word, token.first)
        if own >= VERY_COMMON:
            return None
        found = self._more_common(token, self._beside(place, -1), self._beside(place, 1))
        return shaped(token.word, found) if found else None

    def _beside(self, place: int, step: int) -> str:
        """The neighbour in the same sentence, mended where that needs no neighbour; empty when there is none."""
        here, other = self._tokens[place], place + step
        if not 0 <= other < len(self._tokens):
            return ""
        there = self._tokens[other]
        left, right = sorted((here, there), key=lambda token: (token.text, token.start))
        if left.text != right.text or not self._texts[left.text][left.end : right.start].isspace():
            return ""
        lower = there.word.lower()
        return lower if self._known.listed(lower) else (self._word(there.word, there.first) or lower).lower()

    def _word(self, word: str, first: bool) -> str | None:
        key = (word, first)
        if key not in self._found:
            self._found[key] = self._look_up(word, first)
        return self._found[key]

    def _look_up(self, word: str, first: bool) -> str | None:
        if len(word) < 2 or is_code(word):
            return None
        lower = word.lower()
        if self._known.listed(lower):
            return None
        found = self._apart(lower) or self._known_reading(word, self._known.compound(lower), first)
        return shaped(word, found) if found else None

    def _apart(self, lower: str) -> str | None:
        for cut in range(3, len(lower) - 2):
            if self._pairs[lower[:cut], lower[cut:]] >= WRITTEN_APART:
                return f"{lower[:cut]} {lower[cut:]}"
        return None

    def _more_common(self, token: Token, before: str, after: str) -> str | None:
        """A reading with a Danish letter that is overwhelmingly more likely than the known word, and clearly than others."""
        word = token.word
        named = word[0].isupper() and not token.first and not word.isupper()
        values: dict[str, float] = {}
        for changes in (1, 2):
            for reading, unusual in readings(word, changes, UNUSUAL):
                found = self._known.listed(reading)
                if found >= (SMALL_WORD if named else COMMON) and DANISH & set(reading):
                    value = found - unusual + self._known.fits(before, reading, after)
                    values[reading] = max(value, values.get(reading, value))
        if not values:
            return None
        best, *others = sorted(values, key=lambda reading: -values[reading])
        own = self._known.listed(word.lower()) + self._known.fits(before, word.lower(), after)
        clear = not others or values[best] - values[others[0]] >= CLEAR
        return best if clear and values[best] >= own + OVERWHELMING else None

    def _known_reading(self, word: str, compound: float, first: bool) -> str | None:
        """The one likely reading of a word that is in no list, or that is a compound of our own making."""
        capital = word[0].isupper() and word[0] not in "IJ" and not word.isupper()
        values: dict[str, float] = {}
        places: dict[str, int] = {}
        for changes in range(1, MOST_CHANGES + 1):
            for reading, unusual in readings(word, changes, UNUSUAL):
                value = self._value(word, reading, unusual, compound, capital=capital, named=capital and not first)
                if value > values.get(reading, 0.0):
                    values[reading] = value
                    places.setdefault(reading, changes)
            if any(map(self._known.listed, values)):
                break
        if not values:
            return None
        best, *others = sorted(values, key=lambda reading: -values[reading])
        listed = self._known.listed(best)
        # Neither a compound that we put together nor a reading with more mistakes can call a listed word in question.
        rivals = [one for one in others if places[one] <= places[best] and (self._known.listed(one) or not listed)]
        return best if not rivals or values[best] - values[rivals[0]] >= CLEAR else None

    def _value(self, word: str, reading: str, unusual: float, compound: float, *, capital: bool, named: bool) -> float:
        """How good a reading is of a word that is a compound of worth `compound`, or unknown; 0 when it may not be taken.

        A word with a `capital` may be a name, and is one when it is not the first of its sentence (`named`).
        """
        listed = self._known.listed(reading)
        if not DANISH & set(reading) and "l" not in reading and (listed < FREQUENT or len(reading) < LONG):
            return 0.0
        if listed:
            short = len(reading) <= 3 and listed < COMMON
            rare = (named or unusual > 0.7) and listed < FREQUENT
            return (
                0.0 if short or rare or (named and unusual > 0.3) or listed - unusual <= compound else listed - unusual
            )
        if named or unusual > (0.3 if capital else 0.6) or len(reading) < (LONG if unusual else LONG - 1):
            return 0.0
        if self._known.english(word.lower()):
            return 0.0
        found = self._known.compound(reading)
        needed = FAIR_COMPOUND if unusual <= 0.1 else GOOD_COMPOUND
        return 0.0 if found < max(needed, compound + 0.6) else found - unusual


def _applied(text: str, fixes: Sequence[Repair]) -> Mended:
    ordered = sorted(fixes, key=lambda repair: repair.start)
    parts: list[str] = []
    at = 0
    for repair in ordered:
        parts += [text[at : repair.start], repair.mended]
        at = repair.end
    return Mended("".join([*parts, text[at:]]), tuple(ordered))
