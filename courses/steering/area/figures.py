"""What the manager's view shows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from courses.steering.area.counting import Counts
from courses.steering.area.standing import State

EXPIRES_WITHIN = 90  # days


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at: one course or all (None), one unit with those below it or the whole area (None), and one state of
    those missing or all (None)."""

    course_id: str | None = None
    unit_id: str | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit and all below it. `own` are only the people right in the unit, where units below it have lines of their own."""

    unit_id: str
    title: str
    counts: Counts
    below: int
    own: bool = False


@dataclass(frozen=True, slots=True)
class MonthLine:
    """How many assignments there were at the end of a month (today in the last one), and how many were finished."""

    day: date
    assigned: int
    finished: int


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Figures about the first tries in a course of at least five people, taken when a month was over; shares 0..1."""

    course_title: str
    people: int
    mean: float
    passed: float


@dataclass(frozen=True, slots=True)
class Overview:
    """An area on a day. `people` are all who work there; the next figures are people too: who has something assigned, who is
    missing something, who is overdue, and whose certificate runs out within 90 days. `counts` are assignments."""

    day: date
    people: int
    assigned: int
    missing: int
    overdue: int
    expiring: int
    counts: Counts
    lines: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """A person who is to take a course and has not. `due` is the last day, None without one."""

    person_id: str
    name: str
    unit: str
    course_id: str
    course_title: str
    state: State
    due: date | None
    days: int

    @property
    def key(self) -> tuple[str, str]:
        """Ids of person and course."""
        return self.person_id, self.course_id


@dataclass(frozen=True, slots=True)
class Expiring:
    """A person whose certificate runs out within 90 days."""

    person_id: str
    name: str
    unit: str
    course_id: str
    course_title: str
    valid_until: date
    days: int


class Cover(StrEnum):
    """Whether a unit has a certified key person for a track, the worst first."""

    NOBODY = "nobody"
    NOT_CERTIFIED = "not_certified"
    EXPIRES = "expires"
    COVERED = "covered"

    @property
    def danish(self) -> str:
        """Name as shown to people."""
        return {
            "nobody": "Ingen nøgleperson",
            "not_certified": "Mangler bevis",
            "expires": "Udløber inden 90 dage",
            "covered": "Dækket",
        }[self.value]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How a unit is covered in a track; `until` is the last day of the certificate, `deputy` whether somebody stands in."""

    unit: str
    course_title: str
    cover: Cover
    until: date | None
    deputy: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or course to choose among, by its title."""

    id: str
    title: str
