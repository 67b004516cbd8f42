"""A small municipality whose people are assigned a course, take it, or do not."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlalchemy import Engine

from courses.steering.area.area_service import AreaService
from courses.steering.area.standing_service import StandingService
from courses.steering.tables import ExemptionRow, KeyPersonRow
from courses.tables import AssignmentRow
from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.organisation.unit import UnitKind
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.session import transaction
from tests.certified_house import START, House

COURSE = "ai-for-alle"
LONG_AGO = date(2020, 1, 1)
UNITS = {"by": (None, "Kommunen"), "skole": ("by", "Skolen"), "klub": ("skole", "Klubben"), "stab": ("by", "Staben")}


def moment(day: date) -> datetime:
    """Noon of a day in Denmark, about."""
    return datetime.combine(day, time(11), UTC)


class SmallArea(House):
    """The house of certificates with units, employments and assignments, at a moment that tests set."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__(engine, folder, at=START)
        self.standings = StandingService(engine, self.courses, lambda: self.at)
        self.area = AreaService(engine, self.courses, self.standings, lambda: self.at)
        with transaction(engine) as session:
            for key, (parent, title) in UNITS.items():
                session.add(OrgUnitRow(id=key, key=key, kind=UnitKind.INSTITUTION if key == "skole" else UnitKind.UNIT))
                session.flush()
                session.add(self.placed(key, parent, title))

    def on(self, day: date) -> "SmallArea":
        super().on(day)
        return self

    @staticmethod
    def placed(key: str, parent: str | None, title: str, first: date = LONG_AGO) -> UnitPlacementRow:
        return UnitPlacementRow(
            id=new_id(), unit_id=key, parent_id=parent, title=title, valid_from=first, valid_to=None
        )

    def add(self, key: str, unit: str | None, *roles: Role, leads: Iterable[str] = ()) -> Person:
        """A person who works in a unit and may lead others."""
        grants = [RoleGrantRow(id=new_id(), role=role.value) for role in roles]
        grants += [RoleGrantRow(id=new_id(), role=Role.MANAGER.value, unit_id=one) for one in leads]
        with transaction(self.engine) as session:
            session.add(PersonRow(id=key, name=f"Navn {key}", unit=unit or "", created_at=now(), grants=grants))
            session.flush()
            if unit:
                session.add(self.employment(key, unit))
        held = {Role.EMPLOYEE, *roles, *([Role.MANAGER] if leads else [])}
        return Person(key, f"Navn {key}", unit or "", frozenset(held))

    @staticmethod
    def employment(
        person: str, unit: str, *, primary: bool = True, manager: str | None = None, first: date = LONG_AGO
    ) -> EmploymentRow:
        return EmploymentRow(
            id=new_id(),
            key=f"{person}-{unit}-{first}",
            person_id=person,
            unit_id=unit,
            title="Pædagog",
            primary=primary,
            manager_id=manager,
            acting_manager_id=None,
            acting_until=None,
            valid_from=first,
            valid_to=None,
        )

    def store(self, *rows: object) -> None:
        with transaction(self.engine) as session:
            session.add_all(rows)

    def assign(self, person: Person, due: date | None = None, course: str = COURSE) -> str:
        row = AssignmentRow(
            id=new_id(), person_id=person.id, course_id=course, due_on=due, at=self.at, by="system", ended_reason=""
        )
        self.store(row)
        return row.id

    def unassign(self, assignment: str) -> None:
        with transaction(self.engine) as session:
            row = session.get_one(AssignmentRow, assignment)
            row.ended_at, row.ended_by = self.at, "system"

    def exempt(self, person: Person, until: date | None, course: str = COURSE) -> None:
        row = ExemptionRow(
            id=new_id(), person_id=person.id, course_id=course, until=until, reason="Orlov", at=self.at, by="system"
        )
        self.store(row)

    def key_person(self, person: Person, unit: str, deputy: Person | None = None) -> None:
        row = KeyPersonRow(
            id=new_id(),
            unit_id=unit,
            course_id=COURSE,
            person_id=person.id,
            deputy_id=deputy.id if deputy else None,
            valid_from=LONG_AGO,
            at=self.at,
            by="system",
        )
        self.store(row)
