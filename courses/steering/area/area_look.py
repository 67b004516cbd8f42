"""An area looked at on a day: which entries are chosen, and what they add up to, unit by unit and month by month."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from courses.certification import months_after
from courses.steering.area.area_scope import Area, below_then, history
from courses.steering.area.board import NEVER, Standings
from courses.steering.area.counting import NONE, Counts, counts, finished_then, states
from courses.steering.area.figures import EXPIRES_WITHIN, Choice, MonthLine, UnitLine
from people.organisation.scope import below

MONTHS = 12


@dataclass(frozen=True)
class Look:
    """An area and the standings of its people on a day. `unit` is the place in `units` where each entry counts, -1 for those
    of others; `state` its place in `STATES`."""

    area: Area
    units: tuple[str, ...]
    standings: Standings
    unit: NDArray[np.int64]
    state: NDArray[np.int64]


def look_at(area: Area, standings: Standings) -> Look:
    """An area with the standings of its people."""
    units = tuple(area.units)
    places = {unit: place for place, unit in enumerate(units)}
    home = np.fromiter(
        (places.get(area.home.get(one, ""), -1) for one in standings.people), np.int64, len(standings.people)
    )
    return Look(area, units, standings, home[standings.person], states(standings, area.day))


def chosen_entries(look: Look, choice: Choice, units: set[str]) -> NDArray[np.bool_]:
    """The entries of people of the area that the choice takes in; the state is another matter."""
    wanted = np.array([unit in units for unit in look.units] + [False])  # the last is for -1
    found: NDArray[np.bool_] = wanted[look.unit] & _course(look.standings, choice.course_id)
    return found


def _course(standings: Standings, course_id: str | None) -> NDArray[np.bool_]:
    if course_id is None:
        return np.ones(len(standings.course), bool)
    if course_id not in standings.courses:
        return np.zeros(len(standings.course), bool)
    found: NDArray[np.bool_] = standings.course == standings.courses.index(course_id)
    return found


def expiring_entries(standings: Standings, day: date) -> NDArray[np.bool_]:
    """The entries whose certificate runs out within 90 days."""
    until, today = standings.days["valid_until"], day.toordinal()
    found: NDArray[np.bool_] = (until != NEVER) & (today <= until) & (until <= today + EXPIRES_WITHIN)
    return found


def total(state: NDArray[np.int64]) -> Counts:
    """What states add up to."""
    return counts(np.bincount(state, minlength=NONE + 1)[:NONE])


def unit_lines(look: Look, chosen: NDArray[np.bool_], unit_id: str | None) -> Iterable[UnitLine]:
    """The units right below the one that is chosen, each with all below it, and the people right in it."""
    area = look.area
    size = NONE + 1
    flat = np.bincount(look.unit[chosen] * size + look.state[chosen], minlength=len(look.units) * size)
    own = dict(zip(look.units, flat.reshape(-1, size)[:, :NONE], strict=True))
    top = unit_id
    if top is None and len(area.roots) == 1:
        top = area.roots[0]
    children = area.children(top) if top is not None else area.roots
    if top is not None and own[top].any():
        yield UnitLine(top, area.units[top].title, counts(own[top]), 0, own=True)
    for child in children:
        under = below(area.units, [child])
        total = np.sum([own[one] for one in under], axis=0)
        yield UnitLine(child, area.units[child].title, counts(total), len(under) - 1)


def who(look: Look, entry: int) -> tuple[str, str, str]:
    """The person, the title of the unit and the course of an entry."""
    standings = look.standings
    person_id = standings.people[standings.person[entry]]
    unit = look.area.units[look.units[look.unit[entry]]].title
    return person_id, unit, standings.courses[standings.course[entry]]


def people_of(standings: Standings, entries: NDArray[np.intp]) -> list[str]:
    """The people of some entries, each once."""
    return [standings.people[place] for place in np.unique(standings.person[entries])]


def month_lines(session: Session, look: Look, choice: Choice, units: set[str], viewer: str) -> tuple[MonthLine, ...]:
    """The ends of the last months, and today. People count in the unit they worked in then, also those who have left since;
    people elsewhere whose manager the viewer is count as of today, and she herself never."""
    area, standings = look.area, look.standings
    first = area.day.replace(day=1)
    ends = [*(months_after(first, -back) - timedelta(days=1) for back in range(MONTHS - 2, -1, -1)), area.day]
    past = history(session, ends[0])
    roots = [unit for unit in area.roots if area.whole or unit in area.led]
    tops = [choice.unit_id] if choice.unit_id else roots
    places = {one: place for place, one in enumerate(standings.people)}
    others = [
        places[one] for one, unit in area.home.items() if unit not in area.led and unit in units and one in places
    ]
    names = sorted({unit for _, unit, _, _ in past.employments})
    code = {unit: place for place, unit in enumerate(names)}
    rows = [
        (places[one], code[unit], begun.toordinal(), ended.toordinal())
        for one, unit, begun, ended in past.employments
        if one in places
    ]
    person, unit_code, begun, ended = np.array(rows, np.int64).reshape(-1, 4).T
    of_course = _course(standings, choice.course_id)
    lines = []
    for day in ends:
        then = below_then(past.placements, tops, day)
        wanted = np.array([unit in then for unit in names], bool)
        own = below_then(past.placements, roots, day)
        of_area = np.array([area.whole or unit in own for unit in names], bool)
        here = (begun <= day.toordinal()) & (day.toordinal() <= ended) & of_area[unit_code]
        there = np.zeros(len(standings.people), bool)
        there[person[here]] = wanted[unit_code[here]]  # of several employments the last counts
        if not area.whole:
            there[others] = True
            if viewer in places:
                there[places[viewer]] = False
        assigned, finished = finished_then(standings, day)
        counted = there[standings.person] & of_course
        lines.append(MonthLine(day, int((assigned & counted).sum()), int((finished & counted).sum())))
    return tuple(lines)


def downwards(area: Area) -> list[str]:
    """Units from the top down, each followed by those below it."""
    children: dict[str | None, list[str]] = defaultdict(list)
    for unit in area.units.values():
        children[unit.parent_id if unit.parent_id in area.units else None].append(unit.id)
    found: list[str] = []
    waiting = children[None][::-1]
    while waiting:
        unit_id = waiting.pop()
        found.append(unit_id)
        waiting += children[unit_id][::-1]
    return found
