"""A small learning record store over HTTP, as strict as xAPI 1.0.3 lets it be, that can fail in every way stores fail."""

import base64
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

KEY, SECRET = "nøgle", "hemmelighed-æ"
VERBS = {
    "http://adlnet.gov/expapi/verbs/initialized",
    "http://adlnet.gov/expapi/verbs/completed",
    "http://adlnet.gov/expapi/verbs/passed",
    "http://adlnet.gov/expapi/verbs/failed",
    "https://w3id.org/xapi/adl/verbs/satisfied",
    "http://adlnet.gov/expapi/verbs/voided",
}
TOP = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
CONTEXT = {"registration", "contextActivities", "revision", "platform", "language", "extensions"}
Fault = int | str | None
"""A status to answer with instead; or `drop`: close before anything is kept; `lose`: keep, and close without an answer; `cut`:
keep, and answer half; `slow`: keep, and answer late; `drip`: keep, and answer with a space now and then; `page`: 200 with a web
page, and keep nothing."""


def fault_of(statement: Any) -> str:
    """What is wrong with a statement by xAPI 1.0.3, part 2; empty when nothing is."""
    if not isinstance(statement, dict) or not {"actor", "verb", "object"} <= set(statement) <= TOP:
        return "properties"
    if _has_null(statement):
        return "null"
    if str(UUID(statement["id"])) != statement["id"]:
        return "id"
    actor = statement["actor"]
    if set(actor) != {"objectType", "account"} or set(actor["account"]) != {"homePage", "name"}:
        return "actor"
    if statement["verb"]["id"] not in VERBS or not _is_map(statement["verb"]["display"]):
        return "verb"
    what = statement["object"]
    if what["objectType"] not in {"Activity", "StatementRef"} or (
        (what["objectType"] == "StatementRef") != statement["verb"]["id"].endswith("/voided")
    ):
        return "object"
    if what["objectType"] == "Activity" and not (_is_iri(what["id"]) and _is_map(what["definition"]["name"])):
        return "activity"
    moment = datetime.fromisoformat(statement["timestamp"])
    if moment.utcoffset() != timedelta():
        return "timestamp"
    score = statement.get("result", {}).get("score", {}).get("scaled", 0.0)
    if isinstance(score, bool) or not isinstance(score, int | float) or not -1 <= score <= 1:
        return "score"
    if not re.fullmatch(r"PT\d+(\.\d+)?S", statement.get("result", {}).get("duration", "PT0S")):
        return "duration"
    return _context_fault(statement.get("context"))


def _context_fault(context: dict[str, Any] | None) -> str:
    if context is None:
        return ""
    activities = context.get("contextActivities", {})
    if not set(context) <= CONTEXT or not set(activities) <= {"category", "grouping", "parent", "other"}:
        return "context"
    if not all(
        isinstance(found, list) and found and all(_is_iri(one["id"]) for one in found) for found in activities.values()
    ):
        return "contextActivities"
    if not all(_is_iri(name) for name in context["extensions"]):
        return "extensions"
    UUID(context["registration"])
    return ""


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_null(one) for one in value.values())
    return value is None or (isinstance(value, list) and any(_has_null(one) for one in value))


def _is_iri(text: Any) -> bool:
    return isinstance(text, str) and bool(urlsplit(text).scheme) and not re.search(r"\s", text)


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and all(re.fullmatch(r"[a-z]{2,3}(-\w+)*", tag) for tag in value)


