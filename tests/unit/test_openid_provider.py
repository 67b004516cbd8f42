"""Which of the provider's possible addresses is used, and what Streamlit is told."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from streamlit.auth_util import get_secrets_auth_section
from streamlit.runtime.secrets import secrets_singleton

from settings import Settings
from ui.sign_in.provider import Provider, streamlit_secrets


class Keycloak(BaseHTTPRequestHandler):
    """Answers as a Keycloak whose paths begin with `root`, a class attribute; `asked` is what it was asked for."""

    root = "/auth"
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        realm = f"{self.root}/realms/r"
        there = self.path == f"{realm}/.well-known/openid-configuration"
        self.send_response(200 if there else 404)
        self.end_headers()
        host = f"http://localhost:{self.server.server_address[1]}"
        self.wfile.write(json.dumps({"issuer": host + realm} if there else {}).encode())

    def log_message(self, *_parts: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("localhost", 0), Keycloak)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    Keycloak.root = "/auth"
    Keycloak.asked.clear()
    secrets_singleton.merge_programmatic_secrets({})
    secrets_singleton._reset()


def settings(address: str, tmp_path: Path) -> Settings:
    return Settings(
        AUTH_MODE="oidc",
        KEYCLOAK_URL=address,
        KEYCLOAK_REALM="r",
        KEYCLOAK_CLIENT_ID="ai-univers",
        KEYCLOAK_CLIENT_SECRET="kode",
        COOKIE_SECRET="x" * 40,
        PUBLIC_URL="https://ai.randers.dk/",
        data_dir=tmp_path,
    )


@pytest.mark.parametrize("root", ["/auth", ""])
@pytest.mark.parametrize("written", ["/auth", ""])
def test_keycloak_is_found_with_or_without_auth_however_it_is_written(
    address: str, tmp_path: Path, root: str, written: str
) -> None:
    Keycloak.root = root
    provider = Provider(settings(address + written, tmp_path))
    assert provider.prepare()
    assert provider.answers()
    assert not provider.prepare()
    told = get_secrets_auth_section()
    assert told["server_metadata_url"] == f"{address}{root}/realms/r/.well-known/openid-configuration"
    assert told["redirect_uri"] == "https://ai.randers.dk/oauth2callback"


def test_clicks_of_people_who_are_signed_in_do_not_reach_the_provider(address: str, tmp_path: Path) -> None:
    """Every run prepares several times; where Keycloak has its pages is found out once, by asking for each address once."""
    provider = Provider(settings(address, tmp_path))
    for _ in range(6):
        provider.prepare()
    assert Keycloak.asked == [f"{root}/realms/r/.well-known/openid-configuration" for root in ("", "/auth")]


def test_one_address_alone_is_not_looked_for(address: str, tmp_path: Path) -> None:
    provider = Provider(settings(f"{address}/auth/realms/r", tmp_path))
    provider.prepare()
    assert Keycloak.asked == []


def test_a_provider_that_is_not_found_is_looked_for_once_a_minute_and_at_each_sign_in(
    address: str, tmp_path: Path
) -> None:
    Keycloak.root = "/andet"
    moment = 1000.0
    provider = Provider(settings(address, tmp_path), clock=lambda: moment)
    for second in (0, 1, 59, 61, 62, 119):
        moment = 1000.0 + second
        provider.prepare()
    assert len(Keycloak.asked) == 2 * 2
    Keycloak.root = "/auth"
    assert provider.answers()
    moment = 2000.0
    provider.prepare()
    assert len(Keycloak.asked) == 3 * 2


def test_a_provider_that_is_not_there_does_not_answer(address: str, tmp_path: Path) -> None:
    Keycloak.root = "/andet"
    provider = Provider(settings(address, tmp_path))
    assert provider.prepare()
    assert not provider.answers()


def test_streamlit_is_told_nothing_in_the_demo() -> None:
    assert streamlit_secrets(Settings()) == {}
