"""A small municipality with the services that steer courses in it, at a day that tests set."""

from datetime import UTC, date, datetime

from sqlalchemy import Engine, select

from courses.course_service import CourseService
from courses.enrolment import enrol
from courses.learning_service import LearningService
from courses.steering.exemption_service import ExemptionService
from courses.steering.key_person_service import KeyPersonService
from courses.steering.rule_service import RuleService
from courses.tables import AssignmentRow
from courses.teaching_service import TeachingService
from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage import audit
from storage.base import new_id
from storage.session import one_at_a_time, reading, transaction
from tests.certified_house import course

START = date(2026, 3, 2)
FOUNDED = date(2020, 1, 1)
COURSE = "ai-for-alle"
UNITS = {
    "kommune": ("municipality", "Randers Kommune", None),
    "skole": ("department", "Børn og Skole", "kommune"),
    "aaskolen": ("institution", "Åskolen", "skole"),
    "bakkeskolen": ("institution", "Bakkeskolen", "skole"),
    "omsorg": ("department", "Omsorg", "kommune"),
    "plejehjem": ("institution", "Plejehjemmet Ødum", "omsorg"),
}


class SteeringHouse:
    """Units, people, one course, and the services at the day `today`."""

    def __init__(self, engine: Engine, today: date = START) -> None:
        self.engine = engine
        self.today = today
        self.courses = CourseService(engine, tuple)
        self.version = self.courses.publish(course(COURSE, title="AI for alle", open_to_all=False), "system")
        self.rules = RuleService(engine, self.courses, self.now, lambda: self.today)
        self.exemptions = ExemptionService(engine, self.courses, self.rules, self.now, lambda: self.today)
        self.key_persons = KeyPersonService(engine, self.courses, self.rules, self.now, lambda: self.today)
        self.learning = LearningService(engine, self.courses, self.now)
        self.teaching = TeachingService(engine, self.courses, self.now)
        with transaction(engine) as session:
            session.add_all(OrgUnitRow(id=key, key=key, kind=kind) for key, (kind, _, _) in UNITS.items())
            session.flush()
            session.add_all(
                UnitPlacementRow(id=new_id(), unit_id=key, parent_id=parent, title=title, valid_from=FOUNDED)
                for key, (_, title, parent) in UNITS.items()
            )
        self.trainer = self.hire("ulla", "bakkeskolen", Role.TRAINER)

    def now(self) -> datetime:
        """Noon of the day."""
        return datetime(self.today.year, self.today.month, self.today.day, 11, tzinfo=UTC)

    def hire(self, key: str, unit: str | None, *roles: Role, role_unit: str | None = None) -> Person:
        """Somebody new, employed in a unit from the beginning, with roles that count in `role_unit` or everywhere."""
        title = UNITS[unit][1] if unit else ""
        with transaction(self.engine) as session:
            grants = [RoleGrantRow(id=new_id(), role=role.value, unit_id=role_unit) for role in roles]
            row = PersonRow(id=key, name=f"{key.title()} Ågård", unit=title, created_at=self.now(), grants=grants)
            session.add(row)
            session.flush()
            if unit:
                session.add(_employment(key, unit, FOUNDED))
        return Person(key, f"{key.title()} Ågård", title, frozenset({Role.EMPLOYEE, *roles}))

    def key_role(self, person: Person, unit: str) -> None:
        """The person becomes key person of a unit by hand."""
        with transaction(self.engine) as session:
            session.add(
                RoleGrantRow(id=new_id(), person_id=person.id, role=Role.KEY_PERSON.value, unit_id=unit, source="local")
            )

    def move(self, person: Person, unit: str | None) -> None:
        """From today on the person works in another unit, or in none."""
        with transaction(self.engine) as session:
            query = select(EmploymentRow).where(EmploymentRow.person_id == person.id, EmploymentRow.valid_to.is_(None))
            for row in session.scalars(query):
                row.valid_to = date.fromordinal(self.today.toordinal() - 1)
            if unit:
                session.add(_employment(person.id, unit, self.today))

    def begin(self, person: Person) -> None:
        """The person begins the course."""
        with transaction(self.engine) as session:
            one_at_a_time(session)
            enrol(session, person.id, COURSE, self.version.id, person.id)

    def live(self, person: Person) -> list[AssignmentRow]:
        """The person's assignments that have not ended."""
        return [row for row in self.assignments(person) if row.ended_at is None]

    def assignments(self, person: Person) -> list[AssignmentRow]:
        """All assignments of the person, in the order they were made."""
        with reading(self.engine) as session:
            query = select(AssignmentRow).where(AssignmentRow.person_id == person.id)
            return sorted(session.scalars(query), key=lambda row: (row.at, row.ended_at is None))

    def key_roles(self) -> set[tuple[str, str | None, str]]:
        """Who has the role of a key person, in which unit, given by whom."""
        with reading(self.engine) as session:
            query = select(RoleGrantRow).where(RoleGrantRow.role == Role.KEY_PERSON.value)
            return {(row.person_id, row.unit_id, row.source) for row in session.scalars(query)}

    def events(self, action: str) -> list[audit.AuditEvent]:
        """The events of an action in a log that holds."""
        with reading(self.engine) as session:
            assert audit.verify(session) is None
            return list(session.scalars(select(audit.AuditEvent).where(audit.AuditEvent.action == action)))


def _employment(person_id: str, unit: str, valid_from: date) -> EmploymentRow:
    return EmploymentRow(
        id=new_id(), key=f"{person_id}-{unit}", person_id=person_id, unit_id=unit, title="Lærer", valid_from=valid_from
    )
