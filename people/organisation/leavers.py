"""Who leaves by a list of people: employments that end, and people who have none left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import date

from people.organisation.employment_book import EmploymentBook
from people.organisation.staff_known import Known, KnownEmployment
from people.organisation.staff_plan import Outcome, Telling, Writes
from people.organisation.unit_plan import SOURCE as UNIT_SOURCE
from people.roles import Role
from storage.base import now

LEFT = "deaktiveres; historikken bevares"


class Leavers:
    """Ends employments in the book. `left` are the people who lost one; `names` and `titles` are of people and open units."""

    def __init__(
        self,
        known: Known,
        book: EmploymentBook,
        writes: Writes,
        telling: Telling,
        names: Mapping[str, str],
        titles: Mapping[str, str],
    ) -> None:
        self._known, self._book, self._writes, self._telling = known, book, writes, telling
        self._names, self._titles = names, titles
        self._leading: dict[str, list[str]] = defaultdict(list)  # grants that a list of units gave
        for grant, row_id in known.grants.items():
            if grant.role == Role.MANAGER.value and grant.source == UNIT_SOURCE:
                self._leading[grant.person_id].append(row_id)
        self._missed: set[str] = set()  # people of whom a complete file lacks an employment
        self.left: set[str] = set()

    def end(self, place: KnownEmployment, last: date | None) -> None:
        """The employment's last day is `last`, or yesterday."""
        self._book.end(place, last)
        self.left.add(place.person_id)

    def end_missing(self, before: Iterable[KnownEmployment], kept: Set[str], doubtful: Set[str]) -> None:
        """Ends those of `before` that a complete file does not have (`kept` are the ids of those that it has), except of people
        whom refused rows may be about."""
        for place in before:
            there = any(place.id == one.id for one in self._book.of(place.person_id))
            if there and place.id not in kept and place.person_id not in doubtful:
                self.end(place, None)
                self._missed.add(place.person_id)

    def settle(self, lines: Mapping[str, int], gone: Mapping[str, date | None]) -> None:
        """Who has no employment left is deactivated; who has, gets another primary one where it was that which ended.

        `lines` tells where in the file people are; `gone` are others to look at, with the last day that they are known to have
        had.
        """
        for person_id in sorted({*self.left, *gone}, key=lambda one: (self._names[one], one)):
            if not self._book.of(person_id):
                self._leave(person_id, lines.get(person_id), gone.get(person_id))
            elif person_id in self.left:
                self._stay(person_id, lines.get(person_id))

    def _leave(self, person_id: str, line: int | None, last: date | None) -> None:
        if self._known.people[person_id].active:
            self._writes.change("person", person_id, active=False, deactivated_at=now())
            told = f"ansættelsen sluttede {last:%d-%m-%Y}; {LEFT}" if last else LEFT
            self._telling.tell(line, Outcome.LEFT, self._names[person_id], told, "active")
        self.left.add(person_id)
        for row_id in self._leading[person_id]:
            self._writes.remove("role_grant", row_id)

    def _stay(self, person_id: str, line: int | None) -> None:
        places = self._book.of(person_id)
        if not any(place.primary for place in places):
            self._book.change(places[0], primary=True)
            unit = self._titles.get(places[0].unit_id)
            if unit and self._known.people[person_id].unit != unit:
                self._writes.change("person", person_id, unit=unit)
        if line is None or person_id in self._missed:
            self._telling.tell(None, Outcome.CHANGED, self._names[person_id], "en ansættelse er slut", "employment")
