"""How long the server takes to run each page again, by Streamlit's own test runner, in one process without a browser.

What the test runner adds (a thread, a fresh script cache so that every run compiles the script, parsing the messages into
elements: `TEST_RUNNER`, measured on an empty script) is included, so the figures are upper bounds. Each page is run as an
example person who may open it, and must show what its name says before it is timed: a page that was refused, or a search
that did not reach the page, would be fast for the wrong reason.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.corpus import progress
from benchmarks.house import ASKER, UNANSWERABLE, House
from benchmarks.isolation import alone
from benchmarks.table import Measurement, at_most, not_measured
from bootstrap import connect
from settings import ROOT, Settings

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

RUNS = 40
WARM_UP = 8
P50 = 60.0
TEST_RUNNER = "Testkørslens egen tid (tomt script)"
SIGNED_IN = "sign_in_person"
TIMEOUT = 120


@dataclass(frozen=True)
class View:
    """A page as a person sees it: who, which page, what stands in the address, what is typed where, what must be seen."""

    name: str
    path: str
    person: str
    sign: str
    query: Mapping[str, str] = field(default_factory=dict)
    typed: tuple[str, str] | None = None


def measurements(house: House) -> list[Measurement]:
    """The worst page against the bar, then every page."""
    with house.copy() as copy:
        found, overhead = alone(copy.environment, _timed, copy.conversation)
    times = {name: result for name, result in found.items() if not isinstance(result, str)}
    every = [
        not_measured(f"Side: {name}, p50", result, unit="ms")
        if isinstance(result, str)
        else Measurement(f"Side: {name}, p50", result[0], "ms", note=f"p95 {result[1]:.0f} ms")
        for name, result in found.items()
    ]
    return [_worst(times, len(found)), *every, Measurement(TEST_RUNNER, overhead, "ms")]


def _worst(times: Mapping[str, tuple[float, float]], asked: int) -> Measurement:
    """The slowest page; no figure where a page is missing, for that one might be slower."""
    name = "Genkørsel af langsomste side, p50"
    if len(times) < asked:
        return not_measured(name, f"{asked - len(times)} af {asked} sider viste ikke det ventede", at_most(P50), "ms")
    worst = max(times, key=lambda view: times[view][0])
    return Measurement(name, times[worst][0], "ms", at_most(P50), note=worst)


def _views(conversation: str) -> list[View]:
    """Every page in the navigation, and the ones that look different with an address."""
    from ui.navigation import ASK, FRONT, GLOSSARY, INBOX, LIBRARY, PAGES

    services = connect(Settings())  # type: ignore[call-arg]  # values come from the environment
    people = [services.people.find(example.id) for example in services.examples]
    signs = {FRONT: "Nyt i kilderne", LIBRARY: "kilder", INBOX: UNANSWERABLE}
    views = []
    for page in PAGES:
        person = next(person.id for person in people if person.may(page.permission))
        views.append(View(page.title, page.path, person, signs.get(page, page.title.split()[0])))
    ask, library, glossary = ASK.path, LIBRARY.path, GLOSSARY.path
    source, search = {"kilde": "ai-forordningen"}, ("library_search", "journalisering")
    return [
        *views,
        View("Spørg, samtale med fire svar", ask, ASKER, "Svaret er ordrette citater", {"samtale": conversation}),
        View("Retningslinjer, læseside", library, ASKER, "Hvad AI-forordningen er", source),
        View("Retningslinjer, søgning", library, ASKER, "bedste først", typed=search),
        View("Ordbog, søgning", glossary, ASKER, "konsekvensanalyse", typed=("glossary_search", "dpia")),
    ]


def _timed(conversation: str) -> tuple[dict[str, tuple[float, float] | str], float]:
    """Median and 95th percentile of every view, or why there is none; and the test runner's own median; milliseconds."""
    from streamlit.testing.v1 import AppTest

    # Looking at session state from outside a script is what the test runner does; every run would warn about it.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True
    found: dict[str, tuple[float, float] | str] = {}
    for view in _views(conversation):
        progress(f"Kører {view.name}")
        test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
        test.session_state[SIGNED_IN] = view.person
        test.run()
        test.switch_page(view.path)
        for name, value in view.query.items():
            test.query_params[name] = value
        test.run()
        if view.typed:
            key, text = view.typed
            test.text_input(key).set_value(text).run()
        found[view.name] = _fault(view, test) or _percentiles(test.run)
        found[view.name] = _fault(view, test) or found[view.name]
    empty = AppTest.from_string("import streamlit", default_timeout=TIMEOUT)
    return found, _percentiles(empty.run)[0]


def _fault(view: View, test: "AppTest") -> str | None:
    """Why the view is not what its name says, or None."""
    faults = [str(element.value) for element in (*test.exception, *test.error)]
    shown = [str(element.value) for element in (*test.title, *test.subheader, *test.markdown, *test.caption)]
    shown += [str(element.proto.body) for element in test.get("html")]
    if faults:
        return f"siden viser en fejl: {faults[0][:80]}"
    if not any(view.sign.lower() in text.replace("\\", "").lower() for text in shown):
        return f"siden viser ikke “{view.sign}”"
    if view.typed and test.text_input(view.typed[0]).value != view.typed[1]:
        return "det indtastede er væk"
    return None


def _percentiles(run: Callable[[], object]) -> tuple[float, float]:
    milliseconds = []
    for number in range(WARM_UP + RUNS):
        started = time.perf_counter()
        run()
        if number >= WARM_UP:
            milliseconds.append((time.perf_counter() - started) * 1000)
    return float(np.percentile(milliseconds, 50)), float(np.percentile(milliseconds, 95))
