"""Fixtures of the browser tests: one browser and one running application for the whole session."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed (requirements-dev.txt)")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed (requirements-dev.txt)")

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browser import ROOT, launch, log_end, missing_browser, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; tests that need it are skipped, with the reason, where it is missing."""
    if reason := missing_browser():
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of the real application, started as the README says, with an empty data folder of its own."""
    if reason := missing_browser():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("app")
    log = folder / "server.log"
    failed_before = request.session.testsfailed
    with serving(ROOT / "app.py", folder / "data", log) as address:
        yield address
    if request.session.testsfailed > failed_before or os.environ.get("SHOW_SERVER_LOG"):
        print(f"\n--- log of the application ---\n{log_end(log)}")
