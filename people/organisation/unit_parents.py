"""The unit above each unit of a list, found by key or by name; what has none, or lies under itself, is refused."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from people.organisation.staff_known import Known
from people.organisation.staff_rows import RefusedRow, RowRefused, UnitLine

UNKNOWN = "Enheden ovenover findes hverken i filen eller i organisationen."
MANY = "Flere enheder hedder det samme som enheden ovenover. Skriv dens nøgle."
RING = "Enheden ligger under sig selv. Ret enhederne ovenover."

Parents = dict[str, str | None]


def parents_of(
    lines: Sequence[UnitLine], ids: Mapping[int, str], known: Known
) -> tuple[list[UnitLine], Parents, list[RefusedRow]]:
    """The lines that can be placed, the unit above each by id, and the lines that were refused.

    `ids` are the units of the lines, by line. What is new and lies under something refused is refused with it.
    """
    kept, refused = list(lines), list[RefusedRow]()
    while True:
        above, reasons = _found(kept, ids, known)
        if not reasons:
            reasons = {line.line: RING for line in _in_rings(kept, ids, known, above)}
        if not reasons:
            return kept, above, refused
        refused += [RefusedRow(one.line, one.title, reasons[one.line]) for one in kept if one.line in reasons]
        kept = [line for line in kept if line.line not in reasons]


def way_up(unit_id: str, above: Mapping[str, str | None]) -> Iterator[str]:
    """The unit and those above it, nearest first, each once."""
    seen: set[str] = set()
    at: str | None = unit_id
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        at = above.get(at)


def _found(lines: Sequence[UnitLine], ids: Mapping[int, str], known: Known) -> tuple[Parents, dict[int, str]]:
    by_key = {unit.key.casefold(): {unit.id} for unit in known.units.values() if unit.id in known.placements}
    in_file: dict[str, set[str]] = defaultdict(set)
    stored: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.key:
            by_key[line.key.casefold()] = {ids[line.line]}
        in_file[line.title.casefold()].add(ids[line.line])
    for place in known.placements.values():
        stored[place.title.casefold()].add(place.unit_id)
    above: Parents = {}
    reasons: dict[int, str] = {}
    for line in lines:
        own, text = ids[line.line], line.parent.casefold()
        try:
            parent = _one(by_key.get(text) or in_file.get(text) or stored.get(text)) if text else None
            above[own] = None if parent == own else parent  # some systems let the top point at itself
        except RowRefused as error:
            reasons[line.line] = str(error)
    return above, reasons


def _one(found: set[str] | None) -> str:
    if not found:
        raise RowRefused(UNKNOWN)
    if len(found) > 1:
        raise RowRefused(MANY)
    return next(iter(found))


def _in_rings(lines: Sequence[UnitLine], ids: Mapping[int, str], known: Known, above: Parents) -> list[UnitLine]:
    whole = {unit_id: place.parent_id for unit_id, place in known.placements.items()} | above

    def in_ring(unit_id: str) -> bool:
        parent = whole.get(unit_id)
        return parent is not None and unit_id in way_up(parent, whole)

    return [line for line in lines if in_ring(ids[line.line])]
