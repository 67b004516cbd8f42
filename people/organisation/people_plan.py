"""What a list of people would do: new people and changes of those known, their employments, leavers, and what managers lead."""

from datetime import date
from typing import Any

from people.organisation.directory import Directory
from people.organisation.employment_book import EmploymentBook
from people.organisation.employment_changes import CLOSED, changes_of
from people.organisation.identities import Identities, Identity
from people.organisation.leadership import leaders
from people.organisation.leavers import Leavers
from people.organisation.placing import Place, choose_primary, match
from people.organisation.staff_known import Grant, Known, KnownEmployment
from people.organisation.staff_plan import Change, Outcome, StaffPlan, Telling, Writes, counted
from people.organisation.staff_rows import RowRefused, StaffLine, staff_lines
from people.organisation.staff_shapes import Field, StaffSheet
from people.organisation.unit_finder import UnitFinder
from people.roles import Role
from storage.base import new_id, now

SOURCE = "import"
EMPLOYEE, MANAGER = Role.EMPLOYEE.value, Role.MANAGER.value


def plan_people(sheet: StaffSheet, known: Known, day: date, *, complete: bool) -> StaffPlan:
    """The plan of a list of people imported on `day`. Where it is `complete`, employments of the same source that it does not
    have end the day before, and who has none left, of this source or another, is deactivated."""
    return _PeoplePlan(sheet, known, day).made(complete=complete)


