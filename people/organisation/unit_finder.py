"""The unit that a row of a list of people names; a unit that nobody has heard of is new."""

from datetime import date

from people.organisation.staff_known import Known
from people.organisation.staff_plan import Writes
from people.organisation.staff_rows import RowRefused, StaffLine, kind_by_title
from people.organisation.unit_plan import BY_NAME, key_by_name
from storage.base import new_id

CLOSED = "Enheden er lukket. Ret enheden i rækken, eller åbn den igen med en liste over enheder."
NO_NAME = "Enhedens nøgle kendes ikke, og rækken har intet navn på den. Indlæs en liste over enheder først."
OTHER_KEY = (
    "Enhedens nøgle kendes ikke, men en anden enhed hedder det samme. Indlæs en liste over enheder med nøglen, eller lad "
    "kolonnen med nøgler være tom, hvis det er samme enhed."
)
MANY = "Flere enheder hedder det samme. Skriv enhedens nøgle eller enheden ovenover."
NO_PARENT = "Enheden ovenover findes ikke, eller flere hedder det samme. Indlæs en liste over enheder først."


class UnitFinder:
    """Units by key and by name. `titles` and `parents` are those of the open units by id, the new ones too; `new` tells the line
    that each new unit was first met on."""

    def __init__(self, known: Known, writes: Writes, day: date) -> None:
        self._writes, self._day = writes, day
        self._by_key = {unit.key.casefold(): unit.id for unit in known.units.values()}
        self.titles = {place.unit_id: place.title for place in known.placements.values()}
        self.parents = {place.unit_id: place.parent_id for place in known.placements.values()}
        self._by_title: dict[str, list[str]] = {}
        for unit_id, title in self.titles.items():
            self._by_title.setdefault(title.casefold(), []).append(unit_id)
        self._only_named = {unit.id for unit in known.units.values() if unit.key.startswith(BY_NAME)}
        self.new: dict[str, int] = {}

    def find(self, line: StaffLine) -> str:
        """The unit's id; raises `RowRefused` when it is closed, or may be more than one."""
        if line.unit_key:
            return self._by_its_key(line)
        return self._by_its_name(line)

    def is_called(self, unit_id: str, line: StaffLine) -> bool:
        """Whether the row names this unit."""
        if line.unit_key:
            return self._by_key.get(line.unit_key.casefold()) == unit_id
        return self.titles.get(unit_id, "").casefold() == line.unit.casefold()

    def _by_its_key(self, line: StaffLine) -> str:
        found = self._by_key.get(line.unit_key.casefold())
        if found is not None:
            return self._open(found)
        if not line.unit:
            raise RowRefused(NO_NAME)
        nameless = self._without_key(line)
        if nameless is None:
            self._refuse_double(line)
            return self._add(line.unit_key, line)
        self._writes.change("org_unit", nameless, key=line.unit_key)
        self._by_key[line.unit_key.casefold()] = nameless
        self._only_named.discard(nameless)
        return self._open(nameless)

    def _without_key(self, line: StaffLine) -> str | None:
        """The unit that has so far been known by this name only, open or closed."""
        found = [unit_id for unit_id in self._by_title.get(line.unit.casefold(), ()) if unit_id in self._only_named]
        if line.parent:
            above = self._parent(line.parent)
            found = [unit_id for unit_id in found if self.parents[unit_id] in (None, above)]
        if found:
            return found[0] if len(found) == 1 else None
        by_name = self._by_key.get(key_by_name(line.unit))
        return by_name if by_name in self._only_named and by_name not in self.titles else None

    def _refuse_double(self, line: StaffLine) -> None:
        """Another system calls its units by other keys, and the same unit would be there twice. Units that the file itself brings
        are told apart by its keys."""
        above = self._parent(line.parent) if line.parent else None
        for unit_id in self._by_title.get(line.unit.casefold(), ()):
            elsewhere = above is not None and self.parents[unit_id] not in (None, above)
            if unit_id not in self.new and not elsewhere:
                raise RowRefused(OTHER_KEY)

    def _by_its_name(self, line: StaffLine) -> str:
        found = self._by_title.get(line.unit.casefold(), [])
        if line.parent:
            above = self._parent(line.parent)
            found = [unit_id for unit_id in found if self.parents[unit_id] == above]
        if len(found) > 1:
            raise RowRefused(MANY)
        if found:
            return found[0]
        key = key_by_name(f"{line.parent}/{line.unit}" if line.parent else line.unit)
        if key in self._by_key:
            return self._open(self._by_key[key])
        unit_id = self._add(key, line)
        self._only_named.add(unit_id)
        return unit_id

    def _open(self, unit_id: str) -> str:
        if unit_id not in self.titles:
            raise RowRefused(CLOSED)
        return unit_id

    def _parent(self, text: str) -> str:
        by_key = self._by_key.get(text.casefold())
        found = [by_key] if by_key in self.titles else self._by_title.get(text.casefold(), [])
        if len(found) != 1 or found[0] is None:
            raise RowRefused(NO_PARENT)
        return found[0]

    def _add(self, key: str, line: StaffLine) -> str:
        unit_id, parent = new_id(), self._parent(line.parent) if line.parent else None
        self._writes.add("org_unit", id=unit_id, key=key, kind=kind_by_title(line.unit).value)
        self._writes.add(
            "unit_placement",
            id=new_id(),
            unit_id=unit_id,
            parent_id=parent,
            title=line.unit,
            valid_from=self._day,
            valid_to=None,
        )
        self._by_key[key.casefold()] = unit_id
        self.titles[unit_id], self.parents[unit_id] = line.unit, parent
        self._by_title.setdefault(line.unit.casefold(), []).append(unit_id)
        self.new[unit_id] = line.line
        return unit_id
