"""Use cases of assignment rules: look at whom one would affect, make it, list, end it, and carry all of them out on a day."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.orm import Session

from courses.course_service import SYSTEM, CourseService
from courses.errors import InvalidAssignment
from courses.steering.person_choice import PersonChoice, people_among
from courses.steering.rule import NEW_DEADLINE, RuleDraft
from courses.steering.rule_rows import assigned_people, draft_of, standing, under_rule
from courses.steering.tables import AssignmentRuleRow
from courses.steering.unit_path import UnitChoice, path_of, unit_choices
from courses.tables import AssignmentRow
from people.organisation.scope import Unit, units_at
from people.person import Person
from people.roles import Permission, Role
from people.tables import PersonRow
from rag.calendar import today
from storage import audit
from storage.base import new_id, now
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction

RULE = "assignment_rule"  # object type in the audit log
LEFT = "Ikke længere omfattet af reglen"
EXCUSED = "Fritaget"
OVER = "Reglen er afsluttet"
TOGETHER = 5_000  # ids in one statement


@dataclass(frozen=True)
class Preview:
    """Whom a rule would affect today: how many are under it, of these how many have an assignment of the course, have begun
    it or are exempt, and how many would get an assignment; and a page of the people under it."""

    under: int
    assigned: int
    begun: int
    exempt: int
    new: int
    people: tuple[PersonChoice, ...]


@dataclass(frozen=True)
class RuleLine:
    """A rule in a list. `unit_path` is empty for all units, and None where the unit is closed; `people` have an assignment by
    it now."""

    id: str
    draft: RuleDraft
    course_title: str
    unit_path: str | None
    at: datetime
    by: str
    ended_at: datetime | None
    people: int


@dataclass(frozen=True)
class Applied:
    """How many assignments a round of all rules gave and ended."""

    given: int = 0
    ended: int = 0


class RuleService:
    """Assignment rules in the database behind `engine`; `day` gives today."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        clock: Callable[[], datetime] = now,
        day: Callable[[], date] = today,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._clock = clock
        self._day = day

    # --- trainers -------------------------------------------------------------------------------------------------

    def units(self, trainer: Person) -> list[UnitChoice]:
        """The units open today, by path."""
        trainer.require(Permission.MANAGE_STEERING)
        with reading(self._engine) as session:
            return unit_choices(session, self._day())

    def preview(self, trainer: Person, draft: RuleDraft, count: int = 10, skip: int = 0) -> Preview:
        """Whom a rule would affect today. Nothing is written. Raises `InvalidAssignment` and `UnknownCourse` as `create` does."""
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        self._courses.current(draft.course_id)
        draft.require_sound(day)
        with reading(self._engine) as session:
            units = _open(units_at(session, day), draft)
            found = standing(session, draft, None, units, day)
            return Preview(
                under=len(found.under),
                assigned=len(found.under & assigned_people(session, draft.course_id)),
                begun=len(found.under & found.begun),
                exempt=len(found.under & found.exempt),
                new=len(found.new),
                people=tuple(people_among(session, under_rule(draft, units, day), count, skip)),
            )

    def create(self, trainer: Person, draft: RuleDraft) -> str:
        """Make a rule, and give the course to whom it affects today; its id.

        Raises `InvalidAssignment` when the deadline does not hold, the unit is not open, or there is such a rule already, and
        `UnknownCourse`.
        """
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        self._courses.current(draft.course_id)
        draft.require_sound(day)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            units = _open(units_at(session, day), draft)
            role = draft.role.value if draft.role else ""
            same = select(AssignmentRuleRow.id).where(
                AssignmentRuleRow.course_id == draft.course_id,
                AssignmentRuleRow.role == role,
                AssignmentRuleRow.unit_id.is_(None)
                if draft.unit_id is None
                else AssignmentRuleRow.unit_id == draft.unit_id,
                AssignmentRuleRow.ended_at.is_(None),
            )
            if session.scalar(same.limit(1)) is not None:
                raise InvalidAssignment(
                    "Der er allerede en regel for det kursus, den rolle og den enhed. Afslut den først."
                )
            row = AssignmentRuleRow(
                id=new_id(),
                course_id=draft.course_id,
                role=role,
                unit_id=draft.unit_id,
                days=draft.days,
                due_on=draft.due_on,
                at=self._clock(),
                by=trainer.id,
            )
            session.add(row)
            audit.record(session, actor=trainer.id, action="rule.created", object_type=RULE, object_id=row.id)
            self._apply(session, row, units, day)
            return row.id

    def rules(
        self, trainer: Person, count: int = 20, skip: int = 0, *, ended: bool = False
    ) -> tuple[list[RuleLine], int]:
        """A page of the rules that hold, or of those that have ended, the newest first, and how many there are."""
        trainer.require(Permission.MANAGE_STEERING)
        which = AssignmentRuleRow.ended_at.is_not(None) if ended else AssignmentRuleRow.ended_at.is_(None)
        titles = {version.course.id: version.course.title for version in self._courses.courses()}
        with reading(self._engine) as session:
            total = session.scalar(select(func.count()).select_from(AssignmentRuleRow).where(which)) or 0
            order = AssignmentRuleRow.at.desc(), AssignmentRuleRow.id
            rows = session.scalars(
                select(AssignmentRuleRow).where(which).order_by(*order).limit(count).offset(skip)
            ).all()
            units = units_at(session, self._day())
            people = _live_counts(session, [row.id for row in rows])
            names = _names(session, [row.by for row in rows])
            lines = [
                RuleLine(
                    row.id,
                    draft_of(row),
                    titles.get(row.course_id, row.course_id),
                    "" if row.unit_id is None else path_of(units, row.unit_id) or None,
                    row.at,
                    names.get(row.by, row.by),
                    row.ended_at,
                    people.get(row.id, 0),
                )
                for row in rows
            ]
        return lines, total

    def end(self, trainer: Person, rule_id: str) -> int:
        """End a rule; how many of its assignments end with it. Who has begun keeps hers. Raises `InvalidAssignment`."""
        trainer.require(Permission.MANAGE_STEERING)
        day = self._day()
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = session.get(AssignmentRuleRow, rule_id)
            if row is None or row.ended_at is not None:
                raise InvalidAssignment("Reglen er allerede afsluttet. Genindlæs siden.")
            found = standing(session, draft_of(row), row, units_at(session, day), day)
            waiting = found.waiting
            self._end(session, waiting, OVER)
            row.ended_at, row.ended_by = self._clock(), trainer.id
            audit.record(session, actor=trainer.id, action="rule.ended", object_type=RULE, object_id=row.id)
            return len(waiting)

    # --- the daily round ------------------------------------------------------------------------------------------

    def apply(self, day: date | None = None, course_id: str | None = None, role: Role | None = None) -> Applied:
        """Carry every rule out, or those of a course or for a role: give the course to who has come under one, end the
        assignments of who has left it without having begun, and give who has begun and is exempt no more a new deadline. For the
        daily round and after an import of staff; a second call changes nothing."""
        day = day or self._day()
        done = Applied()
        with transaction(self._engine) as session:
            one_at_a_time(session)
            units = units_at(session, day)
            rules = select(AssignmentRuleRow).where(AssignmentRuleRow.ended_at.is_(None))
            if course_id is not None:
                rules = rules.where(AssignmentRuleRow.course_id == course_id)
            if role is not None:
                rules = rules.where(AssignmentRuleRow.role == role.value)
            for row in session.scalars(rules.order_by(AssignmentRuleRow.at, AssignmentRuleRow.id)).all():
                one = self._apply(session, row, units, day)
                done = Applied(done.given + one.given, done.ended + one.ended)
        return done

    def _apply(self, session: Session, row: AssignmentRuleRow, units: Mapping[str, Unit], day: date) -> Applied:
        draft = draft_of(row)
        session.flush()
        found = standing(session, draft, row, units, day)
        offered = any(version.course.id == row.course_id for version in self._courses.courses())
        due = draft.due(day, danish_day(row.at))
        renewed = found.renewed if offered and due is not None else {}
        new = {new_id(): person_id for person_id in (*found.new, *renewed)} if offered else {}
        same = {"course_id": row.course_id, "due_on": due, "rule_id": row.id, "at": self._clock()}
        if new:  # in one statement: a rule may be for ten thousand people
            rows = [
                {"id": key, "person_id": person_id, "by": SYSTEM, "ended_reason": "", **same}
                for key, person_id in new.items()
            ]
            session.execute(insert(AssignmentRow), rows)
        left, excused = found.left, found.excused
        self._end(session, left, LEFT)
        self._end(session, excused, EXCUSED)
        self._end(session, list(renewed.values()), NEW_DEADLINE)
        if new or left or excused:
            changed = ",".join(sorted([*new, *left, *excused, *renewed.values()]))
            audit.record(
                session,
                actor=SYSTEM,
                action="rule.applied",
                object_type=RULE,
                object_id=row.id,
                after_hash=hashlib.sha256(changed.encode()).hexdigest(),
            )
        return Applied(len(new), len(left) + len(excused) + len(renewed))

    def _end(self, session: Session, keys: Sequence[str], reason: str) -> None:
        ended = {"ended_at": self._clock(), "ended_by": SYSTEM, "ended_reason": reason}
        for start in range(0, len(keys), TOGETHER):
            some = keys[start : start + TOGETHER]
            session.execute(update(AssignmentRow).where(AssignmentRow.id.in_(some)).values(**ended))


def _open(units: Mapping[str, Unit], draft: RuleDraft) -> Mapping[str, Unit]:
    if draft.unit_id is not None and draft.unit_id not in units:
        raise InvalidAssignment("Enheden findes ikke længere. Vælg en anden.")
    return units


def _live_counts(session: Session, rules: Sequence[str]) -> dict[str, int]:
    query = (
        select(AssignmentRow.rule_id, func.count())
        .where(AssignmentRow.rule_id.in_(rules), AssignmentRow.ended_at.is_(None))
        .group_by(AssignmentRow.rule_id)
    )
    return {key: count for key, count in session.execute(query) if key is not None}


def _names(session: Session, people: Iterable[str]) -> dict[str, str]:
    found = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(set(people))))
    return {key: name for key, name in found}
