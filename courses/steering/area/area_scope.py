"""Whose figures somebody may see: the units and people of her area on a day, each person in one unit.

Named people are only ever a manager's own. Who sees the whole municipality sees counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from people.organisation.scope import Unit, below, employed_on, led_by, led_units, units_at
from people.organisation.tables import EmploymentRow, UnitPlacementRow
from people.tables import PersonRow


@dataclass(frozen=True)
class Area:
    """`units` are those of the area with all above them left out, `home` gives the one unit in which each person counts.

    `whole` is the whole municipality, without names.
    """

    whole: bool
    day: date
    units: dict[str, Unit]
    led: frozenset[str]
    home: dict[str, str]

    @property
    def roots(self) -> list[str]:
        """Units whose parent is not in the area, in the order of their titles."""
        return [unit.id for unit in self.units.values() if unit.parent_id not in self.units]

    def children(self, unit_id: str) -> list[str]:
        """Units right below one, in the order of their titles."""
        return [unit.id for unit in self.units.values() if unit.parent_id == unit_id]


@dataclass(frozen=True)
class History:
    """Employments and places of units over some time."""

    employments: list[tuple[str, str, date, date]]
    placements: list[tuple[str, str | None, date, date]] = field(default_factory=list)


def area_of(session: Session, person_id: str, day: date, *, whole: bool) -> Area:
    """The whole municipality, or what a person leads on `day`: her units, and people elsewhere whose manager she is."""
    units = units_at(session, day)
    query = (
        select(EmploymentRow.person_id, EmploymentRow.unit_id, EmploymentRow.primary)
        .join(PersonRow, PersonRow.id == EmploymentRow.person_id)
        .where(employed_on(day), PersonRow.active)
        .order_by(EmploymentRow.primary.desc(), EmploymentRow.key)
    )
    if whole:
        home = _homes(session.execute(query), frozenset(units))
        return Area(True, day, units, frozenset(units), {one: unit for one, unit in home.items() if unit in units})
    led = frozenset(led_units(session, person_id, units))
    home = _homes(session.execute(query.where(led_by(person_id, led, day))), led)
    home = {one: unit for one, unit in home.items() if unit in units}
    inside = led | set(home.values())
    return Area(False, day, {key: unit for key, unit in units.items() if key in inside}, led, home)


def _homes(rows: Iterable[Row[str, str, bool]], preferred: frozenset[str]) -> dict[str, str]:
    """The unit of each person: among those preferred if she has one there, her primary one before others."""
    found: dict[str, str] = {}
    for person, unit, _ in rows:
        if person not in found or (found[person] not in preferred and unit in preferred):
            found[person] = unit
    return found


def history(session: Session, since: date) -> History:
    """Employments and placements that counted on `since` or later; open ends are the last day there is. The employments that
    decide where a person counts come last."""
    employments = session.execute(
        select(EmploymentRow.person_id, EmploymentRow.unit_id, EmploymentRow.valid_from, EmploymentRow.valid_to)
        .where(or_(EmploymentRow.valid_to.is_(None), EmploymentRow.valid_to >= since))
        .order_by(EmploymentRow.primary, EmploymentRow.key.desc())
    )
    placements = session.execute(
        select(
            UnitPlacementRow.unit_id, UnitPlacementRow.parent_id, UnitPlacementRow.valid_from, UnitPlacementRow.valid_to
        ).where(or_(UnitPlacementRow.valid_to.is_(None), UnitPlacementRow.valid_to >= since))
    )
    return History(
        [(person, unit, first, last or date.max) for person, unit, first, last in employments],
        [(unit, parent, first, last or date.max) for unit, parent, first, last in placements],
    )


def below_then(placements: Iterable[tuple[str, str | None, date, date]], tops: Iterable[str], day: date) -> set[str]:
    """`tops`, and the units that were below them on an earlier day."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for unit, parent, first, last in placements:
        if first <= day <= last:
            children[parent].append(unit)
    found: set[str] = set()
    waiting = list(tops)
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting += children[unit]
    return found


def inside(units: Mapping[str, Unit], unit_id: str | None) -> set[str]:
    """A unit and all below it; everything without one."""
    return set(units) if unit_id is None else below(units, [unit_id])
