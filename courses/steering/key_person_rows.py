"""The register of key persons read from its rows, and the role that it gives."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from courses.steering.tables import KeyPersonRow
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage import audit
from storage.base import new_id

REGISTER = "register"
"""The source of the roles that the register gives; it takes no others away."""


def in_office(day: date) -> ColumnElement[bool]:
    """Whether an entry of the register counts on `day`."""
    return and_(KeyPersonRow.valid_from <= day, or_(KeyPersonRow.valid_to.is_(None), KeyPersonRow.valid_to >= day))


def give_roles(session: Session, day: date, by: str) -> int:
    """Let the roles of key persons be just those that the register gives on `day`; how many were given or taken.

    The caller holds `one_at_a_time`. Safe to repeat.
    """
    session.flush()
    entries = select(KeyPersonRow.person_id, KeyPersonRow.unit_id).join(
        PersonRow, PersonRow.id == KeyPersonRow.person_id
    )
    due = {(person, unit) for person, unit in session.execute(entries.where(in_office(day), PersonRow.active))}
    grants = select(RoleGrantRow).where(
        RoleGrantRow.role == Role.KEY_PERSON.value, RoleGrantRow.source == REGISTER, RoleGrantRow.unit_id.is_not(None)
    )
    given = {(row.person_id, row.unit_id or ""): row for row in session.scalars(grants)}
    new, over = sorted(due - given.keys()), sorted(given.keys() - due)
    for person_id, unit_id in new:
        grant = RoleGrantRow(
            id=new_id(), person_id=person_id, role=Role.KEY_PERSON.value, unit_id=unit_id, source=REGISTER
        )
        session.add(grant)
        audit.record(session, actor=by, action="role.given", object_type="person", object_id=person_id)
    for key in over:
        session.delete(given[key])
        audit.record(session, actor=by, action="role.taken", object_type="person", object_id=key[0])
    return len(new) + len(over)
