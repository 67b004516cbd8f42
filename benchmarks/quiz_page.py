"""How long the server takes to run the page of a quiz of 60 questions again, half of them answered.

The whole page is run by Streamlit's own test runner, as in `benchmarks.pages`: an upper bound. In the browser an answer runs
only the fragment that holds the question; that is timed over a websocket to a real server with nobody else on it, from
sending the answer until the server says that the run is over, saving included.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.corpus import progress
from benchmarks.course_house import ITEMS, OPTIONS, CourseHouse, Seat, serving
from benchmarks.isolation import alone
from benchmarks.load import question, saved
from benchmarks.pages import RUNS, SIGNED_IN, TIMEOUT, WARM_UP
from benchmarks.retrieval import Latency
from benchmarks.streamlit_client import opened
from benchmarks.table import Measurement, at_most
from bootstrap import connect
from settings import ROOT, Settings
from ui.navigation import ATTEMPT

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

P50 = 80.0
ANSWERED = ITEMS // 2
OVERVIEW = "go_checklist_"
PAGE, ALL = "Prøve med 60 spørgsmål: siden", "Prøve med 60 spørgsmål: alle svar"
FRAGMENT = "Prøve med 60 spørgsmål: svar gemt og spørgsmålet tegnet igen"


def measurements(house: CourseHouse) -> list[Measurement]:
    """The page at a question, the page at the look over all, and an answer."""
    with house.copy() as copy:
        found = alone(copy.environment, _pages, copy.seats[0])
        with serving(copy) as server:
            found[FRAGMENT] = alone({}, _answers, server.address, copy.seats[1])
    bars = {PAGE: at_most(P50), ALL: at_most(P50), FRAGMENT: at_most(P50)}
    return [
        Measurement(f"{name}, p50", latency.p50, "ms", bars[name], note=f"p95 {latency.p95:.0f} ms")
        for name, latency in found.items()
    ]


def _pages(seat: Seat) -> dict[str, Latency]:
    from streamlit.testing.v1 import AppTest

    # Looking at session state from outside a script is what the test runner does; every run would warn about it.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True
    progress("Kører siden med prøven")
    services = connect(Settings())  # type: ignore[call-arg]  # values come from the environment
    for item in seat.items[:ANSWERED]:
        services.attempts.answer(seat.person, item, next(iter(OPTIONS)))
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
    test.session_state[SIGNED_IN] = seat.person_id
    test.run()
    test.switch_page(ATTEMPT.path)
    test.query_params["forsoeg"] = seat.attempt
    test.run()
    found = {PAGE: _timed(test, f"Spørgsmål {ANSWERED + 1} af {ITEMS}")}
    test.button(OVERVIEW).click().run()
    return {**found, ALL: _timed(test, "Dine svar")}


def _timed(test: "AppTest", heading: str) -> Latency:
    """Time the page, which must show `heading` and no error both before and after."""
    _require(test, heading)
    latency = _latency(test.run)
    _require(test, heading)
    return latency


def _require(test: "AppTest", heading: str) -> None:
    shown = [element.value for element in test.subheader]
    faults = [str(element.value) for element in (*test.exception, *test.error)]
    if faults or heading not in shown:
        raise RuntimeError(f"the page shows {shown} {faults} and not {heading}")


def _latency(run: Callable[[], object]) -> Latency:
    milliseconds = []
    for number in range(WARM_UP + RUNS):
        started = time.perf_counter()
        run()
        if number >= WARM_UP:
            milliseconds.append((time.perf_counter() - started) * 1000)
    return _of(milliseconds)


def _of(milliseconds: list[float]) -> Latency:
    return Latency(float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 95)))


def _answers(address: str, seat: Seat) -> Latency:
    progress("Besvarer et spørgsmål på en server uden andre")
    return asyncio.run(_answering(address, seat))


async def _answering(address: str, seat: Seat) -> Latency:
    milliseconds = []
    async with opened(address, seat.person_id, ATTEMPT.address, forsoeg=seat.attempt) as tab:
        for number in range(WARM_UP + RUNS):
            shown = question(tab)
            option = next(text for text in shown.options if text != shown.chosen)
            started = time.perf_counter()
            await tab.choose(shown.key, option)
            if not saved(tab):
                raise RuntimeError(f"the answer was not saved: {tab.faults()}")
            if number >= WARM_UP:
                milliseconds.append((time.perf_counter() - started) * 1000)
    return _of(milliseconds)
