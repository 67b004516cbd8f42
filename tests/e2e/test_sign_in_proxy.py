"""Signing in through a proxy in a real browser, and forged headers that must let nobody in.

The proxy connects from 127.0.0.2, the address that is trusted; everybody else on this machine comes from 127.0.0.1.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Executable, select, text, update

from people.organisation.tables import SignInRow
from storage.audit import AuditEvent
from storage.base import now
from storage.engine import make_engine
from storage.session import reading, transaction
from tests.e2e.browser import ROOT, english_left, open_page, serving, settle, violations
from tests.e2e.signing_proxy import SigningProxy, in_front
from tests.e2e.tiny_content import tiny_content

TRUSTED, OTHER = "127.0.0.2", "127.0.0.1"
METTE = [
    ("X-Auth-Request-User", "5a3e"),
    ("X-Auth-Request-Email", "Mette@Randers.dk"),
    ("X-Auth-Request-Preferred-Username", "Mette Prøvesen".encode().decode("latin-1")),
]
BOSS = ("X-Auth-Request-Groups", "/ai-univers/admin")
REFUSED = "AI-univers kan kun åbnes gennem kommunens login"


class House:
    """The running application without any proxy, and its database."""

    def __init__(self, chromium: Browser, address: str, data: Path) -> None:
        self.chromium = chromium
        self.address = address
        self.port = urlsplit(address).port or 0
        self.data = data

    def refusals(self) -> list[str]:
        """Reasons of refused sign-ins in the audit log."""
        engine = make_engine(f"sqlite:///{self.data / 'ai-univers.sqlite3'}")
        with reading(engine) as session:
            found = session.scalars(select(AuditEvent.object_id).where(AuditEvent.action == "sign_in.refused"))
            reasons = list(found)
        engine.dispose()
        return reasons

    def change(self, statement: Executable) -> None:
        """Change the database behind the application's back."""
        engine = make_engine(f"sqlite:///{self.data / 'ai-univers.sqlite3'}")
        with transaction(engine) as session:
            session.execute(statement)
        engine.dispose()

    def open(self, address: str, path: str = "/") -> Page:
        """A fresh browser at an address."""
        page = open_page(self.chromium, address).page
        page.goto(address + path)
        settle(page, 60_000)
        return page


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("proxy")
    environment = {
        "AUTH_MODE": "proxy",
        "TRUSTED_PROXIES": TRUSTED,
        "CONTENT_DIR": str(tiny_content(folder / "content")),
    }
    with serving(ROOT / "server.py", folder / "data", folder / "server.log", environment=environment) as address:
        yield House(chromium, address, folder / "data")


def out(page: Page) -> None:
    expect(page.get_by_text(REFUSED)).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Du er logget ind som")).to_have_count(0)
    page.context.close()


