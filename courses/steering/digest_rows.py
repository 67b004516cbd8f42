"""Who is overdue, and who leads them, for all managers at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courses.steering.area.standing import Standing, State
from courses.steering.area.tables import CourseStandingRow
from courses.steering.digest import Digest, Overdue, digests
from courses.steering.reminder_occasion import Kind
from courses.steering.reminder_plan import FIELDS, Offer, unwanted_kinds
from people.organisation.scope import Unit, employed_on, units_at
from people.organisation.tables import EmploymentRow
from people.roles import Permission, Role
from people.service import person_of
from people.tables import PersonRow, RoleGrantRow


def planned_digests(session: Session, offers: Mapping[str, Offer], day: date) -> list[Digest]:
    """The digests that are to go on `day`, to active managers who want one and have somebody overdue.

    Only to those who may remind, by the very rule of the sign-in: whoever sees nobody on a page is told of nobody either.
    """
    overdue = overdue_people(session, offers, day)
    leaders = leaders_of(session, {one.person_id for one in overdue}, day)
    unwanted = unwanted_kinds(session)
    rows = session.scalars(select(PersonRow).where(PersonRow.active, PersonRow.id.in_(sorted(leaders))))
    managers = {
        row.id: (row.name, row.email)
        for row in rows
        if Kind.DIGEST not in unwanted[row.id] and person_of(session, row, day).may(Permission.REMIND)
    }
    return digests(leaders, managers, overdue)


def overdue_people(session: Session, offers: Mapping[str, Offer], day: date) -> list[Overdue]:
    """Everybody active who should have finished a course that is offered now."""
    row = CourseStandingRow
    query = (
        select(row.person_id, PersonRow.name, row.course_id, *(getattr(row, name) for name in FIELDS))
        .join(PersonRow, PersonRow.id == row.person_id)
        .where(PersonRow.active, row.course_id.in_(list(offers)), row.assigned_on <= day, row.assigned_to.is_(None))
        .where((row.due_on < day) | (row.valid_until < day))
        .where(or_(row.finished_on.is_(None), row.valid_until < day))  # most have finished long ago
    )
    found = []
    for person_id, name, course_id, *fields in session.execute(query):
        standing = Standing(*fields)
        if standing.state(day) is State.OVERDUE and standing.due is not None:
            found.append(Overdue(person_id, name, course_id, offers[course_id].title, standing.due))
    return found


def leaders_of(session: Session, people: Iterable[str], day: date) -> dict[str, set[str]]:
    """Those of `people` whom each manager leads on `day`: `people.organisation.scope.led_people` for all managers at once."""
    wanted = set(people)
    units = units_at(session, day)
    granted: dict[str, set[str]] = defaultdict(set)
    grants = select(RoleGrantRow.unit_id, RoleGrantRow.person_id).where(
        RoleGrantRow.role == Role.MANAGER.value, RoleGrantRow.unit_id.is_not(None)
    )
    for unit_id, person_id in session.execute(grants):
        if unit_id is not None:
            granted[unit_id].add(person_id)
    found: dict[str, set[str]] = defaultdict(set)
    work = EmploymentRow
    query = select(work.person_id, work.unit_id, work.manager_id, work.acting_manager_id, work.acting_until)
    for person_id, unit_id, manager, acting, until in session.execute(query.where(employed_on(day))):
        if person_id not in wanted:
            continue
        leaders = {manager, acting if until is None or until >= day else None}
        for above in _upwards(units, unit_id):
            leaders |= granted[above]
        for leader in leaders - {None, person_id}:
            found[str(leader)].add(person_id)
    return found


def _upwards(units: Mapping[str, Unit], unit_id: str) -> Iterator[str]:
    """A unit that is open and those above it; units in a ring are met once."""
    seen: set[str] = set()
    at: str | None = unit_id
    while at is not None and at in units and at not in seen:
        seen.add(at)
        yield at
        at = units[at].parent_id
