"""Which of a person's employments each of her rows in a staff file is."""

from collections.abc import Sequence
from dataclasses import dataclass

from people.organisation.staff_known import KnownEmployment
from people.organisation.staff_rows import StaffLine


@dataclass
class Place:
    """An employment as the file has it, and the one it continues, if any. `own` says that the source gave it its key."""

    line: StaffLine
    key: str
    unit_id: str
    own: bool
    primary: bool = False
    before: KnownEmployment | None = None


def match(places: Sequence[Place], mine: Sequence[KnownEmployment], derived: str) -> None:
    """Sets `before` of each place: the employment with its key, or else the one in the same unit that the source gave no key.

    Where the source numbers no employments, and the person has just one of it left and the file just one new, she has moved.
    `derived` is how the keys begin that this source's employments of the person were given here.
    """
    by_key = {one.key: one for one in mine}
    for place in places:
        place.before = by_key.get(place.key)
    free = [one for one in mine if one.id not in {place.before.id for place in places if place.before}]
    for place in places:
        same = [one for one in free if one.unit_id == place.unit_id and one.key.startswith(derived)]
        if place.before is None and same:
            place.before = same[0]
            free.remove(same[0])
    fresh = [place for place in places if place.before is None and not place.own]
    left = [one for one in free if one.key.startswith(derived)]
    if len(fresh) == len(left) == 1:
        fresh[0].before = left[0]


def choose_primary(places: Sequence[Place], mine: Sequence[KnownEmployment]) -> None:
    """Sets `primary` of one place: the one the file says, or that was it before, or the first, unless another source has it."""
    if not places:
        return
    here = {place.before.id for place in places if place.before}
    flagged = [place for place in places if place.line.primary]
    was = [place for place in places if place.before and place.before.primary]
    if flagged or was or not any(one.primary for one in mine if one.id not in here):
        (flagged or was or list(places))[0].primary = True
