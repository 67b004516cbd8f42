"""Use cases about people: example people for the demo and looking a person up on every run."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from people.errors import UnknownPerson
from people.organisation.scope import leads_by_employment
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction


class ExamplePerson(BaseModel):
    """One invented person in `content/organisation/demo_people.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    unit: str
    about: str
    roles: list[Role]


class _ExamplePeople(BaseModel):
    model_config = ConfigDict(extra="forbid")

    people: list[ExamplePerson]


def example_people(content_dir: Path) -> list[ExamplePerson]:
    """The invented people one can sign in as in demo mode."""
    path = content_dir / "organisation" / "demo_people.yaml"
    return _ExamplePeople.model_validate(yaml.safe_load(path.read_text("utf-8"))).people


def person_of(session: Session, row: PersonRow, day: date) -> Person:
    """The person of a row, with all roles that anybody gives her. Who has a role and is the manager of somebody on `day`, if only
    an acting one or of one colleague, is a manager that day, whether or not a unit was granted to her."""
    roles = {Role(grant.role) for grant in row.grants}
    if roles and Role.MANAGER not in roles and leads_by_employment(session, row.id, day):
        roles.add(Role.MANAGER)
    return Person(row.id, row.name, row.unit, frozenset(roles))


class PeopleService:
    """Reads and writes people in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def find(self, person_id: str) -> Person:
        """The active person with this id; raises `UnknownPerson`."""
        with reading(self._engine) as session:
            row = session.get(PersonRow, person_id)
            if row is None or not row.active:
                raise UnknownPerson
            return person_of(session, row, danish_day(self._clock()))

    def add_examples(self, people: list[ExamplePerson]) -> None:
        """Store example people that are not there yet; those that are there stay as they are."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            known = set(session.scalars(select(PersonRow.id)))
            for person in people:
                if person.id in known:
                    continue
                grants = [RoleGrantRow(id=new_id(), role=role.value) for role in person.roles]
                row = PersonRow(id=person.id, name=person.name, unit=person.unit, created_at=now(), grants=grants)
                session.add(row)
