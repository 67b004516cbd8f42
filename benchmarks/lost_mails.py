"""Whether a mail is ever lost or doubled when the mail server, or our own sender, dies.

A mail is lost when no server that took it keeps it. It is doubled when a mailbox would show it twice: copies that differ, for
one with the same `Message-ID` and `Date` is recognised (Exchange keeps that for 7 days). Copies that a server was given are
counted beside, because not every mailbox does: when a server dies after storing a mail and before saying so, nobody can know.
"""

import logging
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from benchmarks.corpus import progress
from benchmarks.mail_server import SLOW, Book, Fault, Stage, free_port, running
from benchmarks.table import Measurement, at_most
from settings import ROOT
from storage.base import new_id, now
from storage.engine import make_engine
from storage.mail_message import Sender
from storage.mail_outbox import LAST_WORD, Mail, write
from storage.mail_server import MailServer
from storage.mail_service import MailService
from storage.migrate import migrate
from storage.outbox import MailRow
from storage.session import reading, transaction

TRIALS, SERVER_KILLS, SENDER_KILLS = 500, 60, 100
IN_A_KILL = 10  # mails that are on their way when something is killed
ROUNDS = 12
SENDER = Sender("ai-univers@example.dk", "AI-Univers")
PERSON = "en.medarbejder@example.dk"
LATER = timedelta(hours=2)  # more than any pause or claim
FAULTS = (
    *(Fault(stage) for stage in Stage),
    *(Fault(stage, SLOW) for stage in (Stage.BANNER, Stage.EHLO, Stage.RCPT, Stage.DATA, Stage.DOT, Stage.KEPT)),
    Fault(Stage.BANNER, "421 4.3.2 closing"),
    Fault(Stage.EHLO, "421 4.3.2 closing"),
    Fault(Stage.MAIL, "451 4.3.0 try later."),
    Fault(Stage.MAIL, "550 5.7.1 sender not allowed."),
    Fault(Stage.RCPT, "450 4.2.1 mailbox busy."),
    Fault(Stage.RCPT, "550 5.7.1 relay access denied."),
    Fault(Stage.RCPT, "550 no."),
    Fault(Stage.DATA, "451 4.3.0 try later."),
    Fault(Stage.DOT, "451 4.3.0 try later."),
    Fault(Stage.DOT, "452 4.3.1 disk full."),
    Fault(Stage.DOT, "421 4.3.2 closing"),
    Fault(Stage.KEPT, "25"),
)


class Clock:
    """A clock that can be moved forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mail: whether it is noted as sent, how many copies a server keeps, and how many of them differ."""

    sent: bool
    copies: int
    different: int

    @property
    def lost(self) -> bool:
        """Whether nobody has it."""
        return not self.sent or self.copies == 0


def measurements() -> list[Measurement]:
    """The trials against their bar, and the kills beside them."""
    logging.getLogger("storage.mail_service").setLevel(logging.ERROR)  # that servers die is what is wanted here
    with _database() as (engine, _):
        progress(f"Lader mailserveren dø i {TRIALS} forsøg")
        died = trials(engine, TRIALS)
    with _database() as (engine, _):
        progress(f"Dræber mailserverens proces {SERVER_KILLS} gange")
        killed = server_kills(engine, SERVER_KILLS)
    with _database() as (engine, url):
        progress(f"Dræber vores egen afsender {SENDER_KILLS} gange")
        ours = sender_kills(engine, url, "-", SENDER_KILLS)
    avoidable = sum(fate.copies > 1 for faults, fate in died if not unknowable(faults))
    unsure = [fate for faults, fate in died if unknowable(faults)]
    fates = [fate for _, fate in died]
    return [
        Measurement(
            f"Mails tabt eller dobbelt, når mailserveren dør ({TRIALS} forsøg)", _wrong(fates), "", at_most(0), 0
        ),
        Measurement(
            "– afleveret to gange, hvor serveren ikke døde mellem gemt og kvitteret", avoidable, "", at_most(0), 0
        ),
        Measurement(
            "– afleveret flere gange, fordi serveren døde mellem gemt og kvitteret",
            sum(fate.copies > 1 for fate in unsure),
            digits=0,
            note=f"af {len(unsure)} forsøg; samme Message-ID og Date, så Exchange viser mailen én gang",
        ),
        _kills("Mailserverens proces dræbes (kill -9)", killed, SERVER_KILLS),
        _kills("Vores egen afsender dræbes (kill -9)", ours, SENDER_KILLS),
    ]


def _wrong(fates: Sequence[Fate]) -> int:
    return sum(fate.lost or fate.different > 1 for fate in fates)


def _kills(what: str, fates: Sequence[Fate], kills: int) -> Measurement:
    again = sum(fate.copies > 1 for fate in fates)
    note = f"{len(fates)} mails, {kills} drab; {again} afleveret to gange med samme Message-ID og Date"
    return Measurement(f"{what}: mails tabt eller dobbelt", _wrong(fates), "", at_most(0), 0, note)


def unknowable(faults: Sequence[Fault]) -> bool:
    """Whether the server died after it stored a mail and before it said so."""
    return any(fault.stage is Stage.KEPT for fault in faults)


@contextmanager
def _database() -> Iterator[tuple[Engine, str]]:
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as folder:
        url = f"sqlite:///{Path(folder) / 'mails.sqlite3'}"
        engine = make_engine(url)
        migrate(engine)
        yield engine, url
        engine.dispose()


