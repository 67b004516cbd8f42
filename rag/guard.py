"""A guard around native code: a time limit for every call, and a rest after failures in a row (a circuit breaker)."""

import logging
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from rag.calendar import COPENHAGEN
from rag.errors import PutAside, TooSlow

log = logging.getLogger(__name__)
T = TypeVar("T")

FAILURES = 3
REST = 300.0


class Guard:
    """Runs work one call at a time in a thread of its own, so that a caller never waits longer than `limit` seconds.

    After `FAILURES` failed calls in a row the work is put aside for `rest` seconds; then one call decides whether it is taken
    up again. A call that hangs cannot be ended; nothing more is started until it comes back.
    """

    def __init__(
        self, what: str, limit: float, rest: float = REST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`what` names the work to the administrator, as the subject of a Danish sentence."""
        self._what = what
        self._limit = limit
        self._rest = rest
        self._clock = clock
        self._lock = threading.Lock()
        self._line: _Line | None = None
        self._failures = 0
        self._resting_until = 0.0
        self._last: datetime | None = None
        self._stuck: Future[Any] | None = None

    @property
    def aside(self) -> bool:
        """Whether calls are refused for now."""
        return self._hangs or self._clock() < self._resting_until

    @property
    def problem(self) -> str | None:
        """For the administrator: what failed and when, until a call has succeeded again."""
        if self._last is None or not (self._hangs or self._failures >= FAILURES):
            return None
        moment = f"den {self._last:%d.%m.%Y} kl. {self._last:%H.%M}"
        if self._hangs:
            return f"{self._what} er sat til side. Den holdt op med at svare {moment}, og der ventes stadig på den."
        return (
            f"{self._what} er sat til side. Den fejlede {self._failures} gange i træk, sidst {moment}. "
            f"Den prøves igen {round(self._rest / 60)} minutter efter sidste fejl. Årsagen står i driftsloggen."
        )

    @property
    def _hangs(self) -> bool:
        return self._stuck is not None and not self._stuck.done()

    def run(self, work: Callable[[], T]) -> T:
        """The result of `work`; raises what it raises, `TooSlow` at the limit, `PutAside` while it rests."""
        if self.aside:
            raise PutAside(f"{self._what} er sat til side efter flere fejl. Prøv igen om lidt.")
        job: Future[T] = Future()
        line = self._started()
        line.jobs.put((job, work))
        try:
            found = job.result(self._limit)
        except TimeoutError as error:
            job.cancel()
            # Late because others stood before it says that many ask at once; one call at work for most of the time is stuck.
            current, since = line.current
            if current is not None and not current.done() and time.monotonic() - since >= self._limit / 2:
                self._failed(current)
            raise TooSlow(f"{self._what} svarede ikke i tide.") from error
        except Exception:
            self._failed(None)
            raise
        with self._lock:
            self._failures, self._last, self._stuck = 0, None, None
        return found

    def _failed(self, stuck: Future[Any] | None) -> None:
        with self._lock:
            if stuck is not None and stuck is self._stuck:
                return  # the same call, seen by another who waits
            self._failures += 1
            self._stuck = stuck or self._stuck
            self._last = datetime.now(COPENHAGEN)
            if self._failures >= FAILURES:
                self._resting_until = self._clock() + self._rest
        log.error("failure %d in a row: %s", self._failures, self._what)

    def _started(self) -> "_Line":
        with self._lock:
            if self._line is None:
                self._line = _Line()
                # A daemon: a call that hangs must not keep the process from ending.
                threading.Thread(target=self._line.work_off, name="guard", daemon=True).start()
                weakref.finalize(self, self._line.jobs.put, None)
            return self._line


class _Line:
    """Jobs in order of arrival, the one at work, and since when (monotonic seconds). Knows nothing of its guard, so that the
    thread ends with it."""

    def __init__(self) -> None:
        self.jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        self.current: tuple[Future[Any] | None, float] = (None, 0.0)

    def work_off(self) -> None:
        while (entry := self.jobs.get()) is not None:
            job, work = entry
            if job.set_running_or_notify_cancel():
                self.current = (job, time.monotonic())
                try:
                    job.set_result(work())
                except BaseException as error:  # noqa: BLE001  the caller gets it, whatever it is
                    job.set_exception(error)
                self.current = (None, 0.0)
            del entry, job, work


class Vectors(Protocol):
    """What is guarded of a vector store."""

    def nearest(self, question: str, count: int) -> dict[str, float]: ...


class GuardedVectors:
    """A vector store whose answer is never waited for longer than the guard allows."""

    def __init__(self, vectors: Vectors, guard: Guard) -> None:
        self._vectors = vectors
        self.guard = guard

    def nearest(self, question: str, count: int) -> dict[str, float]:
        """As the store's; raises what `Guard.run` raises."""
        return self.guard.run(lambda: self._vectors.nearest(question, count))
