"""What a list of units would do: new units, those that move or are renamed from the day of the import, and those that close."""

from collections import Counter
from datetime import date, timedelta

from people.organisation.directory import Directory
from people.organisation.staff_known import Grant, Known, KnownPlacement
from people.organisation.staff_plan import Change, Outcome, StaffPlan, Telling, Writes, counted
from people.organisation.staff_rows import RefusedRow, RowRefused, UnitLine, kind_by_title, unit_lines
from people.organisation.staff_shapes import Field, StaffSheet
from people.organisation.unit import UnitKind
from people.organisation.unit_parents import parents_of, way_up
from people.roles import Role
from storage.base import new_id

SOURCE = "import_units"  # grants that a list of units gives; those of a list of people are their own
BY_NAME = "navn:"  # begins the key of a unit whose source has none
LONGEST_UNIT_KEY = 120
OPEN_BELOW = "Enheden kan ikke lukkes, for der er åbne enheder under den. Flyt eller luk dem i samme fil."


def plan_units(sheet: StaffSheet, known: Known, day: date, *, complete: bool) -> StaffPlan:
    """The plan of a list of units imported on `day`. Where it is `complete`, a unit that it does not have is closed, unless
    people still work there or in a unit below."""
    return _UnitPlan(sheet, known, day, complete).made()


def key_by_name(title: str) -> str:
    """The key of a unit that is known by its name only."""
    return (BY_NAME + title.casefold())[:LONGEST_UNIT_KEY]


def place_from(writes: Writes, before: KnownPlacement | None, day: date, **values: object) -> None:
    """A unit's title and parent from a day on; what was true before stays true for its time."""
    if before is not None and before.valid_from >= day:
        writes.change("unit_placement", before.id, **values)
        return
    if before is not None:
        writes.change("unit_placement", before.id, valid_to=day - timedelta(days=1))
        values = {"unit_id": before.unit_id, "parent_id": before.parent_id, "title": before.title} | values
    writes.add("unit_placement", **{"id": new_id(), "valid_from": day, "valid_to": None} | values)