class _PeoplePlan:
    def __init__(self, sheet: StaffSheet, known: Known, day: date) -> None:
        self._sheet, self._known, self._day = sheet, known, day
        self._fields = sheet.fields()
        self._writes, self._telling = Writes(), Telling()
        self._units = UnitFinder(known, self._writes, day)
        self._book = EmploymentBook(known, self._writes, day)
        self._directory = Directory(known)
        self._names = {person.id: person.name for person in known.people.values()}
        self._employees = {grant.person_id for grant in known.grants if grant.role == EMPLOYEE}
        self._source = f"{sheet.kind.value}:"
        self._leavers = Leavers(known, self._book, self._writes, self._telling, self._names, self._units.titles)
        self._unchanged = 0
        self._numbers: dict[str, int] = {}  # the source's numbers of employments, and the line of each
        self._kept: set[str] = set()  # employments that the file has
        self._doubtful: set[str] = set()  # people who may be in rows that were refused

    def made(self, *, complete: bool) -> StaffPlan:
        lines, unread = staff_lines(self._sheet)
        identities = Identities(lines, unread, self._known)
        self._doubtful |= identities.doubtful
        for row in (*unread, *identities.refused):
            self._telling.tell(row.line, Outcome.REFUSED, row.who, row.reason)
        before = [place for place in self._book.everybody() if place.key.startswith(self._source)]
        placed = [(identity, self._places(identity)) for identity in identities.people]
        for identity, places in placed:
            if places or identity.known:
                self._directory.add(identity.id, identity.name, identity.email, tuple(identity.keys))
        self._doubtful |= self._called_as_refused()
        self._names |= {identity.id: identity.name for identity, places in placed if places or identity.known}
        for identity, places in placed:
            self._plan(identity, places)
        self._let_go(identities, before, complete=complete)
        self._grant_leadership()
        for unit_id, line in self._units.new.items():
            told = "kendes kun fra listen over personer"
            self._telling.tell(line, Outcome.UNIT_NEW, self._units.titles[unit_id], told, "unit")
        counts = counted(self._telling.lines, unchanged=self._unchanged)
        people = len({place.person_id for place in before})
        return StaffPlan(self._sheet.kind, self._sheet.columns, self._telling.in_order(), counts, people, self._writes)

    def _places(self, identity: Identity) -> list[Place]:
        """The employments that the file has for a person; rows that are past are none."""
        places: dict[str, Place] = {}
        derived = f"{self._source}{identity.id}:"
        for line in identity.lines:
            if self._is_past(line):
                continue
            try:
                unit_id = self._units.find(line)
                key = line.employment or f"{derived}{unit_id}"
                if first := self._numbers.get(key):
                    own = " Hver ansættelse skal have sit eget nummer." if line.employment else ""
                    raise RowRefused(f"Ansættelsen står også i linje {first}.{own}")
                self._numbers[key] = line.line
                places[key] = Place(line, key, unit_id, own=line.employment is not None)
            except RowRefused as error:
                self._telling.tell(line.line, Outcome.REFUSED, line.name, str(error))
                self._doubtful.add(identity.id)
        found, mine = list(places.values()), self._book.of(identity.id)
        match(found, mine, derived)
        choose_primary(found, mine)
        self._kept |= {place.before.id for place in found if place.before}
        return found

    def _is_past(self, line: StaffLine) -> bool:
        return not line.active or (line.until is not None and line.until < self._day)

    def _called_as_refused(self) -> set[str]:
        """People who are called as a row that was refused, which may have nothing else to be known by."""
        refused = {one.who.casefold() for one in self._telling.lines if one.outcome is Outcome.REFUSED}
        return {person_id for person_id, name in self._names.items() if name.casefold() in refused}

    def _plan(self, identity: Identity, places: list[Place]) -> None:
        first = identity.lines[0].line
        if not places and identity.known is None:
            if all(self._is_past(line) for line in identity.lines):
                told = "er markeret som fratrådt og oprettes ikke"
                self._telling.tell(first, Outcome.NOTED, identity.name, told, "active")
            return
        unit = next((self._units.titles[place.unit_id] for place in places if place.primary), None)
        moves = [change for place in places for change in self._write_place(identity, place)]
        changes = self._write_person(identity, unit, active=bool(places), moved=bool(moves)) + moves
        self._write_keys(identity)
        self._keep_one_primary(identity, places)
        ended = self._end_past(identity, {place.key for place in places})
        if self._book.of(identity.id):  # of who has none left it is told that she leaves
            changes += ended
        if identity.known is None or (places and not identity.known.active):
            outcome = Outcome.NEW if identity.known is None else Outcome.RETURNED
            leaders = [change for change in moves if change.field == "manager"]
            changes = [Change("unit", f"i {unit}"), *leaders] if unit else leaders
            self._telling.changes(first, outcome, identity.name, changes)
        elif changes:
            self._telling.changes(first, Outcome.CHANGED, identity.name, changes)
        elif places:
            self._unchanged += 1

    # --- a person --------------------------------------------------------------------------------------------------

    def _keep_one_primary(self, identity: Identity, places: list[Place]) -> None:
        keys = {place.key for place in places}
        if any(place.primary for place in places):
            for other in self._book.of(identity.id):
                if other.primary and other.key not in keys:
                    self._book.change(other, primary=False)

    def _write_person(self, identity: Identity, unit: str | None, *, active: bool, moved: bool) -> list[Change]:
        known = identity.known
        if active and identity.id not in self._employees:
            self._grant(Grant(identity.id, EMPLOYEE, None, SOURCE))
        if known is None:
            person = {"id": identity.id, "name": identity.name, "unit": unit or "", "email": identity.email}
            self._writes.add("person", **person, active=True, created_at=now(), deactivated_at=None)
            return []
        changes, values = [], dict[str, Any]()
        if known.name != identity.name:
            values["name"] = identity.name
            changes.append(Change("name", f"hed {known.name}"))
            self._note_another_name(identity, known.name)
        if identity.email and known.email != identity.email:
            values["email"] = identity.email
            changes.append(Change("email", "ny e-mail"))
        if unit is not None and known.unit != unit:
            values["unit"] = unit
            changes += [] if moved else [Change("unit", f"vises under {unit}")]
        if active and not known.active:
            values |= {"active": True, "deactivated_at": None}
        if values:
            self._writes.change("person", known.id, **values)
        return changes

    def _note_another_name(self, identity: Identity, before: str) -> None:
        if identity.has_another_name():
            told = (
                f"Nummer og e-mail hører til {before}, og navnet er et helt andet. Er det en anden person, så slet rækken, "
                "før du indlæser, for ellers får hun den tidligeres beviser og roller."
            )
            self._telling.tell(identity.lines[0].line, Outcome.NOTED, identity.name, told, "name")

    def _write_keys(self, identity: Identity) -> None:
        for system, key in sorted(identity.keys):
            if (system, key) not in self._known.keys:
                self._writes.add("external_key", person_id=identity.id, system=system, key=key)

    # --- an employment ---------------------------------------------------------------------------------------------

    def _write_place(self, identity: Identity, place: Place) -> list[Change]:
        before, values = place.before, self._values(identity, place)
        if before is None:
            self._book.add(place.line.since, person_id=identity.id, **values)
            new = Change("employment", f"ny ansættelse i {self._units.titles[place.unit_id]}")
            manager = values["manager_id"]
            return [new, *([Change("manager", f"leder: {self._names[manager]}")] if manager else [])]
        changed = {name: value for name, value in values.items() if getattr(before, name) != value}
        if changed:
            self._book.change(before, **changed)
        return changes_of(before, changed, self._names, self._units.titles)

    def _values(self, identity: Identity, place: Place) -> dict[str, Any]:
        """The employment's values; what the file has no column for stays as it is."""
        line, before, fields = place.line, place.before, self._fields
        manager = self._manager(Field.LEADER, line.leader, identity, line, before.manager_id if before else None)
        acting = self._manager(Field.ACTING, line.acting, identity, line, before.acting_manager_id if before else None)
        return {
            "key": place.key,
            "unit_id": place.unit_id,
            "title": line.job if Field.JOB in fields or before is None else before.title,
            "primary": place.primary,
            "manager_id": manager,
            "acting_manager_id": acting,
            "acting_until": (line.acting_until if acting else None)
            if Field.ACTING in fields or before is None
            else before.acting_until,
            "valid_to": line.until if Field.UNTIL in fields or before is None else before.valid_to,
        }

    def _manager(self, field: Field, text: str, identity: Identity, line: StaffLine, before: str | None) -> str | None:
        """Who is meant; as before where the file has no such column or nobody can be told to be meant. Nobody leads herself."""
        if field not in self._fields:
            return before
        if not text:
            return None
        try:
            found = self._directory.find(text)
        except RowRefused as error:
            self._telling.tell(line.line, Outcome.NOTED, line.name, str(error), "manager")
            return before
        return found if found != identity.id else None

    # --- leaving ---------------------------------------------------------------------------------------------------

    def _end_past(self, identity: Identity, there: set[str]) -> list[Change]:
        """Ends employments whose row says that they are over; `there` are the keys of those that another row says are not."""
        changes = []
        for line in identity.lines:
            if not self._is_past(line):
                continue
            for place in self._book.of(identity.id):
                if place.key not in there and self._is_of(place, line, identity):
                    self._leavers.end(place, line.until)
                    unit = self._units.titles.get(place.unit_id, CLOSED)
                    changes.append(Change("employment", f"fratrådt i {unit}"))
        return changes

    def _is_of(self, place: KnownEmployment, line: StaffLine, identity: Identity) -> bool:
        if line.employment:
            return place.key == line.employment
        mine = place.key.startswith(f"{self._source}{identity.id}:")
        return mine and self._units.is_called(place.unit_id, line)

    def _let_go(self, identities: Identities, before: list[KnownEmployment], *, complete: bool) -> None:
        lines = {identity.id: identity.lines[0].line for identity in identities.people}
        if complete:
            self._leavers.end_missing(before, self._kept, self._doubtful)
        gone: dict[str, date | None] = {
            identity.id: self._known.gone.get(identity.id)
            for identity in identities.people
            if identity.known and all(self._is_past(line) for line in identity.lines)
        }
        if complete:
            gone |= self._known.gone
        self._leavers.settle(lines, {one: last for one, last in gone.items() if one not in self._doubtful})

    # --- managers --------------------------------------------------------------------------------------------------

    def _grant_leadership(self) -> None:
        """What people lead by their staff's employments, and no more; grants by hand, sign-in or a list of units stay."""
        today = [place for place in self._book.everybody() if place.valid_from <= self._day]
        there = {place.person_id for place in today}
        there |= {person.id for person in self._known.people.values() if person.active} - self._leavers.left
        employed = [(place.person_id, place.unit_id, place.manager_id) for place in today]
        leading = leaders(employed, self._units.parents)
        wanted = {Grant(person_id, MANAGER, unit_id, SOURCE) for person_id, unit_id in leading if person_id in there}
        held = {grant for grant in self._known.grants if grant.role == MANAGER and grant.source == SOURCE}
        for grant in sorted(held - wanted, key=self._order):
            self._writes.remove("role_grant", self._known.grants[grant])
            self._tell_leader(grant, "leder ikke længere")
        for grant in sorted(wanted - held, key=self._order):
            self._grant(grant)
            self._tell_leader(grant, "leder og kan se de ansatte i")

    def _tell_leader(self, grant: Grant, told: str) -> None:
        unit = self._units.titles.get(grant.unit_id or "", CLOSED)
        self._telling.tell(None, Outcome.LEADS, self._names[grant.person_id], f"{told} {unit}", "leads")

    def _order(self, grant: Grant) -> tuple[str, str]:
        return self._names[grant.person_id], self._units.titles.get(grant.unit_id or "", "")

    def _grant(self, grant: Grant) -> None:
        self._writes.add("role_grant", id=new_id(), **vars(grant))
