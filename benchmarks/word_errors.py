"""Words wrong before and after mending, counted against a hand-corrected copy of the same text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rag.mending import Repair, mend
from rag.vocabulary import Vocabulary

_WORD = re.compile(r"\S+")
_PARAGRAPH = re.compile(r"(?:(?!\n\s*\n).)+", re.DOTALL)
_SKELETON = str.maketrans({"æ": "e", "ø": "o", "å": "a"})


@dataclass(frozen=True)
class Place:
    """The same place in three texts: as it was read, as it was mended, and as it should be."""

    read: str
    mended: str
    true: str


@dataclass(frozen=True)
class WordErrors:
    """`broken` were right before mending and are not any longer; `left` are still wrong."""

    words: int
    wrong_before: int
    wrong_after: int
    mended: int
    broken: tuple[Place, ...]
    left: tuple[Place, ...]

    @property
    def mended_share(self) -> float:
        """Share (0..1) of the wrong words that became right; 1 when none was wrong."""
        return self.mended / self.wrong_before if self.wrong_before else 1.0


def mending_errors(read: str, true: str, known: Vocabulary) -> WordErrors:
    """Words wrong before and after mending a whole text, paragraph by paragraph."""
    paragraphs = list(_PARAGRAPH.finditer(read))
    outcome = mend([paragraph.group() for paragraph in paragraphs], known)
    repairs = [
        Repair(repair.start + paragraph.start(), repair.end + paragraph.start(), repair.original, repair.mended)
        for paragraph, text in zip(paragraphs, outcome.texts, strict=True)
        for repair in text.repairs
    ]
    return word_errors(read, repairs, true)


def word_errors(read: str, repairs: Sequence[Repair], true: str) -> WordErrors:
    """Compare word by word. `repairs` are offsets in `read`, none of them across white space."""
    places = list(_places(read, repairs, true))
    wrong = [place for place in places if place.read != place.true]
    return WordErrors(
        words=len(places),
        wrong_before=len(wrong),
        wrong_after=sum(place.mended != place.true for place in places),
        mended=sum(place.mended == place.true for place in wrong),
        broken=tuple(place for place in places if place.read == place.true != place.mended),
        left=tuple(place for place in wrong if place.mended != place.true),
    )


def _places(read: str, repairs: Sequence[Repair], true: str) -> Iterator[Place]:
    words = list(_WORD.finditer(read))
    before = [word.group() for word in words]
    after = [_mended(word, repairs) for word in words]
    wanted = true.split()
    alike = SequenceMatcher(None, [_skeleton(word) for word in before], [_skeleton(word) for word in wanted], False)
    for _, i1, i2, j1, j2 in alike.get_opcodes():
        for a1, a2, b1, b2 in _pairs(before[i1:i2], wanted[j1:j2]):
            yield Place(
                " ".join(before[i1 + a1 : i1 + a2]),
                " ".join(after[i1 + a1 : i1 + a2]),
                " ".join(wanted[j1 + b1 : j1 + b2]),
            )


def _mended(word: re.Match[str], repairs: Sequence[Repair]) -> str:
    text, moved = word.group(), 0
    for repair in repairs:
        if word.start() <= repair.start and repair.end <= word.end():
            at = repair.start - word.start() + moved
            text = text[:at] + repair.mended + text[at + repair.end - repair.start :]
            moved += len(repair.mended) - (repair.end - repair.start)
    return text


def _skeleton(word: str) -> str:
    return word.lower().translate(_SKELETON)


def _pairs(read: Sequence[str], true: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The cheapest way to lay two short rows of words beside each other; words may have been joined or divided."""
    steps = ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1))
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {(0, 0): (0.0, None)}
    for i in range(len(read) + 1):
        for j in range(len(true) + 1):
            for di, dj in steps:
                if i >= di and j >= dj and (i - di, j - dj) in best:
                    cost = best[i - di, j - dj][0] + _unlike(read[i - di : i], true[j - dj : j])
                    if (i, j) not in best or cost < best[i, j][0]:
                        best[i, j] = cost, (di, dj)
    found = []
    i, j = len(read), len(true)
    while step := best[i, j][1]:
        found.append((i - step[0], i, j - step[1], j))
        i, j = i - step[0], j - step[1]
    return found[::-1]


def _unlike(read: Sequence[str], true: Sequence[str]) -> float:
    if not read or not true:
        return 0.8
    joined = 0.1 * (len(read) + len(true) - 2)
    return joined + 1 - SequenceMatcher(None, _skeleton("".join(read)), _skeleton("".join(true)), False).ratio()
