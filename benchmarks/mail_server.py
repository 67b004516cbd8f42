"""A real mail server (aiosmtpd) that can die at any point of a conversation; alone it keeps mails in a folder.

`python -m benchmarks.mail_server PORT FOLDER` writes each mail to disk before it says 250, so that it may be killed.
"""

import asyncio
import os
import socket
import ssl
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import StrEnum
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CUT, SLOW, FINE = "cut", "slow", "fine"
HALF = 40  # bytes of a mail that are read before the server dies in the middle of it


class Stage(StrEnum):
    """Where in a conversation something goes wrong; `KEPT` is after the mail is stored and before the server says so."""

    BANNER = "banner"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"
    DOT = "dot"
    KEPT = "kept"
    QUIT = "quit"


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at a stage, once: the connection is cut, the server falls silent, or it answers with these words instead; it
    is gone after words that do not end with a full stop. `FINE` lets one pass before the next."""

    stage: Stage
    what: str = CUT


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail that the server keeps; `name` is its Message-ID."""

    name: str
    recipient: str
    body: bytes


@dataclass
class Book:
    """What is to go wrong, in order, and what was stored. `silence` is how many seconds it falls silent."""

    faults: deque[Fault] = field(default_factory=deque)
    stored: list[Stored] = field(default_factory=list)
    silence: float = 1.0
    encrypted: list[bool] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self, stage: Stage) -> str | None:
        """What goes wrong here, if anything does; it is then over."""
        with self.lock:
            if self.faults and self.faults[0].stage is stage:
                what = self.faults.popleft().what
                return None if what == FINE else what
            return None

    def copies(self, name: str) -> int:
        """How often a mail was stored."""
        with self.lock:
            return sum(one.name == name for one in self.stored)


class Frail(SMTP):
    """A conversation of which a book says where it goes wrong."""

    def __init__(self, handler: "Keeper", **options: Any) -> None:
        super().__init__(handler, **options)
        self.book = handler.book

    @property
    def is_encrypted(self) -> bool:
        """Whether the conversation is encrypted, from its first byte or since STARTTLS."""
        return self.transport is not None and self.transport.get_extra_info("ssl_object") is not None

    async def _handle_client(self) -> None:
        if not await self._fails(Stage.BANNER):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:
        if not await self._fails(Stage.EHLO):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg: str) -> None:
        if not await self._fails(Stage.STARTTLS):
            await super().smtp_STARTTLS(arg)

    async def smtp_MAIL(self, arg: str | None) -> None:
        if not await self._fails(Stage.MAIL):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:
        if not await self._fails(Stage.RCPT):
            await super().smtp_RCPT(arg)

    async def smtp_QUIT(self, arg: str) -> None:
        if not await self._fails(Stage.QUIT):
            await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._fails(Stage.DATA):
            return
        if self.book.takes(Stage.BODY):
            await self.push("354 go on")
            await self._reader.read(HALF)
            self._cut()
            return
        await super().smtp_DATA(arg)

    async def _fails(self, stage: Stage) -> bool:
        what = self.book.takes(stage)
        if what is None:
            return False
        await self.misbehave(what)
        return True

    async def misbehave(self, what: str) -> None:
        if what == SLOW:
            await asyncio.sleep(self.book.silence)
        if what in {CUT, SLOW}:
            self._cut()
            return
        await self.push(what)
        if what.startswith("421") or not what.endswith("."):
            self._cut()

    def _cut(self) -> None:
        if self.transport is not None:
            self.transport.abort()  # type: ignore[attr-defined]


class Keeper:
    """Keeps mails in a book."""

    def __init__(self, book: Book, folder: Path | None = None) -> None:
        self.book = book
        self.folder = folder

    async def handle_DATA(self, server: Frail, session: Session, envelope: Envelope) -> str:
        """Store a mail, or die before or after."""
        if (what := self.book.takes(Stage.DOT)) is not None:
            if what.endswith("."):
                return what
            await server.misbehave(what)
            return ""
        body = envelope.content if isinstance(envelope.content, bytes) else b""
        stored = Stored(str(message_from_bytes(body)["Message-ID"]), envelope.rcpt_tos[0], body)
        with self.book.lock:
            self.book.stored.append(stored)
            self.book.encrypted.append(server.is_encrypted)
        if self.folder:
            keep(self.folder, stored)
        if (what := self.book.takes(Stage.KEPT)) is not None:
            await server.misbehave(what)
            return ""
        return "250 2.0.0 kept"


def keep(folder: Path, stored: Stored) -> None:
    """Write a mail to disk, whole or not at all."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(stored.body)
        file.flush()
        os.fsync(file.fileno())
    Path(name).rename(folder / f"{stored.name.strip('<>').partition('@')[0]}.{Path(name).stem}.eml")


class FrailController(Controller):
    """Runs the server in a thread of its own."""

    def factory(self) -> Frail:
        return Frail(self.handler, **self.SMTP_kwargs)


@contextmanager
def running(
    *,
    context: ssl.SSLContext | None = None,
    implicit: bool = False,
    users: Sequence[tuple[str, str]] = (),
    silence: float = 1.0,
) -> Iterator[tuple[int, Book]]:
    """A server on this machine: its port and its book. `context` makes it offer STARTTLS, or encrypt from the first byte where
    that is `implicit`; `users` ask for a password."""
    book = Book(silence=silence)
    options: dict[str, Any] = {"ssl_context" if implicit else "tls_context": context} if context else {}
    if users:
        # aiosmtpd knows only of encryption that began with STARTTLS
        options |= {"authenticator": _authenticator(users), "auth_required": True, "auth_require_tls": not implicit}
    controller = FrailController(Keeper(book), hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port, book
    finally:
        controller.stop()


def _authenticator(users: Sequence[tuple[str, str]]) -> Any:
    def check(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(handled=False, success=(data.login.decode(), data.password.decode()) in users)

    return check


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serve until killed."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    FrailController(Keeper(Book(), folder), hostname="127.0.0.1", port=port).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
