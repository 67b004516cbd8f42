"""What every browser test needs: a running application, a page in a given theme and width, and three checks."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, Request

ROOT = Path(__file__).resolve().parents[2]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Chromium of the operating system; the flags keep it from calling home. Root needs --no-sandbox.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


def missing_browser() -> str | None:
    """Why browser tests cannot run here, or None."""
    return None if shutil.which("chromium") else "chromium is not installed (apt-get install chromium)"


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium without a window."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), headless=True, args=CHROMIUM_FLAGS)


def free_port() -> int:
    """A TCP port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    script: Path,
    data_dir: Path,
    log: Path,
    *,
    command: list[str] | None = None,
    health: str = "/_stcore/health",
    environment: dict[str, str] | None = None,
    timeout: float = 120,
    port: int | None = None,
) -> Iterator[str]:
    """Run `streamlit run script` (or `command`, where `{port}` is filled in) and give its address; ends the whole process group.

    Raises RuntimeError with the end of the log where the server does not come up within `timeout` seconds.
    """
    port = port or free_port()
    command = command or [
        *[sys.executable, "-m", "streamlit", "run", str(script)],
        *["--server.port", "{port}", "--server.address", "localhost", "--server.headless", "true"],
    ]
    variables = {
        **os.environ,
        "DATA_DIR": str(data_dir),
        "AUTH_MODE": "demo",
        "PYTHONUNBUFFERED": "1",
        **(environment or {}),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        address = f"http://localhost:{port}"
        try:
            _await_health(address + health, process, log, timeout)
            yield address
        finally:
            _end(process)


def _await_health(url: str, process: subprocess.Popen[bytes], log: Path, timeout: float) -> None:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  (http on localhost)
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer within {timeout:.0f} s:\n{log_end(log)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def log_end(log: Path, lines: int = 60) -> str:
    """The last lines of a server's log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


@dataclass
class Visit:
    """A page in a browser context of its own, and the addresses outside this machine that it asked for."""

    page: Page
    address: str
    external: list[str] = field(default_factory=list)

    def goto(self, path: str = "/") -> Page:
        """Open a path of the application and wait until its script has ended."""
        self.page.goto(self.address + path)
        settle(self.page)
        return self.page

    def close(self) -> None:
        self.page.context.close()


def open_page(
    browser: Browser,
    address: str,
    theme: Literal["light", "dark"] = "light",
    width: Literal["desktop", "phone"] = "desktop",
    locale: str = "da-DK",
) -> Visit:
    """A fresh visitor. Nothing is loaded yet: call `.goto(path)`."""
    columns, rows = WIDTHS[width]
    context = browser.new_context(
        color_scheme=theme,
        viewport={"width": columns, "height": rows},
        locale=locale,
        timezone_id="Europe/Copenhagen",
        reduced_motion="reduce",
    )
    visit = Visit(context.new_page(), address)

    def note(request: Request) -> None:
        if not request.url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:")):
            visit.external.append(request.url)

    context.on("request", note)
    visit.page.on(
        "websocket", lambda socket: None if "//localhost:" in socket.url else visit.external.append(socket.url)
    )
    return visit


def signed_in(
    browser: Browser,
    address: str,
    role: str,
    theme: Literal["light", "dark"] = "light",
    width: Literal["desktop", "phone"] = "desktop",
) -> Visit:
    """A visitor who has picked the example person of a role; the first one waits for the application to be ready."""
    visit = open_page(browser, address, theme, width)
    visit.page.goto(address)
    settle(visit.page, 120_000)
    visit.page.get_by_role("button", name=f"Log ind som {role}").click(timeout=120_000)
    visit.page.get_by_role("heading", name="AI-univers").wait_for()
    settle(visit.page)
    return visit


def settle(page: Page, timeout: float = 30_000) -> None:
    """Wait until the script has run and everything it sent is drawn."""
    page.wait_for_selector(
        "[data-testid='stApp'][data-test-script-state='notRunning']:has([data-testid='stElementContainer'])",
        state="attached",
        timeout=timeout,
    )
    page.wait_for_function("!document.querySelector('[data-testid=\"stAppSkeleton\"]')", timeout=timeout)
    page.wait_for_timeout(250)  # lazily loaded parts (tables, charts) and the dictionary


def violations(page: Page) -> list[str]:
    """Broken accessibility rules (axe, WCAG 2.0-2.2 levels A and AA), one readable line for each element.

    axe leaves out the contrast of text that is scrolled out of sight, so the window is made as tall as the page meanwhile.
    """
    before = page.viewport_size
    height = page.evaluate("Math.max(...[...document.querySelectorAll('*')].map((element) => element.scrollHeight))")
    if before:
        page.set_viewport_size(
            {"width": before["width"], "height": max(before["height"], min(int(height) + 50, 10_000))}
        )
        page.wait_for_timeout(300)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    if before:
        page.set_viewport_size(before)
    return [
        f"{rule['id']} ({rule['impact']}): {' '.join(map(str, node['target']))} | {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]


# Words of Streamlit's frame that no Danish text contains. Words that are spelled alike ("Menu", "Stop", "Filter") are left out.
ENGLISH = (
    r"\b(the|this|with|your|please|choose|select|search|press|enter to|upload|uploading|drag|browse|per file|"
    r"file|files|remove|clear|close|open|show|hide|download|copy|copied|link to|help for|message|thumbs|rating|stars|"
    r"satisfied|dissatisfied|next|previous|page|pages|sidebar|collapse|expand|skip|main content|running|stopping|"
    r"fullscreen|no results|options|option|increment|decrement|date|day|month|year|hour|minute|required|connection|error|"
    r"not found|theme|light|dark|deploy|rerun|settings|add|view|more|less|scroll|sunday|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|january|february|march|may|june|july|october|empty|value|selected|today)\b"
)

_ENGLISH_LEFT = """
(english) => {
  const word = new RegExp(english, "i");
  const content = "script, style, noscript, textarea, pre, code, svg, canvas, [data-testid='stText'], [data-testid='stTable']," +
    " [data-testid='stJson'], [data-testid='stMarkdownContainer'], [data-testid='stCaptionContainer']," +
    " [role='gridcell'], [data-tag], [data-testid='stFileChipName']";
  const frame = "[data-testid='stFileUploaderDropzone'] button, [data-testid='stTooltipContent']," +
    " [data-testid='stElementToolbar']";
  const found = [];
  const isContent = (element) => element.closest(content) && !element.closest(frame);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const where = element.closest("[data-testid]")?.dataset.testid ?? element.tagName.toLowerCase();
    if (node.nodeType === Node.TEXT_NODE) {
      const option = element.closest("[role='option'][data-key]");
      const icon = element.closest("[data-testid='stIconMaterial']");
      if (!option && !icon && !isContent(element) && word.test(node.data)) found.push(`${where}: ${node.data.trim()}`);
      continue;
    }
    for (const name of ["aria-label", "aria-valuetext", "title", "placeholder", "alt"]) {
      const value = element.getAttribute(name);
      if (!value || !word.test(value) || element.closest("[data-tag], [data-testid='stFileChip']")) continue;
      if (name !== "aria-label" && isContent(element)) continue;
      found.push(`${where} ${name}: ${value}`);
    }
  }
  return [...new Set(found)];
}
"""


def english_left(page: Page) -> list[str]:
    """English words of Streamlit's frame that are still on the page, each with where it is; content is not read."""
    found: Any = page.evaluate(_ENGLISH_LEFT, ENGLISH)
    return list(found)
