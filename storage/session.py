"""Sessions: one transaction a use case."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

_AFTERWARDS = "afterwards"


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reading; nothing is kept of what is changed in it."""
    with _then_afterwards(engine, Session(engine, expire_on_commit=False)) as session, session:
        yield session


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end of the block, or rolls everything back on an error."""
    made = Session(engine.execution_options(writes=True), expire_on_commit=False)
    with _then_afterwards(engine, made) as session, session, session.begin():
        yield session


@contextmanager
def rehearsal(engine: Engine) -> Iterator[Session]:
    """A session in which everything can be done and read back, and of which nothing stays."""
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session:
        yield session  # closed without a commit


def afterwards(session: Session, write: Callable[[Session], None]) -> None:
    """Call `write` in a transaction of its own once this session has ended, however it ends.

    For what must be kept although, or because, the use case fails and its own transaction is rolled back.
    """
    session.info.setdefault(_AFTERWARDS, []).append(write)


@contextmanager
def _then_afterwards(engine: Engine, session: Session) -> Iterator[Session]:
    try:
        yield session
    finally:
        for write in session.info.pop(_AFTERWARDS, ()):
            with transaction(engine) as own:
                write(own)


def one_at_a_time(session: Session) -> None:
    """Wait until every other transaction that called this has ended; held to the end of this one.

    For steps that look first and write then. SQLite's writing transactions are serial by themselves.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(20240319)"))
