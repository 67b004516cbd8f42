"""The production entry over real HTTP: a started process, asked as a browser, a platform and a stranger would ask."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.status import check_credential_status

from people.person import Person
from people.roles import Role
from storage.engine import make_engine
from storage.migrate import migrate
from tests.certified_house import PUBLIC_URL, House

ROOT = Path(__file__).resolve().parents[2]
PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-encoding": "gzip, br"}


class Server:
    """A started server: `get` asks it, `log` tells what it said."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def get(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer, answer.read()


def start(command: list[str], folder: Path, **environment: str) -> Server:
    """Run `command` with `{port}` filled in and wait until it is alive; raises RuntimeError with its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "server.log"
    variables = {**os.environ, "DATA_DIR": str(folder / "data"), "AUTH_MODE": "demo", **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *(part.replace("{port}", str(port)) for part in command)],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(process, port, log)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if server.get("/healthz")[0].status == 200:
                return server
        except OSError:
            time.sleep(0.2)
    stop(server)
    raise RuntimeError(log.read_text(errors="replace"))


def stop(server: Server) -> None:
    """End the whole process group, politely first."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(server.process.pid, sign)
            server.process.wait(timeout=10)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


STREAMLIT = ["streamlit", "run", "server.py", "--server.port", "{port}", "--server.address", "127.0.0.1"]
UVICORN = ["uvicorn", "server:app", "--port", "{port}", "--host", "127.0.0.1", "--no-proxy-headers"]


