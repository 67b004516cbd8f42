"""What a person's manager can see of her, and who that is today, by the very rules of the manager's page and of the pack of
evidence that she can fetch there."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.course_service import CourseService
from courses.steering.area.standing import State
from courses.steering.area.standing_rows import standings_of
from courses.tables import CertificateRevocationRow, CertificateRow, CertificationPeriodRow, CourseVersionRow
from governance.data_rights_export import course_titles, named
from people.organisation.scope import employed_on, led_people, units_at
from people.organisation.tables import EmploymentRow
from people.roles import Permission, Role
from people.service import person_of
from people.tables import PersonRow, RoleGrantRow


@dataclass(frozen=True)
class CourseLine:
    """One course as the manager sees it: on her page when it is assigned, in the pack of evidence when it is begun. Days are None
    where there is none, `version` is None before it is begun, and `certificate` is empty without one that holds."""

    title: str
    state: State | None
    due_on: date | None
    version: int | None
    begun_on: date | None
    finished_on: date | None
    certificate: str
    valid_until: date | None


@dataclass(frozen=True)
class ManagerView:
    """Who can see it today (by name with role), and what: the units and the roles of the person, and her courses."""

    managers: tuple[str, ...]
    units: tuple[str, ...]
    roles: tuple[str, ...]
    lines: tuple[CourseLine, ...]


def manager_view(session: Session, courses: CourseService, person_id: str, day: date) -> ManagerView:
    """What managers can see of a person on a day."""
    person = session.get_one(PersonRow, person_id)
    seeing = sorted(one for one in _candidates(session, person_id, day) if _sees(session, one, person_id, day))
    return ManagerView(
        managers=tuple(sorted(named(session, seeing).values())),
        units=_units(session, person_id, day) or ((person.unit,) if person.unit else ()),
        roles=tuple(sorted({Role(grant.role).danish for grant in person.grants})),
        lines=_lines(session, courses, person_id, day),
    )


def _lines(session: Session, courses: CourseService, person_id: str, day: date) -> tuple[CourseLine, ...]:
    titles, numbers = course_titles(session), _version_numbers(session)
    certificates = _certificates(session, person_id)
    lines = [
        CourseLine(
            titles.get(course_id, course_id),
            state,
            one.due,
            numbers.get(one.version_id or ""),
            one.begun_on,
            one.finished_on,
            certificates.get(course_id, ""),
            one.valid_until,
        )
        for (_, course_id), one in standings_of(session, courses.version, [person_id]).items()
        if (state := one.state(day)) is not None or one.begun_on is not None or one.valid_until is not None
    ]
    return tuple(sorted(lines, key=lambda line: line.title))


def _units(session: Session, person_id: str, day: date) -> tuple[str, ...]:
    """Titles of the units the person is employed in."""
    known = units_at(session, day)
    query = select(EmploymentRow.unit_id).where(EmploymentRow.person_id == person_id, employed_on(day))
    return tuple(sorted({known[unit_id].title for unit_id in session.scalars(query) if unit_id in known}))


def _version_numbers(session: Session) -> dict[str, int]:
    return {key: value for key, value in session.execute(select(CourseVersionRow.id, CourseVersionRow.number))}


def _certificates(session: Session, person_id: str) -> dict[str, str]:
    """Number of the person's newest certificate of each course that is not revoked."""
    query = (
        select(CertificationPeriodRow.course_id, CertificateRow.id)
        .join(CertificateRow, CertificateRow.period_id == CertificationPeriodRow.id)
        .where(CertificationPeriodRow.person_id == person_id)
        .where(CertificateRow.id.not_in(select(CertificateRevocationRow.certificate_id)))
        .order_by(CertificationPeriodRow.cycle)
    )
    return {key: value for key, value in session.execute(query)}


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
    return person_of(session, row, day).may(Permission.SEE_AREA) and person_id in led_people(session, leader_id, day)
