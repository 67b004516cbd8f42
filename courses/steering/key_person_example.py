"""The key persons of the example organisation, for trial: `people` lays the organisation down and knows no register."""

from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from courses.course_service import SYSTEM
from courses.steering.key_person_rows import give_roles
from courses.steering.tables import KeyPersonRow
from people.organisation.example import FIRST_DAY, ExampleOrganisation
from storage.base import new_id, now
from storage.session import one_at_a_time, transaction


def register_example(engine: Engine, organisation: ExampleOrganisation, course_id: str, day: date) -> int:
    """Put the key persons of an organisation that is stored, and their deputies, in the register for a track, and give them the
    role as on `day`; how many there are."""
    with transaction(engine) as session:
        one_at_a_time(session)
        count = _add(session, organisation, course_id)
        give_roles(session, day, SYSTEM)
    return count


def _add(session: Session, organisation: ExampleOrganisation, course_id: str) -> int:
    rows = [
        KeyPersonRow(
            id=new_id(),
            unit_id=person.key_person_in,
            course_id=course_id,
            person_id=person.id,
            deputy_id=organisation.deputies.get(person.key_person_in),
            valid_from=FIRST_DAY,
            at=now(),
            by=SYSTEM,
        )
        for person in organisation.people
        if person.key_person_in
    ]
    session.add_all(rows)
    return len(rows)
