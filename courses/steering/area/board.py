"""All standings in memory as days in columns, so that a whole municipality is counted in milliseconds.

Only courses in which something has changed are read again: `course_standing.revision` tells.
"""

import threading
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.steering.area.tables import CourseStandingRow

Days = NDArray[np.int32]
FAR = 10_000_000  # a day that never comes, as an ordinal
NEVER = 0  # a day before all others
COLUMNS = {
    "assigned_on": FAR,
    "assigned_to": FAR,
    "due_on": NEVER,
    "exempt_from": FAR,
    "exempt_to": FAR,
    "begun_on": FAR,
    "first_on": FAR,
    "finished_on": FAR,
    "valid_until": NEVER,
}
"""Columns of days, each with what an empty one is read as."""


@dataclass(frozen=True)
class Standings:
    """One entry a person and course. `person` and `course` are places in `people` and `courses`; `days` has a row of
    ordinals for each of `COLUMNS`."""

    people: tuple[str, ...]
    courses: tuple[str, ...]
    person: NDArray[np.int64]
    course: NDArray[np.int64]
    days: dict[str, Days]


@dataclass(frozen=True)
class _Course:
    """The entries of a course; `fingerprint` is the newest revision among them, and how many there are."""

    fingerprint: tuple[int, int]
    person: NDArray[np.int64]
    days: Days

    def with_rows(self, person: NDArray[np.int64], days: Days, fingerprint: tuple[int, int]) -> "_Course":
        """With these entries in the place of those of the same people, and after the others where there were none."""
        order = np.argsort(self.person)
        found = np.searchsorted(self.person, person, sorter=order)
        at = order[np.minimum(found, len(order) - 1)] if len(order) else np.zeros(len(person), np.int64)
        there = self.person[at] == person if len(order) else np.zeros(len(person), bool)
        kept = self.days.copy()
        kept[:, at[there]] = days[:, there]
        return _Course(
            fingerprint,
            np.concatenate([self.person, person[~there]]),
            np.concatenate([kept, days[:, ~there]], axis=1),
        )


class Board:
    """Standings of the database, read when they have changed. One a process; safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: dict[str, int] = {}
        self._courses: dict[str, _Course] = {}
        self._standings: Standings | None = None

    def current(self, session: Session) -> Standings:
        """All standings as they are now."""
        with self._lock:
            query = select(CourseStandingRow.course_id, func.max(CourseStandingRow.revision), func.count())
            found = {
                course: (revision, count)
                for course, revision, count in session.execute(query.group_by(CourseStandingRow.course_id))
            }
            stale = [
                course
                for course, print_ in found.items()
                if course not in self._courses or self._courses[course].fingerprint != print_
            ]
            if self._standings is None or stale or found.keys() != self._courses.keys():
                kept = {course: self._courses[course] for course in found if course not in stale}
                self._courses = kept | {course: self._read(session, course, found[course]) for course in stale}
                self._standings = self._joined()
            return self._standings

    def _read(self, session: Session, course_id: str, fingerprint: tuple[int, int]) -> _Course:
        """What has changed in a course since it was read; all of it where rows are gone, or it was never read."""
        known = self._courses.get(course_id)
        if known is not None:
            course = known.with_rows(*self._rows(session, course_id, known.fingerprint[0]), fingerprint)
            if len(course.person) == fingerprint[1]:
                return course
        return _Course(fingerprint, *self._rows(session, course_id, None))

    def _rows(self, session: Session, course_id: str, since: int | None) -> tuple[NDArray[np.int64], Days]:
        """People and days of a course, of a later revision than `since`."""
        columns = [getattr(CourseStandingRow, name) for name in COLUMNS]
        query = select(CourseStandingRow.person_id, *columns).where(CourseStandingRow.course_id == course_id)
        if since is not None:
            query = query.where(CourseStandingRow.revision > since)
        rows = session.execute(query).all()
        person = np.fromiter(
            (self._places.setdefault(row[0], len(self._places)) for row in rows), np.int64, count=len(rows)
        )
        days = np.empty((len(COLUMNS), len(rows)), np.int32)
        for place, empty in enumerate(COLUMNS.values()):
            values = (empty if row[place + 1] is None else row[place + 1].toordinal() for row in rows)
            days[place] = np.fromiter(values, np.int32, count=len(rows))
        return person, days

    def _joined(self) -> Standings:
        courses = tuple(sorted(self._courses))
        parts = [self._courses[course] for course in courses]
        lengths = [len(part.person) for part in parts]
        days = np.concatenate([part.days for part in parts], axis=1) if parts else np.empty((len(COLUMNS), 0), np.int32)
        return Standings(
            tuple(self._places),
            courses,
            np.concatenate([part.person for part in parts]) if parts else np.empty(0, np.int64),
            np.repeat(np.arange(len(courses)), lengths),
            {name: days[place] for place, name in enumerate(COLUMNS)},
        )


def day_of(ordinal: int) -> date | None:
    """The day of an ordinal; None for one that is empty."""
    return None if ordinal in (FAR, NEVER) else date.fromordinal(ordinal)
