"""How common a Danish word is, by lists that are shipped with two packages and by the published sources.

simplemma: 790,000 Danish word forms (Open Database Licence, CC BY-SA). wordfreq: the 29,000 most frequent (CC BY-SA 4.0).
Both are opened at the first look-up: about half a second and 30 MB, which no start should pay.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from math import log10

LISTED = 2.0  # a form that is in the list but not among the frequent ones
FREQUENT = 3.0  # the rarest of the frequent ones: one in a million words
COMPOUND_MOST = 1.9  # below LISTED: a compound we put together ourselves is weaker evidence than the list
SHORTEST_PART = 3
MOST_PARTS = 4
OWN_HALF = 25_000  # words of published text that count as much as the general list
CAUTION = 30
ENGLISH_TAIL = 5
LINKS = ("", "s", "e")  # arbejd-s-plads, jul-e-aften


_ADDRESS = re.compile(r"\S*(?:://|www\.|@)\S*")
_WORD = re.compile(r"[^\W\d_]+")


class Vocabulary:
    """Known words, and which words the published sources put beside each other.

    `published` are texts that are read as they should be. The more there are, the more their language counts: a
    municipality writes "får" where subtitles have "far".
    """

    def __init__(self, published: Iterable[str] = ()) -> None:
        self._counts: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        for text in published:
            # Addresses spell Danish words without their letters.
            words = _WORD.findall(_ADDRESS.sub(" ", text).lower())
            self._counts.update(words)
            self._pairs.update(pairwise(words))
        total = self._counts.total()
        self._share = total / (total + OWN_HALF)
        self._total = max(total, 1)
        self._directly: dict[str, float] = {}
        self._compounds: dict[str, float] = {}

    def fits(self, before: str, word: str, after: str) -> float:
        """How much better a listed word fits between two words than anywhere; a decimal logarithm, 0 when nothing is known.

        The published sources' pairs of words, held back by `CAUTION` so that what was never seen decides nothing.
        """
        chance = 10 ** (self.listed(word) - 9)
        fit = 0.0
        for pair, beside in (((before, word), before), ((word, after), after)):
            fit += log10((self._pairs[pair] / chance + CAUTION) / (self._counts[beside] + CAUTION))
        return fit

    def commonness(self, word: str) -> float:
        """0 for an unknown word, up to 1.9 for a compound of known words, 2 for a listed one, 3 to 7.5 for a frequent one.

        From 3 on it is the Zipf scale: the decimal logarithm of the times in a thousand million words.
        """
        return self.listed(word) or self.compound(word)

    def listed(self, word: str) -> float:
        """Like `commonness`, without compounds."""
        if word not in self._directly:
            frequent = 10 ** (_frequent()[word] - 9) if word in _frequent() else 0.0
            own = max(self._counts[word] - 0.5, 0.0) / self._total
            chance = self._share * own + (1 - self._share) * frequent
            if chance:
                self._directly[word] = max(log10(chance) + 9, FREQUENT)
            else:
                self._directly[word] = LISTED if word in _forms() else 0.0
        return self._directly[word]

    def english(self, word: str) -> bool:
        """Whether the word is, or ends in, a frequent English word that no Danish list has: "oversharing"."""
        tails = (word[at:] for at in range(len(word) - ENGLISH_TAIL + 1))
        return any(tail in _english() and not self.listed(tail) for tail in tails)

    def compound(self, word: str) -> float:
        """How good a compound of listed words this is, 0 to 1.9."""
        if word not in self._compounds:
            parts = self._parts(word, MOST_PARTS)
            found = 0.4 * sum(parts) / len(parts) - 0.3 * (len(parts) - 2) if len(parts) > 1 else 0.0
            self._compounds[word] = min(max(found, 0.0), COMPOUND_MOST)
        return self._compounds[word]

    def _parts(self, word: str, most: int) -> tuple[float, ...]:
        """Commonness of the parts in the best division of a word; empty when there is none."""
        whole = self._part(word)
        best: tuple[float, ...] = (whole,) if whole else ()
        if best or most == 1 or len(word) < 2 * SHORTEST_PART:
            return best
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            first = self._part(word[:cut])
            if not first:
                continue
            for link in LINKS:
                if word.startswith(link, cut) and len(word) - cut - len(link) >= SHORTEST_PART:
                    rest = self._parts(word[cut + len(link) :], most - 1)
                    if rest and (not best or _worth(rest, first) > _worth(best)):
                        best = (first, *rest)
        return best

    def _part(self, word: str) -> float:
        """Commonness of a word that may be part of a compound; frequent lists hold foreign scraps, so the form list decides."""
        found = self.listed(word)
        known = word in _forms() or word in self._counts
        needed = {SHORTEST_PART: FREQUENT + 0.5, SHORTEST_PART + 1: FREQUENT}.get(len(word), LISTED)
        return found if known and found >= needed else 0.0


def _worth(parts: tuple[float, ...], *more: float) -> float:
    every = (*more, *parts)
    return sum(every) / len(every) - len(every)


@cache
def _frequent() -> dict[str, float]:
    from wordfreq import get_frequency_dict

    return {word: log10(share) + 9 for word, share in get_frequency_dict("da", wordlist="small").items()}


@cache
def _english() -> Mapping[str, float]:
    from wordfreq import get_frequency_dict

    return get_frequency_dict("en", wordlist="small")


@cache
def _forms() -> Mapping[str, str]:
    from simplemma.strategies.dictionaries.stream_dictionary_factory import StreamDictionaryFactory

    return StreamDictionaryFactory().get_dictionary("da")
