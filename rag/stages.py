"""Where the time of a question goes: the stages of an answer, timed when somebody listens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Stage(StrEnum):
    """The parts of an answer, in the order they run; words and meaning are searched beside each other."""

    GATE = "gate"
    INDEX = "index"
    LEXICAL = "lexical"
    DENSE = "dense"
    FUSE = "fuse"
    EXTRACT = "extract"
    GENERATE = "generate"
    TOTAL = "total"

    @property
    def danish(self) -> str:
        """Name shown to people."""
        return _DANISH[self]


_DANISH = {
    Stage.GATE: "Kontrol for personoplysninger",
    Stage.INDEX: "Kontrol af, om kilderne er ændret",
    Stage.LEXICAL: "Søgning på ord",
    Stage.DENSE: "Søgning på betydning",
    Stage.FUSE: "Sammenlægning af de to søgninger",
    Stage.EXTRACT: "Udvælgelse af citater",
    Stage.GENERATE: "Formulering med sprogmodel",
    Stage.TOTAL: "I alt",
}


class Stopwatch:
    """Milliseconds of each stage of one question. A thread that works for the question may add its own stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[Stage, float] = {}

    def add(self, stage: Stage, seconds: float) -> None:
        """Count time for a stage; a stage that runs twice is counted together."""
        self.milliseconds[stage] = self.milliseconds.get(stage, 0.0) + seconds * 1000


_WATCH: ContextVar[Stopwatch | None] = ContextVar("stopwatch", default=None)


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Time the block as `TOTAL`, and the stages inside it. A new thread joins in by `contextvars.copy_context().run`."""
    watch = Stopwatch()
    token = _WATCH.set(watch)
    started = time.perf_counter()
    try:
        yield watch
    finally:
        watch.add(Stage.TOTAL, time.perf_counter() - started)
        _WATCH.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Count the block as a stage of the question at hand; costs next to nothing where nobody listens."""
    watch = _WATCH.get()
    if watch is None:
        yield
        return
    started = time.perf_counter()
    try:
        yield
    finally:
        watch.add(name, time.perf_counter() - started)
