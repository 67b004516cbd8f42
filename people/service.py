"""Use cases about people: example people for the demo and looking a person up on every run."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, select

from people.errors import UnknownPerson
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
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


def person_of(row: PersonRow) -> Person:
    """The person of a row, with all roles that anybody gives her."""
    return Person(row.id, row.name, row.unit, frozenset(Role(grant.role) for grant in row.grants))


class PeopleService:
    """Reads and writes people in the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, person_id: str) -> Person:
        """The active person with this id; raises `UnknownPerson`."""
        with reading(self._engine) as session:
            row = session.get(PersonRow, person_id)
        if row is None or not row.active:
            raise UnknownPerson
        return person_of(row)

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