def put(engine: Engine, count: int) -> list[str]:
    """Mails in the outbox; their ids."""
    mails = [
        Mail(new_id(), "trial", "person", PERSON, "Påmindelse", "Du skal tage kurset.\n.\n..Prik.\n", now())
        for _ in range(count)
    ]
    with transaction(engine) as session:
        return list(write(session, mails, now()).values())


def still_waiting(engine: Engine, ids: Sequence[str]) -> bool:
    """Whether any of them is neither sent nor given up."""
    query = select(MailRow.id).where(MailRow.id.in_(ids), MailRow.sent_at.is_(None), MailRow.given_up_at.is_(None))
    with reading(engine) as session:
        return session.scalars(query.limit(1)).first() is not None


def finish(engine: Engine, service: MailService, clock: Clock, ids: Sequence[str]) -> None:
    """Deliver, two hours later each time, until none is waiting."""
    for _ in range(ROUNDS):
        service.deliver()
        if not still_waiting(engine, ids):
            return
        clock.ahead += LATER


def fates_of(engine: Engine, ids: Sequence[str], stored: Sequence[tuple[str, bytes]]) -> list[Fate]:
    """What became of some mails, given what a server stored (id and bytes)."""
    with reading(engine) as session:
        sent = set(session.scalars(select(MailRow.id).where(MailRow.id.in_(ids), MailRow.sent_at.is_not(None))))
    copies = Counter(name for name, _ in stored)
    different = Counter(name for name, _ in set(stored))
    return [Fate(one in sent, copies[one], different[one]) for one in ids]


def trials(engine: Engine, count: int, seed: int = 6) -> list[tuple[tuple[Fault, ...], Fate]]:
    """Each a mail and a server that goes wrong once or twice on the way, in every way it can."""
    chance = random.Random(seed)
    clock = Clock()
    found: list[tuple[tuple[Fault, ...], Fate]] = []
    with running(silence=0.5) as (port, book):
        server = MailServer("127.0.0.1", port, command_seconds=0.25, end_seconds=0.25)
        service = MailService(engine, server, SENDER, clock)
        for number in range(count):
            first = FAULTS[number % len(FAULTS)]
            faults = (first,) if chance.random() < 0.5 else (first, chance.choice(FAULTS))
            found.append((faults, _trial(engine, service, book, clock, faults)))
    return found


def _trial(engine: Engine, service: MailService, book: Book, clock: Clock, faults: Sequence[Fault]) -> Fate:
    book.faults.clear()
    book.faults.extend(faults)
    ids = put(engine, 1)
    finish(engine, service, clock, ids)
    return fates_of(engine, ids, stored_of(book))[0]


def stored_of(book: Book) -> list[tuple[str, bytes]]:
    """What a server in this process stored: id and bytes of each."""
    with book.lock:
        return [(_id(one.name), one.body) for one in book.stored]


def _id(name: str) -> str:
    return name.strip("<>").partition("@")[0]


# --- killed processes -----------------------------------------------------------------------------------------------


@contextmanager
def _server_process(port: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.mail_server", str(port), str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _next_word(process)
        yield process
    finally:
        process.kill()
        process.wait()


def _next_word(process: subprocess.Popen[str]) -> None:
    if process.stdout is not None:
        process.stdout.readline()


def _say(process: subprocess.Popen[str], line: str) -> None:
    if process.stdin is not None:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()


def server_kills(engine: Engine, count: int, seed: int = 7) -> list[Fate]:
    """A server that keeps mails on disk is killed while it is given some; the next takes the rest."""
    chance = random.Random(seed)
    clock, port = Clock(), free_port()
    server = MailServer("127.0.0.1", port, command_seconds=5, end_seconds=5)
    service = MailService(engine, server, SENDER, clock)
    ids: list[str] = []
    with tempfile.TemporaryDirectory(prefix="ai-univers-mails-") as folder:
        for _ in range(count):
            batch = put(engine, IN_A_KILL)
            ids += batch
            with _server_process(port, Path(folder)) as process:
                sending = threading.Thread(target=service.deliver)
                sending.start()
                time.sleep(chance.random() * 0.15)
                process.send_signal(signal.SIGKILL)
                sending.join()
            clock.ahead += LATER
        with _server_process(port, Path(folder)):
            finish(engine, service, clock, ids)
        stored = [(path.name.partition(".")[0], path.read_bytes()) for path in Path(folder).glob("*.eml")]
    return fates_of(engine, ids, stored)


def sender_kills(engine: Engine, url: str, schema: str, count: int, seed: int = 8) -> list[Fate]:
    """A process that empties the outbox is killed at a random moment; the next one waits for what it held and goes on."""
    chance = random.Random(seed)
    clock = Clock()
    ids: list[str] = []
    with running() as (port, book):
        sender = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.mail_sender", url, schema, str(port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        _next_word(sender)
        for _ in range(count):
            ids += put(engine, IN_A_KILL)
            _say(sender, f"{chance.random() * 0.2} {clock.ahead.total_seconds()}")
            _next_word(sender)
            clock.ahead += LAST_WORD + LATER
        sender.communicate()
        finish(engine, MailService(engine, MailServer("127.0.0.1", port), SENDER, clock), clock, ids)
        return fates_of(engine, ids, stored_of(book))
