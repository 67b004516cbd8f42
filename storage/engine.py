"""The engine of this process: SQLite in a file (WAL) or PostgreSQL in a schema of our own."""

import logging
import sqlite3
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, ExceptionContext, event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from settings import get_settings

log = logging.getLogger(__name__)
LOCK_SECONDS = 30


@lru_cache(maxsize=16)
def make_engine(url: str, schema: str = "ai_univers") -> Engine:
    """The engine for `url`, one a process; on PostgreSQL every connection works inside `schema`.

    Errors do not tell the values of a statement: they end in the log, and are what people wrote.
    """
    parsed = sqlalchemy.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sqlalchemy.create_engine(parsed, connect_args={"timeout": LOCK_SECONDS}, hide_parameters=True)
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    options = {"options": f"-csearch_path={schema}", "connect_timeout": 10}
    postgres = sqlalchemy.create_engine(parsed, pool_pre_ping=True, connect_args=options, hide_parameters=True)
    event.listen(postgres, "handle_error", _without_details)
    return postgres.execution_options(schema=schema)


def _without_details(context: ExceptionContext) -> None:
    """PostgreSQL's details of an error quote the values of the row."""
    diagnosis = getattr(context.original_exception, "diag", None)
    if diagnosis is None or not diagnosis.message_detail:
        return
    context.original_exception.args = (diagnosis.message_primary,)
    if isinstance(context.sqlalchemy_exception, DBAPIError):
        context.sqlalchemy_exception.args = (
            f"({type(context.original_exception).__name__}) {diagnosis.message_primary}",
        )


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
    # SQLite's own knows only a to z, and people are called Åse
    connection.create_function(
        "lower", 1, lambda text: text.lower() if isinstance(text, str) else text, deterministic=True
    )
    connection.isolation_level = None  # the driver must not open transactions of its own; `_sqlite_begin` does


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """The change of journal does not wait for another connection's lock as transactions do, so it is tried again."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    # A writer takes the lock at once and waits for it; a transaction that turns from reading to writing may not wait.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def ping() -> bool:
    """Whether the database that the settings name answers."""
    settings = get_settings()
    try:
        with make_engine(settings.sqlalchemy_url, settings.db_schema).connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        log.warning("database does not answer", exc_info=True)
        return False
    return True
