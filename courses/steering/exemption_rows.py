"""Exemptions read from their rows."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from courses.steering.tables import ExemptionRow


def holding(day: date) -> ColumnElement[bool]:
    """Whether an exemption holds on `day`."""
    return and_(ExemptionRow.ended_at.is_(None), or_(ExemptionRow.until.is_(None), ExemptionRow.until >= day))


def exempt_people(session: Session, course_id: str, day: date) -> set[str]:
    """Ids of the people who are exempt from a course on `day`."""
    return set(session.scalars(select(ExemptionRow.person_id).where(ExemptionRow.course_id == course_id, holding(day))))


def exemptions_of(session: Session, person_id: str, day: date) -> dict[str, ExemptionRow]:
    """The exemptions of a person that hold on `day`, by course."""
    query = select(ExemptionRow).where(ExemptionRow.person_id == person_id, holding(day))
    return {row.course_id: row for row in session.scalars(query)}
