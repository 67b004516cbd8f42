"""Use cases of the manager's view: how far one's own units have come, who is missing what, and whose certificate runs out.

A manager sees names of her own staff and never a score; whoever sees the whole municipality sees counts and no names. Each is
checked here on every call, and looking at somebody by name is noted, once a day.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.certificate_register import danish_day
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
from courses.steering.area.area_scope import Area, area_of, inside
from courses.steering.area.board import Board, Standings, day_of
from courses.steering.area.counting import NONE, STATES, states
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
from courses.steering.area.looks import note_looks
from courses.steering.area.scores import KnownBlocks, close_months
from courses.steering.area.standing import State
from courses.steering.area.standing_service import StandingService
from courses.steering.suppression import figure
from people.errors import NotAllowed
from people.organisation.tables import OrgUnitRow
from people.person import Person
from people.refusals import note_others
from people.roles import Permission, Scope
from people.tables import PersonRow
from storage.base import now
from storage.session import one_at_a_time, reading, transaction

OPEN = (State.OVERDUE, State.NOT_STARTED, State.UNDER_WAY)
_FEW = 500  # people who are asked for by id; of more all are read


class AreaService:
    """Areas in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        standings: StandingService,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._standings = standings
        self._clock = clock
        self._board = Board()
        self._blocks = KnownBlocks()

    def _today(self) -> date:
        return danish_day(self._clock())

    def close_months(self) -> int:
        """Make the figures about scores of every month that is over; how many months were new. For the daily round."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            return close_months(session, self._courses, self._today())

    # --- what there is to choose ----------------------------------------------------------------------------------

    def leads(self, person: Person) -> bool:
        """Whether the person has staff or units of her own to look at."""
        person.require(Permission.SEE_AREA)
        with reading(self._engine) as session:
            area = area_of(session, person.id, self._today(), whole=False)
        return bool(area.units or area.home)

    def units(self, person: Person, *, whole: bool = False) -> list[Place]:
        """The units of the area from the top down, titled with the unit above where two have the same title."""
        with reading(self._engine) as session:
            area = self._area(session, person, whole=whole)
        titles = [unit.title for unit in area.units.values()]
        found = []
        for unit_id in downwards(area):
            unit = area.units[unit_id]
            above = area.units.get(unit.parent_id or "")
            title = f"{unit.title} ({above.title})" if above and titles.count(unit.title) > 1 else unit.title
            found.append(Place(unit_id, title))
        return found

    def courses(self, person: Person) -> list[Place]:
        """Courses that are assigned to anybody, by title."""
        person.require(Permission.SEE_AREA)
        with reading(self._engine) as session:
            found = self._board.current(session).courses
        return sorted((Place(key, self._title(key)) for key in found), key=lambda place: place.title)

    # --- figures --------------------------------------------------------------------------------------------------

    def overview(self, person: Person, choice: Choice) -> Overview:
        """The figures of an area today. Raises `NotAllowed` for a unit outside it, and keeps that it was reached for."""
        person.require(Permission.SEE_AREA)
        self._standings.refresh()
        with reading(self._engine) as session:
            look = self._look(session, person, choice)
            units = inside(look.area.units, choice.unit_id)
        chosen = chosen_entries(look, choice, units)
        standings = look.standings
        soon = chosen & expiring_entries(standings, look.area.day)

        def people(which: NDArray[np.bool_]) -> int:
            return len(np.unique(standings.person[which]))

        missing = np.isin(look.state, [STATES.index(one) for one in OPEN])
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

    def months(self, person: Person, choice: Choice) -> tuple[MonthLine, ...]:
        """The last twelve months, as of the last refresh: whoever shows them has called `overview`. Raises as that does."""
        person.require(Permission.SEE_AREA)
        with reading(self._engine) as session:
            look = self._look(session, person, choice)
            return month_lines(session, look, choice, inside(look.area.units, choice.unit_id), person.id)

    def scores(self, person: Person, choice: Choice) -> tuple[ScoreLine, ...]:
        """Figures about first tries in months that are over, of groups of at least five. Raises as `overview` does."""
        person.require(Permission.SEE_AREA)
        with reading(self._engine) as session:
            area = self._area(session, person, whole=choice.whole)
            _require_inside(session, person, area, choice)
            known = self._blocks.current(session)
        # Of units that are led as a whole, or of the municipality; never of single people elsewhere.
        allowed = inside(area.units, choice.unit_id) & area.led
        found = []
        for course_id, blocks in known.items():
            if choice.course_id in (None, course_id) and (group := figure(blocks, allowed)) is not None:
                found.append(ScoreLine(self._title(course_id), group.people, group.mean, group.passed))
        return tuple(sorted(found, key=lambda line: line.course_title))

    def missing(
        self, person: Person, choice: Choice, count: int | None = None, skip: int = 0
    ) -> tuple[list[Missing], int]:
        """The manager's own staff who are to take a course and have not, the longest overdue first: a page of them (all without
        `count`), and how many there are. That these people are looked at is noted.

        Raises `NotAllowed` for the whole municipality and for a unit outside the area.
        """
        person.require(Permission.SEE_AREA)
        self._standings.refresh()
        with reading(self._engine) as session:
            look, entries = self._entries(session, person, choice, _is_missing)
            if count == 0:
                return [], len(entries)
            names = _names(session, people_of(look.standings, entries))
        titles = self._titles(look.standings)
        urgent = _most_urgent(look, entries, names, titles)
        chosen = urgent[skip : skip + count] if count is not None else urgent
        part = [_missing(look, int(entry), names, titles) for entry in chosen]
        self._note(person, part, "missing")
        return part, len(entries)

    def expiring(
        self, person: Person, choice: Choice, count: int | None = None, skip: int = 0
    ) -> tuple[list[Expiring], int]:
        """The manager's own staff whose certificates run out within 90 days, the first first; otherwise as `missing`."""
        person.require(Permission.SEE_AREA)
        self._standings.refresh()
        with reading(self._engine) as session:
            look, entries = self._entries(session, person, choice, _is_expiring)
            names = _names(session, people_of(look.standings, entries))
        titles = self._titles(look.standings)
        found = [_expiring(look, int(entry), names, titles) for entry in entries]
        found.sort(key=lambda one: (one.valid_until, one.name, one.course_title))
        part = found[skip : skip + count] if count is not None else found
        self._note(person, part, "expiring")
        return part, len(found)

    def coverage(self, person: Person, choice: Choice) -> list[CoverageLine]:
        """How the units that should have a key person are covered, track by track, the worst first. Nobody is named."""
        person.require(Permission.SEE_AREA)
        self._standings.refresh()
        with reading(self._engine) as session:
            area = self._area(session, person, whole=choice.whole)
            _require_inside(session, person, area, choice)
            units = {key: area.units[key] for key in inside(area.units, choice.unit_id)}
            return coverage_of(session, units, choice.course_id, area.day, self._title)

    # --- how ------------------------------------------------------------------------------------------------------

    def _area(self, session: Session, person: Person, *, whole: bool) -> Area:
        person.require(Permission.SEE_AREA)
        if whole and person.scope(Permission.SEE_AREA) is not Scope.ALL:
            raise NotAllowed
        return area_of(session, person.id, self._today(), whole=whole)

    def _look(self, session: Session, person: Person, choice: Choice) -> Look:
        area = self._area(session, person, whole=choice.whole)
        _require_inside(session, person, area, choice)
        standings = self._board.current(session)
        units = tuple(area.units)
        places = {unit: place for place, unit in enumerate(units)}
        home = np.fromiter(
            (places.get(area.home.get(one, ""), -1) for one in standings.people), np.int64, len(standings.people)
        )
        return Look(area, units, standings, home[standings.person], states(standings, area.day))

    def _entries(
        self, session: Session, person: Person, choice: Choice, wanted: Callable[[Look, Choice], NDArray[np.bool_]]
    ) -> tuple[Look, NDArray[np.intp]]:
        """The entries of one's own staff that are wanted; the whole municipality has no names."""
        if choice.whole:
            raise NotAllowed
        look = self._look(session, person, choice)
        which = chosen_entries(look, choice, inside(look.area.units, choice.unit_id))
        return look, np.flatnonzero(which & wanted(look, choice))

    def _note(self, person: Person, seen: Iterable[Missing | Expiring], what: str) -> None:
        note_looks(self._engine, person.id, {one.person_id for one in seen}, what, self._clock())

    def _title(self, course_id: str) -> str:
        newest = self._courses.newest(course_id)
        return newest.course.title if newest else course_id

    def _titles(self, standings: Standings) -> dict[str, str]:
        return {course_id: self._title(course_id) for course_id in standings.courses}


