"""Reminders of a learner: what is due, and which certificate runs out. Each is a Danish sentence and a place to go."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from courses.certification import Span
from rag.calendar import danish_date

DUE_SOON_DAYS = 14
EXPIRES_SOON_DAYS = 30
EXPIRED_DAYS = 180  # after that only those who are assigned the course are reminded


class Kind(IntEnum):
    """What a reminder is about, the most urgent first."""

    OVERDUE = 0
    EXPIRED = 1
    EXPIRES_SOON = 2
    DUE_SOON = 3
    RENEWABLE = 4


class Place(StrEnum):
    """Where a reminder leads: the course itself, or one's own certificates."""

    COURSE = "course"
    CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Reminder:
    """`day` is the deadline or the last day of the certificate."""

    kind: Kind
    course_id: str
    text: str
    place: Place
    day: date


def about_deadline(course_id: str, title: str, due_on: date | None, today: date) -> Reminder | None:
    """What to say of a course that is assigned and not passed; None while the deadline is far away or there is none."""
    if due_on is None or (due_on - today).days > DUE_SOON_DAYS:
        return None
    if due_on < today:
        text = f"“{title}” skulle have været gennemført senest {danish_date(due_on)}. Tag det, så snart du kan."
        return Reminder(Kind.OVERDUE, course_id, text, Place.COURSE, due_on)
    when = "i dag" if due_on == today else danish_date(due_on)
    text = f"“{title}” skal være gennemført senest {when}."
    return Reminder(Kind.DUE_SOON, course_id, text, Place.COURSE, due_on)


def about_certificate(
    course_id: str, title: str, last: Span, today: date, *, begun: bool, assigned: bool
) -> Reminder | None:
    """What to say of a certificate whose last period is `last`; None while it cannot be renewed. `begun`: it is being renewed."""
    if today < last.opens_on:
        return None
    place = Place.COURSE if begun else Place.CERTIFICATES
    left = (last.valid_until - today).days
    day = danish_date(last.valid_until)
    if left < 0:
        if -left > EXPIRED_DAYS and not assigned:
            return None
        text = f"Dit bevis for “{title}” udløb {day}. Du kan stadig forny det."
        return Reminder(Kind.EXPIRED, course_id, text, place, last.valid_until)
    if left <= EXPIRES_SOON_DAYS:
        text = f"Dit bevis for “{title}” gælder kun til og med {day}. Forny det inden."
        return Reminder(Kind.EXPIRES_SOON, course_id, text, place, last.valid_until)
    text = f"Du kan forny dit bevis for “{title}” nu. Det gælder til og med {day}."
    return Reminder(Kind.RENEWABLE, course_id, text, place, last.valid_until)
