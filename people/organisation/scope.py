"""Who leads whom: the units that were open on a day, those a person leads, and the people in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow


@dataclass(frozen=True)
class Unit:
    """A unit as it was named and placed on a day. At the top, or under a unit that was not open then, `parent_id` is None."""

    id: str
    key: str
    kind: str
    title: str
    parent_id: str | None


def units_at(session: Session, day: date) -> dict[str, Unit]:
    """The units open on `day`, by id, in the order of their titles."""
    rows = session.execute(
        select(OrgUnitRow.id, OrgUnitRow.key, OrgUnitRow.kind, UnitPlacementRow.title, UnitPlacementRow.parent_id)
        .join(UnitPlacementRow, UnitPlacementRow.unit_id == OrgUnitRow.id)
        .where(placed_on(day))
        .order_by(UnitPlacementRow.title, OrgUnitRow.key)
    ).all()
    there = {row.id for row in rows}
    return {
        row.id: Unit(row.id, row.key, row.kind, row.title, row.parent_id if row.parent_id in there else None)
        for row in rows
    }


def below(units: Mapping[str, Unit], unit_ids: Iterable[str]) -> set[str]:
    """Those of `unit_ids` that are among `units`, and all below them; units in a ring are met once."""
    children: dict[str, list[str]] = defaultdict(list)
    for unit in units.values():
        if unit.parent_id is not None:
            children[unit.parent_id].append(unit.id)
    found: set[str] = set()
    waiting = [unit_id for unit_id in unit_ids if unit_id in units]
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting += children[unit_id]
    return found


def led_units(session: Session, person_id: str, units: Mapping[str, Unit]) -> set[str]:
    """Those of `units` (open on a day) that the person leads: those of her grants as manager, and everything below them.

    A grant that names no unit leads nothing: a sign-in that calls somebody a manager does not say of whom.
    """
    granted = session.scalars(
        select(RoleGrantRow.unit_id).where(
            RoleGrantRow.person_id == person_id,
            RoleGrantRow.role == Role.MANAGER.value,
            RoleGrantRow.unit_id.is_not(None),
        )
    )
    return below(units, [unit_id for unit_id in granted if unit_id is not None])


def led_people(session: Session, person_id: str, day: date) -> set[str]:
    """The people whom the person leads on `day`, never herself: those employed in units she leads, and those whose manager
    or acting manager she is that day."""
    led = led_units(session, person_id, units_at(session, day))
    return set(session.scalars(select(EmploymentRow.person_id).where(led_by(person_id, led, day)).distinct()))


def leads_by_employment(session: Session, person_id: str, day: date) -> bool:
    """Whether somebody else who is active has the person as manager or acting manager on `day`. Asked on every run."""
    led = (
        select(EmploymentRow.id)
        .join(PersonRow, PersonRow.id == EmploymentRow.person_id)
        .where(employed_on(day), EmploymentRow.person_id != person_id, _managed_by(person_id, day), PersonRow.active)
    )
    return session.scalar(led.limit(1)) is not None


def led_by(person_id: str, led_units: Iterable[str], day: date) -> ColumnElement[bool]:
    """Whether an employment puts somebody else among the people of a person who leads `led_units` on `day`."""
    inside = EmploymentRow.unit_id.in_(sorted(led_units))
    return and_(employed_on(day), EmploymentRow.person_id != person_id, or_(inside, _managed_by(person_id, day)))


def _managed_by(person_id: str, day: date) -> ColumnElement[bool]:
    acting = and_(
        EmploymentRow.acting_manager_id == person_id,
        or_(EmploymentRow.acting_until.is_(None), EmploymentRow.acting_until >= day),
    )
    return or_(EmploymentRow.manager_id == person_id, acting)


def placed_on(day: date) -> ColumnElement[bool]:
    """Whether a placement counts on `day`."""
    return _counts(UnitPlacementRow.valid_from, UnitPlacementRow.valid_to, day)


def employed_on(day: date) -> ColumnElement[bool]:
    """Whether an employment counts on `day`."""
    return _counts(EmploymentRow.valid_from, EmploymentRow.valid_to, day)


def _counts(
    valid_from: InstrumentedAttribute[date], valid_to: InstrumentedAttribute[date | None], day: date
) -> ColumnElement[bool]:
    return and_(valid_from <= day, or_(valid_to.is_(None), valid_to >= day))
