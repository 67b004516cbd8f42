"""What a list of people would do: new people and changes of those known, their employments, leavers, and what managers lead."""

from collections import defaultdict
from datetime import date
from typing import Any

from people.organisation.directory import Directory
from people.organisation.employment_book import EmploymentBook
from people.organisation.identities import Identities, Identity
from people.organisation.leadership import leaders
from people.organisation.placing import Place, choose_primary, match
from people.organisation.staff_known import Grant, Known, KnownEmployment
from people.organisation.staff_plan import Outcome, PlanLine, StaffPlan, Writes, counted
from people.organisation.staff_rows import RowRefused, StaffLine, staff_lines
from people.organisation.staff_shapes import Field, StaffSheet
from people.organisation.unit_finder import UnitFinder
from people.organisation.unit_plan import SOURCE as UNIT_SOURCE
from people.roles import Role
from storage.base import new_id, now

SOURCE = "import"
EMPLOYEE, MANAGER = Role.EMPLOYEE.value, Role.MANAGER.value


def plan_people(sheet: StaffSheet, known: Known, day: date, *, complete: bool) -> StaffPlan:
    """The plan of a list of people imported on `day`. Where it is `complete`, employments of the same source that it does not
    have end the day before, and who has none left is deactivated."""
    return _PeoplePlan(sheet, known, day).made(complete=complete)


