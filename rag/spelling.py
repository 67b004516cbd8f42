"""Typing errors in questions: a word that nobody knows becomes the one word of the sources that it is a slip of."""

import re
from collections import Counter
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from rag import danish
from rag.vocabulary import Vocabulary

SHORTEST = 4
LONG = 8  # from so many letters on a word may have two slips
_WORD = re.compile(r"[^\W\d_]+")
_MEETING = re.compile(r"(?<![\w-])([^\W\d_]+) (?=([^\W\d_]+)(?![\w-]))")


class Spelling:
    """Puts questions right by the words of the published sources.

    Left as they are: words that stand in the sources or in the general Danish lists, inflected compounds of such words, names (a
    capital inside the sentence), words of fewer than four letters, and words that are as near to several words of the sources.
    """

    def __init__(self, published: Iterable[str]) -> None:
        self._counts = Counter(word for text in published for word in _WORD.findall(text.lower()))
        self._known = [word for word in self._counts if len(word) >= SHORTEST]
        self._stems = Counter(danish.stem(word) for word in self._counts.elements())
        self._general = Vocabulary()

    def corrected(self, question: str) -> str:
        """The question with its slips put right and compounds joined that the sources write in one word."""
        joined = _MEETING.sub(self._joined, question)
        return _WORD.sub(lambda match: self._word(match, joined), joined)

    def _joined(self, match: re.Match[str]) -> str:
        first, second = match[1].lower(), match[2].lower()
        content = not {first, second} & danish.STOPWORDS and min(len(first), len(second)) > 2
        whole = danish.stem(first + second)
        both = len(whole) > len(first) + 1  # "Copilot igen" has the stem of "copilot" alone
        return match[1] if content and both and self._stems[whole] > 1 else match[0]

    def _word(self, match: re.Match[str], question: str) -> str:
        written = match[0]
        word = written.lower()
        is_name = written[0].isupper() and question[: match.start()].strip() != ""
        if len(word) < SHORTEST or is_name or word in self._counts or self._general.listed(word):
            return written
        right = self._nearest(word)
        if right is None or (danish.stem(right) == danish.stem(word) and self._general.compound(word)):
            return written
        return right.capitalize() if written[0].isupper() else right

    def _nearest(self, word: str) -> str | None:
        """The only word, or by far the commonest, within the slips that a word of this length may have."""
        for slips in (1, 2) if len(word) >= LONG else (1,):
            near = process.extract(
                word, self._known, scorer=DamerauLevenshtein.distance, score_cutoff=slips, limit=None
            )
            candidates = sorted(
                (other for other, *_ in near if other[0] == word[0]), key=lambda one: -self._counts[one]
            )
            if candidates and self._clear(candidates):
                return str(candidates[0])
        return None

    def _clear(self, candidates: list[str]) -> bool:
        """Whether the commonest is no toss-up: the others are inflections of it or much rarer."""
        first, *others = candidates
        return all(
            danish.stem(other) == danish.stem(first) or self._counts[first] >= 4 * self._counts[other]
            for other in others
        )
