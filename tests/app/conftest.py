"""Fixtures of the page tests: the real services over a small folder of content, started once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from settings import get_settings
from tests.app.pages import ROOT, Pages, small_content


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """Opens pages as an example person; data and content are the session's own."""
    folder: Path = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as environment:
        environment.chdir(ROOT)
        environment.setenv("DATA_DIR", str(folder / "data"))
        environment.setenv("CONTENT_DIR", str(small_content(folder / "content")))
        get_settings.cache_clear()
        yield Pages(lambda script: AppTest.from_file(str(ROOT / script), default_timeout=60))
    get_settings.cache_clear()
