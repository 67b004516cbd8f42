"""An assignment rule: who is to take a course, by when, and whom it gives the course today."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from courses.errors import InvalidAssignment
from people.roles import Role

MOST_DAYS = 730
NEWCOMERS_DAYS = 30
"""Days that somebody has at least who comes under a rule later than it was made, whatever day it names; nobody is late on
arrival, or the day after."""
NEW_DEADLINE = "Ny frist"
"""Why an assignment ended that another one of the same course took the place of at once."""


@dataclass(frozen=True)
class RuleDraft:
    """Everybody with a role (None is anybody) in a unit and those below it (None is all) is to take a course: within `days` of
    coming under the rule, by the day `due_on`, or without a deadline."""

    course_id: str
    role: Role | None = None
    unit_id: str | None = None
    days: int | None = None
    due_on: date | None = None

    def require_sound(self, today: date) -> None:
        """Raise `InvalidAssignment` where the deadline cannot be kept to."""
        if self.days is not None and self.due_on is not None:
            raise InvalidAssignment("Vælg enten et antal dage eller en bestemt dag som frist.")
        if self.days is not None and not 1 <= self.days <= MOST_DAYS:
            raise InvalidAssignment(f"Fristen kan være fra 1 til {MOST_DAYS} dage.")
        if self.due_on is not None and self.due_on < today:
            raise InvalidAssignment("Fristen er allerede overskredet. Vælg en dag, der kommer.")

    def due(self, came: date, made: date) -> date | None:
        """The deadline of somebody who came under the rule on a day; it was `made` on that day or before."""
        if self.days is not None:
            return came + timedelta(days=self.days)
        if self.due_on is not None and came > made:
            return max(self.due_on, came + timedelta(days=NEWCOMERS_DAYS))
        return self.due_on


@dataclass(frozen=True)
class Standing:
    """What is known of a rule on a day, by person. `live` maps those who have an assignment by the rule to its id; `by_hand` have
    one from a person; from `taken_back` a person has taken the course since the rule was made; `begun` have begun the course or
    finished it; the exemption of `back` has ended since the rule gave them the course."""

    under: Set[str]
    exempt: Set[str]
    live: Mapping[str, str]
    by_hand: Set[str]
    taken_back: Set[str]
    begun: Set[str]
    back: Set[str] = frozenset()

    @property
    def new(self) -> list[str]:
        """The people whom the rule gives the course: what a person has decided is not overruled by it."""
        return sorted(self.under - self.exempt - self.live.keys() - self.by_hand - self.taken_back)

    @property
    def waiting(self) -> list[str]:
        """Ids of the assignments of those who have not begun."""
        return self._not_begun(self.live.keys())

    @property
    def left(self) -> list[str]:
        """Ids of the assignments that end because their people are under the rule no more and have not begun."""
        return self._not_begun(self.live.keys() - self.under)

    @property
    def excused(self) -> list[str]:
        """Ids of the assignments that end because their people are exempt and have not begun."""
        return self._not_begun(self.live.keys() & self.under & self.exempt)

    @property
    def renewed(self) -> dict[str, str]:
        """The assignments of those who kept the course through an exemption because they had begun, by person: the deadline went
        by meanwhile, so they get a new one."""
        return {one: self.live[one] for one in sorted(self.live.keys() & self.under & self.back - self.exempt)}

    def _not_begun(self, people: Set[str]) -> list[str]:
        return sorted(self.live[person_id] for person_id in people - self.begun)
