"""The numbers that Word counts in front of list items; they stand in no text."""

from typing import Any

from courses.authoring.office_figures import Element, parsed
from rag.readers.word_xml import WORD, value_of

DEEPEST = 8  # w:ilvl counts from 0 (ISO 29500-1, 17.9.3)
_BULLETS = frozenset({"bullet", "none"})
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN = 39


class Numbering:
    """Counts the numbered paragraphs of one document in reading order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, int]]] = {}  # abstract list: level: format and start
        self._lists: dict[str, str] = {}  # list: abstract list
        self._starts: dict[str, dict[int, int]] = {}  # list: level: start of its own
        self._counts: dict[str, dict[int, int]] = {}
        for relation in document.part.rels.values():
            if relation.reltype.endswith("/numbering") and not relation.is_external:
                self._read(parsed(relation.target_part.blob))

    def _read(self, root: Element) -> None:
        for abstract in root.iterchildren(f"{WORD}abstractNum"):
            levels = {}
            for level in abstract.iterchildren(f"{WORD}lvl"):
                start = _whole(value_of(level, "start"), 1)
                levels[_whole(level.get(f"{WORD}ilvl"), 0)] = (value_of(level, "numFmt") or "decimal", start)
            self._levels[abstract.get(f"{WORD}abstractNumId") or ""] = levels
        for number in root.iterchildren(f"{WORD}num"):
            identifier = number.get(f"{WORD}numId") or ""
            self._lists[identifier] = value_of(number, "abstractNumId") or ""
            self._starts[identifier] = {
                _whole(own.get(f"{WORD}ilvl"), 0): _whole(value_of(own, "startOverride"), 1)
                for own in number.iterchildren(f"{WORD}lvlOverride")
                if value_of(own, "startOverride") is not None
            }

    def place(self, properties: Element) -> tuple[int, str]:
        """The level (from 0) and the label of the next paragraph with this w:numPr; the label of a bullet is empty."""
        identifier = value_of(properties, "numId") or ""
        level = min(_whole(value_of(properties, "ilvl"), 0), DEEPEST)
        abstract = self._lists.get(identifier, "")
        kind, start = self._levels.get(abstract, {}).get(level, ("bullet", 1))
        if kind in _BULLETS:
            return level, ""
        counts = self._counts.setdefault(abstract, {})
        # A list with a start of its own begins there the first time it is used, and then counts on.
        own = self._starts.get(identifier, {}).pop(level, None)
        counts[level] = own if own is not None else counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return level, label(kind, counts[level])


def label(kind: str, number: int) -> str:
    """A number as it stands before an item: "3." or "c)"."""
    lowered = kind.lower()
    if "letter" in lowered or lowered.startswith("alpha"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 5 + 1)
        return f"{letter.upper() if _is_upper(kind) else letter})"
    if "roman" in lowered and 0 < number <= _MOST_ROMAN:
        roman, rest = "", number
        for value, sign in _ROMAN:
            roman += sign * (rest // value)
            rest %= value
        return f"{roman.upper() if _is_upper(kind) else roman})"
    return f"{number}."


def _is_upper(kind: str) -> bool:
    return kind.startswith("upper") or "Uc" in kind


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) <= 6 else otherwise
