"""One look at an area: figures, names where they may be seen, and what there is to choose.

It is kept for no longer than a page is drawn. Looking at somebody by name is noted, once a day.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from courses.course_service import CourseService
from courses.steering.area.area_look import (
    Look,
    chosen_entries,
    downwards,
    expiring_entries,
    month_lines,
    people_of,
    total,
    unit_lines,
    who,
)
from courses.steering.area.area_scope import inside
from courses.steering.area.board import day_of
from courses.steering.area.counting import NONE, STATES
from courses.steering.area.coverage import coverage_of
from courses.steering.area.figures import (
    Choice,
    CoverageLine,
    Expiring,
    Missing,
    MonthLine,
    Overview,
    Place,
    ScoreLine,
)
from courses.steering.area.scores import KnownBlocks
from courses.steering.area.standing import UNFINISHED, State
from courses.steering.suppression import figure
from people.errors import NotAllowed
from people.looks import note_looks
from people.organisation.scope import placed_on
from people.organisation.tables import OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.refusals import note_others
from people.roles import Permission, Scope
from people.tables import PersonRow
from storage.session import reading

_FEW = 500  # people who are asked for by id; of more all are read


class AreaView:
    """What `person` sees of an area at a `moment`; `AreaService.open` makes it for whoever may.

    Every method raises `NotAllowed` for a choice of a unit outside the area, and keeps that it was reached for.
    """

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        blocks: KnownBlocks,
        look: Look,
        person: Person,
        moment: datetime,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._blocks = blocks
        self._look = look
        self._person = person
        self._moment = moment
        self._titles: dict[str, str] = {}

    @property
    def whole(self) -> bool:
        """Whether it is the whole municipality, without names."""
        return self._look.area.whole

    @property
    def empty(self) -> bool:
        """Whether there are no units or staff to look at."""
        return not self._look.area.units

    def units(self) -> list[Place]:
        """The units of the area from the top down, titled with the unit above where two have the same title."""
        area = self._look.area
        titles = Counter(unit.title for unit in area.units.values())
        found = []
        for unit_id in downwards(area):
            unit = area.units[unit_id]
            above = area.units.get(unit.parent_id or "")
            title = f"{unit.title} ({above.title})" if above and titles[unit.title] > 1 else unit.title
            found.append(Place(unit_id, title))
        return found

    def courses(self) -> list[Place]:
        """Courses that are assigned to anybody, by title."""
        found = (Place(course_id, self._title(course_id)) for course_id in self._look.standings.courses)
        return sorted(found, key=lambda place: place.title)

    def overview(self, choice: Choice) -> Overview:
        """The figures of the area."""
        look, units = self._look, self._inside(choice)
        chosen = chosen_entries(look, choice, units)
        standings = look.standings
        soon = chosen & expiring_entries(standings, look.area.day)

        def people(which: NDArray[np.bool_]) -> int:
            return len(np.unique(standings.person[which]))

        missing = np.isin(look.state, [STATES.index(one) for one in UNFINISHED])
        return Overview(
            day=look.area.day,
            people=sum(unit in units for unit in look.area.home.values()),
            assigned=people(chosen & (look.state != NONE) & (look.state != STATES.index(State.EXEMPT))),
            missing=people(chosen & missing),
            overdue=people(chosen & (look.state == STATES.index(State.OVERDUE))),
            expiring=people(soon),
            counts=total(look.state[chosen]),
            lines=tuple(unit_lines(look, chosen, choice.unit_id)),
        )

    def months(self, choice: Choice) -> tuple[MonthLine, ...]:
        """The last twelve months."""
        units = self._inside(choice)
        with reading(self._engine) as session:
            return month_lines(session, self._look, choice, units, self._person.id)

    def scores(self, choice: Choice) -> tuple[ScoreLine, ...]:
        """Figures about first tries in months that are over, of groups of at least five."""
        # Of units that are led as a whole, or of the municipality; never of single people elsewhere.
        allowed = self._inside(choice) & self._look.area.led
        with reading(self._engine) as session:
            known = self._blocks.current(session)
        found = []
        for course_id, blocks in known.items():
            if choice.course_id in (None, course_id) and (group := figure(blocks, allowed)) is not None:
                found.append(ScoreLine(self._title(course_id), group.people, group.mean, group.passed))
        return tuple(sorted(found, key=lambda line: line.course_title))

    def missing(self, choice: Choice, count: int | None = None, skip: int = 0) -> tuple[list[Missing], int]:
        """The manager's own staff who are to take a course and have not, the longest overdue first: a page of them (all without
        `count`), and how many there are. That these people are looked at is noted.

        Raises `NotAllowed` for the whole municipality too.
        """
        entries = self._entries(choice, _missing_entries(self._look, choice))
        if count == 0:
            return [], len(entries)
        names = self._names(entries)
        urgent = _most_urgent(self._look, entries, names, self._title)
        chosen = urgent[skip : skip + count] if count is not None else urgent
        part = [_missing(self._look, int(entry), names, self._title) for entry in chosen]
        self._note(part, "missing")
        return part, len(entries)

    def expiring(self, choice: Choice, count: int | None = None, skip: int = 0) -> tuple[list[Expiring], int]:
        """The manager's own staff whose certificates run out within 90 days, the first first; otherwise as `missing`."""
        entries = self._entries(choice, expiring_entries(self._look.standings, self._look.area.day))
        if count == 0:
            return [], len(entries)
        names = self._names(entries)
        found = [_expiring(self._look, int(entry), names, self._title) for entry in entries]
        found.sort(key=lambda one: (one.valid_until, one.name, one.course_title))
        part = found[skip : skip + count] if count is not None else found
        self._note(part, "expiring")
        return part, len(found)

    def coverage(self, choice: Choice) -> list[CoverageLine]:
        """How the units that should have a key person are covered, track by track, the worst first. Nobody is named."""
        inside_it = self._inside(choice)
        area = self._look.area
        units = {key: unit for key, unit in area.units.items() if key in inside_it}
        with reading(self._engine) as session:
            return coverage_of(session, units, choice.course_id, area.day, self._title)

    def note_reach(self, wanted: str) -> None:
        """Keep that a unit outside the area was asked for by its id, its key or its title, as somebody may write them in an
        address; a title may have the unit above in brackets, as in `units`.

        A title that one of her own units has too tells nothing. Who may see all units has reached for nothing.
        """
        if self._person.scope(Permission.SEE_AREA) is Scope.ALL:
            return
        own = self._look.area.units
        titles = {wanted, wanted.rpartition(" (")[0]}
        if titles & {unit.title for unit in own.values()}:
            return
        named = or_(OrgUnitRow.id == wanted, OrgUnitRow.key == wanted, UnitPlacementRow.title.in_(titles))
        found = (
            select(OrgUnitRow.id)
            .join(UnitPlacementRow, UnitPlacementRow.unit_id == OrgUnitRow.id)
            .where(placed_on(self._look.area.day), named)
            .order_by(OrgUnitRow.id)
        )
        with reading(self._engine) as session:
            others = [unit_id for unit_id in session.scalars(found) if unit_id not in own]
            if others:
                self._note_unit(session, others[0])

    def _inside(self, choice: Choice) -> set[str]:
        """The units that are chosen."""
        unit_id, units = choice.unit_id, self._look.area.units
        if unit_id is not None and unit_id not in units:
            with reading(self._engine) as session:
                self._note_unit(session, unit_id)
            raise NotAllowed
        return inside(units, unit_id)

    def _note_unit(self, session: Session, unit_id: str) -> None:
        note_others(session, self._person, "unit", unit_id, select(OrgUnitRow.id).where(OrgUnitRow.id == unit_id))

    def _entries(self, choice: Choice, wanted: NDArray[np.bool_]) -> NDArray[np.intp]:
        """The entries of one's own staff that are wanted; the whole municipality has no names."""
        if self.whole:
            raise NotAllowed
        return np.flatnonzero(chosen_entries(self._look, choice, self._inside(choice)) & wanted)

    def _note(self, seen: Iterable[Missing | Expiring], what: str) -> None:
        note_looks(self._engine, self._person.id, {one.person_id for one in seen}, what, self._moment)

    def _names(self, entries: NDArray[np.intp]) -> dict[str, str]:
        people = people_of(self._look.standings, entries)
        query = select(PersonRow.id, PersonRow.name)
        if len(people) <= _FEW:
            query = query.where(PersonRow.id.in_(people))
        wanted = set(people)
        with reading(self._engine) as session:
            return {person_id: name for person_id, name in session.execute(query) if person_id in wanted}

    def _title(self, course_id: str) -> str:
        if course_id not in self._titles:
            newest = self._courses.newest(course_id)
            self._titles[course_id] = newest.course.title if newest else course_id
        return self._titles[course_id]