def test_who_comes_through_the_proxy_is_signed_in_and_out(house: House) -> None:
    with in_front(house.port, TRUSTED, METTE) as address:
        page = house.open(address)
        expect(page.get_by_text("Du er logget ind som Mette Prøvesen (Medarbejder).")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Log ud").click()
        expect(page.get_by_text("Ude hos proxyen")).to_be_visible(timeout=30_000)
        page.context.close()
    with in_front(house.port, TRUSTED, [*METTE, BOSS]) as address:
        page = house.open(address)
        expect(page.get_by_text("(Administrator, Medarbejder)")).to_be_visible(timeout=60_000)
        page.context.close()


def test_signing_out_in_one_tab_signs_out_all_and_says_what_to_do(house: House) -> None:
    """Each tab has a connection of its own, which the end of the proxy's session does not end."""
    with in_front(house.port, TRUSTED, METTE) as address:
        page = house.open(address)
        expect(page.get_by_text("Du er logget ind som Mette Prøvesen")).to_be_visible(timeout=60_000)
        other = page.context.new_page()
        other.goto(address)
        expect(other.get_by_text("Du er logget ind som Mette Prøvesen")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Log ud").click()
        expect(page.get_by_text("Ude hos proxyen")).to_be_visible(timeout=30_000)
        other.get_by_role("link", name="Ordbog").first.click()
        expect(other.get_by_text("Du er logget ud. Indlæs siden igen for at fortsætte.")).to_be_visible(timeout=30_000)
        expect(other.get_by_text("Du er logget ind som")).to_have_count(0)
        other.reload()
        expect(other.get_by_text("Du er logget ind som Mette Prøvesen")).to_be_visible(timeout=60_000)
        page.context.close()


def test_a_tab_that_connects_anew_has_the_roles_that_the_proxy_says_then(house: House) -> None:
    headers = [*METTE, BOSS]
    proxy = SigningProxy(house.port, TRUSTED, headers)
    with proxy.listening() as address:
        page = house.open(address)
        expect(page.get_by_text("(Administrator, Medarbejder)")).to_be_visible(timeout=60_000)
        headers.remove(BOSS)
        proxy.cut()
        page.wait_for_timeout(1000)
        expect(page.locator("[data-test-connection-state=CONNECTED]")).to_be_visible(timeout=60_000)
        page.get_by_role("link", name="Ordbog").first.click()
        expect(page.get_by_text("Du er logget ind som Mette Prøvesen (Medarbejder).")).to_be_visible(timeout=60_000)
        page.context.close()


def test_a_session_that_is_too_old_says_what_to_do(house: House) -> None:
    with in_front(house.port, TRUSTED, METTE) as address:
        page = house.open(address)
        expect(page.get_by_text("Du er logget ind som Mette Prøvesen")).to_be_visible(timeout=60_000)
        house.change(update(SignInRow).values(started_at=now() - timedelta(hours=9)))
        page.get_by_role("link", name="Ordbog").first.click()
        expect(page.get_by_text("Indlæs siden igen for at fortsætte.")).to_be_visible(timeout=30_000)
        page.reload()
        expect(page.get_by_text("Du er logget ind som Mette Prøvesen")).to_be_visible(timeout=60_000)
        page.context.close()


def test_signing_out_goes_on_when_the_database_fails(house: House) -> None:
    """The session in the database stays then; the browser and the proxy forget her, and the log says why."""
    with in_front(house.port, TRUSTED, METTE) as address:
        page = house.open(address)
        expect(page.get_by_text("Du er logget ind som Mette Prøvesen")).to_be_visible(timeout=60_000)
        house.change(text("ALTER TABLE sign_in RENAME TO sign_in_away"))
        try:
            page.get_by_role("button", name="Log ud").click()
            expect(page.get_by_text("Ude hos proxyen")).to_be_visible(timeout=30_000)
        finally:
            house.change(text("ALTER TABLE sign_in_away RENAME TO sign_in"))
        page.context.close()
    assert "unexpected error" in (house.data.parent / "server.log").read_text("utf-8", "replace")


def test_who_comes_around_the_proxy_is_refused_and_it_is_kept(house: House) -> None:
    page = house.open(house.address)
    expect(page.get_by_text(REFUSED)).to_be_visible(timeout=30_000)
    assert (violations(page), english_left(page)) == ([], [])
    page.context.close()
    assert "untrusted_proxy" in house.refusals()


@pytest.mark.parametrize(
    "forged",
    [
        [],
        [("X-Forwarded-For", TRUSTED)],
        [("X-Forwarded-For", f"{TRUSTED}, {OTHER}")],
        [("X-Forwarded-For", f"{TRUSTED}:4711")],
        [("X-Real-Ip", TRUSTED), ("Forwarded", f"for={TRUSTED}")],
        [("X-Forwarded-For", OTHER), ("X-Forwarded-For", TRUSTED)],
    ],
)
def test_headers_from_elsewhere_let_nobody_in(house: House, forged: list[tuple[str, str]]) -> None:
    with in_front(house.port, OTHER, [*METTE, BOSS, *forged]) as address:
        out(house.open(address))


def test_a_client_adds_nothing_to_what_the_proxy_says(house: House) -> None:
    """The client's own proxy stands before the trusted one, which drops its family of headers and sets its own."""
    others = [("X-Forwarded-Groups", "/ai-univers/admin"), ("X-Forwarded-User", "admin"), BOSS]
    with in_front(house.port, TRUSTED, METTE) as trusted:
        client_side = urlsplit(trusted).port or 0
        with in_front(client_side, OTHER, others) as address:
            page = house.open(address)
            expect(page.get_by_text("Du er logget ind som Mette Prøvesen (Medarbejder).")).to_be_visible(timeout=60_000)
            page.context.close()


def test_a_proxy_that_leaves_the_clients_headers_beside_its_own_is_not_believed(house: House) -> None:
    with in_front(house.port, TRUSTED, METTE, strip="x-nothing-") as careless:
        client_side = urlsplit(careless).port or 0
        with in_front(client_side, OTHER, [("X-Auth-Request-User", "admin")]) as address:
            out(house.open(address))
