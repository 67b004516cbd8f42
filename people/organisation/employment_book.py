"""The employments that people have while an import is planned; each change is written down as rows, with history kept."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from people.organisation.staff_known import Known, KnownEmployment
from people.organisation.staff_plan import Writes
from storage.base import new_id

IN_PLACE = {"key", "primary", "valid_to"}  # what may change without ending a row, for it tells nothing of who led whom


class EmploymentBook:
    """Open employments by person. `day` is that of the import: what changes does so from that day on."""

    def __init__(self, known: Known, writes: Writes, day: date) -> None:
        self._writes, self._day = writes, day
        self._ended = known.ended
        self._open: dict[str, dict[str, KnownEmployment]] = defaultdict(dict)
        for place in known.employments.values():
            self._open[place.person_id][place.id] = place

    def of(self, person_id: str) -> list[KnownEmployment]:
        """What the person has now, the first begun first."""
        return sorted(self._open[person_id].values(), key=lambda place: place.valid_from)

    def everybody(self) -> Iterator[KnownEmployment]:
        """All that have not ended."""
        for places in self._open.values():
            yield from places.values()

    def add(self, since: date | None, **values: Any) -> None:
        """A new employment, from the day its source tells; one whose key was used before begins after that."""
        before = self._ended.get(values["key"])
        begins = since if since and (before is None or since > before) else self._day
        place = KnownEmployment(id=new_id(), valid_from=begins, **values)
        self._writes.add("employment", **vars(place))
        self._open[place.person_id][place.id] = place

    def change(self, place: KnownEmployment, **values: Any) -> None:
        """New values from today: what somebody's unit, title or manager was stays true for its time."""
        if values.keys() <= IN_PLACE or place.valid_from >= self._day:
            self._writes.change("employment", place.id, **values)
            self._open[place.person_id][place.id] = replace(place, **values)
            return
        self._writes.change("employment", place.id, valid_to=self._day - timedelta(days=1))
        del self._open[place.person_id][place.id]
        after = replace(place, id=new_id(), valid_from=self._day, **values)
        self._writes.add("employment", **vars(after))
        self._open[after.person_id][after.id] = after

    def end(self, place: KnownEmployment, last: date | None = None) -> None:
        """Its last day is `last`, or yesterday; one that had not begun then is taken away."""
        yesterday = self._day - timedelta(days=1)
        last = min(last or yesterday, yesterday)
        if place.valid_from > last:
            self._writes.remove("employment", place.id)
        else:
            self._writes.change("employment", place.id, valid_to=last)
        del self._open[place.person_id][place.id]
