"""Who has come to the end of an employment that was known to end: nobody need import a file for her to leave."""

import logging
from datetime import date

from sqlalchemy import Engine, delete, select, update

from people.organisation.people_plan import SOURCE
from people.organisation.staff_known import gone_by
from people.organisation.unit_plan import SOURCE as UNIT_SOURCE
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.audit import SYSTEM, record
from storage.base import now
from storage.session import one_at_a_time, transaction

log = logging.getLogger(__name__)


def let_go(engine: Engine, day: date) -> int:
    """Deactivate the people whom staff data had and whose last employment has ended before `day`, and take back what staff data
    let them lead. Done once a day; safe to repeat. Returns how many there were."""
    with transaction(engine) as session:
        one_at_a_time(session)
        gone = sorted(gone_by(session, day))
        if gone:
            people = PersonRow.id.in_(gone)
            session.execute(update(PersonRow).where(people).values(active=False, deactivated_at=now()))
            imported = RoleGrantRow.role == Role.MANAGER.value, RoleGrantRow.source.in_((SOURCE, UNIT_SOURCE))
            leading = RoleGrantRow.person_id.in_(gone), *imported
            for person_id, unit_id in session.execute(
                select(RoleGrantRow.person_id, RoleGrantRow.unit_id).where(*leading)
            ).all():
                led = f"{person_id} {Role.MANAGER.value} {unit_id}"
                record(session, actor=SYSTEM, action="role.taken", object_type="person", object_id=led)
            session.execute(delete(RoleGrantRow).where(*leading))
            for person_id in gone:
                record(session, actor=SYSTEM, action="staff.left", object_type="person", object_id=person_id)
    log.info("staff data: %d people have left because their employment was known to end", len(gone))
    return len(gone)
