"""A breaker: after repeated failures a server is left alone for a while, so that nobody waits for it in vain."""

import threading
import time
from collections.abc import Callable

FAILURES = 3
REST = 60.0
LONGEST_REST = 900.0


class Breaker:
    """Opens after `FAILURES` failures in a row for `REST` seconds, then lets one call through to try; each further
    failure doubles the rest. Thread-safe; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    @property
    def closed(self) -> bool:
        """Whether the next call would be let through."""
        with self._lock:
            return self._failures < FAILURES or self._clock() >= self._until

    def admits(self) -> bool:
        """Whether to make a call now. While the server is on trial, the call that tries is the only one."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if self._clock() < self._until:
                return False
            self._until = self._clock() + REST
            return True

    def note(self, *, alive: bool) -> None:
        """Take in how a call ended."""
        with self._lock:
            self._failures = 0 if alive else self._failures + 1
            if self._failures >= FAILURES:
                rest = REST * 2 ** min(self._failures - FAILURES, 10)
                self._until = self._clock() + min(rest, LONGEST_REST)
