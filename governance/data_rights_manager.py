"""What a person's manager can see of her, and who that is today, by the very rules of the manager's page."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.course_service import CourseService
from courses.steering.area.standing import State
from courses.steering.area.standing_rows import standings_of
from governance.data_rights_export import course_titles, named
from people.organisation.scope import employed_on, led_people, units_at
from people.organisation.tables import EmploymentRow
from people.person import Person
from people.roles import Permission, Role
from people.tables import PersonRow, RoleGrantRow


@dataclass(frozen=True)
class CourseLine:
    """One course as the manager sees it; days are None where there is none."""

    title: str
    state: State | None
    due_on: date | None
    finished_on: date | None
    valid_until: date | None


@dataclass(frozen=True)
class ManagerView:
    """Who can see it today (by name with role), and what."""

    managers: tuple[str, ...]
    lines: tuple[CourseLine, ...]


def manager_view(session: Session, courses: CourseService, person_id: str, day: date) -> ManagerView:
    """What managers can see of a person on a day."""
    seeing = sorted(one for one in _candidates(session, person_id, day) if _sees(session, one, person_id, day))
    titles = course_titles(session)
    lines = [
        CourseLine(titles.get(course_id, course_id), state, one.due, one.finished_on, one.valid_until)
        for (_, course_id), one in standings_of(session, courses.version, [person_id]).items()
        if (state := one.state(day)) is not None or one.valid_until is not None
    ]
    return ManagerView(
        tuple(sorted(named(session, seeing).values())), tuple(sorted(lines, key=lambda line: line.title))
    )


def _candidates(session: Session, person_id: str, day: date) -> set[str]:
    """Everybody who may lead the person: named in her employments, or manager of a unit at or above hers."""
    query = select(EmploymentRow.unit_id, EmploymentRow.manager_id, EmploymentRow.acting_manager_id)
    employments = session.execute(query.where(EmploymentRow.person_id == person_id, employed_on(day))).all()
    units = units_at(session, day)
    above: set[str] = set()
    for unit_id, *_ in employments:
        place = units.get(unit_id)
        while place is not None and place.id not in above:
            above.add(place.id)
            place = units.get(place.parent_id) if place.parent_id else None
    granted = select(RoleGrantRow.person_id).where(
        RoleGrantRow.role == Role.MANAGER.value, RoleGrantRow.unit_id.in_(above)
    )
    named_in = {leader for _, *leaders in employments for leader in leaders if leader}
    return {*named_in, *session.scalars(granted)} - {person_id}


def _sees(session: Session, leader_id: str, person_id: str, day: date) -> bool:
    row = session.get(PersonRow, leader_id)
    if row is None or not row.active:
        return False
    leader = Person(row.id, row.name, row.unit, frozenset(Role(grant.role) for grant in row.grants))
    return leader.may(Permission.SEE_AREA) and person_id in led_people(session, leader_id, day)
