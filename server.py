"""Production entry: the application of `app.py` with health routes, metrics, badges' addresses, security headers and Danish head.

`streamlit run server.py` or `uvicorn server:app`, one process behind one proxy. `streamlit run app.py` is enough for a trial.
"""

import re
from collections.abc import Awaitable, Callable
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import streamlit as st
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from settings import Settings, explained, get_settings
from ui.address import path_of
from ui.badge_routes import ROUTES
from ui.frame import danish_script
from ui.sign_in.answers import SignInAnswers
from ui.sign_in.leaving import leave
from ui.sign_in.provider import streamlit_secrets

ROOT = Path(__file__).resolve().parent
TITLE = "AI-Univers"

REQUESTS = Counter("http_requests_total", "Answered HTTP requests", ["method", "route", "status"])
SECONDS = Histogram("http_request_seconds", "Time until an HTTP request was answered, in seconds", ["route"])


async def healthz(_request: Request) -> Response:
    """The process answers; asks nothing else, so that a slow database does not make the platform restart it."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> Response:
    """The process can serve people: 200 when the database answers, else 503."""
    from storage.engine import ping  # imported late: liveness and metrics do not wait for the database's drivers

    database = await run_in_threadpool(ping)
    state = "ok" if database else "unavailable"
    return JSONResponse({"status": state, "database": state}, status_code=200 if database else 503)


async def metrics(_request: Request) -> Response:
    """Counters of this process in Prometheus' text form; from this machine only, see `LocalOnly`."""
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})


@cache
def security_headers() -> dict[str, str]:
    """Headers of every answer. The page's own scripts are inline and Vega compiles its charts, hence the two `unsafe-` words."""
    policy = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self' ws: wss:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": get_settings().csp_frame_ancestors,
    }
    return {
        "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
    }


class SecurityHeaders:
    """Adds `security_headers` to every HTTP answer and leaves headers that a route has set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in security_headers().items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class LocalOnly:
    """Answers 403 on the metrics routes unless the request comes from this machine and through no proxy.

    A proxy on the same machine looks like a local client; it gives itself away by a forwarding header.
    """

    PATHS = ("/_stcore/metrics", "/metrics")
    FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and path_of(scope).rstrip("/") in self.PATHS and not self._is_local(scope):
            await PlainTextResponse("Forbidden", status_code=403)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_local(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if any(name in headers for name in self.FORWARDED):
            return False
        client = scope.get("client")
        try:
            return client is not None and ip_address(client[0]).is_loopback
        except ValueError:
            return False


class RequestCounter:
    """Counts and times HTTP requests by a small set of routes; page addresses are not kept apart."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        route = self._route(path_of(scope))

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                REQUESTS.labels(self._method(scope["method"]), route, str(message["status"])).inc()
            await send(message)

        with SECONDS.labels(route).time():
            await self.app(scope, receive, send_and_count)

    @staticmethod
    def _method(method: str) -> str:
        return method if method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"

    @staticmethod
    def _route(path: str) -> str:
        first = path.lstrip("/").partition("/")[0]
        return (
            f"/{first}"
            if first in {"_stcore", "static", "media", "component", "badges", "healthz", "readyz", "metrics"}
            else "page"
        )


class DanishHead:
    """Rewrites Streamlit's start page: language, title, words without JavaScript, and the Danish frame before first paint.

    Only HTML is held back and changed; everything else streams through. A request for HTML must not be answered from a
    cache or compressed, because the text is changed after Streamlit has made it.
    """

    DROPPED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    LONGEST = 1_000_000  # bytes; the start page has 6,000

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", "*/*").replace(
            "*/*", "text/html"
        ):
            await self.app(scope, receive, send)
            return
        if is_page(path_of(scope)):
            scope = {
                **scope,
                "headers": [(name, value) for name, value in scope["headers"] if name not in self.DROPPED],
            }
        await self.app(scope, receive, Rewriter(send, danish_page))


class Rewriter:
    """A `send` that collects the body of an HTML answer, changes it with `change`, and passes on everything else."""

    def __init__(self, send: Send, change: Callable[[str], str]) -> None:
        self.send = send
        self.change = change
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
                self.start = message
                return
        elif message["type"] == "http.response.body" and self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)
            return
        await self.send(message)

    async def _finish(self, start: Message) -> None:
        body = self.change(self.body.decode("utf-8")).encode("utf-8") if self.body else b""
        headers = MutableHeaders(scope=start)
        del headers["etag"], headers["last-modified"]
        if body:  # a HEAD request has none, and its length would be wrong
            headers["content-length"] = str(len(body))
        else:
            del headers["content-length"]
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})


def danish_page(html: str) -> str:
    """Streamlit's start page with Danish language mark, title, note for browsers without JavaScript, and the frame's script."""
    html = html.replace('<html lang="en">', '<html lang="da">', 1)
    html = re.sub(r"<title>.*?</title>", f"<title>{TITLE}</title>", html, count=1, flags=re.DOTALL)
    note = f"<noscript><p>{TITLE} kræver JavaScript. Slå det til i browseren, og indlæs siden igen.</p></noscript>"
    html = re.sub(r"<noscript>.*?</noscript>", note, html, count=1, flags=re.DOTALL)
    return html.replace("</head>", danish_script() + "</head>", 1)


def is_page(path: str) -> bool:
    """Whether a path is answered with the start page and not with a file or data of Streamlit's."""
    return not path.startswith(
        ("/_stcore/", "/static/", "/media/", "/component/", "/badges/", "/healthz", "/readyz", "/metrics")
    )


def error_page(_request: Request, _error: Exception) -> Awaitable[Response] | Response:
    """What a caller sees when a route fails; the error itself is in the log."""
    return JSONResponse({"status": "error"}, status_code=500)


def settings_or_stop() -> Settings:
    """The settings; a server that half a setting would leave without a sign-in does not start, and says why in one line."""
    try:
        return get_settings()
    except ValidationError as error:
        raise SystemExit(f"AI-univers kan ikke starte. {explained(error)}") from None


SETTINGS = settings_or_stop()
MIDDLEWARE: list[Any] = [
    Middleware(SecurityHeaders),
    Middleware(LocalOnly),
    Middleware(RequestCounter),
    Middleware(SignInAnswers, public_url=SETTINGS.public_url, leave=leave),
    Middleware(DanishHead),
]

# Streamlit takes the folder pages/ for its old kind of pages until the first script has run, and would tell whoever comes first
# after a start, by a QR code or any other address than "/", that the page does not exist.
PagesManager.uses_pages_directory = False

app = st.App(
    ROOT / "app.py",
    routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics), *ROUTES],
    middleware=MIDDLEWARE,
    secrets=streamlit_secrets(SETTINGS) or None,
    exception_handlers={500: error_page},
)
