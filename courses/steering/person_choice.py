"""People as a trainer finds them: by name or unit, never the whole municipality at once."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from people.tables import PersonRow


@dataclass(frozen=True)
class PersonChoice:
    """A person to choose. `email` is told where another one to choose among has the same name and unit."""

    id: str
    name: str
    unit: str
    email: str = ""


def people_like(session: Session, wanted: str, count: int = 20) -> list[PersonChoice]:
    """Active people whose name or unit holds what was typed, by name; nobody when nothing was typed."""
    if not wanted.strip():
        return []
    query = select(PersonRow.id, PersonRow.name, PersonRow.unit, PersonRow.email)
    query = query.where(PersonRow.active, named_like(wanted)).order_by(PersonRow.name, PersonRow.unit, PersonRow.id)
    rows = session.execute(query.limit(count)).all()
    alike = Counter((row.name, row.unit) for row in rows)
    return [
        PersonChoice(row.id, row.name, row.unit, (row.email or "") if alike[row.name, row.unit] > 1 else "")
        for row in rows
    ]


def named_like(wanted: str) -> ColumnElement[bool]:
    """Whether a person's name or unit holds what was typed."""
    term = wanted.strip()
    return or_(PersonRow.name.icontains(term, autoescape=True), PersonRow.unit.icontains(term, autoescape=True))


def people_among(session: Session, people: Select[str], count: int, skip: int = 0) -> list[PersonChoice]:
    """A page of the people whose ids are selected, by name."""
    query = select(PersonRow.id, PersonRow.name, PersonRow.unit).where(PersonRow.id.in_(people))
    rows = session.execute(query.order_by(PersonRow.name, PersonRow.id).limit(count).offset(skip))
    return [PersonChoice(*row) for row in rows]
