"""The page that somebody asked for before she was sent to sign in, kept in a cookie until she comes back.

Whoever can write a cookie must not be able to send people elsewhere: only pages of this application are ever gone to.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

from ui.address import base
from ui.navigation import PAGES

COOKIE = "ai-univers-landing"
SECONDS = 600  # that signing in may take
LONGEST = 1000  # characters of an address; quoted it still fits into a cookie

_PLAIN = re.compile(r"[!-~]+")  # what an address is made of as a browser sends it: visible ASCII


def cookie_for(referer: str, cookies: Mapping[str, str], public_url: str) -> str | None:
    """The header `set-cookie` for somebody who goes to sign in from the page `referer`; None where none is needed."""
    came = _inside(referer, public_url)
    if came != f"{base()}/" and _page(came):
        return _cookie(quote(came, safe=""), SECONDS)
    return gone() if COOKIE in cookies else None


def landing(cookies: Mapping[str, str]) -> str | None:
    """Path and query of the page that the cookie names; None where there is none, or it names none of ours."""
    return _page(unquote(cookies.get(COOKIE, "")))


def gone() -> str:
    """The header `set-cookie` that takes the cookie away."""
    return _cookie("", 0)


def _cookie(value: str, seconds: int) -> str:
    return f"{COOKIE}={value}; Max-Age={seconds}; Path={base() or '/'}; HttpOnly; SameSite=Lax"


def _inside(referer: str, public_url: str) -> str:
    """Path and query of an address where people reach us; empty for all others."""
    try:
        address = urlsplit(referer)
    except ValueError:
        return ""
    ours = urlsplit(public_url)
    if (address.scheme, address.netloc) != (ours.scheme, ours.netloc):
        return ""
    return f"{address.path}?{address.query}" if address.query else address.path


def _page(address: str) -> str | None:
    """The address again, when it is that of a page of ours and could stand in a header."""
    if len(address) > LONGEST or not _PLAIN.fullmatch(address):
        return None
    path = address.partition("?")[0]
    return address if path in {f"{base()}/{page.address}" for page in PAGES} else None
