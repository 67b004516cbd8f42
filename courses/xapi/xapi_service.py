"""Use cases of xAPI: tell what has happened, deliver it, and see how that goes."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from courses.course_service import CourseService
from courses.xapi import pseudonym
from courses.xapi.collector import Collector
from courses.xapi.delivery import Delivery, Target
from courses.xapi.errors import InvalidPseudonymKey, XapiError
from courses.xapi.narrator import Narrator
from courses.xapi.outbox import Outbox, State
from storage.base import now
from storage.session import reading

log = logging.getLogger(__name__)
SECONDS = 60.0  # between two rounds


@dataclass(frozen=True, slots=True)
class Round:
    """What a round came to. `busy` means that another process was at it, and nothing was done here."""

    collected: int = 0
    delivered: int = 0
    set_aside: int = 0
    problem: str = ""
    busy: bool = False


class XapiService:
    """Statements of the courses in the database behind `engine`, for `target`.

    `home` is the public address, of which activities' ids are made; `key_file` the key of the pseudonyms, made when it is first
    needed; beside it lies the lock that keeps two processes from sending at once. `clock` gives the moment, in UTC.
    """

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        target: Target,
        home: str,
        key_file: Path,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._target = target
        self._home = home
        self._key_file = key_file
        self._clock = clock
        self._outbox = Outbox(engine, clock)

    def _collector(self) -> Collector:
        return Collector(self._courses, Narrator(self._home, pseudonym.load(self._key_file)))

    def collect(self) -> int:
        """Tell what has happened since the outbox was opened and is not told; how many statements that made.

        Raises `InvalidPseudonymKey`.
        """
        collector = self._collector()
        since, looked = self._outbox.opened()
        at = self._clock()
        with reading(self._engine) as session:
            found = list(collector.untold(session, since, looked, at))
        return self._outbox.add(found, at)

    def round(self, *, early: bool = False) -> Round:
        """Collect and deliver. `early` sends also what waits for its time. Raises `InvalidPseudonymKey`."""
        lock = FileLock(f"{self._key_file}.lock", timeout=0)
        try:
            self._key_file.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            return Round(busy=True)
        except OSError as error:
            raise InvalidPseudonymKey(self._key_file.name) from error
        try:
            collected = self.collect()
            done = Delivery(self._outbox, self._target).run(early=early)
        finally:
            lock.release()
        return Round(collected, done.delivered, done.set_aside, done.problem)

    def preview(self, count: int = 50) -> list[dict[str, Any]]:
        """The next statements that a round would send; nothing is written and nothing sent. Raises `InvalidPseudonymKey`."""
        waiting = [
            one.statement for voiding in (False, True) for one in self._outbox.due(count, voiding=voiding, early=True)
        ]
        opened = self._outbox.peek()
        if opened is not None:
            with reading(self._engine) as session:
                told = self._collector().untold(session, *opened, self._clock())
                waiting += [one.statement.as_json() for one in told]
        return waiting[:count]

    def state(self) -> State:
        """How the outbox stands."""
        return self._outbox.state()

    def retry(self) -> int:
        """Take what was set aside back in; how many there were."""
        return self._outbox.retry()

    def pseudonym(self, person_id: str) -> str:
        """The name a person has in statements, for finding what a store holds about her. Raises `InvalidPseudonymKey`."""
        return pseudonym.pseudonym(pseudonym.load(self._key_file), person_id)

    def work(self, stop: threading.Event) -> None:
        """Rounds about once a minute until `stop` is set. Whatever fails is tried again; nothing of a statement is logged."""
        while not stop.is_set():
            try:
                done = self.round()
                if done.collected or done.delivered or done.set_aside:
                    log.info(
                        "xAPI: %d statements made, %d delivered, %d set aside",
                        done.collected,
                        done.delivered,
                        done.set_aside,
                    )
            except XapiError as error:
                log.error("xAPI: %s", error)
            except Exception as error:  # noqa: BLE001  a database's message may hold the statement
                log.error("the xAPI round failed: %s", type(error).__name__)
            stop.wait(SECONDS * SystemRandom().uniform(0.8, 1.2))
