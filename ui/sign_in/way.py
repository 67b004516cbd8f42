"""The interface of all ways of signing in, and what they share."""

from collections.abc import Callable
from typing import Protocol

import streamlit as st

from bootstrap import Services
from people.errors import SignInRefused
from people.person import Person
from ui import log
from ui.text import plain

UNSAVED = "attempt_unsaved"
_WHY = "sign_in_why"


class SignIn(Protocol):
    """How people sign in. `mark` is shown beside the person's name, so that nobody takes a trial for the real thing."""

    mark: str

    def person(self, services: Services) -> Person | None:
        """Whoever is signed in on this browser, read from the database on every run, or None."""

    def again(self, services: Services) -> Callable[[], Person]:
        """How to ask once more, later and outside any run of a page, for whoever is signed in now; raises `PeopleError`."""

    def draw(self, services: Services) -> None:
        """The sign-in page."""

    def remember(self) -> None:
        """Draw what the browser needs to know of the last sign-in or sign-out; called once a run."""

    def sign_out(self, services: Services) -> None:
        """Sign this browser out (a callback)."""


def forget() -> None:
    """Drop all that the session holds of a person's."""
    st.session_state.clear()
    st.query_params.clear()


def explain(refusal: SignInRefused) -> None:
    """Have the sign-in page say why somebody was refused in this run."""
    st.session_state[_WHY] = refusal


def explained(how: str) -> SignInRefused | None:
    """Why somebody was refused in this run, drawn at once, with `how` one signs in anew where that mends it."""
    refusal: SignInRefused | None = st.session_state.pop(_WHY, None)
    if refusal:
        st.warning(plain(f"{refusal} {how}" if refusal.renewable else str(refusal)), icon=":material/info:")
    return refusal


def end_here(end: Callable[[], None]) -> None:
    """Call what ends the session in our database. Signing out goes on where that fails: the browser is to forget in any case."""
    try:
        end()
    except Exception as error:  # noqa: BLE001  she leaves the page at once, so only the log is told
        log.explained(error)
