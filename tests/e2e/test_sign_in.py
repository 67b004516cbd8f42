"""Signing in at a real OpenID provider in a real browser, and everything that must not let anybody in."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, delete, select, text, update

from people.organisation.tables import SignInRow
from people.tables import PersonRow, RoleGrantRow
from storage.audit import AuditEvent
from storage.base import now
from storage.engine import make_engine
from storage.migrate import migrate
from storage.session import reading, transaction
from tests.e2e.browser import ROOT, Visit, english_left, free_port, open_page, serving, settle, violations
from tests.e2e.openid_provider import CLIENT, SECRET, OpenIdProvider, installed, running
from tests.e2e.tiny_content import tiny_content
from ui.sign_in.demo import COOKIE

BUTTON = "Log ind med din kommunekonto"
MENU = {
    "medarbejder": (["employee"], [], ["Indbakke", "Materiale", "Indeks og kvalitet", "Mit område", "Organisation"]),
    "noegleperson": (["nøgleperson"], [], ["Indbakke", "Materiale", "Mit område", "Organisation"]),
    "underviser": (["Underviser"], ["Materiale"], ["Indbakke", "Indeks og kvalitet", "Mit område", "Organisation"]),
    "leder": (["manager"], ["Mit område"], ["Indbakke", "Materiale", "Organisation"]),
    "taskforce": (["taskforce"], ["Indbakke", "Materiale", "Mit område"], ["Organisation"]),
    "admin": (
        ["admin", "offline_access"],
        ["Indeks og kvalitet", "Organisation"],
        ["Indbakke", "Materiale", "Mit område"],
    ),
    "ingen": ([], [], ["Indbakke", "Materiale", "Indeks og kvalitet", "Mit område", "Organisation"]),
}
ROLES = {
    "medarbejder": ["Medarbejder"],
    "noegleperson": ["Medarbejder", "Nøgleperson"],
    "underviser": ["Medarbejder", "Underviser"],
    "leder": ["Medarbejder", "Leder"],
    "taskforce": ["Medarbejder", "AI-taskforce"],
    "admin": ["Administrator", "Medarbejder"],
    "ingen": ["Medarbejder"],
}


def keycloak(account: str, roles: list[str]) -> dict[str, Any]:
    """What Keycloak says of somebody whose client roles are mapped into the ID token."""
    return {
        "name": f"{account.title()} Prøvesen",
        "preferred_username": f"dq{account}",
        "email": f"{account.title()}@randers.dk",
        "email_verified": True,
        "resource_access": {CLIENT: {"roles": roles}, "account": {"roles": ["admin", "manage-account"]}},
    }


@dataclass(frozen=True)
class House:
    """The running application, its provider and its database."""

    address: str
    provider: OpenIdProvider
    engine: Engine
    visit: Callable[..., Visit]
    log: Path

    def sign_in(self, account: str) -> Page:
        """A fresh browser that signs in as `account` and waits for what comes of it."""
        page = self.visit().goto("/")
        page.get_by_role("button", name=BUTTON).click()
        self.provider.log_in(page, account)
        settle(page)
        return page

    def events(self, action: str) -> list[str]:
        """What the audit log says was done to, oldest first."""
        with reading(self.engine) as session:
            return list(
                session.scalars(select(AuditEvent.object_id).where(AuditEvent.action == action).order_by(AuditEvent.id))
            )

    def person_id(self, account: str) -> str:
        """Our id of an account that has been here."""
        with reading(self.engine) as session:
            return session.scalars(select(PersonRow.id).where(PersonRow.email == f"{account}@randers.dk")).one()


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("npm"))


@contextmanager
def started(
    chromium: Browser, packages: Path, folder: Path, script: str, port: int | None = None, **more: str
) -> Iterator[House]:
    """The application with a provider of its own."""
    port = port or free_port()
    address = f"http://localhost:{port}"
    accounts = {account: keycloak(account, roles) for account, (roles, _, _) in MENU.items()}
    with running(packages, f"{address}/oauth2callback", accounts) as provider:
        environment = {
            "AUTH_MODE": "oidc",
            "OIDC_ISSUER": provider.issuer,
            "KEYCLOAK_CLIENT_ID": CLIENT,
            "KEYCLOAK_CLIENT_SECRET": SECRET,
            "COOKIE_SECRET": "en lang og tilfældig nøgle til test",
            "PUBLIC_URL": address,
            "CONTENT_DIR": str(folder / "content"),
            **more,
        }
        if not (folder / "content").exists():
            tiny_content(folder / "content")
        with serving(ROOT / script, folder / "data", folder / "server.log", environment=environment, port=port):
            visits: list[Visit] = []

            def visit(**how: Any) -> Visit:
                visits.append(open_page(chromium, address, **how))
                return visits[-1]

            engine = make_engine(f"sqlite:///{folder / 'data' / 'ai-univers.sqlite3'}")
            yield House(address, provider, engine, visit, folder / "server.log")
            for one in visits:
                one.close()
            engine.dispose()


@pytest.fixture(scope="module")
def running_house(chromium: Browser, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with started(chromium, packages, tmp_path_factory.mktemp("sign-in"), "server.py") as house:
        yield house


@pytest.fixture
def house(running_house: House) -> Iterator[House]:
    """The application as it runs in production; the provider behaves again afterwards."""
    yield running_house
    running_house.provider.misbehave("none")
    for account, (roles, _, _) in MENU.items():
        running_house.provider.say(account, keycloak(account, roles))
    with transaction(running_house.engine) as session:
        session.execute(update(PersonRow).values(active=True))


def signed_in_as(page: Page, account: str) -> None:
    expect(page.get_by_text(f"Du er logget ind som {account.title()} Prøvesen")).to_be_visible(timeout=60_000)


def shut_out(page: Page, why: str) -> None:
    expect(page.get_by_text(why)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    expect(page.get_by_text("Du er logget ind som")).to_have_count(0)


def menu(page: Page) -> str:
    """What the top of a wide page offers."""
    page.set_viewport_size({"width": 3000, "height": 900})
    page.wait_for_timeout(500)
    return page.inner_text("header")


def touch(page: Page) -> None:
    """Something that makes the page run."""
    page.get_by_role("link", name="Ordbog").first.click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Log ud").click()
    page.get_by_role("button", name="Yes, sign me out").click()  # the provider's own question
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("account", MENU)
def test_each_role_signs_in_and_has_its_own_menu(house: House, account: str) -> None:
    page = house.sign_in(account)
    signed_in_as(page, account)
    expect(page.get_by_text(f"({', '.join(ROLES[account])})")).to_be_visible()
    _roles, seen, unseen = MENU[account]
    shown = menu(page)
    assert [name for name in seen if name not in shown] == []
    assert [name for name in unseen if name in shown] == []
    page.reload()
    signed_in_as(page, account)


def test_the_way_in_is_danish_and_reachable_by_everybody(house: House) -> None:
    for theme in ("light", "dark"):
        for width in ("desktop", "phone"):
            visit = house.visit(theme=theme, width=width)
            page = visit.goto("/?login=fejl")
            expect(page.get_by_text("Login blev ikke gennemført")).to_be_visible()
            assert (violations(page), english_left(page), visit.external) == ([], [], [])
            if folder := os.environ.get("SCREENSHOTS"):
                page.screenshot(path=Path(folder) / f"log-ind-{theme}-{width}.png")


@pytest.mark.parametrize("how", ["expired", "nonce", "issuer", "no-sub"])
def test_a_token_that_is_wrong_lets_nobody_in(house: House, how: str) -> None:
    house.provider.misbehave(how)
    page = house.sign_in("admin")
    shut_out(page, "Login blev ikke gennemført")


@pytest.mark.parametrize(
    ("how", "why"), [("audience", "Dit login kunne ikke bruges her"), ("old", "Du har været logget ind længe")]
)
def test_a_token_for_another_application_or_of_another_day_lets_nobody_in(house: House, how: str, why: str) -> None:
    """The library lets both pass; our own check does not."""
    house.provider.misbehave(how)
    page = house.sign_in("admin")
    shut_out(page, why)
    assert house.events("sign_in.refused")[-1] == {"audience": "claims", "old": "age"}[how]
    house.provider.misbehave("none")
    page.get_by_role("button", name=BUTTON).click()
    signed_in_as(page, "admin")


def test_a_role_that_is_taken_away_here_is_gone_at_the_next_click(house: House) -> None:
    page = house.sign_in("taskforce")
    signed_in_as(page, "taskforce")
    assert "Indbakke" in menu(page)
    with transaction(house.engine) as session:
        session.execute(
            delete(RoleGrantRow).where(
                RoleGrantRow.person_id == house.person_id("taskforce"), RoleGrantRow.role == "taskforce"
            )
        )
    touch(page)
    expect(page.locator("header").get_by_text("Indbakke")).to_have_count(0, timeout=30_000)
    page.goto(house.address + "/indbakke")
    settle(page)
    expect(page.get_by_role("heading", name="Indbakke")).to_have_count(0)


def test_a_role_that_the_provider_takes_away_is_gone_at_the_next_sign_in(house: House) -> None:
    page = house.sign_in("underviser")
    assert "Materiale" in menu(page)
    house.provider.say("underviser", keycloak("underviser", []))
    sign_out(page)
    page = house.sign_in("underviser")
    signed_in_as(page, "underviser")
    assert "Materiale" not in menu(page)
    assert house.events("role.taken")[-1].endswith(" trainer")


def test_who_is_deactivated_is_out_at_the_next_click_and_does_not_come_back(house: House) -> None:
    page = house.sign_in("medarbejder")
    signed_in_as(page, "medarbejder")
    with transaction(house.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == house.person_id("medarbejder")).values(active=False))
    touch(page)
    shut_out(page, "Din bruger er lukket i AI-univers")
    with page.expect_navigation(url=house.address + "/ordbog"):
        page.get_by_role("button", name=BUTTON).click()
    settle(page)
    shut_out(page, "Din bruger er lukket i AI-univers")
    assert house.events("sign_in.refused")[-1] == "removed"


def test_figures_that_refresh_themselves_stop_for_whoever_is_removed(house: House) -> None:
    page = house.sign_in("admin")
    signed_in_as(page, "admin")
    page.goto(house.address + "/indeks")
    expect(page.get_by_text("Tekststykker med vektor")).to_be_visible()
    with transaction(house.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == house.person_id("admin")).values(active=False))
    expect(page.get_by_text("Du er ikke logget ind")).to_be_visible()  # nobody has touched the page
    expect(page.get_by_text("Tekststykker med vektor")).to_have_count(0)


def test_a_session_that_is_too_old_begins_anew(house: House) -> None:
    page = house.sign_in("leder")
    signed_in_as(page, "leder")
    person_id = house.person_id("leder")
    with transaction(house.engine) as session:
        session.execute(
            update(SignInRow).where(SignInRow.person_id == person_id).values(started_at=now() - timedelta(hours=9))
        )
    touch(page)
    shut_out(page, "Du har været logget ind længe")
    page.get_by_role("button", name=BUTTON).click()
    signed_in_as(page, "leder")


def test_an_answer_of_the_provider_works_once(house: House) -> None:
    page = house.visit().goto("/")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    page.get_by_role("button", name=BUTTON).click()
    house.provider.log_in(page, "admin")
    signed_in_as(page, "admin")
    (question,) = [address for address in addresses if address.startswith(f"{house.provider.issuer}/auth?")]
    asked = parse_qs(urlsplit(question).query, keep_blank_values=True)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert "prompt" not in asked
    (answer,) = [address for address in addresses if "/oauth2callback?" in address]
    assert {"code", "state"} <= set(parse_qs(urlsplit(answer).query))
    page.goto(answer)  # as the browser's back button does: nothing happens
    signed_in_as(page, "admin")
    stranger = house.visit().goto("/")
    stranger.goto(answer)
    shut_out(stranger, "Login blev ikke gennemført")
    sign_out(page)
    page.goto(answer)
    shut_out(page, "Login blev ikke gennemført")
    page.goto(house.address + "/oauth2callback?error=access_denied&state=x")
    shut_out(page, "Login blev ikke gennemført")


def test_signing_out_ends_the_session_here_and_at_the_provider(house: House) -> None:
    page = house.sign_in("noegleperson")
    signed_in_as(page, "noegleperson")
    kept = page.context.cookies(house.address)
    other_tab = page.context.new_page()
    assert house.provider.signed_in(other_tab) == "noegleperson"
    other_tab.goto(house.address)
    signed_in_as(other_tab, "noegleperson")
    sign_out(page)
    touch(other_tab)
    shut_out(other_tab, "Du er logget ud")
    assert house.provider.signed_in(page) == "nobody"
    thief = house.visit()
    thief.page.context.add_cookies(kept)
    shut_out(thief.goto("/"), "Du er logget ud")
    assert house.events("sign_in.ended")[-1] == house.events("sign_in.started")[-1]


def test_signing_out_by_the_address_alone_ends_the_session_too(house: House) -> None:
    page = house.sign_in("leder")
    signed_in_as(page, "leder")
    kept = page.context.cookies(house.address)
    stranger = house.visit().page  # without her cookie, or with one that nobody has signed, nothing is ended
    stranger.context.add_cookies([{"name": "_streamlit_user", "value": "e30.x.y", "url": house.address}])
    stranger.goto(house.address + "/auth/logout")
    touch(page)
    signed_in_as(page, "leder")
    page.goto(house.address + "/auth/logout")  # the provider's own question is not answered
    thief = house.visit()
    thief.page.context.add_cookies(kept)
    shut_out(thief.goto("/"), "Du er logget ud")
    assert house.events("sign_in.ended")[-1] == house.events("sign_in.started")[-1]


def test_an_address_from_a_mail_is_reached_through_the_sign_in(house: House) -> None:
    visit = house.visit()
    page = visit.goto("/mit-omraade?vis=Enheder")
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.url == house.address + "/mit-omraade?vis=Enheder"
    page.get_by_role("button", name=BUTTON).click()
    house.provider.log_in(page, "taskforce")
    signed_in_as(page, "taskforce")
    expect(page.get_by_role("heading", name="Mit område")).to_be_visible()
    assert page.url == house.address + "/mit-omraade?vis=Enheder"
    assert [cookie["name"] for cookie in page.context.cookies() if "landing" in str(cookie["name"])] == []


def test_signing_out_goes_on_when_the_database_fails(house: House) -> None:
    """The session in the database stays then; the browser and the provider forget her, and the log says why."""
    page = house.sign_in("medarbejder")
    signed_in_as(page, "medarbejder")
    with transaction(house.engine) as session:
        session.execute(text("ALTER TABLE sign_in RENAME TO sign_in_away"))
    try:
        page.get_by_role("button", name="Log ud").click()
        page.get_by_role("button", name="Yes, sign me out").click()
    finally:
        with transaction(house.engine) as session:
            session.execute(text("ALTER TABLE sign_in_away RENAME TO sign_in"))
    expect(page.get_by_role("button", name=BUTTON)).to_be_visible(timeout=30_000)
    assert house.provider.signed_in(page) == "nobody"
    assert "unexpected error" in house.log.read_text("utf-8", "replace")


def test_a_cookie_that_was_changed_lets_nobody_in(house: House) -> None:
    page = house.sign_in("medarbejder")
    signed_in_as(page, "medarbejder")
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies(house.address)}
    cookie = cookies["_streamlit_user"]
    assert cookie["httpOnly"]
    value = str(cookie["value"])
    forged = value[:40] + ("A" if value[40] != "A" else "B") + value[41:]
    for wrong in (forged, value[:-6] + "AAAAAA", "2|1:0|10:1|15:_streamlit_user|4:e30=|" + "0" * 64):
        visit = house.visit()
        visit.page.context.add_cookies([{**cookie, "value": wrong}])
        page = visit.goto("/")
        expect(page.get_by_role("button", name=BUTTON)).to_be_visible()
        expect(page.get_by_text("Du er logget ind som")).to_have_count(0)


def test_a_provider_that_is_down_is_told_of_in_danish(house: House) -> None:
    page = house.visit().goto("/")
    house.provider.misbehave("down")
    page.get_by_role("button", name=BUTTON).click()
    shut_out(page, "Kommunens login svarer ikke lige nu")
    house.provider.misbehave("none")
    page.get_by_role("button", name=BUTTON).click()
    house.provider.log_in(page, "medarbejder")
    signed_in_as(page, "medarbejder")


def test_the_log_of_the_server_names_nobody(house: House) -> None:
    page = house.sign_in("underviser")
    signed_in_as(page, "underviser")
    logged = house.log.read_text(encoding="utf-8", errors="replace")
    assert [word for word in ("Prøvesen", "@randers.dk", "dqunderviser", SECRET) if word in logged] == []


def test_a_plain_streamlit_run_signs_in_too_and_knows_its_cookie_after_a_restart(
    chromium: Browser, packages: Path, tmp_path: Path
) -> None:
    """Without `server.py` Streamlit hears of the provider when the first visitor has come."""
    with started(chromium, packages, tmp_path, "app.py") as house:
        page = house.sign_in("taskforce")
        signed_in_as(page, "taskforce")
        cookies = page.context.cookies(house.address)
        port = urlsplit(house.address).port
        issuer = house.provider.issuer
    with started(chromium, packages, tmp_path, "app.py", port=port, OIDC_ISSUER=issuer) as house:
        visit = house.visit()
        visit.page.context.add_cookies(cookies)
        visit.page.goto(house.address)
        signed_in_as(visit.page, "taskforce")
        visit.page.get_by_role("button", name="Log ud").click()
        expect(visit.page.get_by_role("button", name=BUTTON)).to_be_visible(timeout=30_000)


def test_the_demos_cookie_lets_in_nobody_but_the_invented_people(chromium: Browser, tmp_path: Path) -> None:
    """Anybody can write the cookie; somebody real in the database is not hers to pick."""
    tiny_content(tmp_path / "content")
    engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'ai-univers.sqlite3'}")
    migrate(engine)
    with transaction(engine) as session:
        boss = RoleGrantRow(id="b", role="admin")
        session.add(PersonRow(id="rigtig-1", name="Boss Prøvesen", unit="", created_at=now(), grants=[boss]))
    engine.dispose()
    environment = {"CONTENT_DIR": str(tmp_path / "content")}
    with serving(ROOT / "app.py", tmp_path / "data", tmp_path / "log", environment=environment) as address:
        for person_id, there in (("demo-mette", True), ("rigtig-1", False)):
            visit = open_page(chromium, address)
            visit.page.context.add_cookies([{"name": COOKIE, "value": person_id, "url": address}])
            page = visit.goto("/")
            if there:
                expect(page.get_by_text("Du er logget ind som Mette Medarbejder")).to_be_visible(timeout=60_000)
            else:
                expect(page.get_by_text("Vælg, hvem du vil se løsningen som")).to_be_visible(timeout=60_000)
                expect(page.get_by_text("Du er logget ind som")).to_have_count(0)
            visit.close()
