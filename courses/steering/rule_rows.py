"""Who is under an assignment rule, and what each of them has of its course, read from their rows."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from courses.course_service import SYSTEM
from courses.steering.exemption_rows import exempt_people
from courses.steering.rule import RuleDraft, Standing
from courses.steering.tables import AssignmentRuleRow
from courses.tables import AssignmentRow, EnrolmentRow
from people.organisation.scope import Unit, below, employed_on
from people.organisation.tables import EmploymentRow
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow


def draft_of(row: AssignmentRuleRow) -> RuleDraft:
    """What a stored rule says."""
    return RuleDraft(row.course_id, Role(row.role) if row.role else None, row.unit_id, row.days, row.due_on)


def under_rule(rule: RuleDraft, units: Mapping[str, Unit], day: date) -> Select[str]:
    """Selects the ids of the active people under a rule on `day`; `units` are those open then.

    A role counts in the unit that it was given in. One that was given everywhere counts where the person is employed.
    """
    active = select(PersonRow.id).where(PersonRow.active)
    area = below(units, [rule.unit_id]) if rule.unit_id else None
    employed = None if area is None else _employed(area, day)
    if rule.role in (None, Role.EMPLOYEE):
        return active if employed is None else active.where(PersonRow.id.in_(employed))
    granted = active.join(RoleGrantRow, RoleGrantRow.person_id == PersonRow.id).where(RoleGrantRow.role == rule.role)
    if area is not None and employed is not None:
        everywhere = and_(RoleGrantRow.unit_id.is_(None), PersonRow.id.in_(employed))
        granted = granted.where(or_(RoleGrantRow.unit_id.in_(area), everywhere))
    return granted


def _employed(area: set[str], day: date) -> Select[str]:
    return select(EmploymentRow.person_id).where(employed_on(day), EmploymentRow.unit_id.in_(area))


def standing(session: Session, rule: RuleDraft, rule_id: str | None, units: Mapping[str, Unit], day: date) -> Standing:
    """What is known of a rule on `day`; `rule_id` is None before it is stored."""
    of_course = select(AssignmentRow.person_id).where(AssignmentRow.course_id == rule.course_id)
    live: dict[str, str] = {}
    taken_back: set[str] = set()
    if rule_id is not None:
        own = select(AssignmentRow.person_id, AssignmentRow.id).where(
            AssignmentRow.course_id == rule.course_id, AssignmentRow.rule_id == rule_id
        )
        live = {person: key for person, key in session.execute(own.where(AssignmentRow.ended_at.is_(None)))}
        by_a_person = AssignmentRow.ended_at.is_not(None), AssignmentRow.ended_by != SYSTEM
        taken_back = {person for person, _ in session.execute(own.where(*by_a_person))}
    by_hand = of_course.where(AssignmentRow.rule_id.is_(None), AssignmentRow.ended_at.is_(None))
    begun = select(EnrolmentRow.person_id).where(EnrolmentRow.course_id == rule.course_id)
    return Standing(
        under=set(session.scalars(under_rule(rule, units, day))),
        exempt=exempt_people(session, rule.course_id, day),
        live=live,
        by_hand=set(session.scalars(by_hand)),
        taken_back=taken_back,
        begun=set(session.scalars(begun)),
    )


def assigned_people(session: Session, course_id: str) -> set[str]:
    """Ids of the people who have an assignment of a course, by hand or by a rule."""
    query = select(AssignmentRow.person_id).where(
        AssignmentRow.course_id == course_id, AssignmentRow.ended_at.is_(None)
    )
    return set(session.scalars(query))
