"""An invented municipality of any size for trial and measurement. The same seed makes the same people; none of them exists."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from people.organisation.example_names import FIRST_NAMES, LAST_NAMES, PLACES
from people.organisation.example_units import MUNICIPALITY, Plan, Trade
from people.organisation.unit import UnitKind

PREFIX = "eks-"
DOMAIN = "eksempel.dk"
FULL = 10_000
FIRST_DAY = date(2021, 1, 1)
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


@dataclass(frozen=True)
class ExampleUnit:
    """A unit's title and place from a day to a day; `id` begins with `PREFIX`."""

    id: str
    title: str
    kind: UnitKind
    parent_id: str | None
    valid_from: date = FIRST_DAY
    valid_to: date | None = None


@dataclass(frozen=True)
class ExampleEmployee:
    """An invented person. `username` is what Delta and Skole-AD would call her; `leads` is the unit she manages, `key_person_in`
    the one whose key person she is; one who has left has `left`."""

    id: str
    name: str
    email: str
    username: str
    leads: str | None = None
    key_person_in: str | None = None
    left: date | None = None


@dataclass(frozen=True)
class ExampleEmployment:
    """An invented person's work in a unit; see `EmploymentRow`."""

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
class ExampleOrganisation:
    """All of it. `units` are those that are open, above before below; `past` are the placements that have ended: of units that
    were closed, and of units that had another name. `deputies` names the deputy of a unit's key person, by unit."""

    units: tuple[ExampleUnit, ...]
    past: tuple[ExampleUnit, ...]
    people: tuple[ExampleEmployee, ...]
    employments: tuple[ExampleEmployment, ...]
    deputies: dict[str, str]


def example_organisation(people: int = FULL, seed: int = 2027, today: date = date(2027, 1, 4)) -> ExampleOrganisation:
    """The invented municipality with `people` people, and units to match (about 900 for 10,000).

    Every open unit has a manager, and 4 % of the people have left by `today`. About one in thirty people works in two units,
    one unit in forty has an acting manager, four institutions of five a key person, and three of four of those a deputy. Of more
    people than 10,000 there are more in each unit. Raises ValueError for fewer than 200 people.
    """
    return _Maker(people, seed, today).made()