def _most_urgent(
    look: Look, entries: NDArray[np.intp], names: dict[str, str], title: Callable[[str], str]
) -> NDArray[np.intp]:
    """The longest overdue first, then by state, name and course. Sorted as columns: a large area has tens of thousands."""
    standings = look.standings
    person, course, state = standings.person[entries], standings.course[entries], look.state[entries]
    due = np.maximum(standings.days["due_on"][entries], standings.days["valid_until"][entries])
    late = np.where(state == STATES.index(State.OVERDUE), look.area.day.toordinal() - due, 0)
    places, back = np.unique(person, return_inverse=True)
    known = np.array([names.get(standings.people[place], "") for place in places])
    by_name = np.unique(known, return_inverse=True)[1][back]
    by_title = np.unique([title(key) for key in standings.courses], return_inverse=True)[1][course]
    by_state = np.array([UNFINISHED.index(one) if one in UNFINISHED else len(UNFINISHED) for one in STATES])[state]
    found: NDArray[np.intp] = entries[np.lexsort((by_title, by_name, by_state, -late))]
    return found


def _missing(look: Look, entry: int, names: dict[str, str], title: Callable[[str], str]) -> Missing:
    person_id, unit, course_id = who(look, entry)
    days = look.standings.days
    due = day_of(max(int(days["due_on"][entry]), int(days["valid_until"][entry])))
    state = STATES[look.state[entry]]
    late = (look.area.day - due).days if due is not None and state is State.OVERDUE else 0
    return Missing(person_id, names.get(person_id, ""), unit, course_id, title(course_id), state, due, late)


def _expiring(look: Look, entry: int, names: dict[str, str], title: Callable[[str], str]) -> Expiring:
    person_id, unit, course_id = who(look, entry)
    until = date.fromordinal(int(look.standings.days["valid_until"][entry]))
    left = (until - look.area.day).days
    return Expiring(person_id, names.get(person_id, ""), unit, course_id, title(course_id), until, left)


def _missing_entries(look: Look, choice: Choice) -> NDArray[np.bool_]:
    wanted = UNFINISHED if choice.state is None else [choice.state]
    return np.isin(look.state, [STATES.index(one) for one in wanted if one in UNFINISHED])
