"""What an import would do: a line for each person and unit that it touches, and the rows to be written."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from people.organisation.staff_shapes import Column, StaffKind

_REFERRED_TO = ("org_unit", "person")  # tables whose rows others name by their id
_UUID = re.compile(r"[0-9a-f-]{36}")


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
    LEADS = "leads"
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
    Outcome.LEADS: "Ledere, der får eller mister en enhed",
    Outcome.NOTED: "Bemærkninger",
    Outcome.REFUSED: "Rækker, der ikke kan bruges",
}


@dataclass(frozen=True)
class PlanLine:
    """One thing that happens: the line of the file (None for what is not in it), who or what, what is told of it, and the names
    of what changes, for readers who may not see people's names."""

    line: int | None
    outcome: Outcome
    who: str
    told: str
    fields: tuple[str, ...] = ()

    def without_names(self) -> dict[str, object]:
        """For logs of other systems: the reason of a row that was refused, which repeats nothing of it, and of the others only
        the names of what changes."""
        reason = {"reason": self.told} if self.outcome is Outcome.REFUSED else {}
        return {"line": self.line, "outcome": self.outcome.value, "fields": list(self.fields), **reason}


@dataclass(frozen=True)
class Change:
    """Something of a person or a unit that becomes another: what it is called in tables, and what is told of it."""

    field: str
    told: str


class Telling:
    """The lines of a plan while it is made."""

    def __init__(self) -> None:
        self.lines: list[PlanLine] = []

    def tell(self, line: int | None, outcome: Outcome, who: str, told: str, *fields: str) -> None:
        """One thing that happens."""
        self.lines.append(PlanLine(line, outcome, who, told, fields))

    def changes(self, line: int | None, outcome: Outcome, who: str, changes: Sequence[Change]) -> None:
        """Several things that become others at once."""
        self.tell(line, outcome, who, "; ".join(one.told for one in changes), *(one.field for one in changes))

    def in_order(self) -> tuple[PlanLine, ...]:
        """All lines, by the line of the file; what is not in it comes last."""
        return tuple(sorted(self.lines, key=lambda one: (one.line is None, one.line)))


@dataclass
class Writes:
    """Rows to be added, changed (by id) and removed, by the name of their table."""

    added: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)

    _new: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> None:
        """A new row."""
        self.added.setdefault(table, []).append(values)
        if "id" in values:
            self._new[table, values["id"]] = values

    def change(self, table: str, row_id: str, **values: Any) -> None:
        """New values of a row; of one that is to be added, it is added with them."""
        new = self._new.get((table, row_id))
        if new is not None:
            new.update(values)
        else:
            self.changed.setdefault(table, {}).setdefault(row_id, {}).update(values)

    def remove(self, table: str, row_id: str) -> None:
        """A row that is taken away."""
        self.removed.setdefault(table, []).append(row_id)

    def any(self) -> bool:
        """Whether anything would be written."""
        return any(rows for kind in (self.added, self.changed, self.removed) for rows in kind.values())

    def text(self) -> str:
        """The rows as text that is the same whenever the same would be written: what is new has another id each time, and
        moments go on."""
        new = [(table, place, row) for table in _REFERRED_TO for place, row in enumerate(self.added.get(table, ()))]
        numbers = {row["id"]: f"{table} {place}" for table, place, row in new}

        def told(values: Any) -> str:
            text = json.dumps(values, default=lambda one: "" if isinstance(one, datetime) else str(one), sort_keys=True)
            return _UUID.sub(lambda found: numbers.get(found[0], found[0]), text)

        added = {
            table: sorted(
                told({name: row[name] for name in row if name != "id" or table in _REFERRED_TO}) for row in rows
            )
            for table, rows in self.added.items()
        }
        removed = {table: sorted(ids) for table, ids in self.removed.items()}
        return told([added, self.changed, removed])


@dataclass(frozen=True)
class StaffPlan:
    """An import before it is carried out. `before` is how many there are now of what may leave: people with an employment of the
    same source, or open units."""

    kind: StaffKind
    columns: tuple[Column, ...]
    lines: tuple[PlanLine, ...]
    counts: dict[str, int]
    before: int
    writes: Writes

    def of(self, outcome: Outcome) -> list[PlanLine]:
        """The lines with one outcome."""
        return [line for line in self.lines if line.outcome is outcome]

    def count(self, outcome: Outcome) -> int:
        """How many there are with one outcome, those without a line of their own too."""
        return self.counts.get(outcome.value, 0)

    def fingerprint(self) -> str:
        """The same for plans that would tell and write the same."""
        told = "\n".join(f"{line.line}|{line.outcome}|{line.who}|{line.told}" for line in self.lines)
        return hashlib.sha256(f"{sorted(self.counts.items())}\n{told}\n{self.writes.text()}".encode()).hexdigest()


def counted(lines: Iterable[PlanLine], **unchanged: int) -> dict[str, int]:
    """How many lines have each outcome; what is unchanged has no line."""
    counts: Counter[str] = Counter(line.outcome.value for line in lines)
    counts.update(unchanged)
    return {outcome.value: counts[outcome.value] for outcome in Outcome if counts[outcome.value]}
