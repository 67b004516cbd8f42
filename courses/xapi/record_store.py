"""A learning record store over HTTP (xAPI 1.0.3, part 3): takes statements in batches.

What an answer means:
- 200 with a list of ids, or 204: the store has them. A store may leave those out of the list that it had before. 200 with
  anything else is somebody else's page (a sign-in, a proxy), and nothing is taken for delivered.
- 409 for one statement: the store has another with its id, or does not compare. It is fetched and compared here.
- 400, 413, 422: the store does not take this batch, or this statement.
- everything else, and no answer: the store takes nothing now.
"""

import json
import logging
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from pydantic import SecretStr

from courses.xapi.errors import Refused, Unavailable
from storage.base import now

log = logging.getLogger(__name__)

VERSION = "1.0.3"
CONNECT_SECONDS = 5.0
LONGEST_ANSWER = 1_000_000  # bytes
NOT_TAKEN = (400, 413, 422)


@dataclass(frozen=True, slots=True)
class RecordStore:
    """A store at `endpoint` (without `/statements`), signed in to with HTTP Basic. It is waited `patience` seconds for, and twice
    that for a whole answer."""

    endpoint: str
    key: SecretStr
    secret: SecretStr
    patience: float = 30.0

    def send(self, statements: Sequence[dict[str, Any]]) -> None:
        """Hand over statements; when this returns, the store has them all.

        Raises:
            Refused: the store does not take them.
            Unavailable: it takes nothing now.
        """
        status, body, headers = self._ask("POST", statements)
        if status == 204 or (status == 200 and _are_ids(body)):
            return
        if status == 409 and len(statements) == 1 and self._has(statements[0]):
            return
        if status == 409:
            raise Refused("HTTP 409: samlingen har et andet udsagn med samme id")
        if status in NOT_TAKEN:
            raise Refused(f"HTTP {status}: samlingen godtager det ikke")
        raise _unavailable(status, headers)

    def there(self) -> set[str]:
        """Nothing needs to be known beforehand: a store ignores what it has."""
        return set()

    def _has(self, statement: dict[str, Any]) -> bool:
        """Whether the store holds this very statement, standing or voided."""
        for name in ("statementId", "voidedStatementId"):
            status, body, headers = self._ask("GET", parameters={name: statement["id"]})
            if status == 200:
                return _is_same(statement, _read(body))
            if status != 404:
                raise _unavailable(status, headers)
        return False

    def _ask(
        self, method: str, content: Sequence[dict[str, Any]] | None = None, parameters: dict[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        import requests  # takes a while to import, and only who sends needs it
        from requests.auth import HTTPBasicAuth
        from urllib3.exceptions import HTTPError, ReadTimeoutError

        headers = {"X-Experience-API-Version": VERSION, "Accept": "application/json"}
        data = None
        if content is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(content, ensure_ascii=False).encode()
        try:
            with requests.request(
                method,
                f"{self.endpoint}/statements",
                params=parameters,
                data=data,
                headers=headers,
                auth=HTTPBasicAuth(self.key.get_secret_value().encode(), self.secret.get_secret_value().encode()),
                timeout=(CONNECT_SECONDS, self.patience),
                allow_redirects=False,  # the secret goes to the address that was named, and nowhere else
                stream=True,
            ) as answer:
                return answer.status_code, _body(answer, time.monotonic() + 2 * self.patience), answer.headers
        except requests.exceptions.SSLError as error:
            raise Unavailable("certifikatet holder ikke") from error
        except (requests.exceptions.Timeout, ReadTimeoutError) as error:
            raise Unavailable("svarer ikke i tide") from error
        except (requests.exceptions.RequestException, HTTPError) as error:
            raise Unavailable("kan ikke nås") from error


def _body(answer: Any, until: float) -> bytes:
    """The answer's body, `until` a moment of the monotonic clock and of a sane length; a store that drips is as good as none."""
    body = b""
    for piece in iter(lambda: answer.raw.read1(16_384, decode_content=True), b""):
        body += piece
        if time.monotonic() > until or len(body) > LONGEST_ANSWER:
            raise Unavailable("svarer ikke i tide")
    return body


def _unavailable(status: int, headers: Mapping[str, str]) -> Unavailable:
    why = {
        200: "svaret er ikke fra en samling af læringsdata",
        401: "HTTP 401: nøglen eller hemmeligheden er forkert",
        403: "HTTP 403: nøglen må ikke skrive",
        404: "HTTP 404: adressen er forkert",
        429: "HTTP 429: samlingen har travlt",
    }
    return Unavailable(why.get(status, f"HTTP {status}"), status, _seconds(headers.get("Retry-After", "")))


def _seconds(text: str) -> float:
    """Retry-After (RFC 9110, section 10.2.3): seconds or a date; 0 where it is neither."""
    if text.strip().isascii() and text.strip().isdigit():
        return float(text[:6])
    try:
        moment = parsedate_to_datetime(text)
        return max((moment - now()).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _are_ids(body: bytes) -> bool:
    ids = _read(body)
    return isinstance(ids, list) and all(isinstance(one, str) for one in ids)


# --- comparing ----------------------------------------------------------------------------------------------------


def _is_same(ours: dict[str, Any], theirs: Any) -> bool:
    """Whether two statements match by xAPI 1.0.3, part 2, 2.3.1: what a store sets or rewrites does not count."""
    return isinstance(theirs, dict) and _alike(_core(ours), _core(theirs))


def _core(statement: dict[str, Any]) -> dict[str, Any]:
    core = {name: statement.get(name) for name in ("result", "context")}
    actor, verb, what = (_dict(statement.get(name)) for name in ("actor", "verb", "object"))
    core["account"] = actor.get("account")
    core["verb"] = verb.get("id")
    core["object"] = (what.get("objectType", "Activity"), what.get("id"))
    core["timestamp"] = _moment(statement.get("timestamp"))
    context = dict(_dict(statement.get("context")))
    activities = _dict(context.pop("contextActivities", None))
    core["context"] = context
    core["activities"] = {name: _ids(found) for name, found in activities.items() if found}
    return core


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _ids(found: Any) -> list[Any]:
    """Ids of context activities, of which a store may give a single one without its list."""
    return sorted(str(_dict(one).get("id")) for one in (found if isinstance(found, list) else [found]))


def _moment(value: Any) -> datetime | str:
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    except (TypeError, ValueError):
        return str(value)


def _alike(ours: Any, theirs: Any) -> bool:
    """Equal, where numbers need only have the precision of 32 bits that xAPI asks of a store (2.2)."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(_alike(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, float) and isinstance(theirs, int | float) and not isinstance(theirs, bool):
        return math.isclose(ours, theirs, rel_tol=1e-6)
    return bool(ours == theirs)