class _UnitPlan:
    def __init__(self, sheet: StaffSheet, known: Known, day: date, complete: bool) -> None:
        self._sheet, self._known, self._day, self._complete = sheet, known, day, complete
        self._writes, self._telling = Writes(), Telling()
        self._unchanged = 0
        self._by_key = {unit.key.casefold(): unit.id for unit in known.units.values()}
        self._by_title: dict[str, list[str]] = {}
        for place in known.placements.values():
            self._by_title.setdefault(place.title.casefold(), []).append(place.unit_id)
        self._staff = Counter(place.unit_id for place in known.employments.values())

    def made(self) -> StaffPlan:
        lines, refused = unit_lines(self._sheet)
        for row in refused:
            self._refuse(row)
        lines = self._without_doubles(lines)
        often = Counter(line.title.casefold() for line in lines)
        self._ids = {line.line: self._id_of(line, alone=often[line.title.casefold()] == 1) for line in lines}
        there = [line for line in lines if not self._closes(line) or self._ids[line.line] in self._known.placements]
        self._unchanged += len(lines) - len(there)
        lines = there
        lines, self._parents, misplaced = parents_of(lines, self._ids, self._known)
        needed = self._closing_above_open(lines)
        misplaced += [RefusedRow(line.line, line.title, OPEN_BELOW) for line in needed]
        lines = [line for line in lines if line not in needed]
        for row in misplaced:
            self._refuse(row)
        titles = {place.unit_id: place.title for place in self._known.placements.values()}
        self._titles = titles | {self._ids[line.line]: line.title for line in lines}
        for line in lines:
            self._plan(line)
        if self._complete:
            self._close_missing({self._ids[line.line] for line in lines}, blocked=bool(refused or misplaced))
        self._name_leaders(lines)
        counts = counted(self._telling.lines, unit_unchanged=self._unchanged)
        before = len(self._known.placements)
        return StaffPlan(self._sheet.kind, self._sheet.columns, self._telling.in_order(), counts, before, self._writes)

    def _without_doubles(self, lines: list[UnitLine]) -> list[UnitLine]:
        seen: dict[str, int] = {}
        kept = []
        for line in lines:
            key = (line.key or key_by_name(line.title)).casefold()
            if key in seen:
                self._refuse(RefusedRow(line.line, line.title, _double(line, seen[key])))
            else:
                seen[key] = line.line
                kept.append(line)
        return kept

    def _id_of(self, line: UnitLine, *, alone: bool) -> str:
        """The unit with that key, or the one so far known by that name only, or a new one. Where the file has no key, the only
        open unit of that name; `alone` says that no other line has it."""
        if line.key and (found := self._by_key.get(line.key.casefold())):
            return found
        named = self._by_title.get(line.title.casefold(), [])
        by_name = self._by_key.get(key_by_name(line.title))
        if line.key:
            without_key = [unit_id for unit_id in named if self._known.units[unit_id].key.startswith(BY_NAME)]
            found = without_key[0] if len(without_key) == 1 else by_name
            return found if found and alone else new_id()
        return by_name or (named[0] if len(named) == 1 else new_id())

    def _closing_above_open(self, lines: list[UnitLine]) -> list[UnitLine]:
        """Lines that close a unit under which another would stay open, and be led by nobody above."""
        closing = {self._ids[line.line]: line for line in lines if self._closes(line)}
        above = {unit_id: one.parent_id for unit_id, one in self._known.placements.items()}
        if Field.PARENT in self._sheet.fields():
            above |= self._parents
        needed: set[str] = set()
        for unit_id in above:
            if unit_id not in closing:
                needed |= set(way_up(unit_id, above)) & closing.keys()
        return [line for unit_id, line in closing.items() if unit_id in needed]

    def _closes(self, line: UnitLine) -> bool:
        return not line.active or (line.until is not None and line.until < self._day)

    # --- what happens to each --------------------------------------------------------------------------------------

    def _plan(self, line: UnitLine) -> None:
        unit_id, day = self._ids[line.line], self._day
        unit, before = self._known.units.get(unit_id), self._known.placements.get(unit_id)
        key = line.key or key_by_name(line.title)
        if before is not None and self._closes(line):
            self._close(before, line.until, line.line)
            return
        changes = list[Change]()
        kind = line.kind or (UnitKind(unit.kind) if unit else kind_by_title(line.title))
        if unit is None:
            self._writes.add("org_unit", id=unit_id, key=key, kind=str(kind))
        else:
            if line.key and unit.key != line.key:
                self._writes.change("org_unit", unit_id, key=line.key)
                told = "får en nøgle" if unit.key.startswith(BY_NAME) else "ny skrivemåde af nøglen"
                changes.append(Change("key", told))
            if unit.kind != str(kind):
                self._writes.change("org_unit", unit_id, kind=str(kind))
                changes.append(Change("kind", "ny type"))
        parent = self._parents[unit_id]
        if before is None:
            values = {"unit_id": unit_id, "parent_id": parent, "title": line.title, "valid_to": line.until}
            since = line.since if unit is None and line.since else day
            place_from(self._writes, None, since, **values)
            outcome = Outcome.UNIT_NEW if unit is None else Outcome.UNIT_CHANGED
            told = f"under {self._title(parent)}" if parent else "øverst"
            if unit is None and line.title.casefold() in self._by_title:
                told += "; der er allerede en åben enhed med det navn"
            self._telling.tell(line.line, outcome, line.title, told, "parent")
            return
        changes += self._moved(line, before, parent)
        if changes:
            self._telling.changes(line.line, Outcome.UNIT_CHANGED, line.title, changes)
        else:
            self._unchanged += 1

    def _moved(self, line: UnitLine, before: KnownPlacement, parent: str | None) -> list[Change]:
        changes = []
        until = line.until if Field.UNTIL in self._sheet.fields() else before.valid_to
        if before.title != line.title:
            changes.append(Change("title", f"hed {before.title}"))
        # A file that says nothing of what is above says nothing of moves.
        parent = parent if Field.PARENT in self._sheet.fields() else before.parent_id
        if before.parent_id != parent:
            moves = f"flytter fra {self._title(before.parent_id)} til {self._title(parent)}"
            changes.append(Change("parent", moves))
        if changes:
            place_from(self._writes, before, self._day, title=line.title, parent_id=parent, valid_to=until)
        elif before.valid_to != until:
            self._writes.change("unit_placement", before.id, valid_to=until)
            changes.append(Change("valid_to", f"lukker {until:%d-%m-%Y}" if until else "lukker ikke alligevel"))
        if before.title != line.title:
            self._rename_for_people(before, line.title)
        return changes

    def _rename_for_people(self, before: KnownPlacement, title: str) -> None:
        for place in self._known.employments.values():
            shown = self._known.people[place.person_id].unit
            if place.unit_id == before.unit_id and place.primary and shown == before.title:
                self._writes.change("person", place.person_id, unit=title)

    def _title(self, unit_id: str | None) -> str:
        return self._titles[unit_id] if unit_id else "toppen"

    # --- closing ---------------------------------------------------------------------------------------------------

    def _close(self, before: KnownPlacement, until: date | None, line: int | None) -> None:
        last = min(until or self._day - timedelta(days=1), self._day - timedelta(days=1))
        if before.valid_from > last:
            self._writes.remove("unit_placement", before.id)
        else:
            self._writes.change("unit_placement", before.id, valid_to=last)
        staff = self._staff[before.unit_id]
        told = f"lukker; {staff} ansatte har stadig deres plads der" if staff else "lukker"
        self._telling.tell(line, Outcome.UNIT_CLOSED, before.title, told, "valid_to")

    def _close_missing(self, present: set[str], *, blocked: bool) -> None:
        missing = {unit_id for unit_id in self._known.placements if unit_id not in present}
        if missing and blocked:
            told = "Ingen enheder lukkes, for nogle rækker kan ikke bruges, og det kan være dem, der mangler."
            self._telling.tell(None, Outcome.NOTED, "Enheder, der mangler i filen", told, "valid_to")
            return
        kept = self._needed(missing)
        for unit_id in sorted(missing, key=lambda one: self._known.placements[one].title):
            before = self._known.placements[unit_id]
            if unit_id in kept:
                told = "mangler i filen, men lukkes ikke, for der er ansatte eller åbne enheder i den"
                self._telling.tell(None, Outcome.NOTED, before.title, told, "valid_to")
            else:
                self._close(before, None, None)

    def _needed(self, missing: set[str]) -> set[str]:
        """Those of the missing that hold people, or that something which stays open lies under."""
        above = {unit_id: one.parent_id for unit_id, one in self._known.placements.items()} | self._parents
        kept: set[str] = set()
        for unit_id in above:
            if unit_id in missing and not self._staff[unit_id]:
                continue
            kept |= set(way_up(unit_id, above)) & missing
        return kept

    # --- leaders ---------------------------------------------------------------------------------------------------

    def _name_leaders(self, lines: list[UnitLine]) -> None:
        if Field.LEADER not in self._sheet.fields():
            return
        directory = Directory(self._known)
        held: dict[str, dict[str, str]] = {}
        for grant, row_id in self._known.grants.items():
            if grant.role == Role.MANAGER.value and grant.source == SOURCE and grant.unit_id:
                held.setdefault(grant.unit_id, {})[grant.person_id] = row_id
        for line in lines:
            unit_id = self._ids[line.line]
            wanted: set[str] = set()
            if line.leader:
                try:
                    wanted = {directory.find(line.leader)}
                except RowRefused as error:
                    self._telling.tell(line.line, Outcome.NOTED, line.title, str(error), "leader")
                    continue
            before = held.get(unit_id, {})
            for person_id in sorted(before.keys() - wanted):
                self._writes.remove("role_grant", before[person_id])
                self._tell_leader(line, person_id, "leder ikke længere")
            for person_id in wanted - before.keys():
                grant = Grant(person_id, Role.MANAGER.value, unit_id, SOURCE)
                self._writes.add("role_grant", id=new_id(), **vars(grant))
                self._tell_leader(line, person_id, "leder og kan se de ansatte i")

    def _tell_leader(self, line: UnitLine, person_id: str, told: str) -> None:
        name = self._known.people[person_id].name
        self._telling.tell(line.line, Outcome.LEADS, name, f"{told} {line.title}", "leads")

    def _refuse(self, row: RefusedRow) -> None:
        self._telling.tell(row.line, Outcome.REFUSED, row.who, row.reason)


def _double(line: UnitLine, first: int) -> str:
    if line.key:
        return f"Enhedens nøgle står også i linje {first}."
    return f"Enhedens navn står også i linje {first}. Tilføj Enhedsid, så de to kan kendes fra hinanden."