def _require_inside(session: Session, person: Person, area: Area, choice: Choice) -> None:
    if choice.unit_id is not None and choice.unit_id not in area.units:
        note_others(
            session, person, "unit", choice.unit_id, select(OrgUnitRow.id).where(OrgUnitRow.id == choice.unit_id)
        )
        raise NotAllowed


def _most_urgent(
    look: Look, entries: NDArray[np.intp], names: dict[str, str], titles: dict[str, str]
) -> NDArray[np.intp]:
    """The longest overdue first, then by state, name and course. Sorted as columns: a large area has tens of thousands."""
    standings = look.standings
    person, course, state = standings.person[entries], standings.course[entries], look.state[entries]
    due = np.maximum(standings.days["due_on"][entries], standings.days["valid_until"][entries])
    late = np.where(state == STATES.index(State.OVERDUE), look.area.day.toordinal() - due, 0)
    places, back = np.unique(person, return_inverse=True)
    known = np.array([names.get(standings.people[place], "") for place in places])
    by_name = np.unique(known, return_inverse=True)[1][back]
    by_title = np.unique([titles[key] for key in standings.courses], return_inverse=True)[1][course]
    by_state = np.array([OPEN.index(one) if one in OPEN else len(OPEN) for one in STATES])[state]
    found: NDArray[np.intp] = entries[np.lexsort((by_title, by_name, by_state, -late))]
    return found


