"""How a person stands in a course on a day: the rules, without the rows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """How far somebody is with a course that she has to take. Exempt people are neither missing nor overdue."""

    OVERDUE = "overdue"
    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    EXEMPT = "exempt"

    @property
    def danish(self) -> str:
        """Name of the state as shown to people."""
        return _DANISH[self]


UNFINISHED = (State.OVERDUE, State.NOT_STARTED, State.UNDER_WAY)
"""The states of whoever is still to finish, the most urgent first."""

_DANISH = {
    State.OVERDUE: "Over fristen",
    State.NOT_STARTED: "Ikke begyndt",
    State.UNDER_WAY: "I gang",
    State.FINISHED: "Gennemført",
    State.EXEMPT: "Fritaget",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a person and a course; see `CourseStandingRow`."""

    assigned_on: date | None = None
    assigned_to: date | None = None
    due_on: date | None = None
    exempt_from: date | None = None
    exempt_to: date | None = None
    cycle: int | None = None
    version_id: str | None = None
    begun_on: date | None = None
    first_on: date | None = None
    finished_on: date | None = None
    valid_until: date | None = None

    def assigned(self, day: date) -> bool:
        """Whether she has to take the course on `day`."""
        return (
            self.assigned_on is not None
            and self.assigned_on <= day
            and (self.assigned_to is None or day < self.assigned_to)
        )

    def exempt(self, day: date) -> bool:
        """Whether she need not take it on `day`."""
        return (
            self.exempt_from is not None
            and self.exempt_from <= day
            and (self.exempt_to is None or day <= self.exempt_to)
        )

    def done(self, day: date) -> bool:
        """Whether she has passed, and no certificate has run out since."""
        if self.valid_until is not None and (self.finished_on is None or self.finished_on <= self.valid_until):
            return day <= self.valid_until
        return self.finished_on is not None

    @property
    def due(self) -> date | None:
        """The last day by which she is to have it, again where a certificate runs out."""
        return max((day for day in (self.due_on, self.valid_until) if day is not None), default=None)

    def state(self, day: date) -> State | None:
        """Where she is on `day`; None when she does not have to take the course. She is exempt also where a rule has taken back,
        or never given, what she need not take."""
        if self.exempt(day):
            return State.EXEMPT
        if not self.assigned(day):
            return None
        if self.done(day):
            return State.FINISHED
        if self.due is not None and self.due < day:
            return State.OVERDUE
        return State.NOT_STARTED if self.begun_on is None else State.UNDER_WAY
