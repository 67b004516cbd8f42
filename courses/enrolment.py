"""Enrolment: which version of a course a person takes, in which cycle, and whether she may begin."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.errors import NotOpen
from courses.tables import AssignmentRow, EnrolmentRow
from storage.base import new_id, now


@dataclass(frozen=True)
class Enrolment:
    """A person's newest enrolment in a course."""

    course_id: str
    version_id: str
    cycle: int
    number: int


def enrolment(session: Session, person_id: str, course_id: str) -> Enrolment | None:
    """The newest enrolment, None before the course is begun."""
    query = select(EnrolmentRow).where(EnrolmentRow.person_id == person_id, EnrolmentRow.course_id == course_id)
    row = session.scalars(query.order_by(EnrolmentRow.number.desc()).limit(1)).first()
    return Enrolment(row.course_id, row.version_id, row.cycle, row.number) if row else None


def enrol(
    session: Session, person_id: str, course_id: str, version_id: str, by: str, *, new_cycle: bool = False
) -> Enrolment:
    """Begin a course, move to another version, or begin a new cycle: always a new row. The caller holds `one_at_a_time`."""
    before = enrolment(session, person_id, course_id)
    number = before.number + 1 if before else 1
    cycle = (before.cycle if before else 1) + (1 if new_cycle and before else 0)
    session.add(
        EnrolmentRow(
            id=new_id(),
            person_id=person_id,
            course_id=course_id,
            number=number,
            cycle=cycle,
            version_id=version_id,
            at=now(),
            by=by,
        )
    )
    session.flush()
    return Enrolment(course_id, version_id, cycle, number)


def assigned(session: Session, person_id: str) -> dict[str, date | None]:
    """The courses a person is assigned now, each with the nearest day it is due."""
    query = select(AssignmentRow.course_id, AssignmentRow.due_on).where(
        AssignmentRow.person_id == person_id, AssignmentRow.ended_at.is_(None)
    )
    found: dict[str, date | None] = {}
    for course_id, due_on in session.execute(query):
        known = found.get(course_id)
        found[course_id] = min(known, due_on) if known and due_on else (known or due_on)
    return found


def renews(session: Session, person_id: str, found: Enrolment) -> bool:
    """Whether the person is in a later cycle that no assignment asked for: an old deadline is not one for a renewal."""
    if found.cycle == 1:
        return False
    begun = select(func.min(EnrolmentRow.at)).where(
        EnrolmentRow.person_id == person_id,
        EnrolmentRow.course_id == found.course_id,
        EnrolmentRow.cycle == found.cycle,
    )
    later = select(AssignmentRow.id).where(
        AssignmentRow.person_id == person_id,
        AssignmentRow.course_id == found.course_id,
        AssignmentRow.ended_at.is_(None),
        AssignmentRow.at > begun.scalar_subquery(),
    )
    return session.scalars(later.limit(1)).first() is None


def require_open(session: Session, person_id: str, course_id: str, *, open_to_all: bool) -> None:
    """Raise `NotOpen` unless the course is open to everybody, assigned to the person, or already begun."""
    if open_to_all or course_id in assigned(session, person_id) or enrolment(session, person_id, course_id):
        return
    raise NotOpen(
        "Forløbet er for dem, der har fået det tildelt. Tal med din leder, hvis du mener, at du skal tage det."
    )
