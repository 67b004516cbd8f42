"""What an import would do: a line for each person and unit that it touches, and the rows to be written."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from people.organisation.staff_shapes import Column, StaffKind


class Outcome(StrEnum):
    """What becomes of a row of the file, or of somebody or a unit that the file does not have."""

    NEW = "new"
    CHANGED = "changed"
    RETURNED = "returned"
    LEFT = "left"
    UNCHANGED = "unchanged"
    UNIT_NEW = "unit_new"
    UNIT_CHANGED = "unit_changed"
    UNIT_CLOSED = "unit_closed"
    UNIT_UNCHANGED = "unit_unchanged"
    NOTED = "noted"
    REFUSED = "refused"

    @property
    def danish(self) -> str:
        """The outcome as a heading."""
        return _DANISH[self]


_DANISH = {
    Outcome.NEW: "Nye personer",
    Outcome.CHANGED: "Ændrede personer",
    Outcome.RETURNED: "Personer, der er vendt tilbage",
    Outcome.LEFT: "Fratrådte personer",
    Outcome.UNCHANGED: "Uændrede personer",
    Outcome.UNIT_NEW: "Nye enheder",
    Outcome.UNIT_CHANGED: "Flyttede eller omdøbte enheder",
    Outcome.UNIT_CLOSED: "Lukkede enheder",
    Outcome.UNIT_UNCHANGED: "Uændrede enheder",
    Outcome.NOTED: "Bemærkninger",
    Outcome.REFUSED: "Rækker, der ikke kan bruges",
}


@dataclass(frozen=True)
class PlanLine:
    """One thing that happens: the line of the file (None for what is not in it), who or what, and what is told of it."""

    line: int | None
    outcome: Outcome
    who: str
    told: str


@dataclass
class Writes:
    """Rows to be added, changed (by id) and removed, by the name of their table."""

    added: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> None:
        """A new row."""
        self.added.setdefault(table, []).append(values)

    def change(self, table: str, row_id: str, **values: Any) -> None:
        """New values of a row."""
        self.changed.setdefault(table, {}).setdefault(row_id, {}).update(values)

    def remove(self, table: str, row_id: str) -> None:
        """A row that is taken away."""
        self.removed.setdefault(table, []).append(row_id)

    def any(self) -> bool:
        """Whether anything would be written."""
        return any(rows for kind in (self.added, self.changed, self.removed) for rows in kind.values())


@dataclass(frozen=True)
class StaffPlan:
    """An import before it is carried out. `people_before` is how many active people have an employment of the same source."""

    kind: StaffKind
    columns: tuple[Column, ...]
    lines: tuple[PlanLine, ...]
    counts: dict[str, int]
    people_before: int
    writes: Writes

    def of(self, outcome: Outcome) -> list[PlanLine]:
        """The lines with one outcome."""
        return [line for line in self.lines if line.outcome is outcome]

    def count(self, outcome: Outcome) -> int:
        """How many there are with one outcome, those without a line of their own too."""
        return self.counts.get(outcome.value, 0)

    def fingerprint(self) -> str:
        """The same for plans that would do the same."""
        told = "\n".join(f"{line.line}|{line.outcome}|{line.who}|{line.told}" for line in self.lines)
        return hashlib.sha256(f"{sorted(self.counts.items())}\n{told}".encode()).hexdigest()


def counted(lines: Iterable[PlanLine], **unchanged: int) -> dict[str, int]:
    """How many lines have each outcome; what is unchanged has no line."""
    counts: Counter[str] = Counter(line.outcome.value for line in lines)
    counts.update(unchanged)
    return {outcome.value: counts[outcome.value] for outcome in Outcome if counts[outcome.value]}
