"""Writing reminders and digests into the outbox, each with a note of what it tells of, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from courses.steering import digest, reminder_text
from courses.steering.digest import Digest
from courses.steering.reminder_days import next_day, opening
from courses.steering.reminder_occasion import Told
from courses.steering.reminder_plan import Planned
from courses.steering.tables import ReminderRow
from people import looks
from people.person import Person
from people.tables import PersonRow
from storage import audit
from storage.base import new_id
from storage.mail_outbox import TOGETHER, Mail, write
from storage.outbox import MailRow

REMINDER, DIGEST = "reminder", "digest"


def write_reminders(session: Session, plan: Sequence[Planned], day: date, public_url: str, at: datetime) -> int:
    """Write the reminders of a day to people with an address, except to those who have one that day; how many were new."""
    mails = [
        Mail(
            key=reminder_key(one.person_id, day),
            kind=REMINDER,
            person_id=one.person_id,
            address=one.address or "",
            subject=reminder_text.subject(one.told),
            text=reminder_text.text(one.name, one.told, public_url),
            not_before=opening(day),
        )
        for one in plan
    ]
    written = write(session, mails, at)
    for one in plan:
        if mail_id := written.get(reminder_key(one.person_id, day)):
            _note(session, one.person_id, one.told, mail_id, at)
    return len(written)


def write_by_manager(
    session: Session, manager: Person, person: PersonRow, told: Told, public_url: str, at: datetime
) -> date:
    """Write a manager's reminder, for the first day on which the person gets no other; that day."""
    day = next_day(at)
    while True:
        mail = Mail(
            key=reminder_key(person.id, day),
            kind=REMINDER,
            person_id=person.id,
            address=person.email or "",
            subject=reminder_text.subject([told], manager.name),
            text=reminder_text.text(person.name, [told], public_url, manager.name),
            not_before=max(opening(day), at),
        )
        written = write(session, [mail], at)
        if written:
            break
        day = next_day(opening(day + timedelta(days=1)))
    _note(session, person.id, [told], written[mail.key], at)
    audit.record(session, actor=manager.id, action="reminder.given", object_type="person", object_id=person.id)
    return day


def write_digests(session: Session, overviews: Sequence[Digest], day: date, public_url: str, at: datetime) -> int:
    """Write the digests of a week to managers with an address; how many were new. Each counts as a look at those it names."""
    done = with_mail(session, [digest_key(one.manager_id, day) for one in overviews])
    mails = [
        Mail(
            key=digest_key(one.manager_id, day),
            kind=DIGEST,
            person_id=one.manager_id,
            address=one.address,
            subject=digest.subject(one),
            text=digest.text(one, public_url),
            not_before=opening(day),
        )
        for one in overviews
        if one.address and digest_key(one.manager_id, day) not in done
    ]
    written = write(session, mails, at)
    for one in overviews:
        if digest_key(one.manager_id, day) in written:
            looks.note(session, one.manager_id, one.named, looks.DIGEST, at)
    return len(written)


def with_mail(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of some keys that a mail was written for."""
    wanted = sorted(keys)
    found: set[str] = set()
    for first in range(0, len(wanted), TOGETHER):
        found |= set(session.scalars(select(MailRow.key).where(MailRow.key.in_(wanted[first : first + TOGETHER]))))
    return found


def _note(session: Session, person_id: str, told: Iterable[Told], mail_id: str, at: datetime) -> None:
    rows = [
        {
            "id": new_id(),
            "person_id": person_id,
            "course_id": one.course_id,
            "occasion": one.occasion.value,
            "about": one.about,
            "mail_id": mail_id,
            "at": at,
        }
        for one in told
    ]
    session.execute(insert(ReminderRow), rows)


def reminder_key(person_id: str, day: date) -> str:
    """One reminder a person and day."""
    return f"{REMINDER}:{person_id}:{day}"


def digest_key(manager_id: str, day: date) -> str:
    """One digest a manager and week."""
    year, week, _ = day.isocalendar()
    return f"{DIGEST}:{manager_id}:{year}-W{week:02}"
