"""Exemptions read from their rows."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from courses.steering.tables import ExemptionRow
from rag.calendar import day_begins


def holding(day: date) -> ColumnElement[bool]:
    """Whether an exemption holds on `day`."""
    return and_(ExemptionRow.ended_at.is_(None), or_(ExemptionRow.until.is_(None), ExemptionRow.until >= day))


def exempt_people(session: Session, course_id: str, day: date) -> set[str]:
    """Ids of the people who are exempt from a course on `day`."""
    return set(session.scalars(select(ExemptionRow.person_id).where(ExemptionRow.course_id == course_id, holding(day))))


def exempt_until(session: Session, course_id: str, day: date) -> dict[str, datetime]:
    """The moment until which each person was last exempt from a course, of exemptions that hold no more on `day`."""
    over = select(ExemptionRow.person_id, ExemptionRow.ended_at, ExemptionRow.until).where(
        ExemptionRow.course_id == course_id, not_(holding(day))
    )
    found: dict[str, datetime] = {}
    for person_id, ended_at, until in session.execute(over):
        ends = [ended_at, day_begins(until + timedelta(days=1)) if until else None]
        end = min(moment for moment in ends if moment is not None)
        found[person_id] = max(end, found.get(person_id, end))
    return found


def exemptions_of(session: Session, person_id: str, day: date) -> dict[str, ExemptionRow]:
    """The exemptions of a person that hold on `day`, by course."""
    query = select(ExemptionRow).where(ExemptionRow.person_id == person_id, holding(day))
    return {row.course_id: row for row in session.scalars(query)}
