"""Fixtures of the page tests: the real services over a small folder of content, started once."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from settings import get_settings
from tests.app.pages import ROOT, Pages, small_content


@pytest.fixture(scope="session")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data and content of all page tests; the services in it are started by the first of them."""
    folder = tmp_path_factory.mktemp("pages")
    small_content(folder / "content")
    return folder


@pytest.fixture
def pages(clean_environment: None, app_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Opens pages as an example person."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATA_DIR", str(app_folder / "data"))
    monkeypatch.setenv("CONTENT_DIR", str(app_folder / "content"))
    get_settings.cache_clear()
    return Pages(lambda script: AppTest.from_file(str(ROOT / script), default_timeout=60))
