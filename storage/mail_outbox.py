"""The outbox of mails: written once in the transaction of what they tell of, claimed by one sender at a time, and emptied.

A claim is kept in the database until a moment, so that a sender that dies holds nothing for ever. Whoever acts on a claim says
which; one that has run out and was taken by another sender changes nothing.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.base import new_id, now
from storage.mail_message import Outgoing
from storage.outbox import MailRow
from storage.session import reading, transaction

TOGETHER = 500
CLAIM = timedelta(minutes=10)  # to say all but the last word
LAST_WORD = timedelta(minutes=12)  # more than a server may take to answer it
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0  # seconds
MANY = 99  # failures after which the pause is the longest
UNSURE_PAUSE = 900.0  # seconds before a mail is sent again that may have arrived


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to write. `key` (200 characters) names what it tells of and to whom; `not_before` is when it may go."""

    key: str
    kind: str
    person_id: str
    address: str
    subject: str
    text: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that is ours to send until a moment."""

    mail: Outgoing
    tries: int
    unanswered: int
    until: datetime


@dataclass(frozen=True, slots=True)
class MailState:
    """How the outbox stands. `problems` counts what is waiting or given up by its trouble."""

    waiting: int
    sent: int
    given_up: int
    oldest_waiting: datetime | None
    problems: dict[str, int]


class ClaimLost(Exception):
    """The claim has run out and the mail is another sender's now."""


def write(session: Session, mails: Iterable[Mail], at: datetime) -> dict[str, str]:
    """Put mails in the outbox in the caller's transaction, each `key` once; the ids of those that are new, by key."""
    # in one order everywhere, so that two who write the same wait for each other and do not lock up
    rows = [
        {
            "id": new_id(),
            "key": mail.key,
            "kind": mail.kind,
            "person_id": mail.person_id,
            "address": mail.address,
            "subject": mail.subject,
            "text": mail.text,
            "made_at": at,
            "tries": 0,
            "next_try_at": mail.not_before,
            "problem": "",
        }
        for mail in sorted(mails, key=lambda mail: mail.key)
    ]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written: dict[str, str] = {}
    for start in range(0, len(rows), TOGETHER):
        query = insert(MailRow).values(rows[start : start + TOGETHER]).on_conflict_do_nothing(index_elements=["key"])
        written |= {key: row_id for key, row_id in session.execute(query.returning(MailRow.key, MailRow.id))}
    return written


def withdraw(session: Session, mail_ids: Iterable[str], problem: str, at: datetime) -> set[str]:
    """Take back mails in the caller's transaction where no server can have them; the ids of those that were taken back."""
    query = update(MailRow).where(MailRow.id.in_(list(mail_ids)), *still_untouched(at)).returning(MailRow.id)
    return set(session.scalars(query.values(given_up_at=at, problem=problem, address=None, text=None)))


def rewrite(session: Session, mail_id: str, at: datetime, **values: str) -> bool:
    """Change `address`, `subject` or `text` of a mail in the caller's transaction where no server can have it; whether it was."""
    query = update(MailRow).where(MailRow.id == mail_id, *still_untouched(at)).returning(MailRow.id)
    # Without the claim: a sender that has forgotten itself for so long must not send what it read.
    return session.scalars(query.values(claimed_until=None, **values)).first() is not None


def waits() -> ColumnElement[bool]:
    """Whether a mail is still to be sent."""
    return MailRow.sent_at.is_(None) & MailRow.given_up_at.is_(None)


def still_untouched(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether no sender can have given a mail to a server yet, nor is about to at a moment."""
    return waits(), MailRow.unanswered == 0, nobodys(at)


def nobodys(at: datetime) -> ColumnElement[bool]:
    """Whether no sender holds a mail at a moment."""
    return or_(MailRow.claimed_until.is_(None), MailRow.claimed_until < at)


def pause(tries: int, chance: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the `tries`th failure: a minute, doubled each time up to an hour; between a half and all of that by
    `chance` (0..1), so that many senders do not come back at once."""
    whole = min(FIRST_PAUSE * 2.0 ** min(tries - 1, 10), LONGEST_PAUSE)
    return timedelta(seconds=whole * (0.5 + chance() / 2))


class MailOutbox:
    """Mails in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    def claim(self) -> Claimed | None:
        """The mail that has been due longest and is nobody's, ours from now on; None when there is none."""
        at = self._clock()
        due = (
            select(MailRow)
            .where(waits(), MailRow.next_try_at <= at, nobodys(at))
            # What ends its senders holds up no other, and what was refused before waits for those that were not.
            .order_by(MailRow.unanswered, MailRow.problem != "", MailRow.next_try_at, MailRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with transaction(self._engine) as session:
            row = session.scalars(due).first()
            if row is None:
                return None
            row.claimed_until = at + CLAIM
            mail = Outgoing(row.id, row.address or "", row.subject, row.text or "", row.made_at)
            return Claimed(mail, row.tries, row.unanswered, row.claimed_until)

    def finishing(self, claimed: Claimed) -> Claimed:
        """Note, before it happens, that the server is to have the whole mail. Raises `ClaimLost`."""
        until = self._clock() + LAST_WORD
        self._change(claimed, unanswered=claimed.unanswered + 1, claimed_until=until)
        return Claimed(claimed.mail, claimed.tries, claimed.unanswered + 1, until)

    def sent(self, claimed: Claimed) -> None:
        """The server has accepted it."""
        self._change(
            claimed, sent_at=self._clock(), claimed_until=None, unanswered=0, problem="", address=None, text=None
        )

    def postpone(self, claimed: Claimed, problem: str, *, unanswered: int, counted: bool = True) -> None:
        """Try again later, and later each time; `unanswered` is how often no answer came. A try that is not `counted` costs the
        mail nothing but the longest pause."""
        tries = claimed.tries + 1 if counted else claimed.tries
        wait = pause(tries if counted else MANY)
        if unanswered:
            wait = max(wait, timedelta(seconds=UNSURE_PAUSE))
        self._change(
            claimed,
            tries=tries,
            next_try_at=self._clock() + wait,
            claimed_until=None,
            unanswered=unanswered,
            problem=problem,
        )

    def give_up(self, claimed: Claimed, problem: str) -> None:
        """Do not try again; `problem` says why."""
        self._change(
            claimed,
            tries=claimed.tries + 1,
            given_up_at=self._clock(),
            claimed_until=None,
            problem=problem,
            address=None,
            text=None,
        )

    def _change(self, claimed: Claimed, **values: Any) -> None:
        ours = (MailRow.id == claimed.mail.id, MailRow.claimed_until == claimed.until, waits())
        with transaction(self._engine) as session:
            changed = session.scalars(update(MailRow).where(*ours).values(**values).returning(MailRow.id)).first()
        if changed is None:
            raise ClaimLost

    def state(self) -> MailState:
        """Counts, and what is wrong."""

        def counted(*which: ColumnElement[bool]) -> int:
            return session.scalar(select(func.count()).select_from(MailRow).where(*which)) or 0

        with reading(self._engine) as session:
            problems = session.execute(
                select(MailRow.problem, func.count()).where(MailRow.problem != "").group_by(MailRow.problem)
            )
            return MailState(
                counted(waits()),
                counted(MailRow.sent_at.is_not(None)),
                counted(MailRow.given_up_at.is_not(None)),
                session.scalar(select(func.min(MailRow.made_at)).where(waits())),
                {problem: number for problem, number in problems},
            )
