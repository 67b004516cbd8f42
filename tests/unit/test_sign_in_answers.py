"""Streamlit's answers of signing in on their way to the browser: explained, encrypted, and never to another address."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.sign_in.answers import SignInAnswers


def streamlit(answer: Callable[[], Response], secure: bool = True) -> TestClient:
    """A server that answers as Streamlit does."""

    async def endpoint(_request: Request) -> Response:
        return answer()

    routes = [Route("/{path:path}", endpoint)]
    app = Starlette(routes=routes, middleware=[Middleware(SignInAnswers, secure=secure)])
    return TestClient(app, base_url="https://ai.randers.dk", follow_redirects=False)


def back(cookie: str | None = None) -> Response:
    answer = RedirectResponse("/", status_code=302)
    if cookie is not None:
        answer.set_cookie("_streamlit_user", cookie, httponly=True, samesite="lax")
    return answer


@pytest.mark.parametrize("query", ["code=x&state=y", "error=access_denied&state=y"])
def test_an_answer_that_signs_nobody_in_is_explained(query: str) -> None:
    answer = streamlit(back).get(f"/oauth2callback?{query}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/?login=fejl")


def test_cookies_that_are_taken_away_are_no_sign_in() -> None:
    def failed() -> Response:
        answer = back()
        answer.delete_cookie("_streamlit_user")
        return answer

    answer = streamlit(failed).get("/oauth2callback?code=x&state=y")
    assert answer.headers["location"] == "/?login=fejl"
    assert "_streamlit_user" in answer.headers["set-cookie"]


def test_a_sign_in_goes_on_to_the_start_with_a_cookie_for_https_only() -> None:
    answer = streamlit(lambda: back("claims")).get("/oauth2callback?code=x&state=y")
    assert answer.headers["location"] == "/"
    assert answer.headers["set-cookie"].endswith("; Secure")
    plain = streamlit(lambda: back("claims"), secure=False).get("/oauth2callback?code=x&state=y")
    assert "Secure" not in plain.headers["set-cookie"]


def test_coming_back_from_signing_out_is_no_error() -> None:
    assert streamlit(back).get("/oauth2callback").headers["location"] == "/"


def test_an_english_error_becomes_the_sign_in_page() -> None:
    client = streamlit(lambda: PlainTextResponse("Authentication error", status_code=400))
    answer = client.get("/auth/login?provider=x")
    assert (answer.status_code, answer.headers["location"], answer.text) == (302, "/?login=fejl", "")


@pytest.mark.parametrize("path", ["//ond.example/auth/login", "/x/auth/login", "/andet", "/auth/login/"])
def test_other_addresses_are_left_alone(path: str) -> None:
    """Or an address that begins with two slashes would send people to another site."""
    client = streamlit(lambda: PlainTextResponse("nej", status_code=400))
    answer = client.get("https://ai.randers.dk" + path)
    assert (answer.status_code, answer.text) == (400, "nej")
