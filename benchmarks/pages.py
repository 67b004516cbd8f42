"""How long the server takes to run each page again, by Streamlit's own test runner, in one process without a browser.

What the test runner adds (a thread, a fresh script cache so that every run compiles the script, parsing the messages into
elements: `TEST_RUNNER`, measured on an empty script) is included, so the figures are upper bounds. Each page is run as an
example person who may open it.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.corpus import progress
from benchmarks.house import ASKER, House
from benchmarks.isolation import alone
from benchmarks.table import Measurement, at_most
from bootstrap import connect
from settings import ROOT, Settings

RUNS = 40
WARM_UP = 8
P50 = 60.0
TEST_RUNNER = "Testkørslens egen tid (tomt script)"
SIGNED_IN = "sign_in_person"
TIMEOUT = 120


@dataclass(frozen=True)
class View:
    """A page as a person sees it: who, which page, and what stands in the address."""

    name: str
    path: str
    person: str
    query: Mapping[str, str] = field(default_factory=dict)


def measurements(house: House) -> list[Measurement]:
    """The worst page against the bar, then every page."""
    with house.copy() as copy:
        found, overhead = alone(copy.environment, _timed, copy.conversation)
    worst = max(found, key=lambda name: found[name][0])
    every = [
        Measurement(f"Side: {name}, p50", p50, "ms", note=f"p95 {p95:.0f} ms") for name, (p50, p95) in found.items()
    ]
    return [
        Measurement("Genkørsel af langsomste side, p50", found[worst][0], "ms", at_most(P50), note=worst),
        *every,
        Measurement(TEST_RUNNER, overhead, "ms"),
    ]


def _views(conversation: str) -> list[View]:
    """Every page in the navigation, and the ones that look different with an address."""
    from ui.navigation import ASK, GLOSSARY, LIBRARY, PAGES

    services = connect(Settings())  # type: ignore[call-arg]  # values come from the environment
    people = [services.people.find(example.id) for example in services.examples]
    views = []
    for page in PAGES:
        person = next(person.id for person in people if person.may(page.permission))
        views.append(View(page.title, page.path, person))
    more = [
        ("samtale med fire svar", ASK, {"samtale": conversation}),
        ("læseside", LIBRARY, {"kilde": "ai-forordningen"}),
        ("søgning", LIBRARY, {"soeg": "journalisering"}),
        ("søgning", GLOSSARY, {"glossary_search": "dpia"}),
    ]
    return views + [View(f"{page.title}, {name}", page.path, ASKER, query) for name, page, query in more]


def _timed(conversation: str) -> tuple[dict[str, tuple[float, float]], float]:
    """Median and 95th percentile of every view, and the test runner's own median, in milliseconds."""
    from streamlit.testing.v1 import AppTest

    found = {}
    for view in _views(conversation):
        progress(f"Kører {view.name}")
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
        test.session_state[SIGNED_IN] = view.person
        test.run()
        test.switch_page(view.path)
        for name, value in view.query.items():
            test.query_params[name] = value
        test.run()
        if test.exception or test.error:
            raise RuntimeError(f"{view.name}: {[element.value for element in (*test.exception, *test.error)]}")
        found[view.name] = _percentiles(test.run)
    empty = AppTest.from_string("import streamlit", default_timeout=TIMEOUT)
    return found, _percentiles(empty.run)[0]


def _percentiles(run: Callable[[], object]) -> tuple[float, float]:
    milliseconds = []
    for number in range(WARM_UP + RUNS):
        started = time.perf_counter()
        run()
        if number >= WARM_UP:
            milliseconds.append((time.perf_counter() - started) * 1000)
    return float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 95))
