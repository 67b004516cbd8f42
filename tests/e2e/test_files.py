"""Files that are made when they are asked for, in a real browser: whoever is no longer let in gets none from an old page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from people.tables import PersonRow
from settings import Settings
from storage.engine import make_engine
from storage.session import transaction
from tests.e2e.browser import ROOT, english_left, serving, settle, signed_in

METTE = "demo-mette"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("files") / "data", _env_file=None)  # type: ignore[call-arg]


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(ROOT / "app.py", settings.data_dir, settings.data_dir.parent / "server.log") as found:
        yield found


def test_who_is_removed_gets_no_file_from_a_page_that_stands_open(
    chromium: Browser, address: str, settings: Settings
) -> None:
    visit = signed_in(chromium, address, "medarbejder")
    page = visit.page
    page.get_by_role("link", name="Mine data").click()
    page.get_by_role("heading", name="Mine data").wait_for()
    settle(page)
    fetch = page.get_by_role("button", name="Hent mine data")
    with page.expect_download() as fetched:
        fetch.click()
    assert "Mette" in fetched.value.path().read_text("utf-8")
    with transaction(make_engine(settings.sqlalchemy_url)) as session:
        session.execute(update(PersonRow).where(PersonRow.id == METTE).values(active=False))
    downloads: list[object] = []
    page.on("download", lambda one: downloads.append(one))
    fetch.click()
    expect(page.get_by_test_id("stDownloadButtonError")).to_have_text(
        "Filen blev ikke lavet. Indlæs siden igen, og prøv så igen."
    )
    assert english_left(page) == []
    assert downloads == []
    visit.close()