@pytest.fixture(scope="module", params=[STREAMLIT, UVICORN], ids=["streamlit", "uvicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = start(
        request.param, tmp_path_factory.mktemp("server"), CSP_FRAME_ANCESTORS="'self' https://intranet.example"
    )
    yield started
    stop(started)


def test_health_is_data_and_not_the_start_page(server: Server) -> None:
    answer, body = server.get("/healthz", PAGE)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(body) == {"status": "ok"}


def test_ready_when_the_database_answers(server: Server) -> None:
    answer, body = server.get("/readyz", PAGE)
    assert answer.status == 200
    assert json.loads(body)["database"] == "ok"


def test_not_ready_and_still_alive_without_a_database(tmp_path: Path) -> None:
    started = start(UVICORN, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/")  # a folder cannot be opened as a database
    try:
        assert started.get("/healthz")[0].status == 200
        answer, body = started.get("/readyz")
        assert answer.status == 503
        assert json.loads(body)["database"] == "unavailable"
    finally:
        stop(started)


def test_metrics_count_requests_by_route(server: Server) -> None:
    server.get("/en-side-som-ingen-skal-kunne-se", PAGE)
    answer, body = server.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    text = body.decode()
    assert 'http_requests_total{method="GET",route="page",status="200"}' in text
    assert "process_resident_memory_bytes" in text
    assert "ingen-skal" not in text


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/_stcore/metrics", "/_stcore/metrics/"])
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_metrics_are_closed_to_those_behind_a_proxy(server: Server, path: str, header: str) -> None:
    answer, body = server.get(path, {header: "127.0.0.1"})
    assert answer.status == 403
    assert b"session" not in body


def test_streamlits_metrics_are_open_to_this_machine(server: Server) -> None:
    assert server.get("/_stcore/metrics")[0].status == 200


def test_under_a_path_of_its_own_the_same_is_closed(tmp_path: Path) -> None:
    started = start([*STREAMLIT, "--server.baseUrlPath", "/ai/"], tmp_path)
    try:
        open_to_us, body = started.get("/ai/_stcore/metrics")
        assert (open_to_us.status, b"session" in body) == (200, True)
        closed, body = started.get("/ai/_stcore/metrics", {"X-Forwarded-For": "127.0.0.1"})
        assert (closed.status, b"session" in body) == (403, False)
        assert b'<html lang="da">' in started.get("/ai/", PAGE)[1]
    finally:
        stop(started)


@pytest.mark.parametrize(
    "path",
    ["/", "/healthz", "/metrics", "/_stcore/health", "/favicon.png", "/en/dyb/adresse", "/badges/issuer", "/badges/x"],
)
def test_every_answer_carries_the_security_headers(server: Server, path: str) -> None:
    answer, _ = server.get(path, PAGE)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self' https://intranet.example" in policy


@pytest.mark.parametrize("accept", [PAGE["accept"], "*/*", None])
@pytest.mark.parametrize("path", ["/", "/kurser"])
def test_the_start_page_is_danish(server: Server, path: str, accept: str | None) -> None:
    headers = {**PAGE, "accept": accept} if accept else {}
    answer, body = server.get(path, headers)
    html = body.decode()
    assert answer.headers.get("content-encoding") is None
    assert int(answer.headers["content-length"]) == len(body)
    assert '<html lang="da">' in html
    assert "<title>AI-Univers</title>" in html
    assert "danishFrame(" in html.partition("</head>")[0]
    assert "You need to enable JavaScript" not in html


def test_the_start_page_is_never_answered_from_an_old_copy(server: Server) -> None:
    answer, body = server.get("/", {**PAGE, "if-modified-since": "Fri, 01 Jan 2100 00:00:00 GMT", "if-none-match": "*"})
    assert answer.status == 200
    assert b'lang="da"' in body
    assert answer.headers.get("etag") is None


def test_the_head_of_the_start_page_can_be_asked_alone(server: Server) -> None:
    answer, body = server.get("/", PAGE, method="HEAD")
    assert answer.status in {200, 405}
    assert body == b""


def test_files_pass_unchanged_and_may_be_kept(server: Server) -> None:
    _, html = server.get("/", PAGE)
    name = html.decode().partition('src="./static/js/index.')[2].partition('"')[0]
    path = f"/static/js/index.{name}"
    answer, body = server.get(path, {"accept": "*/*"})
    assert answer.status == 200
    assert "javascript" in answer.headers["content-type"]
    assert int(answer.headers["content-length"]) == len(body) > 100_000
    again, _ = server.get(path, {"accept": "*/*", "if-none-match": answer.headers["etag"]})
    assert again.status == 304


# --- what badges point at ---


@dataclass(frozen=True)
class Issued:
    """A server that has issued a certificate, its number and its badge, and the holder's name."""

    server: Server
    number: str
    badge: str
    name: str

    def download(self, address: str) -> bytes:
        """What a stranger gets from an address that stands in the badge."""
        answer, body = self.server.get(address.removeprefix(PUBLIC_URL))
        assert answer.status == 200
        return body

    def key(self, token: str) -> bytes:
        """The public key behind the address in a token's header."""
        jwk = json.loads(self.download(jwt.get_unverified_header(token)["kid"]))
        return jwt.PyJWK(jwk, algorithm="RS256").key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issued]:
    folder = tmp_path_factory.mktemp("badges")
    engine = make_engine(f"sqlite:///{folder / 'data' / 'ai-univers.sqlite3'}")
    migrate(engine)
    holder = Person("sub-1", "Åse Kjærgaard Sørensen", "IT", frozenset({Role.EMPLOYEE}))
    house = House(engine, folder, holder, at=datetime.now(UTC))
    number = house.earn(holder)
    badge = house.certification.badge(holder, number)
    engine.dispose()
    way_in = {"AUTH_MODE": "proxy", "TRUSTED_PROXIES": "10.0.0.7"}
    server = start(UVICORN, folder, PUBLIC_URL=PUBLIC_URL, SIGNING_KEY_FILE=str(house.key_file), **way_in)
    yield Issued(server, number, badge, holder.name)
    stop(server)


def test_a_badge_and_its_status_verify_by_what_the_server_says(issued: Issued) -> None:
    credential = OB3Verifier(issued.key(issued.badge)).verify(issued.badge)
    listed = issued.key(issued.download(f"{PUBLIC_URL}/badges/status/1").decode())
    check_credential_status(credential, issued.download, verify_list=True, list_pubkey_pem=listed)
    assert credential.achievement.name == "Ægte kursus ai-for-alle"
    profile = json.loads(issued.download(f"{PUBLIC_URL}/badges/issuer"))
    assert profile["id"] == jwt.decode(issued.badge, options={"verify_signature": False})["iss"]
    published = jwt.PyJWKSet.from_dict(json.loads(issued.download("/badges/jwks.json")))
    kid = jwt.get_unverified_header(issued.badge)["kid"].rpartition("/")[2]
    assert jwt.decode(issued.badge, published[kid], algorithms=["RS256"])["jti"].endswith(issued.number)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/badges/jwks.json", "application/json"),
        ("/badges/status/1", "application/vc+jwt"),
        ("/badges/issuer", "application/json"),
        ("/badges/achievements/ai-for-alle", "application/json"),
    ],
)
def test_public_documents_may_be_kept_and_name_nobody(issued: Issued, path: str, kind: str) -> None:
    answer, body = issued.server.get(path, {"accept": PAGE["accept"]})
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"].startswith("public, max-age=")
    assert answer.headers["access-control-allow-origin"] == "*"
    said = body.decode()
    assert not [word for word in (*issued.name.split(), "sub-1", issued.number) if word in said]
    head, nothing = issued.server.get(path, method="HEAD")
    assert (head.status, nothing) == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/badges/keys/findes-ikke",
        "/badges/status/2",
        "/badges/status/x",
        "/badges/status/99999999999999999999",
        "/badges/achievements/findes-ikke",
        "/badges/credentials/x",
        "/badges/",
        "/badges/en/to/tre",
    ],
)
def test_what_no_badge_points_at_is_told_as_data(issued: Issued, path: str) -> None:
    answer, body = issued.server.get(path, PAGE)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/json")
    assert json.loads(body) == {"status": "not found"}


