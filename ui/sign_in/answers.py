"""Streamlit's answers of signing in, made fit for people: no English page, no silent return, no cookie without encryption."""

import logging
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.address import base, path_of
from ui.sign_in.landing import COOKIE, cookie_for, gone, landing
from ui.sign_in.refusals import code_of, keep_to_codes

log = logging.getLogger(__name__)
FAILED = "login"  # in the address of the start page
LOGIN = "/auth/login"
CALLBACK = "/oauth2callback"
LOGOUT = "/auth/logout"
PATHS = (LOGIN, LOGOUT, CALLBACK)
USER_COOKIE = "_streamlit_user"


class SignInAnswers:
    """Middleware of `server.py`, for the provider's addresses only.

    Streamlit answers `Authentication error` when the provider does not answer, and goes back to the start without a word when
    what it said cannot be used: both become the start page with `?login=fejl`, where the sign-in page explains. Whoever has
    signed in lands on the page that she asked for. Where people reach us at a `public_url` with https, cookies are sent over
    https only; Streamlit leaves that out. `leave` ends the session that cookies belong to; it is called when somebody signs out.
    """

    def __init__(self, app: ASGIApp, public_url: str, leave: Callable[[Mapping[str, str]], None]) -> None:
        self.app = app
        self.public_url = public_url
        self.leave = leave
        keep_to_codes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or path_of(scope) not in PATHS:
            await self.app(scope, receive, send)
            return
        failed = RedirectResponse(f"{base()}/?{FAILED}=fejl", status_code=302)
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        called_back = path_of(scope) == CALLBACK
        if called_back and "error" in asked:
            log.warning("the OpenID provider refused: %s", code_of(asked["error"][-1]))
            await failed(scope, receive, send)
            return
        awaited = called_back and "code" in asked
        request = HTTPConnection(scope)
        if path_of(scope) == LOGOUT:
            await run_in_threadpool(self.leave, request.cookies)
        broken = False

        async def send_fit(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if awaited and message["status"] < 400:
                    self._land(request, headers)
                if path_of(scope) == LOGIN:
                    self._remember(request, headers)
                if self.public_url.startswith("https://"):
                    _secure(message)
            await send(message)

        async def send_unbroken(message: Message) -> None:
            nonlocal broken
            if message["type"] == "http.response.start":
                broken = message["status"] >= 400
            if not broken:
                await send_fit(message)

        await self.app(scope, receive, send_unbroken)
        if broken:
            await failed(scope, receive, send_fit)

    def _remember(self, request: HTTPConnection, headers: MutableHeaders) -> None:
        """Keep the page that somebody goes to sign in from; who tries again after a failure keeps that of the first try."""
        came = request.headers.get("referer", "")
        again = f"?{FAILED}=" in came
        if not again and (cookie := cookie_for(came, request.cookies, self.public_url)):
            headers.append("set-cookie", cookie)

    def _land(self, request: HTTPConnection, headers: MutableHeaders) -> None:
        """Send a browser that has come back from the provider on: to its page with the cookie of a sign-in, else to be told."""
        if not any(_holds_user(cookie) for cookie in headers.getlist("set-cookie")):
            headers["location"] = f"{base()}/?{FAILED}=fejl"
        elif COOKIE in request.cookies:
            headers["location"] = landing(request.cookies) or headers["location"]
            headers.append("set-cookie", gone())


def _holds_user(cookie: str) -> bool:
    name, _is, value = cookie.partition("=")
    return name == USER_COOKIE and not value.startswith(('""', ";"))


def _secure(message: Message) -> None:
    message["headers"] = [
        (name, value + b"; Secure" if name == b"set-cookie" and b"; secure" not in value.lower() else value)
        for name, value in message["headers"]
    ]
