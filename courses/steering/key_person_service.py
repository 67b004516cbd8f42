"""Use cases of the register of key persons: appoint, end, list, and see which units have none."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Engine, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from courses.course_service import SYSTEM, CourseService
from courses.errors import InvalidAssignment
from courses.steering.key_person import Appointment, KeyPersonLine
from courses.steering.key_person_rows import give_roles, in_office
from courses.steering.person_choice import PersonChoice, named_like
from courses.steering.rule_service import RuleService
from courses.steering.tables import KeyPersonRow
from courses.steering.unit_path import UnitChoice, path_of
from people.organisation.scope import units_at
from people.organisation.unit import UnitKind
from people.person import Person
from people.roles import Permission, Role
from people.tables import PersonRow
from rag.calendar import danish_date, today
from storage import audit
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

KEY_PERSON = "key_person"  # object type in the audit log


class KeyPersonService:
    """The register in the database behind `engine`. It gives a role and no course: that is for `rules`, and those for key persons
    are carried out anew when the register changes who is one. `day` gives today."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        rules: RuleService,
        clock: Callable[[], datetime] = now,
        day: Callable[[], date] = today,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._rules = rules
        self._clock = clock
        self._day = day

    def appoint(self, trainer: Person, new: Appointment) -> str:
        """Put somebody in the register; the entry's id. She gets the role on her first day, and with it what the rules give to
        key persons.

        Raises `InvalidAssignment` when days, unit, person or deputy do not hold, or when she is in the register for the same
        unit, track and time already, and `UnknownCourse`.
        """
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        self._courses.current(new.course_id)
        new.require_sound(day)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            if new.unit_id not in units_at(session, max(new.valid_from, day)):
                raise InvalidAssignment("Enheden findes ikke på den dag. Vælg en anden enhed eller en anden dag.")
            _require_active(session, [new.person_id, *([new.deputy_id] if new.deputy_id else [])])
            if session.scalar(_overlapping(new).limit(1)) is not None:
                raise InvalidAssignment(
                    "Personen er allerede nøgleperson for den enhed og det forløb på det tidspunkt."
                )
            row = KeyPersonRow(
                id=new_id(),
                unit_id=new.unit_id,
                course_id=new.course_id,
                person_id=new.person_id,
                deputy_id=new.deputy_id,
                valid_from=new.valid_from,
                valid_to=new.valid_to,
                at=self._clock(),
                by=trainer.id,
            )
            session.add(row)
            audit.record(
                session, actor=trainer.id, action="key_person.appointed", object_type=KEY_PERSON, object_id=row.id
            )
            changed = give_roles(session, day, trainer.id)
        self._follow(changed, day)
        return row.id

    def end(self, trainer: Person, entry_id: str, last_day: date) -> None:
        """Let an entry count to a day, that day included; yesterday ends it at once. Raises `InvalidAssignment` for a day before
        that or after the last day it has, and when it has ended."""
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        if (day - last_day).days > 1:
            raise InvalidAssignment("Den sidste dag er gået. Vælg i dag eller en dag, der kommer.")
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = session.get(KeyPersonRow, entry_id)
            if row is None or (row.valid_to is not None and row.valid_to < day):
                raise InvalidAssignment("Personen er ikke længere nøgleperson for enheden. Genindlæs siden.")
            if row.valid_to is not None and last_day > row.valid_to:
                raise InvalidAssignment(
                    f"Personen er kun nøgleperson til og med {danish_date(row.valid_to)}. Udpeg personen igen, hvis det skal "
                    "vare længere."
                )
            row.valid_to = last_day
            audit.record(session, actor=trainer.id, action="key_person.ended", object_type=KEY_PERSON, object_id=row.id)
            changed = give_roles(session, day, trainer.id)
        self._follow(changed, day)

    def register(
        self, trainer: Person, wanted: str = "", count: int = 20, skip: int = 0
    ) -> tuple[list[KeyPersonLine], int]:
        """A page of the entries that count today or later, of people whose name or unit holds what was typed; how many fit."""
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        deputy = aliased(PersonRow)
        query = (
            select(
                KeyPersonRow, PersonRow.id, PersonRow.name, PersonRow.unit, PersonRow.active, deputy.name, deputy.active
            )
            .join(PersonRow, PersonRow.id == KeyPersonRow.person_id)
            .outerjoin(deputy, deputy.id == KeyPersonRow.deputy_id)
            .where(or_(in_office(day), KeyPersonRow.valid_from > day), named_like(wanted))
            .where(or_(KeyPersonRow.valid_to.is_(None), KeyPersonRow.valid_to >= KeyPersonRow.valid_from))
        )
        titles = {version.course.id: version.course.title for version in self._courses.courses()}
        with reading(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = session.execute(query.order_by(PersonRow.name, KeyPersonRow.id).limit(count).offset(skip)).all()
            units = units_at(session, day)
        lines = [
            KeyPersonLine(
                row.id,
                PersonChoice(person_id, name, unit),
                deputy_name,
                titles.get(row.course_id, row.course_id),
                path_of(units, row.unit_id) or None,
                row.valid_from,
                row.valid_to,
                row.valid_from > day,
                left=not active,
                deputy_left=deputy_active is False,
            )
            for row, person_id, name, unit, active, deputy_name, deputy_active in rows
        ]
        return lines, total

    def without(
        self, trainer: Person, course_id: str, kind: UnitKind = UnitKind.INSTITUTION, count: int = 20, skip: int = 0
    ) -> tuple[list[UnitChoice], int]:
        """A page of the open units of a kind that nobody is key person of for a track today, by path, and how many there are."""
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        query = select(KeyPersonRow.unit_id).join(PersonRow, PersonRow.id == KeyPersonRow.person_id)
        with reading(self._engine) as session:
            units = units_at(session, day)
            have = set(
                session.scalars(query.where(KeyPersonRow.course_id == course_id, in_office(day), PersonRow.active))
            )
        missing = [one for one in units.values() if one.kind == kind and one.id not in have]
        found = sorted(
            (UnitChoice(one.id, path_of(units, one.id)) for one in missing), key=lambda one: one.path.casefold()
        )
        return found[skip : skip + count], len(found)

    def apply(self, day: date | None = None) -> int:
        """Give and take the roles as the register stands on a day; how many changed. For the daily round and after an import of
        staff; a second call on the same day changes nothing."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            return give_roles(session, day or self._day(), SYSTEM)

    def _follow(self, changed: int, day: date) -> None:
        if changed:
            self._rules.apply(day, role=Role.KEY_PERSON)


def _require_active(session: Session, people: Sequence[str]) -> None:
    active = select(func.count()).select_from(PersonRow).where(PersonRow.id.in_(people), PersonRow.active)
    if session.scalar(active) != len(people):
        raise InvalidAssignment("Personen eller stedfortræderen findes ikke længere. Vælg en anden.")


def _overlapping(new: Appointment) -> Select[str]:
    query = select(KeyPersonRow.id).where(
        KeyPersonRow.unit_id == new.unit_id,
        KeyPersonRow.course_id == new.course_id,
        KeyPersonRow.person_id == new.person_id,
        or_(KeyPersonRow.valid_to.is_(None), KeyPersonRow.valid_to >= new.valid_from),
    )
    return query if new.valid_to is None else query.where(KeyPersonRow.valid_from <= new.valid_to)
