"""Streamlit's answers of signing in on their way to the browser: explained, encrypted, and never to another address."""

import logging
from collections.abc import Callable
from urllib.parse import quote

import pytest
from authlib.integrations.base_client.errors import OAuthError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.config import get_option, set_option
from streamlit.web.server.starlette import starlette_auth_routes

from ui.sign_in.answers import SignInAnswers
from ui.sign_in.landing import COOKIE

SITE = "https://ai.randers.dk"
BACK = "/oauth2callback?code=x&state=y"


def streamlit(answer: Callable[[], Response], public_url: str = SITE) -> TestClient:
    """A server that answers as Streamlit does."""

    async def endpoint(_request: Request) -> Response:
        return answer()

    routes = [Route("/{path:path}", endpoint)]
    app = Starlette(
        routes=routes, middleware=[Middleware(SignInAnswers, public_url=public_url, leave=lambda _cookies: None)]
    )
    return TestClient(app, base_url=SITE, follow_redirects=False)


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
    plain = streamlit(lambda: back("claims"), public_url="http://localhost:8501").get("/oauth2callback?code=x&state=y")
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
    answer = client.get(SITE + path)
    assert (answer.status_code, answer.text) == (400, "nej")


# --- where one lands ---


def signed_in_with(cookie: str) -> str:
    """Where a browser is sent that comes back from the provider with such a cookie."""
    answer = streamlit(lambda: back("claims")).get(BACK, headers={"cookie": f"{COOKIE}={cookie}"})
    return str(answer.headers["location"])


def kept_at_sign_in(client: TestClient, referer: str) -> str | None:
    """The cookie as it is sent when somebody goes to sign in from an address."""
    answer = client.get("/auth/login?provider=x", headers={"referer": referer})
    found = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith(COOKIE)]
    return found[0] if found else None


def test_who_signs_in_lands_on_the_page_that_she_asked_for() -> None:
    client = streamlit(lambda: back("claims"))
    cookie = kept_at_sign_in(client, f"{SITE}/mit-omraade?vis=Enheder&enhed=S%C3%B8%3B+nord")
    assert cookie is not None
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/", "Secure"} <= set(cookie.split("; "))
    answer = client.get(BACK)
    assert answer.headers["location"] == "/mit-omraade?vis=Enheder&enhed=S%C3%B8%3B+nord"
    assert client.get(BACK).headers["location"] == "/"  # the cookie is used up


def test_the_page_is_kept_over_a_sign_in_that_fails() -> None:
    answers = [back("claims"), PlainTextResponse("Authentication error", status_code=400), back(), back("claims")]
    client = streamlit(lambda: answers.pop())
    kept_at_sign_in(client, f"{SITE}/kurser")
    assert client.get(BACK).headers["location"] == "/?login=fejl"
    assert kept_at_sign_in(client, f"{SITE}/?login=fejl") is None
    assert client.get(BACK).headers["location"] == "/kurser"


def test_the_page_of_an_earlier_visit_is_forgotten() -> None:
    client = streamlit(lambda: back("claims"))
    kept_at_sign_in(client, f"{SITE}/kurser")
    kept_at_sign_in(client, f"{SITE}/")
    assert client.get(BACK).headers["location"] == "/"


@pytest.mark.parametrize(
    "referer",
    [
        "https://ond.example/kurser",
        "http://ai.randers.dk/kurser",
        "https://ai.randers.dk.ond.example/kurser",
        "https://ai.randers.dk@ond.example/kurser",
        f"{SITE}/auth/logout",
        f"{SITE}//ond.example",
        f"{SITE}/kurser?x={'a' * 2000}",
        "https://[",
        "",
    ],
)
def test_only_pages_of_ours_are_kept(referer: str) -> None:
    assert kept_at_sign_in(streamlit(lambda: back("claims")), referer) is None


@pytest.mark.parametrize(
    "address",
    [
        "https://ond.example/",
        "//ond.example",
        "//",
        "/\\ond.example",
        "\\\\ond.example",
        "/\t/ond.example",
        "/kurser\r\nset-cookie: x=y",
        "/kurser\n",
        "/kurser?x=\x00",
        "/kurser?x=ø",
        "kurser",
        "javascript:alert(1)",
        "/kurser/../auth/logout",
        "/auth/login",
        "/auth/logout",
        "/%61uth/logout",
        "/oauth2callback?code=z&state=w",
        "/findes-ikke",
        "",
    ],
)
def test_a_cookie_that_others_have_written_leads_nowhere_else(address: str) -> None:
    assert signed_in_with(quote(address, safe="")) == "/"
    if address.isprintable() and address.isascii():
        assert signed_in_with(f'"{address}"') == "/"


def test_a_cookie_with_a_page_leads_there() -> None:
    """Or the test above would prove nothing."""
    assert signed_in_with("%2Fkurser%3Fx%3D1") == "/kurser?x=1"


@pytest.mark.parametrize("base", ["ai", "/ai/"])
def test_under_a_path_of_the_server(base: str, request: pytest.FixtureRequest) -> None:
    before = get_option("server.baseUrlPath")
    request.addfinalizer(lambda: set_option("server.baseUrlPath", before))
    set_option("server.baseUrlPath", base)
    client = streamlit(lambda: back("claims"))
    login = client.get("/ai/auth/login?provider=x", headers={"referer": f"{SITE}/ai/kurser"})
    cookie = next(one for one in login.headers.get_list("set-cookie") if one.startswith(COOKIE))
    assert "Path=/ai" in cookie.split("; ")
    answer = client.get("/ai" + BACK)
    assert answer.headers["location"] == "/ai/kurser"
    assert all(cookie.endswith("; Secure") for cookie in answer.headers.get_list("set-cookie"))
    assert client.get("/ai" + BACK + "&error=x").headers["location"] == "/ai/?login=fejl"


# --- what the log says ---


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("access_denied", "access_denied"),
        ("Mette+Hansen", "unknown code"),
        ("mette%40randers.dk", "unknown code"),
        ("a%0Aroot+signed+in", "unknown code"),
        ("a" * 41, "unknown code"),
    ],
)
def test_the_log_has_the_code_of_a_refusal_and_never_its_text(
    caplog: pytest.LogCaptureFixture, error: str, said: str
) -> None:
    def reached() -> Response:
        raise AssertionError("Streamlit would log what the address says")

    with caplog.at_level(logging.DEBUG):
        answer = streamlit(reached).get(
            f"/oauth2callback?error={error}&error_description=AADSTS50105:+mette@randers.dk&state=y"
        )
    assert answer.headers["location"] == "/?login=fejl"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("ui.")]
    assert ours == [f"the OpenID provider refused: {said}"]


def test_a_token_that_is_refused_is_logged_by_its_code(caplog: pytest.LogCaptureFixture) -> None:
    """Streamlit logs the whole error when the provider does not change a code for a token."""
    streamlit(back).get("/")  # the middleware is made
    theirs = starlette_auth_routes._LOGGER
    theirs.addHandler(caplog.handler)
    try:
        for error in (
            OAuthError("invalid_client", "AADSTS50020: User account 'mette@randers.dk'"),
            ValueError("a fault of ours"),
        ):
            try:
                raise error
            except type(error):
                theirs.warning("OAuth token exchange failed for provider '%s'.", "default", exc_info=True)
    finally:
        theirs.removeHandler(caplog.handler)
    assert "mette" not in caplog.text
    assert "OAuth token exchange failed for provider 'default'. The provider said: invalid_client" in caplog.text
    assert "ValueError: a fault of ours" in caplog.text
