"""Sending what is in the outbox, so that no mail is lost and, as far as SMTP lets anybody know, none is sent twice.

Each mail has four marks in the database, each in a transaction of its own: claimed, about to be finished, then sent, postponed
or given up. Between the second and the third only the server knows whether it has the mail. When it dies there, or we do, the
same mail (the same bytes, `Message-ID` and `Date`) is sent again after a while, as RFC 5321 (4.2.5, 4.5.4.1) asks: a reminder
twice is better than none, and a mailbox that knows duplicates keeps one. More than `COPIES` times is no mail sent so.

A server that wants nothing from us (a wrong sender, no leave to relay) says so of each mail. That is our fault and not theirs: it
costs them no try, and a run in which `UNWELCOME` mails meet it and none goes through ends.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine

from storage.base import now
from storage.errors import DatabaseUnavailable
from storage.mail_message import Sender, as_bytes, usable
from storage.mail_outbox import Claimed, ClaimLost, MailOutbox, MailState
from storage.mail_server import (
    Connection,
    Forbidden,
    MailError,
    MailServer,
    Refused,
    Unanswered,
    Unavailable,
    Unwelcome,
)
from storage.outbox import MailRow

log = logging.getLogger(__name__)
TRIES = 40  # an hour apart at most, and by day only: what could not be sent in some days is old news
COPIES = 5
UNWELCOME = 3  # mails that are refused before one is taken: so many may be about whom they are for
NOTE_TRIES, NOTE_PAUSE = 5, 2.0  # seconds; of noting what the server answered
UNSURE = "mailserveren har flere gange fået hele mailen uden at svare; den er nok kommet frem"


def in_vain() -> ColumnElement[bool]:
    """Whether a mail was given up since no server took it, whatever it said, and none can have it."""
    return MailRow.given_up_at.is_not(None) & (MailRow.tries >= TRIES) & (MailRow.unanswered == 0)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run came to; `problem` is why it ended before its end."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    problem: str = ""


class MailService:
    """Sends the mails in the database behind `engine` through `server`. Several processes may do so at once.

    `clock` gives the moment, in UTC.
    """

    def __init__(self, engine: Engine, server: MailServer, sender: Sender, clock: Callable[[], datetime] = now) -> None:
        self._outbox = MailOutbox(engine, clock)
        self.server = server
        self._sender = sender

    def state(self) -> MailState:
        """How the outbox stands."""
        return self._outbox.state()

    def deliver(self) -> Delivered:
        """Send what is due, one after the other, until nothing is or the server takes nothing."""
        run = _Run(self._outbox, self.server, self._sender)
        try:
            while (claimed := self._outbox.claim()) is not None:
                if not run.send(claimed):
                    break
        finally:
            run.close()
        return Delivered(run.sent, run.postponed, run.given_up, run.problem or run.refusal)


class _Run:
    def __init__(self, outbox: MailOutbox, server: MailServer, sender: Sender) -> None:
        self._outbox = outbox
        self._server = server
        self._sender = sender
        self._connection: Connection | None = None
        self.sent = self.postponed = self.given_up = self._unwelcome = 0
        self.problem = self.refusal = ""

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def send(self, claimed: Claimed) -> bool:
        """Send one mail and note how it went; whether to go on with the next."""
        if claimed.unanswered >= COPIES:
            self._give_up(claimed, UNSURE)
            return True
        if not usable(claimed.mail.address):
            self._give_up(claimed, "adressen kan ikke bruges")
            return True
        finishing = claimed

        def about_to_finish() -> None:
            nonlocal finishing
            finishing = self._outbox.finishing(claimed)

        try:
            body = as_bytes(claimed.mail, self._sender)
            self._connected().hand_over(self._sender.address, claimed.mail.address, body, about_to_finish)
        except ValueError:
            self._give_up(claimed, "mailen kan ikke skrives")
        except ClaimLost:
            log.warning("mail %s took so long that another sender has it", claimed.mail.id)
        except Unanswered as error:
            self.problem = str(error)
            self._postpone(finishing, error, unanswered=finishing.unanswered)
            log.warning("mail %s: %s", claimed.mail.id, error)
            return False  # one that swallows everything is to swallow one a run
        except Unwelcome as error:
            self.problem = str(error)
            self._postpone_uncounted(finishing, claimed.unanswered, error)
            log.warning("mail: nothing is sent now: %s", error)
            return False
        except Unavailable as error:
            self.problem = str(error)
            self._postpone(finishing, error, unanswered=claimed.unanswered)
            log.warning("mail: nothing is sent now: %s", error)
            return False
        except Refused as error:
            if error.certain or self.sent:
                self._give_up(finishing, str(error))
            else:
                return self._may_be_unwelcome(finishing, claimed.unanswered, error)
        except Forbidden as error:
            if not self.sent:
                return self._may_be_unwelcome(finishing, claimed.unanswered, error)
            self._postpone(finishing, error, unanswered=claimed.unanswered)
        except MailError as error:
            self._postpone(finishing, error, unanswered=claimed.unanswered)
        else:
            self._note(lambda: self._outbox.sent(finishing))
            self.sent += 1
            self.refusal = ""
        return True

    def _may_be_unwelcome(self, claimed: Claimed, unanswered: int, error: MailError) -> bool:
        """Keep a mail for later that a server refused before it took any: it may refuse everything, because it is not set up for
        us. Whether to try the next."""
        self._postpone_uncounted(claimed, unanswered, error)
        self._unwelcome += 1
        self.refusal = str(error)
        return self._unwelcome < UNWELCOME

    def _connected(self) -> Connection:
        if self._connection is None or not self._connection.is_open:
            self._connection = self._server.connect()
        return self._connection

    def _postpone_uncounted(self, claimed: Claimed, unanswered: int, error: MailError) -> None:
        self._note(lambda: self._outbox.postpone(claimed, str(error), unanswered=unanswered, counted=False))
        self.postponed += 1

    def _postpone(self, claimed: Claimed, error: MailError, *, unanswered: int) -> None:
        if claimed.tries + 1 >= TRIES:
            self._give_up(claimed, str(error))
            return
        self._note(lambda: self._outbox.postpone(claimed, str(error), unanswered=unanswered))
        self.postponed += 1

    def _give_up(self, claimed: Claimed, problem: str) -> None:
        self._note(lambda: self._outbox.give_up(claimed, problem))
        self.given_up += 1
        log.warning("mail %s is given up: %s", claimed.mail.id, problem)

    def _note(self, change: Callable[[], None]) -> None:
        """A database that is away for a moment must not make a mail go twice."""
        for left in reversed(range(NOTE_TRIES)):
            try:
                change()
            except ClaimLost:
                log.warning("a mail was noted by another sender meanwhile")
                return
            except DatabaseUnavailable:
                if not left:
                    raise
                time.sleep(NOTE_PAUSE)
            else:
                return
