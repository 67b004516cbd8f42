"""Signing out by the address `/auth/logout`, without the button: the session behind the browser's cookie ends in our database
too, or a copy of the cookie would still let somebody in."""

import json
from collections.abc import Mapping
from functools import cache

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from people.claims import RoleNames, told
from people.errors import UnusableClaims
from people.sign_in_service import SignInService
from settings import get_settings
from storage.engine import make_engine
from ui.sign_in.answers import USER_COOKIE
from ui.sign_in.way import end_here


def leave(cookies: Mapping[str, str]) -> None:
    """End the session of whoever the cookies say is signed in. Cookies that Streamlit has not signed end nothing."""
    end_here(lambda: _end(cookies))


def _end(cookies: Mapping[str, str]) -> None:
    settings = get_settings()
    claims = _claims(cookies)
    if settings.auth_mode != "oidc" or claims is None:
        return
    try:
        session = told(claims, settings.issuers, settings.keycloak_client_id or "", RoleNames({})).key
    except UnusableClaims:  # what would let nobody in has begun no session
        return
    _sign_ins().leave(session)


def _claims(cookies: Mapping[str, str]) -> dict[str, object] | None:
    """What the provider has said, from Streamlit's cookie of a sign-in, which may be in several pieces."""

    def piece(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, cookies.get(name, "").encode("latin-1"))

    found = get_cookie_with_chunks(piece, USER_COOKIE)
    return dict(json.loads(found)) if found else None


@cache
def _sign_ins() -> SignInService:
    settings = get_settings()
    return SignInService(make_engine(settings.sqlalchemy_url, settings.db_schema), settings.session_hours)
