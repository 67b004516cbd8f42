"""Import of people and units: a preview that stores nothing, and the import itself in one transaction."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from people.errors import UnusableStaffFile
from people.organisation.people_plan import plan_people
from people.organisation.safety_net import unusual
from people.organisation.staff_file import staff_rows
from people.organisation.staff_known import known_at
from people.organisation.staff_plan import StaffPlan, Writes
from people.organisation.staff_shapes import StaffKind, StaffSheet, recognised
from people.organisation.tables import (
    EmploymentRow,
    ExternalKeyRow,
    OrgUnitRow,
    StaffImportRow,
    UnitPlacementRow,
)
from people.organisation.unit_plan import plan_units
from people.person import Person
from people.roles import Permission, Role
from people.tables import PersonRow, RoleGrantRow
from storage.audit import record
from storage.base import Table, new_id, now
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)
Progress = Callable[[str, float], None]
_ORDER: tuple[type[Table], ...] = (
    OrgUnitRow,
    UnitPlacementRow,
    PersonRow,
    ExternalKeyRow,
    EmploymentRow,
    RoleGrantRow,
)

CHANGED = "Organisationen er ændret, siden du så forhåndsvisningen. Se den igen, og bekræft så."
TAKEN = (
    "En e-mail eller et nummer i filen er taget i brug af en anden, fx ved et login lige nu. Intet er gemt. Prøv igen, "
    "og kontakt IT & Digitalisering, hvis det sker igen."
)


@dataclass(frozen=True)
class PastImport:
    """An import that was carried out; `by` is the person's id, or `system` for the command line."""

    at: datetime
    by: str
    kind: StaffKind
    counts: dict[str, int]


def quiet(_message: str, _share: float) -> None:
    """Progress for those who do not watch."""


class StaffImportService:
    """Reads files of staff data into the database behind `engine`; every call asks for the permission to import."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def preview(
        self,
        person: Person,
        data: bytes,
        day: date,
        *,
        kind: StaffKind | None = None,
        complete: bool = False,
        progress: Progress = quiet,
    ) -> StaffPlan:
        """What the import of a file on `day` would do; nothing is stored. Raises `UnusableStaffFile`."""
        person.require(Permission.IMPORT_STAFF)
        sheet = _read(data, kind, progress)
        progress("Sammenligner med organisationen", 0.5)
        with reading(self._engine) as session:
            plan = _plan(session, sheet, day, complete=complete)
        progress("Klar", 1.0)
        return plan

    def carry_out(
        self,
        person: Person,
        data: bytes,
        day: date,
        *,
        kind: StaffKind | None = None,
        complete: bool = False,
        seen: str | None = None,
        many_leave: bool = False,
        progress: Progress = quiet,
    ) -> StaffPlan:
        """Import the file: all of what the preview showed, or nothing.

        `seen` is the fingerprint of the preview that somebody has confirmed; where another plan has become of it since, the
        import is refused. So is one by which unusually many leave or close, unless `many_leave` says that the file is right.
        """
        person.require(Permission.IMPORT_STAFF)
        sheet = _read(data, kind, progress)
        try:
            with transaction(self._engine) as session:
                one_at_a_time(session)
                progress("Sammenligner med organisationen", 0.4)
                plan = _plan(session, sheet, day, complete=complete)
                if seen is not None and seen != plan.fingerprint():
                    raise UnusableStaffFile(CHANGED)
                if not many_leave:
                    _refuse_unusual(plan)
                progress("Gemmer", 0.7)
                _note_leaders(session, plan.writes, person.id)
                write(session, plan.writes)
                _note_import(session, plan, hashlib.sha256(data).hexdigest(), person.id)
        except IntegrityError as error:
            raise UnusableStaffFile(TAKEN) from error
        log.info("staff data imported: %s, %s", plan.kind.value, plan.counts)
        progress("Klar", 1.0)
        return plan

    def last_imports(self, person: Person, count: int = 10) -> list[PastImport]:
        """The imports that were carried out, the newest first."""
        person.require(Permission.IMPORT_STAFF)
        with reading(self._engine) as session:
            rows = session.scalars(select(StaffImportRow).order_by(StaffImportRow.at.desc()).limit(count)).all()
        return [PastImport(row.at, row.by, StaffKind(row.kind), row.counts) for row in rows]


def _read(data: bytes, kind: StaffKind | None, progress: Progress) -> StaffSheet:
    progress("Læser filen", 0.05)
    return recognised(staff_rows(data), kind)


def _plan(session: Session, sheet: StaffSheet, day: date, *, complete: bool) -> StaffPlan:
    known = known_at(session, day)
    plan = plan_units if sheet.kind is StaffKind.UNITS else plan_people
    return plan(sheet, known, day, complete=complete)


def _refuse_unusual(plan: StaffPlan) -> None:
    if told := unusual(plan):
        raise UnusableStaffFile(
            f"{told}. Så mange plejer det ikke at være, så intet er gemt. Er filen hele listen, så sig, at det er rigtigt, på "
            "siden Organisation eller med --many-leave."
        )


def _note_import(session: Session, plan: StaffPlan, sha256: str, by: str) -> None:
    row = StaffImportRow(id=new_id(), at=now(), by=by, kind=plan.kind.value, sha256=sha256, counts=dict(plan.counts))
    session.add(row)
    record(session, actor=by, action="staff.import", object_type="staff_import", object_id=row.id, after_hash=sha256)


def _note_leaders(session: Session, writes: Writes, by: str) -> None:
    """Keep in the audit log who is given units to lead, and who loses them: it decides who sees whom."""
    grant = RoleGrantRow
    over = session.execute(
        select(grant.person_id, grant.role, grant.unit_id).where(grant.id.in_(writes.removed.get("role_grant", ())))
    ).all()
    new = [(row["person_id"], row["role"], row["unit_id"]) for row in writes.added.get("role_grant", ())]
    for action, grants in (("role.taken", over), ("role.given", new)):
        for person_id, role, unit_id in grants:
            if role == Role.MANAGER.value:
                record(
                    session, actor=by, action=action, object_type="person", object_id=f"{person_id} {role} {unit_id}"
                )


def write(session: Session, writes: Writes) -> None:
    """Write the rows of a plan in the caller's transaction.

    Removed first, so that a place that is taken over is free; units before people, and people before what names them.
    """
    for table in reversed(_ORDER):
        if removed := writes.removed.get(table.__tablename__):
            session.execute(delete(table).where(_key(table).in_(removed)))
    for table in _ORDER:
        name = table.__tablename__
        if changed := writes.changed.get(name):
            for values in _alike([{"id": row_id, **row} for row_id, row in changed.items()]):
                session.execute(update(table), values)
        if added := writes.added.get(name):
            session.execute(insert(table), added)


def _key(table: type[Table]) -> Any:
    return inspect(table).primary_key[0]


def _alike(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The rows in groups that set the same columns."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    return list(groups.values())
