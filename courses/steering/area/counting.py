"""Counts of standings on a day: the rules of `standing` on whole columns."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from courses.steering.area.board import FAR, NEVER, Standings
from courses.steering.area.standing import State

STATES = tuple(State)
NONE = len(STATES)  # the code of somebody who does not have to take the course


@dataclass(frozen=True, slots=True)
class Counts:
    """How many assignments are in each state. Exempt ones are beside the others."""

    overdue: int = 0
    not_started: int = 0
    under_way: int = 0
    finished: int = 0
    exempt: int = 0

    @property
    def assigned(self) -> int:
        """All that are to be finished."""
        return self.overdue + self.not_started + self.under_way + self.finished

    @property
    def missing(self) -> int:
        """Those that are not finished."""
        return self.assigned - self.finished

    @property
    def share(self) -> float | None:
        """The share that is finished, 0..1; None where nothing is assigned."""
        return self.finished / self.assigned if self.assigned else None

    def of(self, state: State) -> int:
        """The count of a state."""
        return int(getattr(self, state.value))


def states(standings: Standings, day: date) -> NDArray[np.int64]:
    """The place in `STATES` of each entry on `day`; `NONE` where the course is not to be taken."""
    today, days = day.toordinal(), standings.days
    assigned = (days["assigned_on"] <= today) & (today < days["assigned_to"])
    exempt = (days["exempt_from"] <= today) & (today <= days["exempt_to"])
    due = np.maximum(days["due_on"], days["valid_until"])
    overdue = (due != NEVER) & (due < today)
    rules = [exempt, ~assigned, done(standings, day), overdue, days["begun_on"] == FAR]
    known = (State.FINISHED, State.OVERDUE, State.NOT_STARTED)
    found = [STATES.index(State.EXEMPT), NONE, *(STATES.index(one) for one in known)]
    return np.select(rules, found, STATES.index(State.UNDER_WAY))


def done(standings: Standings, day: date) -> NDArray[np.bool_]:
    """Whether each is passed, and no certificate has run out since."""
    days = standings.days
    finished, until = days["finished_on"], days["valid_until"]
    by_certificate = (until != NEVER) & ((finished == FAR) | (finished <= until))
    return np.where(by_certificate, day.toordinal() <= until, finished != FAR)


def finished_then(standings: Standings, day: date) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which entries were assigned to people who were not exempt on an earlier `day`, and which of them were passed by then.

    A certificate that ran out counts to its last day. That one ran out and was renewed later is not known here.
    """
    then, days = day.toordinal(), standings.days
    exempt = (days["exempt_from"] <= then) & (then <= days["exempt_to"])
    assigned = (days["assigned_on"] <= then) & (then < days["assigned_to"]) & ~exempt
    until, again = days["valid_until"], days["finished_on"]
    lapsed = (until != NEVER) & (until < then) & ~((again != FAR) & (until < again) & (again <= then))
    return assigned, assigned & (days["first_on"] <= then) & ~lapsed


def counts(row: NDArray[np.int64]) -> Counts:
    """Counts from numbers in the order of `STATES`."""
    return Counts(**{state.value: int(number) for state, number in zip(STATES, row, strict=True)})
