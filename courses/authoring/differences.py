"""What is different between two wordings of a course, part by part and line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from courses.authoring.manuscript import COURSE, Manuscript, Part, name_of
from courses.authoring.reading_copy import Line, lines, title


class Kind(StrEnum):
    """What happened to a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"

    @property
    def danish(self) -> str:
        """As shown to people."""
        return {"added": "Nyt", "removed": "Fjernet", "changed": "Ændret", "moved": "Flyttet"}[self]


@dataclass(frozen=True)
class LineChange:
    """A line that is different; `before` or `after` is None where there is none."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """A part that is different, with its lines; a part that only moved has none."""

    part: str
    kind: Kind
    title: str
    lines: tuple[LineChange, ...] = ()


def differences(before: Manuscript | None, after: Manuscript) -> list[Difference]:
    """Every part that is new, gone, changed or moved, in the order of `after`, what is gone last; all is new without `before`."""
    old = dict(_parts(before)) if before is not None else {}
    new = dict(_parts(after))
    moved = _moved(before, after) if before is not None else set()
    found = []
    for key, part in new.items():
        if key not in old:
            found.append(Difference(key, Kind.ADDED, title(part), tuple(LineChange(*both(one)) for one in lines(part))))
        elif changed := line_changes(old[key], part):
            found.append(Difference(key, Kind.CHANGED, title(part), changed))
        elif key in moved:
            found.append(Difference(key, Kind.MOVED, title(part)))
    gone = (Difference(key, Kind.REMOVED, title(part)) for key, part in old.items() if key not in new)
    return [*found, *gone]


def line_changes(before: Part | None, after: Part | None) -> tuple[LineChange, ...]:
    """The lines that are different between two wordings of one part."""
    old, new = (lines(part) if part is not None else [] for part in (before, after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found: list[LineChange] = []
    for action, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if action != "equal":
            found += _paired(old[old_from:old_to], new[new_from:new_to])
    return tuple(found)


def both(line: Line) -> tuple[str, None, str]:
    """A line that was not there before."""
    return line[0], None, line[1]


def _paired(old: list[Line], new: list[Line]) -> Iterator[LineChange]:
    """Lines with the same label belong together; numbered paragraphs pair in order."""
    left = dict(old)
    for label, text in new:
        before = left.pop(label, None)
        if before != text:
            yield LineChange(label, before, text)
    for label, text in left.items():
        yield LineChange(label, text, None)


def _parts(manuscript: Manuscript) -> Iterator[tuple[str, Part]]:
    yield COURSE, manuscript.settings
    for module in manuscript.modules:
        heading = manuscript.find(f"module:{module.id}")
        if heading is not None:
            yield name_of(heading), heading
        for part in (*module.activities, *module.questions):
            yield name_of(part), part


def _moved(before: Manuscript, after: Manuscript) -> set[str]:
    """Modules that changed places, and parts that did so in their module or went to another."""
    old, new = _orders(before), _orders(after)
    found: set[str] = set()
    for home, order in new.items():
        there = old.get(home, [])
        kept = _in_place([key for key in there if key in order], [key for key in order if key in there])
        found |= set(order) - kept
    return found


def _orders(manuscript: Manuscript) -> dict[str, list[str]]:
    """The modules in order under "", and the parts of each in order under its id."""
    found = {"": [f"module:{module.id}" for module in manuscript.modules]}
    return found | {
        module.id: [name_of(part) for part in (*module.activities, *module.questions)] for module in manuscript.modules
    }


def _in_place(old: list[str], new: list[str]) -> set[str]:
    """Those in the longest runs that stand in the same order in both."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {key for block in matcher.get_matching_blocks() for key in new[block.b : block.b + block.size]}