class _PeoplePlan:
    def __init__(self, sheet: StaffSheet, known: Known, day: date) -> None:
        self._sheet, self._known, self._day = sheet, known, day
        self._fields = sheet.fields()
        self._writes = Writes()
        self._units = UnitFinder(known, self._writes, day)
        self._book = EmploymentBook(known, self._writes, day)
        self._directory = Directory(known)
        self._names = {person.id: person.name for person in known.people.values()}
        self._grants: dict[str, dict[Grant, str]] = defaultdict(dict)
        for grant, row_id in known.grants.items():
            self._grants[grant.person_id][grant] = row_id
        self._source = f"{sheet.kind.value}:"
        self._told: list[PlanLine] = []
        self._unchanged = 0
        self._kept: set[str] = set()  # employments that the file has
        self._doubtful: set[str] = set()  # people who may be in rows that were refused
        self._left: set[str] = set()  # people who lost an employment

    def made(self, *, complete: bool) -> StaffPlan:
        lines, refused = staff_lines(self._sheet)
        identities = Identities(lines, self._known)
        self._doubtful |= identities.doubtful
        for row in (*refused, *identities.refused):
            self._tell(row.line, Outcome.REFUSED, row.who, row.reason)
        before = self._of_source()
        placed = [(identity, self._places(identity)) for identity in identities.people]
        for identity, places in placed:
            if places or identity.known:
                self._directory.add(identity.id, identity.name, identity.email, tuple(identity.keys))
                self._names[identity.id] = identity.name
        for identity, places in placed:
            self._plan(identity, places)
        if complete:
            self._end_missing(before)
        self._settle_leavers({identity.id: identity for identity in identities.people})
        self._grant_leadership()
        for unit_id, line in self._units.new.items():
            self._tell(line, Outcome.UNIT_NEW, self._units.titles[unit_id], "kendes kun fra listen over personer")
        self._told.sort(key=lambda one: (one.line is None, one.line))
        counts = counted(self._told, unchanged=self._unchanged)
        people = len({place.person_id for place in before})
        return StaffPlan(self._sheet.kind, self._sheet.columns, tuple(self._told), counts, people, self._writes)

    def _of_source(self) -> list[KnownEmployment]:
        return [place for place in self._book.everybody() if place.key.startswith(self._source)]

    def _places(self, identity: Identity) -> list[Place]:
        """The employments that the file has for a person; rows that are past are none."""
        places: dict[str, Place] = {}
        derived = f"{self._source}{identity.id}"
        for line in identity.lines:
            if self._is_past(line):
                continue
            try:
                unit_id = self._units.find(line)
                key = line.employment or f"{derived}:{unit_id}"
                if key in places:
                    raise RowRefused(f"Ansættelsen står også i linje {places[key].line.line}.")
                places[key] = Place(line, key, unit_id, own=line.employment is not None)
            except RowRefused as error:
                self._tell(line.line, Outcome.REFUSED, line.name, str(error))
                self._doubtful.add(identity.id)
        found, mine = list(places.values()), self._book.of(identity.id)
        match(found, mine, derived)
        choose_primary(found, mine)
        self._kept |= {place.before.id for place in found if place.before}
        return found

    def _is_past(self, line: StaffLine) -> bool:
        return not line.active or (line.until is not None and line.until < self._day)

    def _plan(self, identity: Identity, places: list[Place]) -> None:
        first = identity.lines[0].line
        if not places and identity.known is None:
            if all(self._is_past(line) for line in identity.lines):
                self._tell(first, Outcome.NOTED, identity.name, "er markeret som fratrådt og oprettes ikke")
            return
        unit = next((self._units.titles[place.unit_id] for place in places if place.primary), None)
        told = [text for place in places for text in self._write_place(identity, place)]
        told = self._write_person(identity, unit, active=bool(places), moved=bool(told)) + told
        self._write_keys(identity)
        self._keep_one_primary(identity, places)
        told += self._end_past(identity, {place.key for place in places})
        if identity.known is None or (places and not identity.known.active):
            outcome = Outcome.NEW if identity.known is None else Outcome.RETURNED
            self._tell(first, outcome, identity.name, f"i {unit}" if unit else "")
        elif told and places:
            self._tell(first, Outcome.CHANGED, identity.name, "; ".join(told))
        elif places:
            self._unchanged += 1

    def _keep_one_primary(self, identity: Identity, places: list[Place]) -> None:
        keys = {place.key for place in places}
        if any(place.primary for place in places):
            for other in self._book.of(identity.id):
                if other.primary and other.key not in keys:
                    self._book.change(other, primary=False)

    def _write_person(self, identity: Identity, unit: str | None, *, active: bool, moved: bool) -> list[str]:
        known = identity.known
        if active and not any(grant.role == EMPLOYEE for grant in self._grants[identity.id]):
            self._grant(Grant(identity.id, EMPLOYEE, None, SOURCE))
        if known is None:
            person = {"id": identity.id, "name": identity.name, "unit": unit or "", "email": identity.email}
            self._writes.add("person", **person, active=True, created_at=now(), deactivated_at=None)
            return []
        told, values = [], dict[str, Any]()
        if known.name != identity.name:
            values["name"] = identity.name
            told.append(f"hed {known.name}")
        if identity.email and known.email != identity.email:
            values["email"] = identity.email
            told.append("ny e-mail")
        if unit is not None and known.unit != unit:
            values["unit"] = unit
            told += [] if moved else [f"vises under {unit}"]
        if active and not known.active:
            values |= {"active": True, "deactivated_at": None}
        if values:
            self._writes.change("person", known.id, **values)
        return told

    def _write_keys(self, identity: Identity) -> None:
        for system, key in sorted(identity.keys):
            if (system, key) not in self._known.keys:
                self._writes.add("external_key", person_id=identity.id, system=system, key=key)

    def _write_place(self, identity: Identity, place: Place) -> list[str]:
        before, values = place.before, self._values(identity, place)
        if before is None:
            self._book.add(place.line.since, person_id=identity.id, **values)
            return [f"ny ansættelse i {self._units.titles[place.unit_id]}"]
        changed = {name: value for name, value in values.items() if getattr(before, name) != value}
        if changed:
            self._book.change(before, **changed)
        return [told for name in changed if (told := self._change_told(name, before, values))]

    def _change_told(self, name: str, before: KnownEmployment, values: dict[str, Any]) -> str:
        titles, after = self._units.titles, values[name]
        match name:
            case "unit_id":
                return f"flytter fra {titles.get(before.unit_id, 'en lukket enhed')} til {titles[after]}"
            case "manager_id":
                return f"leder: {self._name(before.manager_id)} → {self._name(after)}"
            case "acting_manager_id":
                return f"fungerende leder: {self._name(after)}"
            case "acting_until":
                return f"fungerende til {after:%d-%m-%Y}" if after else "fungerende uden slutdato"
            case "title":
                return f"stilling: {after}" if after else "ingen stilling"
            case "valid_to":
                return f"slutter {after:%d-%m-%Y}" if after else "slutter ikke alligevel"
            case "primary":
                return "er nu hovedansættelse" if after else "er ikke længere hovedansættelse"
            case _:
                return ""  # another key of the same employment

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
            self._tell(line.line, Outcome.NOTED, line.name, str(error))
            return before
        return found if found != identity.id else None

    def _name(self, person_id: str | None) -> str:
        return self._names[person_id] if person_id else "ingen"

    # --- leaving ---------------------------------------------------------------------------------------------------

    def _end_past(self, identity: Identity, there: set[str]) -> list[str]:
        """Ends employments whose row says that they are over; `there` are the keys of those that another row says are not."""
        told = []
        for line in identity.lines:
            if not self._is_past(line):
                continue
            for place in self._book.of(identity.id):
                if place.key not in there and self._is_of(place, line, identity):
                    self._end(place, line.until)
                    told.append(f"fratrådt i {self._units.titles.get(place.unit_id, 'en lukket enhed')}")
        return told

    def _is_of(self, place: KnownEmployment, line: StaffLine, identity: Identity) -> bool:
        if line.employment:
            return place.key == line.employment
        mine = place.key.startswith(f"{self._source}{identity.id}:")
        return mine and self._units.is_called(place.unit_id, line)

    def _end_missing(self, before: list[KnownEmployment]) -> None:
        """Ends what the file does not have, except of people whom refused rows may be about."""
        named = {one.who.casefold() for one in self._told if one.outcome is Outcome.REFUSED}
        for place in before:
            person_id = place.person_id
            doubtful = person_id in self._doubtful or self._names[person_id].casefold() in named
            there = any(place.id == one.id for one in self._book.of(person_id))
            if there and place.id not in self._kept and not doubtful:
                self._end(place, None)

    def _end(self, place: KnownEmployment, last: date | None) -> None:
        self._book.end(place, last)
        self._left.add(place.person_id)

    def _settle_leavers(self, identities: dict[str, Identity]) -> None:
        """Who has no employment left is deactivated; who has, gets another primary one where it was that which ended."""
        for person_id in sorted(self._left, key=self._name):
            places = self._book.of(person_id)
            line = identities[person_id].lines[0].line if person_id in identities else None
            if not places:
                if self._known.people[person_id].active:
                    self._writes.change("person", person_id, active=False, deactivated_at=now())
                    self._tell(line, Outcome.LEFT, self._name(person_id), "deaktiveres; historikken bevares")
                for grant, row_id in self._grants[person_id].items():
                    if grant.role == MANAGER and grant.source == UNIT_SOURCE:
                        self._writes.remove("role_grant", row_id)
                continue
            if not any(place.primary for place in places):
                self._book.change(places[0], primary=True)
                unit = self._units.titles.get(places[0].unit_id)
                if unit and self._known.people[person_id].unit != unit:
                    self._writes.change("person", person_id, unit=unit)
            if line is None:
                self._tell(None, Outcome.CHANGED, self._name(person_id), "en ansættelse er slut")

    # --- managers --------------------------------------------------------------------------------------------------

    def _grant_leadership(self) -> None:
        """What people lead by their staff's employments, and no more; grants by hand, sign-in or a list of units stay."""
        today = [place for place in self._book.everybody() if place.valid_from <= self._day]
        there = {place.person_id for place in today}
        there |= {person.id for person in self._known.people.values() if person.active} - self._left
        employed = [(place.person_id, place.unit_id, place.manager_id) for place in today]
        leading = leaders(employed, self._units.parents)
        wanted = {Grant(person_id, MANAGER, unit_id, SOURCE) for person_id, unit_id in leading if person_id in there}
        held = {grant for grant in self._known.grants if grant.role == MANAGER and grant.source == SOURCE}
        for grant in held - wanted:
            self._writes.remove("role_grant", self._known.grants[grant])
        for grant in wanted - held:
            self._grant(grant)

    def _grant(self, grant: Grant) -> None:
        self._writes.add("role_grant", id=new_id(), **vars(grant))

    def _tell(self, line: int | None, outcome: Outcome, who: str, told: str) -> None:
        self._told.append(PlanLine(line, outcome, who, told))