class _Maker:
    def __init__(self, people: int, seed: int, today: date) -> None:
        if people < 200:
            raise ValueError("an example organisation has at least 200 people")
        self._chance = random.Random(seed)  # noqa: S311  the same seed must make the same people
        self._today = today
        self._scale = min(people / FULL, 1.0)
        self._count = people
        self._places = list(PLACES)
        self._chance.shuffle(self._places)
        self._units: list[tuple[ExampleUnit, Trade, float]] = []
        self._people: list[ExampleEmployee] = []
        self._employments: list[ExampleEmployment] = []
        self._emails: dict[str, int] = {}

    def made(self) -> ExampleOrganisation:
        self._plan(MUNICIPALITY, None)
        self._employ_managers()
        self._employ_others()
        self._give_second_employments()
        self._name_acting_managers()
        deputies = self._name_key_people()
        self._send_some_away({*deputies.values()})
        units = [unit for unit, _, _ in self._units]
        closed = tuple(self._closed(units))
        renamed = [place for unit in units if unit.kind is UnitKind.UNIT for place in self._renamed(unit)]
        began = {place.id: place.valid_to + timedelta(days=1) for place in renamed if place.valid_to}
        units = [replace(unit, valid_from=began.get(unit.id, FIRST_DAY)) for unit in units]
        return ExampleOrganisation(
            tuple(units), (*closed, *renamed), tuple(self._people), tuple(self._employments), deputies
        )

    def _plan(self, plan: Plan, parent_id: str | None) -> None:
        count = max(1, round(plan.many * self._scale)) if plan.many > 1 else 1
        for _ in range(count):
            title = plan.title.format(self._places.pop()) if "{}" in plan.title else plan.title
            unit = ExampleUnit(f"{PREFIX}enhed-{len(self._units) + 1:04}", title, plan.kind, parent_id)
            self._units.append((unit, plan.trade, plan.share))
            for child in plan.below:
                self._plan(child, unit.id)

    def _employ_managers(self) -> None:
        managers: dict[str | None, str | None] = {None: None}
        for unit, trade, _ in self._units:
            person = self._person(leads=unit.id)
            managers[unit.id] = person.id
            self._work(person.id, unit.id, trade.leader, managers[unit.parent_id])
        self._managers = managers

    def _employ_others(self) -> None:
        shares = [share for _, _, share in self._units]
        for unit, trade, _ in self._chance.choices(self._units, shares, k=self._count - len(self._people)):
            self._work(self._person().id, unit.id, self._chance.choice(trade.titles), self._managers[unit.id])

    def _person(self, leads: str | None = None) -> ExampleEmployee:
        first, last = self._chance.choice(FIRST_NAMES), self._chance.choice(LAST_NAMES)
        middle = f" {self._chance.choice(LAST_NAMES)}" if self._chance.random() < 0.3 else ""
        local = f"{first}.{last}".lower().translate(_ASCII)
        self._emails[local] = again = self._emails.get(local, 0) + 1
        number = len(self._people) + 1
        email = f"{local}{again if again > 1 else ''}@{DOMAIN}"
        person = ExampleEmployee(
            f"{PREFIX}{number:05}", f"{first}{middle} {last}", email, f"dq{100_000 + number}", leads
        )
        self._people.append(person)
        return person

    def _work(self, person_id: str, unit_id: str, title: str, manager_id: str | None, *, primary: bool = True) -> None:
        began = FIRST_DAY + timedelta(days=self._chance.randrange((self._today - FIRST_DAY).days - 60))
        key = f"{PREFIX}ans-{len(self._employments) + 1:05}"
        self._employments.append(
            ExampleEmployment(key, person_id, unit_id, title, primary, manager_id, None, None, began, None)
        )

    def _give_second_employments(self) -> None:
        for place in list(self._employments):
            if self._chance.random() > 1 / 30:
                continue
            unit, trade, _ = self._chance.choice(self._units)
            if unit.id != place.unit_id and self._managers[unit.id] != place.person_id:
                title = self._chance.choice(trade.titles)
                self._work(place.person_id, unit.id, title, self._managers[unit.id], primary=False)

    def _name_acting_managers(self) -> None:
        """A colleague acts for a while, for everybody in the unit but herself."""
        staff = self._staff()
        acting = {
            unit_id: self._chance.choice(people)
            for unit_id, people in staff.items()
            if len(people) > 2 and self._chance.random() < 1 / 40
        }
        until = self._today + timedelta(days=60)
        for number, place in enumerate(self._employments):
            person = acting.get(place.unit_id)
            if person and place.primary and person != place.person_id and place.manager_id is not None:
                self._employments[number] = replace(place, acting_manager_id=person, acting_until=until)

    def _name_key_people(self) -> dict[str, str]:
        staff, deputies, chosen = self._staff(), {}, {}
        for unit, _, _ in self._units:
            people = staff.get(unit.id, [])
            if unit.kind is UnitKind.INSTITUTION and people and self._chance.random() < 0.8:
                chosen[people[0]] = unit.id
                if len(people) > 1 and self._chance.random() < 0.75:
                    deputies[unit.id] = people[1]
        self._people = [replace(person, key_person_in=chosen.get(person.id)) for person in self._people]
        return deputies

    def _staff(self) -> dict[str, list[str]]:
        """Those who work in each unit and lead none, by unit."""
        leaders = {person.id for person in self._people if person.leads}
        found: dict[str, list[str]] = {}
        for place in self._employments:
            if place.primary and place.person_id not in leaders:
                found.setdefault(place.unit_id, []).append(place.person_id)
        return found

    def _send_some_away(self, deputies: set[str]) -> None:
        needed = {place.acting_manager_id for place in self._employments} | deputies
        stays = [person.leads or person.key_person_in or person.id in needed for person in self._people]
        leavers = [person.id for person, stay in zip(self._people, stays, strict=True) if not stay]
        gone = {
            person_id: self._today - timedelta(days=self._chance.randrange(1, 50))
            for person_id in self._chance.sample(leavers, min(len(leavers), round(self._count * 0.04)))
        }
        self._people = [replace(person, left=gone.get(person.id)) for person in self._people]
        self._employments = [
            replace(place, valid_to=gone[place.person_id]) if place.person_id in gone else place
            for place in self._employments
        ]

    def _closed(self, units: list[ExampleUnit]) -> Iterator[ExampleUnit]:
        """Institutions that were closed, with nobody in them now."""
        institutions = [unit for unit in units if unit.kind is UnitKind.INSTITUTION]
        for number in range(max(1, round(12 * self._scale))):
            like = self._chance.choice(institutions)
            unit_id = f"{PREFIX}enhed-{len(units) + number + 1:04}"
            title = f"{self._places.pop()}huset"
            closed = date(2022, 7, 31) + timedelta(days=30 * number)
            yield ExampleUnit(unit_id, title, like.kind, like.parent_id, valid_to=closed)

    def _renamed(self, unit: ExampleUnit) -> Iterator[ExampleUnit]:
        """What one unit in fifty was called until some day."""
        if self._chance.random() < 1 / 50:
            until = date(2023, 1, 1) + timedelta(days=self._chance.randrange(900))
            yield replace(unit, title=f"Team {unit.title}", valid_to=until)
