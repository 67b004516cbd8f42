"""From starting the server on an installed machine to the first page, and what the server occupies.

The data folder is ready: sources read, passages encoded. The clock starts with the process of `streamlit run app.py` and
stops when the server has sent the heading of the sign-in page to a real browser (which was open already). The browser
needs about a second of that to load Streamlit's own scripts; the figure is an upper bound of what the server takes.

Without Chromium or playwright the app is run in a fresh process by Streamlit's own test runner: no browser, no network.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.corpus import progress
from benchmarks.house import ASKER, QUESTIONS, House
from benchmarks.isolation import alone
from benchmarks.machine import resident, resident_with_children
from benchmarks.table import Measurement, at_most, not_measured
from bootstrap import connect
from settings import ROOT, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, WebSocket

STARTS = 5
HEADING = "Velkommen til AI-univers"
SECONDS = 3.0
MEGABYTES = 400.0
START_NAME = "Start til første side, klar maskine"
FIRST_NAME = "Serverens hukommelse efter første side"
ASKED_NAME = "Serverens hukommelse efter login og tre spørgsmål"
PATIENCE = 120
# Chromium of the operating system, kept from calling home; root needs --no-sandbox.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]


@dataclass
class Start:
    """Seconds until the server had computed the first page and until the browser showed it; memory in MB.

    `by_meaning` counts the questions asked that were answered with the encoder loaded.
    """

    computed: float
    shown: float
    memory_first: float
    memory_asked: float | None = None
    by_meaning: int = 0


@dataclass
class _Server:
    pid: int
    address: str
    started: float
    log: Path = field(repr=False)


def measurements(house: House) -> list[Measurement]:
    """The median start of several, and memory of the last one."""
    reason = _no_browser()
    if reason:
        return _without_browser(house, reason)
    starts = _starts(house)
    computed, shown = (median(values) for values in zip(*((s.computed, s.shown) for s in starts), strict=True))
    slowest = max(start.computed for start in starts)
    asked = starts[-1].memory_asked or 0.0
    by_meaning = starts[-1].by_meaning
    note = f"median af {STARTS} starter, langsomste {slowest:.1f} s".replace(".", ",")
    return [
        Measurement(START_NAME, computed, "s", at_most(SECONDS), digits=2, note=note),
        Measurement("Start til første side er tegnet i browseren", shown, "s", digits=2),
        Measurement(FIRST_NAME, median(start.memory_first for start in starts), "MB", at_most(MEGABYTES), digits=0),
        Measurement(
            ASKED_NAME,
            asked,
            "MB",
            at_most(MEGABYTES),
            digits=0,
            note=f"{by_meaning} af {len(QUESTIONS)} med betydning",
        ),
    ]


def _no_browser() -> str | None:
    if not shutil.which("chromium"):
        return "chromium mangler"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright mangler"
    return None


def _starts(house: House) -> list[Start]:
    from playwright.sync_api import sync_playwright

    starts = []
    with house.copy() as copy, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), headless=True, args=FLAGS)
        for number in range(STARTS):
            progress(f"Start {number + 1} af {STARTS}")
            with _serving(copy) as server:
                starts.append(_visit(browser, server, ask=number == STARTS - 1))
        browser.close()
        starts[-1].by_meaning = alone(copy.environment, _asked_by_meaning)
    return starts


def _asked_by_meaning() -> int:
    """How many of the questions just asked were searched by meaning, by what the server stored."""
    services = connect(Settings())  # type: ignore[call-arg]  # values come from the environment
    asker = services.people.find(ASKER)
    newest = services.conversations.get(asker, services.conversations.list(asker, 1)[0].id)
    return sum(turn.answer.hybrid for turn in newest.turns)


def _visit(browser: "Browser", server: _Server, *, ask: bool) -> Start:
    """Open the first page as soon as the port answers; with `ask`, sign in and ask three questions, too."""
    computed: list[float] = []
    context = browser.new_context(locale="da-DK")
    page = context.new_page()

    def listen(channel: "WebSocket") -> None:
        channel.on("framereceived", note)

    def note(payload: str | bytes) -> None:
        data = payload.encode() if isinstance(payload, str) else payload
        if not computed and HEADING.encode() in data:
            computed.append(time.perf_counter())

    page.on("websocket", listen)
    _await_port(server)
    page.goto(server.address)
    page.get_by_role("heading", name=HEADING).wait_for(timeout=PATIENCE * 1000)
    shown = time.perf_counter()
    start = Start((computed or [shown])[0] - server.started, shown - server.started, resident_with_children(server.pid))
    if ask:
        page.get_by_role("button", name="Log ind som medarbejder").click()
        page.get_by_role("heading", name="AI-univers", exact=True).wait_for(timeout=PATIENCE * 1000)
        page.get_by_role("link", name="Spørg").first.click()
        for number, question in enumerate(QUESTIONS, 1):
            field_ = page.get_by_role("textbox").last
            field_.fill(question)
            field_.press("Enter")
            page.get_by_test_id("stChatMessage").nth(2 * number - 1).wait_for(timeout=PATIENCE * 1000)
            page.wait_for_timeout(500)  # the run that draws the answer ends
        start.memory_asked = resident_with_children(server.pid)
    context.close()
    return start


@contextmanager
def _serving(house: House) -> Iterator[_Server]:
    """`streamlit run app.py` in a process group of its own, ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    compiled = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }  # as where it is installed
    options = ["--server.port", str(port), "--server.address", "localhost", "--server.headless", "true"]
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env=compiled | house.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield _Server(process.pid, f"http://localhost:{port}", started, Path(log.name))
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _await_port(server: _Server) -> None:
    """Wait until the server accepts connections; raises RuntimeError with its log where it does not."""
    port = int(server.address.rsplit(":", 1)[1])
    while time.perf_counter() - server.started < PATIENCE:
        try:
            socket.create_connection(("localhost", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"{server.address} did not answer:\n{server.log.read_text('utf-8', 'replace')[-2000:]}")


def _without_browser(house: House, reason: str) -> list[Measurement]:
    progress(f"{reason}; måler uden browser")
    with house.copy() as copy:
        times, memory = [], 0.0
        for _ in range(STARTS):
            started = time.perf_counter()
            memory = alone(copy.environment, _first_page)
            times.append(time.perf_counter() - started)
    return [
        Measurement(START_NAME, median(times), "s", at_most(SECONDS), digits=2, note=f"uden browser, {reason}"),
        Measurement(FIRST_NAME, memory, "MB", at_most(MEGABYTES), digits=0, note=f"uden server og browser, {reason}"),
        not_measured(ASKED_NAME, reason, at_most(MEGABYTES), "MB", 0),
    ]


def _first_page() -> float:
    from streamlit.testing.v1 import AppTest

    shown = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE).run()
    if not any(HEADING in title.value for title in shown.title):
        raise RuntimeError("the sign-in page did not appear")
    return resident()
