"""Streamlit's answers of signing in, made fit for people: no English page, no silent return, no cookie without encryption."""

from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import get_option

FAILED = "login"  # in the address of the start page
CALLBACK = "/oauth2callback"
PATHS = ("/auth/login", "/auth/logout", CALLBACK)
USER_COOKIE = "_streamlit_user"


class SignInAnswers:
    """Middleware of `server.py`, for the provider's addresses only.

    Streamlit answers `Authentication error` when the provider does not answer, and goes back to the start without a word when
    what it said cannot be used: both become the start page with `?login=fejl`, where the sign-in page explains. With `secure`
    its cookies are sent over https only; Streamlit leaves that out.
    """

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self.app = app
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        base = f"/{get_option('server.baseUrlPath') or ''}".rstrip("/")
        if scope["type"] != "http" or scope["path"] not in {base + path for path in PATHS}:
            await self.app(scope, receive, send)
            return
        failed = f"{base}/?{FAILED}=fejl"
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        awaited = scope["path"] == base + CALLBACK and ("code" in asked or "error" in asked)
        broken = False

        async def send_fit(message: Message) -> None:
            nonlocal broken
            if message["type"] == "http.response.start":
                broken = message["status"] >= 400
                headers = MutableHeaders(scope=message)
                if awaited and not any(_holds_user(cookie) for cookie in headers.getlist("set-cookie")):
                    headers["location"] = failed
                if self.secure:
                    _secure(message)
            if not broken:
                await send(message)

        await self.app(scope, receive, send_fit)
        if broken:
            await RedirectResponse(failed, status_code=302)(scope, receive, send)


def _holds_user(cookie: str) -> bool:
    name, _is, value = cookie.partition("=")
    return name == USER_COOKIE and not value.startswith(('""', ";"))


def _secure(message: Message) -> None:
    message["headers"] = [
        (name, value + b"; Secure" if name == b"set-cookie" and b"; secure" not in value.lower() else value)
        for name, value in message["headers"]
    ]
