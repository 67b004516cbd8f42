"""The outbox: statements from when they are made until they are delivered, and how the store has been lately.

One row, of the kind `outbox`, is about the outbox itself: `made_at` is when it was first opened, `delivered_at` the last look
for events, `tries` the failures of the store in a row, `next_try_at` until when the store is left alone, `problem` why.
A statement that the store will never take is set aside: it keeps its content and its problem, and waits for a person,
for a year at most: then the retention empties it, and it is not sent any more.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select, update
from sqlalchemy.orm import Session

from courses.xapi.collector import Told
from courses.xapi.tables import StatementRow
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

OUTBOX = "outbox"
BATCH = 50  # statements that are sent at once
SET_ASIDE = datetime(9000, 1, 1, tzinfo=UTC)  # `next_try_at` of what is not tried any more
FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0  # seconds
TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """A statement that is due."""

    id: str
    tries: int
    statement: dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """How the outbox stands. `resting_until` is set while the store is left alone, and `problem` says why."""

    since: datetime | None
    waiting: int
    delivered: int
    set_aside: int
    oldest_waiting: datetime | None
    failures: int
    resting_until: datetime | None
    problem: str
    problems: dict[str, int]


def pause(tries: int, chance: Callable[[], float] = random.random) -> float:
    """Seconds to wait after the `tries`th failure in a row: a minute, doubled each time up to an hour; between a half and all of
    that by `chance` (0..1), so that many senders do not come back at once."""
    whole = min(FIRST_PAUSE * 2.0 ** min(tries - 1, 10), LONGEST_PAUSE)
    return whole * (0.5 + chance() / 2)


class Outbox:
    """Statements in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._clock = clock

    # --- collecting -----------------------------------------------------------------------------------------------

    def opened(self) -> tuple[datetime, datetime]:
        """When it was opened and when events were last looked for; opened now where it never was."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = _own(session)
            if row is None:
                at = self._clock()
                row = StatementRow(
                    id=new_id(),
                    kind=OUTBOX,
                    event="",
                    statement=None,
                    made_at=at,
                    delivered_at=at,
                    tries=0,
                    next_try_at=at,
                    problem="",
                )
                session.add(row)
            return row.made_at, row.delivered_at or row.made_at

    def peek(self) -> tuple[datetime, datetime] | None:
        """The same, and None where it never was opened; writes nothing."""
        with reading(self._engine) as session:
            row = _own(session)
            return (row.made_at, row.delivered_at or row.made_at) if row else None

    def add(self, told: Iterable[Told], looked: datetime) -> int:
        """Keep what is told and not kept yet; how many were new. `looked` is when the look for events began."""
        rows = list(told)
        new = 0
        for start in range(0, len(rows), TOGETHER):
            with transaction(self._engine) as session:
                one_at_a_time(session)
                new += self._add(session, rows[start : start + TOGETHER])
        with transaction(self._engine) as session:
            own = _own(session)
            if own is not None and (own.delivered_at is None or own.delivered_at < looked):
                own.delivered_at = looked
        return new

    def _add(self, session: Session, told: Sequence[Told]) -> int:
        ids = [one.statement.id for one in told]
        known = set(session.scalars(select(StatementRow.id).where(StatementRow.id.in_(ids))))
        at = self._clock()
        fresh = {one.statement.id: one for one in told if one.statement.id not in known}
        for one in fresh.values():
            session.add(
                StatementRow(
                    id=one.statement.id,
                    kind=one.kind,
                    event=one.event,
                    statement=one.statement.as_json(),
                    made_at=at,
                    delivered_at=None,
                    tries=0,
                    next_try_at=at,
                    problem="",
                )
            )
        return len(fresh)

    # --- sending --------------------------------------------------------------------------------------------------

    def due(self, count: int, *, voiding: bool, early: bool = False) -> list[Waiting]:
        """At most `count` statements to send now, oldest first: those that take others back, or all others.

        `early` gives those too whose time has not come.
        """
        limit = SET_ASIDE if early else self._clock() + timedelta(microseconds=1)
        query = select(StatementRow).where(
            _waits(), StatementRow.next_try_at < limit, (StatementRow.kind == "voided") == voiding
        )
        with reading(self._engine) as session:
            rows = session.scalars(query.order_by(StatementRow.made_at, StatementRow.id).limit(count)).all()
        return [Waiting(row.id, row.tries, row.statement or {}) for row in rows]

    def delivered(self, ids: Sequence[str]) -> None:
        """The store has these; their content is forgotten here, and the store counts as well."""
        with transaction(self._engine) as session:
            session.execute(
                update(StatementRow)
                .where(StatementRow.id.in_(ids), _waits())
                .values(statement=None, delivered_at=self._clock(), problem="")
            )
            session.execute(
                update(StatementRow)
                .where(StatementRow.kind == OUTBOX)
                .values(tries=0, problem="", next_try_at=self._clock())
            )

    def postpone(self, one: Waiting, problem: str) -> None:
        """Try a statement again later, and later each time."""
        later = self._clock() + timedelta(seconds=pause(one.tries + 1))
        self._mark([one.id], tries=one.tries + 1, next_try_at=later, problem=problem)

    def set_aside(self, ids: Sequence[str], problem: str) -> None:
        """Do not try these again; `problem` says why."""
        self._mark(ids, next_try_at=SET_ASIDE, problem=problem)

    def _mark(self, ids: Sequence[str], **values: Any) -> None:
        with transaction(self._engine) as session:
            session.execute(update(StatementRow).where(StatementRow.id.in_(ids), _waits()).values(**values))

    def rest(self, problem: str, least: float = 0.0) -> float:
        """Leave the store alone, longer after each failure and `least` seconds at least (an hour at most); for how long."""
        with transaction(self._engine) as session:
            row = _own(session)
            if row is None:
                return 0.0
            row.tries += 1
            length = max(pause(row.tries), min(least, LONGEST_PAUSE))
            row.next_try_at = self._clock() + timedelta(seconds=length)
            row.problem = problem
        return length

    @property
    def resting(self) -> bool:
        """Whether the store is left alone now."""
        with reading(self._engine) as session:
            row = _own(session)
            return row is not None and row.tries > 0 and row.next_try_at > self._clock()

    # --- looking after it -----------------------------------------------------------------------------------------

    def retry(self) -> int:
        """Take what was set aside back in, to be sent next; how many there were."""
        with transaction(self._engine) as session:
            which = session.scalars(select(StatementRow.id).where(_aside())).all()
            session.execute(update(StatementRow).where(_aside()).values(tries=0, next_try_at=self._clock(), problem=""))
        return len(which)

    def state(self) -> State:
        """Counts, and how the store has been."""
        with reading(self._engine) as session:
            own = _own(session)

            def count(*which: ColumnElement[bool]) -> int:
                query = select(func.count()).select_from(StatementRow)
                return session.scalar(query.where(StatementRow.kind != OUTBOX, *which)) or 0

            problems = session.execute(
                select(StatementRow.problem, func.count()).where(_aside()).group_by(StatementRow.problem)
            )
            waiting = (_waits(), StatementRow.next_try_at < SET_ASIDE)
            return State(
                since=own.made_at if own else None,
                waiting=count(*waiting),
                delivered=count(StatementRow.delivered_at.is_not(None)),
                set_aside=count(_aside()),
                oldest_waiting=session.scalar(select(func.min(StatementRow.made_at)).where(*waiting)),
                failures=own.tries if own else 0,
                resting_until=own.next_try_at if own and own.tries and own.next_try_at > self._clock() else None,
                problem=own.problem if own else "",
                problems={problem: number for problem, number in problems},
            )


def _own(session: Session) -> StatementRow | None:
    return session.scalars(select(StatementRow).where(StatementRow.kind == OUTBOX, StatementRow.event == "")).first()


def _waits() -> ColumnElement[bool]:
    return StatementRow.delivered_at.is_(None) & StatementRow.statement.is_not(None)


def _aside() -> ColumnElement[bool]:
    return _waits() & (StatementRow.next_try_at >= SET_ASIDE)
