"""Everything that is stored about a person, as one document with readable names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, literal, select
from sqlalchemy.orm import Session

from courses.question import QUESTION
from courses.tables import AttemptItemRow, CourseVersionRow, QuestionVersionRow
from governance.data_rights_place import Place
from governance.data_rights_places import AUTHORS, EXEMPT, PLACES
from governance.data_rights_words import answered, asked, looked_at, plain_value, told, who
from people.organisation.tables import UnitPlacementRow
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import Table

ABOUT = (
    "Det, AI-Univers har gemt om dig. Facit til prøver er ikke med, for det er ikke oplysninger om dig. Vurderinger af svar i "
    "prøver er med, når prøven selv viser dem. Andres navne er kun med, hvor de har set oplysninger om dig. Heller ikke med "
    "er browserens nøgle til dit login, for den er en hemmelighed, og teksten i en mail, der ikke er sendt endnu, for den kan "
    "nævne andre. Under “ikke med” står, hvad der ellers er udeladt og hvorfor."
)
Revealed = Callable[[str], bool]
"""Whether the marks of an item of an attempt (by its id) are shown to the person."""


@dataclass
class Export:
    """Puts the rows of one person into words, in one session."""

    session: Session
    person_id: str
    revealed: Revealed
    _titles: dict[str, dict[str, str]] = field(default_factory=dict)

    def document(self, at: datetime) -> dict[str, Any]:
        """The whole export; `at` is when it was made."""
        name = self.session.scalar(select(PersonRow.name).where(PersonRow.id == self.person_id))
        return {
            "om": {"person": name, "hentet": plain_value(at), "forklaring": ABOUT},
            "oplysninger": {place.title: self._section(place) for place in PLACES},
            "spor": {
                "forklaring": "Rækker, som handler om noget andet, men siger, at du har oprettet, ændret eller svarer for det.",
                "rækker": self._traces(),
            },
            "ikke med": dict(EXEMPT),
        }

    def _section(self, place: Place) -> dict[str, Any]:
        rows = self.session.scalars(select(place.row).where(place.belongs(self.person_id)).order_by(*_key(place.row)))
        return {
            "tabel": place.table,
            "formål": place.purpose,
            "opbevaring": place.retention,
            "rækker": [self._row(place, row) for row in rows if self._is_shown(place, row)],
        }

    def _is_shown(self, place: Place, row: Any) -> bool:
        return place.table != "item_grade" or self.revealed(row.item_id)

    def _row(self, place: Place, row: Any) -> dict[str, Any]:
        return {name: self._value(place.table, column, row) for column, name in place.fields.items()}

    def _value(self, table: str, column: str, row: Any) -> Any:
        value = getattr(row, column)
        match table, column:
            case "look", "by":
                return self._named(value)
            case "look", "what":
                return looked_at(value)
            case "turn", "answer":
                return told(value)
            case "attempt_item", "question":
                return asked(value, row.shown_order)
            case (("response_event" | "review"), "response"):
                return self._answer(table, row)
            case "review", "question_version_id":
                return QUESTION.validate_python(self._wording(value)).text
            case "key_person", "person_id":
                return "nøgleperson" if value == self.person_id else "stedfortræder"
            case _, ("by" | "ended_by" | "actor"):
                return who(value, self.person_id)
            case _, "course_id":
                return self._title("course", value)
            case _, "unit_id":
                return self._title("unit", value) if value else None
            case "role_grant", "role":
                return Role(value).danish
            case _:
                return plain_value(value)

    def _answer(self, table: str, row: Any) -> Any:
        if row.response is None:
            return None
        if table == "review":
            question = self._wording(row.question_version_id)
        else:
            question = self.session.get_one(AttemptItemRow, row.item_id).question
        return answered(question, row.response["value"])

    def _wording(self, version_id: str) -> Mapping[str, Any]:
        return self.session.get_one(QuestionVersionRow, version_id).content

    def _title(self, kind: str, key: str) -> str:
        """The newest title of a course or a unit."""
        if kind not in self._titles:
            self._titles[kind] = course_titles(self.session) if kind == "course" else _unit_titles(self.session)
        return self._titles[kind].get(key, key)

    def _named(self, person_id: str) -> str:
        return named(self.session, [person_id])[person_id]

    def _traces(self) -> list[dict[str, Any]]:
        """Tables of others in which the person stands as author, each with how often and since when."""
        found = []
        told_of = {place.table for place in PLACES}
        for table in Table.metadata.sorted_tables:
            for column in table.columns:
                if column.name not in AUTHORS or (table.name in told_of and column.name in ("actor",)):
                    continue
                moment = table.columns.get("at", table.columns.get("created_at"))
                since = func.min(moment) if moment is not None else literal(None)
                count, first = self.session.execute(select(func.count(), since).where(column == self.person_id)).one()
                if count:
                    found.append(
                        {
                            "tabel": table.name,
                            "som": column.name,
                            "antal": count,
                            "siden": plain_value(first),
                        }
                    )
        return found


def named(session: Session, people: Sequence[str]) -> dict[str, str]:
    """People by name with their roles: `Lars Leder (Leder)`; who is not known any more is said to be so."""
    names = {
        key: value
        for key, value in session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(people)))
    }
    roles: dict[str, set[Role]] = {}
    for person_id, role in session.execute(
        select(RoleGrantRow.person_id, RoleGrantRow.role).where(RoleGrantRow.person_id.in_(people))
    ):
        roles.setdefault(person_id, set()).add(Role(role))
    found = {}
    for person_id in people:
        held = sorted(role.danish for role in roles.get(person_id, set()) if role is not Role.EMPLOYEE)
        name = names.get(person_id, "En tidligere medarbejder")
        found[person_id] = f"{name} ({', '.join(held)})" if held else name
    return found


def course_titles(session: Session) -> dict[str, str]:
    """The newest title of every course, by its id."""
    query = select(CourseVersionRow.course_id, CourseVersionRow.title).order_by(CourseVersionRow.number)
    return {key: value for key, value in session.execute(query)}


def _unit_titles(session: Session) -> dict[str, str]:
    query = select(UnitPlacementRow.unit_id, UnitPlacementRow.title).order_by(UnitPlacementRow.valid_from)
    return {key: value for key, value in session.execute(query)}


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(inspect(row).primary_key)
