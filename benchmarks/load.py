"""300 people answer at once, one answer every ten seconds each, for a minute: how long an answer takes until it is saved.

A real server, 300 websockets from a process of its own on the same machine, so that the figures are upper bounds. An
answer is a change of the radio that is shown; its time runs from sending it until the server says that the run is over.
It counts as acknowledged when the page says that it is saved, and all of those must stand in the database afterwards.
A second minute is harder: everybody turns to the next question as well, two seconds after each answer.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random

import numpy as np
from websockets.exceptions import WebSocketException

from benchmarks.corpus import progress
from benchmarks.course_house import IDS, PEOPLE, CourseHouse, Seat, serving
from benchmarks.isolation import alone
from benchmarks.streamlit_client import Field, Tab, opened
from benchmarks.table import Measurement, at_most
from ui.navigation import ATTEMPT
from ui.text import number as amount

EVERY = 10.0
SECONDS = 60.0
ARRIVALS = 10.0  # people a second
THINKING = 2.0
P95 = 500.0
SAVED = "Svaret er gemt."
NEXT = "go_arrow_forward_"
SHARED = "klienterne deler maskinens kerner med serveren"


@dataclass
class Minute:
    """What 300 people met in a minute: milliseconds of every answer, what went wrong, and what the page said was saved."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    saved: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Driven:
    """Milliseconds until each person had the page, and the two minutes that followed."""

    opening: list[float] = field(default_factory=list)
    plain: Minute = field(default_factory=Minute)
    turning: Minute = field(default_factory=Minute)


def measurements(house: CourseHouse) -> list[Measurement]:
    """Time of an answer, errors, answers a second, and whether what was acknowledged is there."""
    with house.copy() as copy, serving(copy) as server:
        driven = alone({}, _driven, server.address, copy.seats)
        stored = Counter(copy.answers())
    plain, turning = driven.plain, driven.turning
    saved = Counter([*plain.saved, *turning.saved])
    missing = (saved - stored).total()
    name = f"{PEOPLE} personer svarer hvert tiende sekund"
    errors = plain.errors + turning.errors
    wanted = f"{PEOPLE / EVERY:.0f} bliver sendt"
    return [
        *_times(name, plain, P95),
        Measurement(f"{name}: svar gemt", len(plain.saved) / plain.seconds, "i sekundet", note=wanted),
        *_times(f"{name} og bladrer", turning, None),
        Measurement(f"{name}: fejl", len(errors), "", at_most(0), digits=0, note="; ".join(sorted(set(errors))[:3])),
        Measurement(
            f"{name}: bekræftede svar, der mangler i databasen",
            missing,
            "",
            at_most(0),
            digits=0,
            note=f"af {amount(saved.total())}",
        ),
        Measurement(
            f"Prøven åbnes af {PEOPLE} personer, {ARRIVALS:.0f} i sekundet, p95",
            float(np.percentile(driven.opening, 95)),
            "ms",
            digits=0,
            note=f"p50 {np.percentile(driven.opening, 50):.0f} ms",
        ),
    ]


def _times(name: str, minute: Minute, bar: float | None) -> list[Measurement]:
    p50, p95, p99 = (float(np.percentile(minute.times, share)) for share in (50, 95, 99))
    return [
        Measurement(f"{name}, p50", p50, "ms", digits=0, note=SHARED),
        Measurement(
            f"{name}, p95", p95, "ms", None if bar is None else at_most(bar), digits=0, note=f"p99 {p99:.0f} ms"
        ),
    ]


def _driven(address: str, seats: Sequence[Seat]) -> Driven:
    return asyncio.run(_drive(address, seats))


async def _drive(address: str, seats: Sequence[Seat]) -> Driven:
    driven = Driven()
    async with opened(address, seats[0].person_id, ATTEMPT.address, forsoeg=seats[0].attempt):
        progress("Serveren er startet")  # the first visitor waits for that, and is not counted
    async with AsyncExitStack() as stack:

        async def arrive(number: int, seat: Seat) -> Tab:
            await asyncio.sleep(number / ARRIVALS)
            started = time.perf_counter()
            tab = await stack.enter_async_context(
                opened(address, seat.person_id, ATTEMPT.address, forsoeg=seat.attempt)
            )
            driven.opening.append((time.perf_counter() - started) * 1000)
            return tab

        tabs = await asyncio.gather(*(arrive(number, seat) for number, seat in enumerate(seats)))
        for minute, turns in ((driven.plain, False), (driven.turning, True)):
            progress(f"{len(tabs)} personer svarer i et minut" + (" og bladrer" if turns else ""))
            started = time.perf_counter()
            chance = Random(20_261)
            await asyncio.gather(
                *(_answering(tab, minute, started + chance.uniform(0, EVERY), turns=turns) for tab in tabs)
            )
            minute.seconds = max(SECONDS, time.perf_counter() - started)
    return driven


async def _answering(tab: Tab, minute: Minute, first: float, *, turns: bool) -> None:
    """One person's minute; whoever meets an error stops there."""
    try:
        for number in range(round(SECONDS / EVERY)):
            await asyncio.sleep(first + number * EVERY - time.perf_counter())
            shown = question(tab)
            option = next(text for text in shown.options if text != shown.chosen)
            started = time.perf_counter()
            await tab.choose(shown.key, option)
            minute.times.append((time.perf_counter() - started) * 1000)
            minute.errors += tab.faults()
            if saved(tab):
                minute.saved.append((item_of(shown), IDS[option]))
            else:
                minute.errors.append("siden siger ikke, at svaret er gemt")
            if turns:
                await asyncio.sleep(THINKING)
                await tab.click(NEXT)
                minute.errors += tab.faults()
    except (OSError, LookupError, WebSocketException) as error:
        minute.errors.append(f"{type(error).__name__}: {error}"[:120])


def question(tab: Tab) -> Field:
    """The radio of the question that is shown; raises LookupError."""
    found = next((field for field in tab.fields() if field.options), None)
    if found is None:
        raise LookupError(f"no question is shown, but: {tab.texts()} {tab.faults()}")
    return found


def item_of(shown: Field) -> str:
    """Id of the item that a question's radio belongs to (`item_…_one`)."""
    return shown.key.removeprefix("item_").removesuffix("_one")


def saved(tab: Tab) -> bool:
    """Whether the page says that the answer is saved."""
    return any(SAVED in text for text in tab.texts())
