"""How much of a text is taken from another: by rows of three words, by the stems they share, and by verbatim
runs."""

from collections.abc import Collection

from courses.prompts.reading import Reading
from rag.danish import STOPWORDS

ROW = 3


def share_in(text: Reading, other: Reading, but: Collection[Reading] = ()) -> float:
    """Share (0..1) of the rows of three words in `text` that stand in `other` as well; rows that stand in `but` are left out."""
    rows = _special(text, but)
    return len(rows & _rows(other, ROW)) / len(rows) if rows else 0.0


def taken(text: Reading, others: Collection[Reading]) -> float:
    """Share (0..1) of the rows of three words in `text` that stand in one of the others."""
    rows = _rows(text, ROW)
    return 1 - len(_special(text, others)) / len(rows) if rows else 0.0


def shared(text: Reading, other: Reading, but: Collection[Reading] = ()) -> int:
    """How many different rows of three words stand in both, and in none of `but`."""
    return len(_special(text, but) & _rows(other, ROW))


def stems_in(text: Reading, other: Reading) -> float:
    """Share (0..1) of the content stems of `text` that stand in `other` as well."""
    stems = _content(text)
    return len(stems & _content(other)) / len(stems) if stems else 0.0


def likeness(text: Reading, other: Reading, but: Collection[Reading] = ()) -> float:
    """Content stems in both, divided by those in either (Jaccard, 0..1); stems that stand in `but` are left out."""
    first, second = (_content(one).difference(*map(_content, but)) for one in (text, other))
    return len(first & second) / len(first | second) if first | second else 0.0


def verbatim(text: Reading, other: Reading, least: int) -> frozenset[int]:
    """Places of the words of `text` that lie in a run of at least so many words of `other`."""
    there = _rows(other, least)
    found: set[int] = set()
    for place in range(len(text.stems) - least + 1):
        if text.stems[place : place + least] in there:
            found.update(range(place, place + least))
    return frozenset(found)


def _special(text: Reading, but: Collection[Reading]) -> set[tuple[str, ...]]:
    return _rows(text, ROW).difference(*(_rows(one, ROW) for one in but))


def _rows(text: Reading, length: int) -> set[tuple[str, ...]]:
    return {text.stems[place : place + length] for place in range(len(text.stems) - length + 1)}


def _content(text: Reading) -> set[str]:
    return {stem for word, stem in zip(text.words, text.stems, strict=True) if word.isalnum() and word not in STOPWORDS}
