"""A step of the retention: what it finds to be over, and what it does with a handful of it in one transaction."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from governance.retention_rules import Cutoff, Deed
from storage.base import Table

Done = Counter[tuple[str, Deed]]
"""Rows by table and deed."""


@dataclass(frozen=True)
class Step:
    """`find` gives the keys of what is over; `do` takes some of them and says what it has done. Keys that are no longer over when
    `do` meets them are left alone, so that any two runs may meet."""

    find: Callable[[Session, Cutoff], Sequence[Any]]
    do: Callable[[Session, Cutoff, Sequence[Any]], Done]


def deleting(
    table: type[Table], key: InstrumentedAttribute[Any], over: Callable[[Cutoff], ColumnElement[bool]]
) -> Step:
    """Delete the rows of a table that are over."""

    def find(session: Session, cutoff: Cutoff) -> Sequence[Any]:
        return session.scalars(select(key).where(over(cutoff))).all()

    def do(session: Session, cutoff: Cutoff, keys: Sequence[Any]) -> Done:
        gone = delete(table).where(key.in_(keys), over(cutoff)).returning(key)
        return Counter({(table.__tablename__, Deed.DELETED): len(session.scalars(gone).all())})

    return Step(find, do)
