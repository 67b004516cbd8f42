"""Delivery: takes statements from the outbox to where they go, so that none is lost and none is told twice.

A statement is noted as delivered after the store has it. A crash between the two sends it again, with the same id, which a
store ignores (xAPI 1.0.3, part 3, 2.1.2). A file is asked first what it holds: a run begins by noting that, and each batch is
noted before the next is written, so only the last batch can be there without being noted.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from courses.xapi.errors import Refused, Unavailable
from courses.xapi.outbox import BATCH, Outbox, Waiting

log = logging.getLogger(__name__)

# A refusal is final when the store has taken something else in the same run, and so works; or after about half a day of it.
REFUSALS = 12


class Target(Protocol):
    """Where statements go."""

    def send(self, statements: Sequence[dict[str, Any]]) -> None:
        """Hand over statements, `BATCH` at most. Raises `Refused` and `Unavailable`."""

    def there(self) -> set[str]:
        """Ids of statements that are there and may not be noted. Raises `Unavailable`."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run came to; `problem` is why it ended before its end."""

    delivered: int = 0
    set_aside: int = 0
    problem: str = ""


class Delivery:
    """One run from `outbox` to `target`."""

    def __init__(self, outbox: Outbox, target: Target) -> None:
        self._outbox = outbox
        self._target = target
        self._delivered = 0
        self._refused: list[tuple[Waiting, str]] = []

    def run(self, *, early: bool = False) -> Delivered:
        """Send what is due, batch by batch, until nothing is left or the store takes nothing. `early` waits for nothing."""
        if self._outbox.resting and not early:
            return Delivered()
        if not any(self._outbox.due(1, voiding=voiding, early=early) for voiding in (False, True)):
            return Delivered()
        try:
            there = self._target.there()
            if there:
                self._outbox.delivered(sorted(there))
            # What takes others back goes last and alone: a store may forbid it, and everything else must still come through.
            for voiding in (False, True):
                self._send_all(voiding=voiding, early=early)
        except Unavailable as trouble:
            length = self._outbox.rest(str(trouble), trouble.wait)
            log.warning("xAPI: nothing is sent for %.0f s: %s", length, trouble)
            return Delivered(self._delivered, self._judge(), str(trouble))
        return Delivered(self._delivered, self._judge())

    def _send_all(self, *, voiding: bool, early: bool) -> None:
        tried: set[str] = set()
        while batch := self._outbox.due(BATCH + len(tried), voiding=voiding, early=early):
            batch = [one for one in batch if one.id not in tried][:BATCH]
            if not batch:
                return
            before = self._delivered
            try:
                self._send(batch)
            except Unavailable as trouble:
                if not voiding or trouble.status != 403:
                    raise
                log.warning("xAPI: the store does not let statements be voided")
                for one in batch:
                    self._outbox.postpone(one, str(trouble))
                return
            if len(batch) > 1 and self._delivered == before == 0:
                raise Unavailable("samlingen godtager intet af det, der sendes")
            tried |= {one.id for one, _ in self._refused}

    def _send(self, batch: Sequence[Waiting]) -> None:
        """Send a batch; one that is refused is halved until what is refused stands alone."""
        try:
            self._target.send([one.statement for one in batch])
        except Refused as refusal:
            if len(batch) == 1:
                self._outbox.postpone(batch[0], str(refusal))
                self._refused.append((batch[0], str(refusal)))
                return
            half = len(batch) // 2
            self._send(batch[:half])
            self._send(batch[half:])
        else:
            self._outbox.delivered([one.id for one in batch])
            self._delivered += len(batch)

    def _judge(self) -> int:
        """Set aside what will never be taken; how many."""
        final = [(one, why) for one, why in self._refused if self._delivered or one.tries + 1 >= REFUSALS]
        for one, why in final:
            self._outbox.set_aside([one.id], why)
            log.error("xAPI: statement %s is set aside: %s", one.id, why)
        return len(final)