class RecordStoreServer:
    """The store. What it keeps outlives `kill`; `faults` says for the number of a request (from 1) how it is to fail."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.voided: set[str] = set()
        self.sent: list[list[str]] = []  # ids of each batch that came
        self.wrong: list[str] = []  # what no sender should do
        self.faults: Callable[[int], Fault] = lambda _number: None
        self.refused: Callable[[dict[str, Any]], bool] = lambda _statement: False
        self.conflicts_on_all = False  # as older stores do: 409 for every id that is known, the same or not
        self.may_void = True
        self.retry_after = ""
        self.slow_seconds = 0.3
        self.number = 0
        self.port = 0
        self.lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/xapi"

    def start(self) -> None:
        """Listen; on the same port as before."""
        store = self

        class Handler(_Handler):
            house = store

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 64

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A sender that is killed in the middle is nothing to report."""

        self._server = Server(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def kill(self) -> None:
        """Stop listening at once; what is under way is cut."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, statements: Any) -> tuple[int, Any]:
        """Keep a batch, whole or not at all."""
        if not isinstance(statements, list) or not statements:
            return 400, "a list of statements"
        try:
            faults = [fault for fault in map(fault_of, statements) if fault]
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            faults = [repr(error)]
        if faults:
            self.wrong += faults
            return 400, faults
        ids = [one["id"] for one in statements]
        if len(set(ids)) != len(ids):
            self.wrong.append("the same id twice in a batch")
            return 400, "ids"
        if any(self.refused(one) for one in statements):
            return 400, "refused"
        voiding = [one["object"]["id"] for one in statements if one["object"]["objectType"] == "StatementRef"]
        if voiding and not self.may_void:
            return 403, "voiding"
        known = [one for one in statements if one["id"] in self.kept]
        differing = [one["id"] for one in known if self.kept[one["id"]] != one]
        if differing or (known and self.conflicts_on_all):
            return 409, differing
        self.kept |= {one["id"]: one for one in statements}
        self.voided |= set(voiding)
        return 200, ids

    def verbs(self) -> list[str]:
        """The last words of the verbs that are kept and not voided, in order of time."""
        standing = [one for key, one in self.kept.items() if key not in self.voided]
        return [one["verb"]["id"].rpartition("/")[2] for one in sorted(standing, key=lambda one: one["timestamp"])]


@contextmanager
def record_store() -> Iterator[RecordStoreServer]:
    """A store that listens."""
    server = RecordStoreServer()
    server.start()
    try:
        yield server
    finally:
        server.kill()


class _Handler(BaseHTTPRequestHandler):
    house: RecordStoreServer
    timeout = 20

    def do_POST(self) -> None:
        house = self.house
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with house.lock:
            house.number += 1
            fault = house.faults(house.number)
            if fault == "drop":
                return
            if isinstance(fault, int):
                return self._answer(fault, "as planned")
            if fault == "page":
                return self._answer(200, "<html>Log ind</html>", "text/html")
            refusal = self._refusal()
            if refusal:
                return self._answer(refusal, "no")
            statements = json.loads(content)
            house.sent.append([one.get("id") for one in statements] if isinstance(statements, list) else [])
            status, answer = house.take(statements)
        if fault == "lose":
            return None
        if fault == "slow":
            time.sleep(house.slow_seconds)
        if fault == "drip":
            return self._drip()
        return self._answer(status, answer, half=fault == "cut")

    def do_GET(self) -> None:
        house = self.house
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        refusal = self._refusal()
        if refusal:
            return self._answer(refusal, "no")
        with house.lock:
            key = asked.get("statementId") or asked.get("voidedStatementId") or ""
            found = house.kept.get(key)
            if found is None or (key in house.voided) != ("voidedStatementId" in asked):
                return self._answer(404, "not here")
            return self._answer(200, _as_returned(found))

    def _refusal(self) -> int | None:
        wanted = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            return 401
        if not (self.headers.get("X-Experience-API-Version") or "").startswith("1.0"):
            self.house.wrong.append("version header")
            return 400
        if self.command == "POST" and self.headers.get("Content-Type") != "application/json":
            self.house.wrong.append("content type")
            return 400
        if urlsplit(self.path).path != "/xapi/statements":
            return 404
        return None

    def _answer(self, status: int, answer: Any, kind: str = "application/json", *, half: bool = False) -> None:
        body = (answer if kind == "text/html" else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("X-Experience-API-Version", "1.0.3")
        if self.house.retry_after:
            self.send_header("Retry-After", self.house.retry_after)
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if half else body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def _as_returned(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement as stores give it back: with what they add, and with what they may write in another way."""
    found = json.loads(json.dumps(statement))
    found |= {
        "stored": "2026-11-26T00:00:00.000Z",
        "version": "1.0.0",
        "authority": {"objectType": "Agent", "mbox": "mailto:x@y.dk"},
    }
    found["timestamp"] = found["timestamp"].replace("Z", "+00:00")
    found["verb"]["display"] = {"en": "did"}
    found["object"].pop("definition", None)
    for activities in found.get("context", {}).get("contextActivities", {}).values():
        for one in activities:
            one.pop("definition", None)
            one.pop("objectType", None)
    return found
