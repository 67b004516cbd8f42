"""Use cases of exemptions: exempt a person from a course with a reason, list, and end it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import aliased

from courses import written
from courses.course_service import CourseService
from courses.errors import InvalidAssignment
from courses.steering.exemption_rows import exempt_people, exemptions_of, holding
from courses.steering.person_choice import PersonChoice, named_like, people_like
from courses.steering.rule_service import RuleService
from courses.steering.tables import ExemptionRow
from people.looks import note_looks
from people.person import Person
from people.roles import Permission
from people.tables import PersonRow
from rag.calendar import today
from storage import audit
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

EXEMPTION = "exemption"  # object type in the audit log
LOOKED_AT = "exemptions"


@dataclass(frozen=True)
class OwnExemption:
    """An exemption as the person herself sees it; `until` counts too, None is for good."""

    course_id: str
    course_title: str
    until: date | None
    reason: str


@dataclass(frozen=True)
class ExemptionLine:
    """An exemption as a trainer sees it; `by` is the name of who gave it."""

    id: str
    person: PersonChoice
    course_title: str
    until: date | None
    reason: str
    at: datetime
    by: str


class ExemptionService:
    """Exemptions in the database behind `engine`. `rules` are carried out anew when one is given or ended; `day` gives today."""

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

    def people(self, trainer: Person, wanted: str, count: int = 20) -> list[PersonChoice]:
        """Active people whose name or unit holds what was typed; nobody when nothing was typed."""
        trainer.require(Permission.MANAGE_STEERING)
        with reading(self._engine) as session:
            return people_like(session, wanted, count)

    def exempt(self, trainer: Person, person_id: str, course_id: str, until: date | None, reason: str) -> str:
        """Exempt a person from a course to a day (that day included) or for good; the exemption's id. Nobody exempts herself.

        Raises `InvalidAssignment` when the reason is missing, too long, holds personal data or is about health or family, when
        the day has passed, or when she is exempt already, and `UnknownCourse`.
        """
        trainer.require(Permission.MANAGE_STEERING)
        self._courses.current(course_id)
        if trainer.id == person_id:
            raise InvalidAssignment("Du kan ikke fritage dig selv. Bed en anden underviser om det.")
        if until is not None and until < self._day():
            raise InvalidAssignment("Dagen er allerede gået. Vælg en dag, der kommer.")
        reason = written.reason(reason, InvalidAssignment, "Skriv, hvorfor personen fritages.")
        written.require_about_work(reason, InvalidAssignment)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            person = session.get(PersonRow, person_id)
            if person is None or not person.active:
                raise InvalidAssignment("Personen findes ikke længere. Genindlæs siden, og prøv igen.")
            if person_id in exempt_people(session, course_id, self._day()):
                raise InvalidAssignment("Personen er allerede fritaget for kurset.")
            row = ExemptionRow(
                id=new_id(),
                person_id=person_id,
                course_id=course_id,
                until=until,
                reason=reason,
                at=self._clock(),
                by=trainer.id,
            )
            session.add(row)
            audit.record(session, actor=trainer.id, action="exemption.given", object_type=EXEMPTION, object_id=row.id)
        self._rules.apply(self._day(), course_id)
        return row.id

    def end(self, trainer: Person, exemption_id: str) -> None:
        """End an exemption; who is under a rule gets the course again, and whether she had begun or not with a new deadline where
        the rule has one. Raises `InvalidAssignment`."""
        trainer.require(Permission.MANAGE_STEERING)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = session.get(ExemptionRow, exemption_id)
            if row is None or row.ended_at is not None:
                raise InvalidAssignment("Fritagelsen er allerede ophævet. Genindlæs siden.")
            row.ended_at, row.ended_by = self._clock(), trainer.id
            audit.record(session, actor=trainer.id, action="exemption.ended", object_type=EXEMPTION, object_id=row.id)
        self._rules.apply(self._day(), row.course_id)

    def exemptions(
        self, trainer: Person, wanted: str = "", count: int = 20, skip: int = 0
    ) -> tuple[list[ExemptionLine], int]:
        """A page of the exemptions that hold today, of people whose name or unit holds what was typed, and how many fit.
        Those on it can see that they were looked at."""
        trainer.require(Permission.MANAGE_STEERING)
        giver = aliased(PersonRow)
        query = (
            select(ExemptionRow, PersonRow.id, PersonRow.name, PersonRow.unit, giver.name)
            .join(PersonRow, PersonRow.id == ExemptionRow.person_id)
            .outerjoin(giver, giver.id == ExemptionRow.by)
            .where(holding(self._day()), named_like(wanted))
        )
        titles = self._titles()
        with reading(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = session.execute(query.order_by(PersonRow.name, ExemptionRow.id).limit(count).offset(skip))
            lines = [
                ExemptionLine(
                    row.id,
                    PersonChoice(person_id, name, unit),
                    titles.get(row.course_id, row.course_id),
                    row.until,
                    row.reason,
                    row.at,
                    by or row.by,
                )
                for row, person_id, name, unit, by in rows
            ]
        seen = {line.person.id for line in lines} - {trainer.id}
        note_looks(self._engine, trainer.id, seen, LOOKED_AT, self._clock())
        return lines, total

    def mine(self, person: Person) -> list[OwnExemption]:
        """The exemptions of the person herself that hold today, by title."""
        person.require(Permission.LEARN)
        titles = self._titles()
        with reading(self._engine) as session:
            rows = exemptions_of(session, person.id, self._day()).values()
        found = [
            OwnExemption(row.course_id, titles.get(row.course_id, row.course_id), row.until, row.reason) for row in rows
        ]
        return sorted(found, key=lambda one: one.course_title)

    def _titles(self) -> dict[str, str]:
        return {version.course.id: version.course.title for version in self._courses.courses()}
