"""Sessions: one transaction a use case."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reading; nothing is kept of what is changed in it."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that commits at the end of the block, or rolls everything back on an error."""
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session, session.begin():
        yield session


def one_at_a_time(session: Session) -> None:
    """Wait until every other transaction that called this has ended; held to the end of this one.

    For steps that look first and write then. SQLite's writing transactions are serial by themselves.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(20240319)"))