def test_the_address_of_a_badge_leads_to_the_page_that_checks_it(issued: Issued) -> None:
    address = jwt.decode(issued.badge, options={"verify_signature": False})["id"]
    answer, _ = issued.server.get(address.removeprefix(PUBLIC_URL), PAGE)
    assert (answer.status, answer.headers["location"]) == (303, f"{PUBLIC_URL}/tjek-bevis?bevis={issued.number}")


def test_badges_say_that_they_cannot_be_checked_while_the_database_is_away(tmp_path: Path) -> None:
    started = start(UVICORN, tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/")
    try:
        for path in ("/badges/jwks.json", "/badges/status/1", "/badges/achievements/ai-for-alle"):
            answer, body = started.get(path)
            assert (answer.status, json.loads(body)) == (503, {"status": "unavailable"})
        assert started.get("/badges/issuer")[0].status == 200
    finally:
        stop(started)


def test_metrics_are_closed_to_other_machines() -> None:
    """Asked without a socket, because a test has no second machine."""
    from server import LocalOnly

    async def reached(_scope: object, _receive: object, _send: object) -> None:
        statuses.append(200)

    statuses: list[int] = []

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    def ask(client: tuple[str, int] | None, path: str) -> int:
        scope: dict[str, object] = {"type": "http", "method": "GET", "path": path, "headers": [], "client": client}
        # In a thread, because Playwright keeps a running loop in this one when browser tests came first.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, LocalOnly(reached)(scope, None, send)).result()  # type: ignore[arg-type]
        return statuses.pop()

    assert ask(("10.1.2.3", 4000), "/_stcore/metrics") == 403
    assert ask(None, "/metrics") == 403
    assert ask(("testclient", 1), "/metrics") == 403
    assert ask(("127.0.0.1", 4000), "/metrics") == 200
    assert ask(("::1", 4000), "/metrics") == 200
    assert ask(("10.1.2.3", 4000), "/") == 200
