"""Who is to be told what today, read in a handful of queries whatever the number of people."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from courses.steering.area.standing import Standing
from courses.steering.area.tables import CourseStandingRow
from courses.steering.reminder_occasion import (
    CURRENT_DAYS,
    EXPIRES_DAYS,
    SOON_DAYS,
    VERY_LATE_DAYS,
    Occasion,
    Told,
    due_today,
)
from courses.steering.tables import ReminderRow
from courses.tables import AssignmentRow, CertificationPeriodRow
from people.organisation.tables import MailChoiceRow
from people.tables import PersonRow
from rag.calendar import COPENHAGEN
from storage.calendar import danish_day

QUIET_DAYS = 6  # more than there are between two working days
REMEMBERED_DAYS = 90  # longer than any occasion is current
FIELDS = tuple(Standing.__dataclass_fields__)
Pair = tuple[str, str]
"""Ids of a person and a course."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder that is to go to a person today. `address` is None where none is known, and then nothing goes."""

    person_id: str
    name: str
    address: str | None
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """A course as it is offered now: its title, and whether it gives certificates."""

    title: str
    certifies: bool


def planned(session: Session, offers: Mapping[str, Offer], day: date) -> list[Planned]:
    """The reminders of a day, one a person, without what was told before and what people do not want to hear."""
    facts = Facts.read(session, offers, day)
    known = _told(session, day)
    people: dict[str, tuple[str, str | None]] = {}
    told: dict[str, list[Told]] = defaultdict(list)
    for person_id, name, address, course_id, standing in _candidates(session, list(offers), day):
        one = facts.due(person_id, course_id, standing)
        if one is not None and (person_id, course_id, one.occasion, one.about) not in known:
            people[person_id] = (name, address)
            told[person_id].append(one)
    return [
        Planned(person_id, *people[person_id], tuple(sorted(told[person_id], key=lambda one: (one.about, one.title))))
        for person_id in sorted(told)
    ]


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides beside her standing whether a person is told of a course on a day."""

    offers: Mapping[str, Offer]
    day: date
    newly: Mapping[Pair, date]
    opening: Mapping[Pair, Mapping[date | None, date]]
    unwanted: Mapping[str, set[str]]

    @classmethod
    def read(cls, session: Session, offers: Mapping[str, Offer], day: date) -> "Facts":
        """The facts of a day."""
        return cls(offers, day, _newly_assigned(session, day), _opening(session, day), unwanted_kinds(session))

    def due(self, person_id: str, course_id: str, standing: Standing) -> Told | None:
        """What the person is to be told of the course, told before or not; None when nothing, or when she does not want it."""
        offer = self.offers.get(course_id)
        if offer is None:
            return None
        pair = (person_id, course_id)
        opens_on = self.opening.get(pair, {}).get(standing.valid_until) if offer.certifies else None
        one = due_today(course_id, offer.title, standing, self.day, newly_on=self.newly.get(pair), opens_on=opens_on)
        return None if one is None or one.occasion.kind in self.unwanted.get(person_id, ()) else one


def unwanted_kinds(session: Session) -> dict[str, set[str]]:
    """The kinds of mail that people have chosen away, by person."""
    found: dict[str, set[str]] = defaultdict(set)
    for person_id, kind in session.execute(select(MailChoiceRow.person_id, MailChoiceRow.kind)):
        found[person_id].add(kind)
    return found


def standing_of(row: CourseStandingRow) -> Standing:
    """The standing that a row keeps ready."""
    return Standing(*(getattr(row, name) for name in FIELDS))


def _candidates(session: Session, courses: list[str], day: date) -> list[tuple[str, str, str | None, str, Standing]]:
    """Active people and courses for which there may be something to tell: person, name, address, course, standing."""
    row, assignment, period = CourseStandingRow, AssignmentRow, CertificationPeriodRow
    begun = exists().where(
        assignment.person_id == row.person_id, assignment.course_id == row.course_id, *_is_new_assignment(day)
    )
    opens = exists().where(period.person_id == row.person_id, period.course_id == row.course_id, _is_opening(day))
    first = day - timedelta(days=VERY_LATE_DAYS + CURRENT_DAYS)
    last = day + timedelta(days=SOON_DAYS + QUIET_DAYS)
    query = (
        select(row.person_id, PersonRow.name, PersonRow.email, row.course_id, *(getattr(row, name) for name in FIELDS))
        .join(PersonRow, PersonRow.id == row.person_id)
        .where(PersonRow.active, row.course_id.in_(courses))
        .where(or_(row.due_on.between(first, last), row.valid_until.between(first, day), begun, opens))
    )
    return [(found[0], found[1], found[2], found[3], Standing(*found[4:])) for found in session.execute(query)]


def _newly_assigned(session: Session, day: date) -> dict[Pair, date]:
    query = select(AssignmentRow.person_id, AssignmentRow.course_id, func.max(AssignmentRow.at))
    query = query.where(*_is_new_assignment(day)).group_by(AssignmentRow.person_id, AssignmentRow.course_id)
    return {(person, course): danish_day(at) for person, course, at in session.execute(query)}


def _is_new_assignment(day: date) -> tuple[ColumnElement[bool], ...]:
    return AssignmentRow.ended_at.is_(None), AssignmentRow.at >= _midnight(day - timedelta(days=CURRENT_DAYS))


def _opening(session: Session, day: date) -> dict[Pair, dict[date | None, date]]:
    """From when certificates can be renewed that end on a day, where that is of interest now."""
    period = CertificationPeriodRow
    query = select(period.person_id, period.course_id, period.valid_until, period.window_opens_on)
    found: dict[Pair, dict[date | None, date]] = defaultdict(dict)
    for person, course, until, opens_on in session.execute(query.where(_is_opening(day))):
        found[person, course][until] = opens_on
    return found


def _is_opening(day: date) -> ColumnElement[bool]:
    period = CertificationPeriodRow
    first = day + timedelta(days=EXPIRES_DAYS - CURRENT_DAYS)
    last = day + timedelta(days=EXPIRES_DAYS + QUIET_DAYS)
    return or_(
        period.window_opens_on.between(day - timedelta(days=CURRENT_DAYS), day),
        period.valid_until.between(first, last),
    )


def _told(session: Session, day: date) -> set[tuple[str, str, Occasion, date]]:
    query = select(ReminderRow.person_id, ReminderRow.course_id, ReminderRow.occasion, ReminderRow.about)
    rows = session.execute(query.where(ReminderRow.at >= _midnight(day - timedelta(days=REMEMBERED_DAYS))))
    return {(person, course, Occasion(occasion), about) for person, course, occasion, about in rows}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), COPENHAGEN)
