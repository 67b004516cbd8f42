"""The interface of all ways of signing in, and what they share."""

from typing import Protocol

import streamlit as st

from bootstrap import Services
from people.errors import SignInRefused
from people.person import Person
from ui.text import plain

UNSAVED = "attempt_unsaved"
_WHY = "sign_in_why"


class SignIn(Protocol):
    """How people sign in. `mark` is shown beside the person's name, so that nobody takes a trial for the real thing."""

    mark: str

    def person(self, services: Services) -> Person | None:
        """Whoever is signed in on this browser, read from the database on every run, or None."""

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


def explained() -> SignInRefused | None:
    """Why somebody was refused in this run; drawn at once."""
    refusal: SignInRefused | None = st.session_state.pop(_WHY, None)
    if refusal:
        st.warning(plain(str(refusal)), icon=":material/info:")
    return refusal
