"""Who is under an assignment rule, and what each of them has of its course, read from their rows."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from courses.course_service import SYSTEM
from courses.steering.exemption_rows import exempt_people, exempt_until
from courses.steering.rule import NEW_DEADLINE, RuleDraft, Standing
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

    A role counts in the unit that it was given in. One that was given everywhere counts where the person is employed. Whoever
    begins later, or has stopped, is under no rule; whom staff data knows nothing of is here as long as she is active.
    """
    active = select(PersonRow.id).where(PersonRow.active, _here(day))
    area = below(units, [rule.unit_id]) if rule.unit_id else None
    employed = None if area is None else _employed(area, day)
    if rule.role in (None, Role.EMPLOYEE):
        return active if employed is None else active.where(PersonRow.id.in_(employed))
    granted = active.join(RoleGrantRow, RoleGrantRow.person_id == PersonRow.id).where(RoleGrantRow.role == rule.role)
    if area is not None and employed is not None:
        everywhere = and_(RoleGrantRow.unit_id.is_(None), PersonRow.id.in_(employed))
        granted = granted.where(or_(RoleGrantRow.unit_id.in_(area), everywhere))
    return granted


def _here(day: date) -> ColumnElement[bool]:
    employed = select(EmploymentRow.person_id).where(employed_on(day))
    return or_(PersonRow.id.in_(employed), PersonRow.id.not_in(select(EmploymentRow.person_id)))


def _employed(area: set[str], day: date) -> Select[str]:
    return select(EmploymentRow.person_id).where(employed_on(day), EmploymentRow.unit_id.in_(area))


def standing(
    session: Session, rule: RuleDraft, stored: AssignmentRuleRow | None, units: Mapping[str, Unit], day: date
) -> Standing:
    """What is known of a rule on `day`; `stored` is None before it is made."""
    of_course = select(AssignmentRow.person_id).where(AssignmentRow.course_id == rule.course_id)
    live: dict[str, str] = {}
    taken_back: set[str] = set()
    back: set[str] = set()
    if stored is not None:
        own = select(AssignmentRow.person_id, AssignmentRow.id, AssignmentRow.at).where(
            AssignmentRow.course_id == rule.course_id,
            AssignmentRow.rule_id == stored.id,
            AssignmentRow.ended_at.is_(None),
        )
        given = session.execute(own).all()
        live = {person: key for person, key, _ in given}
        taken_back = set(session.scalars(of_course.where(*_taken_back_since(stored.at))))
        over = exempt_until(session, rule.course_id, day)
        back = {person for person, _, at in given if person in over and at < over[person]}
    by_hand = of_course.where(AssignmentRow.rule_id.is_(None), AssignmentRow.ended_at.is_(None))
    begun = select(EnrolmentRow.person_id).where(EnrolmentRow.course_id == rule.course_id)
    return Standing(
        under=set(session.scalars(under_rule(rule, units, day))),
        exempt=exempt_people(session, rule.course_id, day),
        live=live,
        by_hand=set(session.scalars(by_hand)),
        taken_back=taken_back,
        begun=set(session.scalars(begun)),
        back=back,
    )


def _taken_back_since(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a person has ended an assignment since, however it was given; a new deadline takes nothing back."""
    return (
        AssignmentRow.ended_at >= moment,
        AssignmentRow.ended_by != SYSTEM,
        AssignmentRow.ended_reason != NEW_DEADLINE,
    )


def assigned_people(session: Session, course_id: str) -> set[str]:
    """Ids of the people who have an assignment of a course, by hand or by a rule."""
    query = select(AssignmentRow.person_id).where(
        AssignmentRow.course_id == course_id, AssignmentRow.ended_at.is_(None)
    )
    return set(session.scalars(query))
