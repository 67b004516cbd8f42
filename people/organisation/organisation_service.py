"""The tree of units with how many people work in each, for those who keep it in order."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from people.organisation.scope import Unit, below, employed_on, units_at
from people.organisation.tables import EmploymentRow
from people.organisation.unit import UnitKind
from people.person import Person
from people.roles import Permission
from storage.session import reading


@dataclass(frozen=True)
class UnitRow:
    """A unit in a list: its kind in Danish, the titles of those above it (the top first), the units directly below it, the people
    employed in it, and those in it or below, each counted once."""

    id: str
    title: str
    kind: str
    above: tuple[str, ...]
    units: int
    people: int
    people_below: int


@dataclass(frozen=True)
class UnitList:
    """A page of units, and how many there are in all. Where they are those below one unit, `path` is the way to it as pairs of id
    and title, the top first and itself last."""

    path: tuple[tuple[str, str], ...]
    rows: list[UnitRow]
    total: int


class OrganisationService:
    """Reads units from the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def below(self, person: Person, unit_id: str | None, day: date, count: int, skip: int = 0) -> UnitList:
        """The units directly below one, or at the top (None, and where the unit is not open on `day`)."""
        person.require(Permission.IMPORT_STAFF)
        tree = self._tree(day)
        unit_id = unit_id if unit_id in tree.units else None
        found = [unit for unit in tree.units.values() if unit.parent_id == unit_id]
        return UnitList(tree.path(unit_id), [tree.row(unit) for unit in found[skip : skip + count]], len(found))

    def search(self, person: Person, words: str, day: date, count: int, skip: int = 0) -> UnitList:
        """The units whose title has all the words."""
        person.require(Permission.IMPORT_STAFF)
        tree, wanted = self._tree(day), words.casefold().split()
        found = [unit for unit in tree.units.values() if all(word in unit.title.casefold() for word in wanted)]
        return UnitList((), [tree.row(unit) for unit in found[skip : skip + count]], len(found))

    def _tree(self, day: date) -> "_Tree":
        with reading(self._engine) as session:
            units = units_at(session, day)
            employed = session.execute(
                select(EmploymentRow.unit_id, EmploymentRow.person_id).where(employed_on(day)).distinct()
            ).all()
        people: dict[str, set[str]] = defaultdict(set)
        for row in employed:
            people[row.unit_id].add(row.person_id)
        return _Tree(units, people)


class _Tree:
    def __init__(self, units: dict[str, Unit], people: dict[str, set[str]]) -> None:
        self.units = units
        self._people = people
        self._children: dict[str | None, int] = defaultdict(int)
        for unit in units.values():
            self._children[unit.parent_id] += 1

    def row(self, unit: Unit) -> UnitRow:
        everybody = set[str]().union(*(self._people.get(one, set()) for one in below(self.units, [unit.id])))
        above = tuple(title for _, title in self.path(unit.parent_id))
        own = len(self._people.get(unit.id, ()))
        kind = UnitKind(unit.kind).danish
        return UnitRow(unit.id, unit.title, kind, above, self._children[unit.id], own, len(everybody))

    def path(self, unit_id: str | None) -> tuple[tuple[str, str], ...]:
        way: dict[str, str] = {}
        while unit_id is not None and unit_id in self.units and unit_id not in way:
            way[unit_id] = self.units[unit_id].title
            unit_id = self.units[unit_id].parent_id
        return tuple(reversed(way.items()))
