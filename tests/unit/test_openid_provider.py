"""Which of the provider's possible addresses is used, and what Streamlit is told."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from streamlit.auth_util import get_secrets_auth_section
from streamlit.runtime.secrets import secrets_singleton

from settings import Settings
from ui.sign_in.provider import Provider, streamlit_secrets


class Keycloak(BaseHTTPRequestHandler):
    """Answers as a Keycloak whose paths begin with `root`, a class attribute."""

    root = "/auth"

    def do_GET(self) -> None:
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


def test_a_provider_that_is_not_there_does_not_answer(address: str, tmp_path: Path) -> None:
    Keycloak.root = "/andet"
    provider = Provider(settings(address, tmp_path))
    assert provider.prepare()
    assert not provider.answers()


def test_streamlit_is_told_nothing_in_the_demo() -> None:
    assert streamlit_secrets(Settings()) == {}
