"""Which units a person leads, as far as employments tell.

Staff data names a manager for each person and none for a unit. Somebody who works in a unit leads it when she is the manager
of more than half of the others there and the leaders of the units directly below; somebody from elsewhere, when she is the
manager of more than half of those who work there. A colleague who is the manager of one or two gets no more than those, and where
two share a unit evenly neither gets all of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

Managers = dict[str, set[str]]


def leaders(employed: Iterable[tuple[str, str, str | None]], parents: Mapping[str, str | None]) -> set[tuple[str, str]]:
    """Pairs of person and unit that she leads. `employed` are person, unit and manager; `parents` the unit above each one."""
    managers: Managers = defaultdict(set)
    working: dict[str, Managers] = defaultdict(dict)  # by unit: those who work there, and the managers they have there
    below: dict[str, Managers] = defaultdict(dict)  # by unit: the leaders of units below it, and their managers
    for person, unit, manager in employed:
        named = {manager} if manager and manager != person else set()
        managers[person] |= named
        if unit in parents:
            working[unit].setdefault(person, set()).update(named)
    found: set[tuple[str, str]] = set()
    for unit in _deepest_first(parents):
        leading = _leading(working[unit], below[unit])
        found |= {(person, unit) for person in leading}
        parent = parents[unit]
        if parent is not None:
            below[parent] |= {person: managers[person] for person in leading}
    return found


def _leading(working: Managers, below: Managers) -> set[str]:
    return {person for person in _most(below | working) if person in working} | {
        person for person in _most(working) if person not in working
    }


def _most(counting: Managers) -> set[str]:
    """Who is the manager of more than half, herself left out."""
    led = Counter(manager for named in counting.values() for manager in named)
    return {manager for manager, count in led.items() if 2 * count > len(counting) - (manager in counting)}


def _deepest_first(parents: Mapping[str, str | None]) -> list[str]:
    depths: dict[str, int] = {}

    def depth(unit: str) -> int:
        way: list[str] = []
        at: str | None = unit
        while at is not None and at in parents and at not in depths and at not in way:
            way.append(at)
            at = parents[at]
        start = depths.get(at, 0) if at is not None else 0
        for place, one in enumerate(reversed(way), 1):
            depths[one] = start + place
        return depths[unit]

    return sorted(parents, key=depth, reverse=True)
