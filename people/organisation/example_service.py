"""Lays the example organisation into a database for trial."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Engine, insert, not_, select
from sqlalchemy.orm import Session

from people.errors import RealPeople
from people.organisation.example import FIRST_DAY, PREFIX, ExampleEmployee, ExampleEmployment, ExampleOrganisation
from people.organisation.tables import EmploymentRow, ExternalKeyRow, OrgUnitRow, UnitPlacementRow
from people.organisation.unit import UnitKind
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.audit import record
from storage.base import new_id, now
from storage.session import one_at_a_time, transaction

_DEMO = "demo-"


def load_example(engine: Engine, organisation: ExampleOrganisation) -> bool:
    """Store the organisation but for its key persons, whose register is not here, and give the people of the demo a place in it;
    False when an example is there already. Raises `RealPeople` where anybody or any unit is real."""
    with transaction(engine) as session:
        one_at_a_time(session)
        _refuse_among_real_people(session)
        if session.scalar(select(PersonRow.id).where(PersonRow.id.startswith(PREFIX)).limit(1)):
            return False
        _add_units(session, organisation)
        _add_people(session, organisation)
        session.execute(insert(EmploymentRow), [_employment(place) for place in organisation.employments])
        _seat_demo_people(session, organisation)
        record(session, actor="system", action="organisation.example", object_type="organisation", object_id="example")
    return True


def _refuse_among_real_people(session: Session) -> None:
    invented = PersonRow.id.startswith(PREFIX) | PersonRow.id.startswith(_DEMO)
    person = session.scalar(select(PersonRow.id).where(not_(invented)).limit(1))
    unit = session.scalar(select(OrgUnitRow.id).where(not_(OrgUnitRow.key.startswith(PREFIX))).limit(1))
    if person or unit:
        raise RealPeople


def _add_units(session: Session, organisation: ExampleOrganisation) -> None:
    placements = (*organisation.units, *organisation.past)
    kinds = {place.id: place.kind for place in placements}
    session.execute(
        insert(OrgUnitRow), [{"id": unit_id, "key": unit_id, "kind": kind.value} for unit_id, kind in kinds.items()]
    )
    rows = [
        {
            "id": new_id(),
            "unit_id": place.id,
            "parent_id": place.parent_id,
            "title": place.title,
            "valid_from": place.valid_from,
            "valid_to": place.valid_to,
        }
        for place in placements
    ]
    session.execute(insert(UnitPlacementRow), rows)


def _add_people(session: Session, organisation: ExampleOrganisation) -> None:
    moment = now()
    titles = {unit.id: unit.title for unit in organisation.units}
    works_in = {place.person_id: titles[place.unit_id] for place in organisation.employments if place.primary}
    people = [
        {
            "id": person.id,
            "name": person.name,
            "unit": works_in[person.id],
            "email": person.email,
            "active": person.left is None,
            "created_at": moment,
            "deactivated_at": None if person.left is None else moment,
        }
        for person in organisation.people
    ]
    session.execute(insert(PersonRow), people)
    session.execute(insert(RoleGrantRow), [grant for person in organisation.people for grant in _grants(person)])
    keys = [{"person_id": person.id, "system": "delta", "key": person.username} for person in organisation.people]
    session.execute(insert(ExternalKeyRow), keys)


def _grants(person: ExampleEmployee) -> Iterator[dict[str, Any]]:
    held = ((Role.EMPLOYEE, None), (Role.MANAGER, person.leads))
    for role, unit_id in held:
        if role is Role.EMPLOYEE or unit_id:
            yield {"id": new_id(), "person_id": person.id, "role": role.value, "unit_id": unit_id, "source": "import"}


def _seat_demo_people(session: Session, organisation: ExampleOrganisation) -> None:
    """They work in the largest institution of the department that they name, and who is a manager leads it."""
    parents = {unit.id: unit.parent_id for unit in organisation.units}
    departments = {unit.title: unit.id for unit in organisation.units if unit.kind is UnitKind.DEPARTMENT}
    institutions = [unit.id for unit in organisation.units if unit.kind is UnitKind.INSTITUTION]
    size = Counter(unit_id for place in organisation.employments for unit_id in _upwards(place.unit_id, parents))
    for person in session.scalars(select(PersonRow).where(PersonRow.id.startswith(_DEMO))).all():
        department = departments.get(person.unit)
        inside = [one for one in institutions if department and department in _upwards(one, parents)]
        if not inside:
            continue
        home = max(inside, key=lambda one: (size[one], one))
        session.add(
            EmploymentRow(
                id=new_id(), key=person.id, person_id=person.id, unit_id=home, title="Prøveperson", valid_from=FIRST_DAY
            )
        )
        for grant in person.grants:
            if grant.role == Role.MANAGER.value:
                grant.unit_id = home


def _upwards(unit_id: str, parents: Mapping[str, str | None]) -> Iterator[str]:
    """A unit and those above it."""
    at: str | None = unit_id
    while at is not None:
        yield at
        at = parents.get(at)


def _employment(place: ExampleEmployment) -> dict[str, Any]:
    return {"id": new_id(), **vars(place)}
