"""A house with a small municipality in it that was imported, for tests of staff data."""

from datetime import date, timedelta

from sqlalchemy import Engine, select

from people.organisation.import_service import StaffImportService
from people.organisation.scope import led_people, led_units, units_at
from people.organisation.staff_plan import Outcome, StaffPlan
from people.organisation.tables import EmploymentRow, ExternalKeyRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.audit import AuditEvent
from storage.session import reading
from tests import staff_files as files

DAY = date(2027, 3, 1)
LATER = DAY + timedelta(days=30)
BEFORE_LATER = LATER - timedelta(days=1)
ADMIN = Person("demo-anders", "Anders", "IT", frozenset({Role.ADMIN}))
TABLES = (OrgUnitRow, UnitPlacementRow, PersonRow, EmploymentRow, ExternalKeyRow, RoleGrantRow)
UNITS = ("Enhedsid", "Enhedsnavn", "Overordnet enhed", "Type", "Leder")
PEOPLE = ("Navn", "E-mail", "DQ-nummer", "Afdeling", "Leder", "Stilling")
TREE = (
    ("k", "Kommunen", "", "kommune", ""),
    ("b", "Børn & Skole", "k", "forvaltning", ""),
    ("s", "Birkeskolen", "b", "skole", ""),
    ("m", "Museet", "Kommunen", "institution", ""),
)
GERDA = ("Gerda Gram", "gerda@eksempel.dk", "DQ1", "Børn & Skole", "", "Direktør")
KAJ = ("Kaj Kjær", "kaj@eksempel.dk", "DQ2", "Birkeskolen", "Gerda Gram", "Skoleleder")
ANNA = ("Anna Åkjær", "anna@eksempel.dk", "DQ3", "Birkeskolen", "kaj@eksempel.dk", "Lærer")
BO = ("Bo Bøgh", "bo@eksempel.dk", "DQ4", "Birkeskolen", "dq2", "Lærer")
STAFF = (GERDA, KAJ, ANNA, BO)


class House:
    """An import service, and short questions to its database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.service = StaffImportService(engine)

    def filled(self) -> "House":
        """Itself, with the units and the people."""
        self.units(*TREE)
        self.people(*STAFF)
        return self

    def units(
        self, *rows: files.Row, headings: files.Row = UNITS, day: date = DAY, complete: bool = False
    ) -> StaffPlan:
        return self.service.carry_out(ADMIN, files.written(headings, *rows), day, complete=complete)

    def people(
        self, *rows: files.Row, headings: files.Row = PEOPLE, day: date = DAY, complete: bool = False
    ) -> StaffPlan:
        return self.service.carry_out(ADMIN, files.written(headings, *rows), day, complete=complete)

    def rows(self) -> dict[str, set[tuple[object, ...]]]:
        with reading(self.engine) as session:
            return {
                table.__tablename__: {tuple(row) for row in session.execute(select(*table.__table__.columns))}
                for table in TABLES
            }

    def id(self, name: str) -> str:
        with reading(self.engine) as session:
            return session.scalars(select(PersonRow.id).where(PersonRow.name == name)).one()

    def person(self, name: str) -> PersonRow:
        with reading(self.engine) as session:
            return session.get_one(PersonRow, self.id(name))

    def employments(self, name: str) -> list[EmploymentRow]:
        with reading(self.engine) as session:
            query = select(EmploymentRow).where(EmploymentRow.person_id == self.id(name))
            return list(session.scalars(query.order_by(EmploymentRow.valid_from, EmploymentRow.title)))

    def titles(self, day: date) -> dict[str, str | None]:
        """Open units and the one above each, by title."""
        with reading(self.engine) as session:
            units = units_at(session, day)
        return {unit.title: units[unit.parent_id].title if unit.parent_id else None for unit in units.values()}

    def led(self, name: str, day: date = DAY) -> tuple[set[str], set[str]]:
        """Titles of the units and names of the people whom somebody leads."""
        with reading(self.engine) as session:
            units = units_at(session, day)
            people = {row.id: row.name for row in session.execute(select(PersonRow.id, PersonRow.name))}
            person_id = self.id(name)
            return (
                {units[one].title for one in led_units(session, person_id, units_at(session, day))},
                {people[one] for one in led_people(session, person_id, day)},
            )

    def events(self, *actions: str) -> list[str]:
        """Whom and what the events of some kinds are about, in their order."""
        with reading(self.engine) as session:
            query = select(AuditEvent.object_id).where(AuditEvent.action.in_(actions)).order_by(AuditEvent.id)
            return list(session.scalars(query))


def told(plan: StaffPlan, outcome: Outcome) -> list[tuple[str, str]]:
    return [(line.who, line.told) for line in plan.of(outcome)]