def _missing(look: Look, entry: int, names: dict[str, str], titles: dict[str, str]) -> Missing:
    person_id, unit, course_id = who(look, entry)
    days = look.standings.days
    due = day_of(max(int(days["due_on"][entry]), int(days["valid_until"][entry])))
    state = STATES[look.state[entry]]
    late = (look.area.day - due).days if due is not None and state is State.OVERDUE else 0
    return Missing(person_id, names.get(person_id, ""), unit, course_id, titles[course_id], state, due, late)


def _expiring(look: Look, entry: int, names: dict[str, str], titles: dict[str, str]) -> Expiring:
    person_id, unit, course_id = who(look, entry)
    until = date.fromordinal(int(look.standings.days["valid_until"][entry]))
    left = (until - look.area.day).days
    return Expiring(person_id, names.get(person_id, ""), unit, course_id, titles[course_id], until, left)


def _is_missing(look: Look, choice: Choice) -> NDArray[np.bool_]:
    wanted = OPEN if choice.state is None else [choice.state]
    return np.isin(look.state, [STATES.index(one) for one in wanted if one in OPEN])


def _is_expiring(look: Look, _choice: Choice) -> NDArray[np.bool_]:
    return expiring_entries(look.standings, look.area.day)


def _names(session: Session, people: Sequence[str]) -> dict[str, str]:
    query = select(PersonRow.id, PersonRow.name)
    if len(people) <= _FEW:
        query = query.where(PersonRow.id.in_(people))
    wanted = set(people)
    return {person_id: name for person_id, name in session.execute(query) if person_id in wanted}
