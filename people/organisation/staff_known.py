"""What is stored before an import: units, people, employments and grants, read at once."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from people.organisation.staff_shapes import StaffKind
from people.organisation.tables import EmploymentRow, ExternalKeyRow, OrgUnitRow, UnitPlacementRow
from people.tables import PersonRow, RoleGrantRow


@dataclass(frozen=True)
class KnownUnit:
    """A unit, open or not."""

    id: str
    key: str
    kind: str


@dataclass(frozen=True)
class KnownPlacement:
    """Where a unit is and what it is called, today or later."""

    id: str
    unit_id: str
    parent_id: str | None
    title: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class KnownPerson:
    """A person, active or not."""

    id: str
    name: str
    unit: str
    email: str | None
    active: bool


@dataclass(frozen=True)
class KnownEmployment:
    """An employment that has not ended."""

    id: str
    key: str
    person_id: str
    unit_id: str
    title: str
    primary: bool
    manager_id: str | None
    acting_manager_id: str | None
    acting_until: date | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Grant:
    """A role that staff data gives somebody."""

    person_id: str
    role: str
    unit_id: str | None
    source: str


@dataclass(frozen=True)
class Known:
    """All of it on a day: units by id, placements by unit, people by id, the people behind keys of other systems, employments
    by id, the last day of those that have ended by key, the last day of people whom files of staff data had and none has now,
    and the row ids of grants."""

    units: dict[str, KnownUnit]
    placements: dict[str, KnownPlacement]
    people: dict[str, KnownPerson]
    keys: dict[tuple[str, str], str]
    employments: dict[str, KnownEmployment]
    ended: dict[str, date]
    gone: dict[str, date]
    grants: dict[Grant, str]


def gone_by(session: Session, day: date) -> dict[str, date]:
    """Active people whom files of staff data had and whose every employment has ended before `day`, with their last day.

    Somebody whom no file has had, such as one who has only signed in, is none of them.
    """
    work = EmploymentRow
    imported = or_(*(work.key.startswith(f"{kind.value}:") for kind in StaffKind))
    still = select(work.person_id).where(or_(work.valid_to.is_(None), work.valid_to >= day))
    rows = session.execute(
        select(work.person_id, func.max(work.valid_to))
        .join(PersonRow, PersonRow.id == work.person_id)
        .where(PersonRow.active, imported, work.person_id.not_in(still))
        .group_by(work.person_id)
    )
    return {person_id: last for person_id, last in rows if last is not None}


def known_at(session: Session, day: date) -> Known:
    """What is stored, as an import on `day` meets it."""
    placement, work = UnitPlacementRow, EmploymentRow
    placements = session.execute(
        select(
            placement.id,
            placement.unit_id,
            placement.parent_id,
            placement.title,
            placement.valid_from,
            placement.valid_to,
        )
        .where(or_(placement.valid_to.is_(None), placement.valid_to >= day))
        .order_by(placement.valid_from)
    )
    employments = session.execute(
        select(
            work.id,
            work.key,
            work.person_id,
            work.unit_id,
            work.title,
            work.primary,
            work.manager_id,
            work.acting_manager_id,
            work.acting_until,
            work.valid_from,
            work.valid_to,
        )
        .where(or_(work.valid_to.is_(None), work.valid_to >= day))
        .order_by(work.valid_from)
    )
    ended = session.execute(select(work.key, func.max(work.valid_to)).where(work.valid_to < day).group_by(work.key))
    people = session.execute(select(PersonRow.id, PersonRow.name, PersonRow.unit, PersonRow.email, PersonRow.active))
    grants = session.execute(
        select(RoleGrantRow.id, RoleGrantRow.person_id, RoleGrantRow.role, RoleGrantRow.unit_id, RoleGrantRow.source)
    )
    return Known(
        {row.id: KnownUnit(*row) for row in session.execute(select(OrgUnitRow.id, OrgUnitRow.key, OrgUnitRow.kind))},
        {row.unit_id: KnownPlacement(*row) for row in placements},
        {row.id: KnownPerson(*row) for row in people},
        {
            (row.system, row.key): row.person_id
            for row in session.execute(select(ExternalKeyRow.system, ExternalKeyRow.key, ExternalKeyRow.person_id))
        },
        {row.id: KnownEmployment(*row) for row in employments},
        {key: last for key, last in ended if last is not None},
        gone_by(session, day),
        {Grant(*row[1:]): row.id for row in grants},
    )
