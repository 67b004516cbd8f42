"""Use cases of a person about her own data: see it, see who has looked, fetch it, and delete what may be deleted.

Nobody can ask for somebody else's: there is no id to give but one's own.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine, func, null, select
from sqlalchemy.orm import Session

from courses.attempt import reveals
from courses.attempt_service import AttemptService
from courses.course_service import CourseService
from courses.tables import AttemptRow
from governance.data_rights_deletion import Deletable, counted, deleted
from governance.data_rights_export import Export, named
from governance.data_rights_manager import ManagerView, manager_view
from governance.data_rights_place import Group, Place
from governance.data_rights_places import PLACES
from governance.data_rights_words import looked_at
from governance.errors import InvalidChoice
from people.organisation.tables import LookRow
from people.person import Person
from people.roles import Permission
from rag.calendar import COPENHAGEN
from storage import audit
from storage.base import now
from storage.session import reading, transaction

PERSON = "person"  # object type in the audit log


@dataclass(frozen=True)
class Holding:
    """What a table holds about a person: how many rows, and since when (None without rows or without a moment)."""

    title: str
    group: Group
    purpose: str
    retention: str
    count: int
    since: date | None


@dataclass(frozen=True)
class Look:
    """Somebody has looked: who (with role), at what, when."""

    who: str
    what: str
    at: datetime


@dataclass(frozen=True)
class Choice:
    """Something that can be deleted, and how many rows it has."""

    what: Deletable
    count: int


class DataRightsService:
    """A person's own data in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(
        self, engine: Engine, courses: CourseService, attempts: AttemptService, clock: Callable[[], datetime] = now
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._attempts = attempts
        self._clock = clock

    # --- seeing ---------------------------------------------------------------------------------------------------

    def holdings(self, person: Person) -> list[Holding]:
        """What is stored about the person, table by table, in the order of the export; tables without rows too."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return [_holding(session, place, person.id) for place in PLACES]

    def looks(self, person: Person, count: int, skip: int = 0) -> list[Look]:
        """Who has looked at what is stored about the person, the last first."""
        person.require(Permission.LEARN)
        query = select(LookRow.by, LookRow.what, LookRow.at).where(LookRow.person_id == person.id)
        with reading(self._engine) as session:
            rows = session.execute(query.order_by(LookRow.at.desc(), LookRow.id.desc()).offset(skip).limit(count)).all()
            names = named(session, sorted({row.by for row in rows}))
        return [Look(names[row.by], looked_at(row.what), row.at) for row in rows]

    def count_looks(self, person: Person) -> int:
        """How many looks there are."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return session.scalar(select(func.count(LookRow.id)).where(LookRow.person_id == person.id)) or 0

    def seen_by_managers(self, person: Person) -> ManagerView:
        """What the person's managers can see of her today, and who they are."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return manager_view(session, self._courses, person.id, self._clock().astimezone(COPENHAGEN).date())

    # --- fetching -------------------------------------------------------------------------------------------------

    def export(self, person: Person) -> bytes:
        """Everything about the person as JSON (UTF-8); that it was fetched is kept in the audit log."""
        person.require(Permission.LEARN)
        revealed = self._revealed(person)
        with reading(self._engine) as session:
            document = Export(session, person.id, revealed.__contains__).document(self._clock())
        with transaction(self._engine) as session:
            audit.record(session, actor=person.id, action="own_data.exported", object_type=PERSON, object_id=person.id)
        return json.dumps(document, ensure_ascii=False, indent=2).encode()

    def _revealed(self, person: Person) -> set[str]:
        """Items of the person's attempts whose marks she is shown now, by the rules of the quiz page."""
        with reading(self._engine) as session:
            ids = session.scalars(select(AttemptRow.id).where(AttemptRow.person_id == person.id)).all()
        found: set[str] = set()
        for attempt_id in ids:
            attempt = self._attempts.get(person, attempt_id)
            _, done = self._attempts.standing(person, attempt)
            found |= {
                item.id
                for item in attempt.items
                if reveals(attempt.policy, item, submitted=attempt.submitted, done=done)
            }
        return found

    # --- deleting -------------------------------------------------------------------------------------------------

    def deletable(self, person: Person) -> list[Choice]:
        """What the person can delete, with how many rows each; those without any too."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return [Choice(what, counted(session, person.id, what)) for what in Deletable]

    def delete(self, person: Person, chosen: Collection[Deletable], *, sure: bool) -> dict[Deletable, int]:
        """Delete what is chosen, all of it or nothing; how many rows of each. Each is kept in the audit log, without content.

        Raises `InvalidChoice` where nothing is chosen or the person has not said that she is sure.
        """
        person.require(Permission.LEARN)
        if not chosen:
            raise InvalidChoice("Vælg først, hvad du vil slette.")
        if not sure:
            raise InvalidChoice("Sæt flueben ved, at du er sikker. Intet er slettet.")
        with transaction(self._engine) as session:
            counts = {what: deleted(session, person.id, what) for what in Deletable if what in chosen}
            for what in counts:
                audit.record(
                    session,
                    actor=person.id,
                    action=f"own_data.deleted.{what.value}",
                    object_type=PERSON,
                    object_id=person.id,
                )
        return counts


def _holding(session: Session, place: Place, person_id: str) -> Holding:
    column: Any = getattr(place.row, place.since) if place.since else None
    first = func.min(column) if column is not None else null()
    count, since = session.execute(
        select(func.count(), first).select_from(place.row).where(place.belongs(person_id))
    ).one()
    day = since.astimezone(COPENHAGEN).date() if isinstance(since, datetime) else since
    return Holding(place.title, place.group, place.purpose, place.retention, count, day)
