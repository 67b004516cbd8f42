"""Mails that wait for a server: taken back or brought up to date where what they say, or whom they go to, has changed meanwhile.

A reminder waits only as long as the planner would tell the very same of today; what else it says is planned again. A digest is
written anew with whom it may name now. What a server may have got already stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.steering import digest
from courses.steering.area.standing import UNFINISHED, Standing
from courses.steering.area.tables import CourseStandingRow
from courses.steering.digest import Digest
from courses.steering.digest_rows import planned_digests
from courses.steering.reminder_occasion import CURRENT_DAYS, Occasion
from courses.steering.reminder_plan import FIELDS, Facts, Offer
from courses.steering.reminder_writing import DIGEST, REMINDER, digest_key
from courses.steering.tables import ReminderRow
from people import looks
from people.tables import PersonRow
from storage.mail_outbox import TOGETHER, rewrite, still_untouched, withdraw
from storage.mail_service import in_vain
from storage.outbox import MailRow

OUTDATED = "ikke længere aktuel"


@dataclass(frozen=True, slots=True)
class Outdated:
    """What has to change of the mails that wait: ids of those to take back, new addresses of reminders by id, and digests that
    are to be written anew, by id."""

    gone: frozenset[str]
    moved: Mapping[str, str]
    anew: Mapping[str, Digest]


def is_waiting(session: Session, at: datetime) -> bool:
    """Whether there is a mail that could be outdated."""
    return session.scalars(select(MailRow.id).where(*still_untouched(at)).limit(1)).first() is not None


def outdated(session: Session, offers: Mapping[str, Offer], day: date, public_url: str, at: datetime) -> Outdated:
    """What has to change on `day` by what is stored now; standings are as fresh as the caller made them."""
    gone, moved = _reminders(session, Facts.read(session, offers, day), at)
    late, anew = _digests(session, offers, day, public_url, at)
    return Outdated(frozenset(gone | late), moved, anew)


def bring_up_to_date(session: Session, found: Outdated, public_url: str, at: datetime) -> int:
    """Take back and rewrite in the caller's transaction; how many were taken back. What they told of may be told again."""
    gone: set[str] = set()
    ids = sorted(found.gone)
    for first in range(0, len(ids), TOGETHER):
        gone |= (part := withdraw(session, ids[first : first + TOGETHER], OUTDATED, at))
        session.execute(delete(ReminderRow).where(ReminderRow.mail_id.in_(part)))
    for mail_id, address in found.moved.items():
        rewrite(session, mail_id, at, address=address)
    for mail_id, one in found.anew.items():
        words = {"subject": digest.subject(one), "text": digest.text(one, public_url)}
        if rewrite(session, mail_id, at, address=one.address or "", **words):
            looks.note(session, one.manager_id, one.named, looks.DIGEST, at)
    return len(gone)


def forget_in_vain(session: Session) -> None:
    """Let what was told by mails that no server would take be told again, while it is current."""
    lost = select(MailRow.id).where(in_vain(), MailRow.kind == REMINDER)
    session.execute(delete(ReminderRow).where(ReminderRow.mail_id.in_(lost)))


def _reminders(session: Session, facts: Facts, at: datetime) -> tuple[set[str], dict[str, str]]:
    """Reminders to take back, and new addresses of others."""
    row = CourseStandingRow
    query = (
        select(
            MailRow.id,
            MailRow.address,
            PersonRow.email,
            PersonRow.active,
            ReminderRow.person_id,
            ReminderRow.course_id,
            ReminderRow.occasion,
            ReminderRow.about,
            *(getattr(row, name) for name in FIELDS),
        )
        .join(ReminderRow, ReminderRow.mail_id == MailRow.id)
        .join(PersonRow, PersonRow.id == ReminderRow.person_id)
        .outerjoin(row, (row.person_id == ReminderRow.person_id) & (row.course_id == ReminderRow.course_id))
        .where(MailRow.kind == REMINDER, *still_untouched(at))
    )
    gone, moved = set(), {}
    for mail_id, address, email, active, person_id, course_id, occasion, about, *fields in session.execute(query):
        told = (Occasion(occasion), about)
        if not active or not email or not _holds(facts, person_id, course_id, told, Standing(*fields)):
            gone.add(mail_id)
        elif email != address:
            moved[mail_id] = email
    return gone, {mail_id: email for mail_id, email in moved.items() if mail_id not in gone}


def _holds(facts: Facts, person_id: str, course_id: str, told: tuple[Occasion, date], standing: Standing) -> bool:
    """Whether what was told of a course would be told today."""
    occasion, about = told
    if occasion is Occasion.MANAGER:
        offered = course_id in facts.offers and facts.day - about < timedelta(days=CURRENT_DAYS)
        return offered and standing.state(facts.day) in UNFINISHED
    due = facts.due(person_id, course_id, standing)
    return due is not None and (due.occasion, due.about) == told


def _digests(
    session: Session, offers: Mapping[str, Offer], day: date, public_url: str, at: datetime
) -> tuple[set[str], dict[str, Digest]]:
    """Digests to take back, and those to write anew."""
    waiting = session.scalars(select(MailRow).where(MailRow.kind == DIGEST, *still_untouched(at))).all()
    if not waiting:
        return set(), {}
    now_planned = {one.manager_id: one for one in planned_digests(session, offers, day) if one.address}
    gone, anew = set(), {}
    for mail in waiting:
        one = now_planned.get(mail.person_id)
        if one is None or mail.key != digest_key(mail.person_id, day):
            gone.add(mail.id)
        elif (mail.address, mail.text) != (one.address, digest.text(one, public_url)):
            anew[mail.id] = one
    return gone, anew
