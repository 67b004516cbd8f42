"""Sign-in at the municipality's OpenID provider (Keycloak, Entra ID), by Streamlit's own `st.login`."""

from collections.abc import Callable
from functools import cache, partial

import streamlit as st

from bootstrap import Services
from people.claims import RoleNames, Told, told
from people.errors import EmailTaken, NoRole, Removed, SignInRefused, UnusableClaims
from people.person import Person
from settings import Settings, get_settings
from ui.script import run_script
from ui.sign_in.answers import FAILED
from ui.sign_in.provider import Provider
from ui.sign_in.way import end_here, explain, explained, forget

_DOWN = "sign_in_down"
_RELOAD = "sign_in_reload"


@cache
def _provider() -> Provider:
    return Provider(get_settings())


class OidcSignIn:
    """The provider says who it is; our database says whether the session holds, and what the person may."""

    mark = ""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        if _provider().prepare():
            st.session_state[_RELOAD] = True

    def person(self, services: Services) -> Person | None:
        """Whoever holds a session that the provider has opened and our database has not ended."""
        if not st.user.to_dict().get("is_logged_in"):
            return None
        try:
            person = services.sign_ins.person(self._told())
        except UnusableClaims as refusal:
            services.sign_ins.note_refused(UnusableClaims)
            explain(refusal)
            return None
        except SignInRefused as refusal:
            explain(refusal)
            return None
        if FAILED in st.query_params:
            del st.query_params[FAILED]
        return person

    def again(self, services: Services) -> Callable[[], Person]:
        """Whoever holds the same session then."""
        return partial(services.sign_ins.current, self._told().key)

    def draw(self, services: Services) -> None:
        """What went wrong, if anything did, and the one button."""
        st.title("Velkommen til AI-univers")
        refusal = explained("Log ind igen for at fortsætte.")
        if st.session_state.pop(_DOWN, False):
            st.error(
                "Kommunens login svarer ikke lige nu. Prøv igen om lidt. Hjælper det ikke, så kontakt IT & Digitalisering."
            )
        elif refusal is None and FAILED in st.query_params:
            st.error("Login blev ikke gennemført. Prøv igen. Sker det igen, så kontakt IT & Digitalisering.")
        st.write(
            "Her kan du spørge, lære og få bevis for det, du kan om kunstig intelligens. Siden er for ansatte i kommunen."
        )
        st.button("Log ind med din kommunekonto", key="sign_in", type="primary", on_click=self._go)
        if isinstance(refusal, EmailTaken | NoRole | Removed):
            st.button("Log ud, og brug en anden konto", key="other_account", type="tertiary", on_click=st.logout)

    def remember(self) -> None:
        """The cookie of the first visitor after a start was read before Streamlit knew its key, so she is let in anew."""
        if st.session_state.pop(_RELOAD, False):
            run_script("sign_in_reload", "window.location.reload()")

    def sign_out(self, services: Services) -> None:
        """End the session here and, through Streamlit's own sign-out, at the provider."""
        end_here(lambda: services.sign_ins.leave(self._told().key))
        forget()
        st.logout()

    def _go(self) -> None:
        """To the provider's page, unless it is down: Streamlit's own answer would be two English words."""
        if _provider().answers():
            st.login()
        else:
            st.session_state[_DOWN] = True

    def _told(self) -> Told:
        settings = self._settings
        return told(
            st.user.to_dict(),
            settings.issuers,
            settings.keycloak_client_id or "",
            RoleNames(settings.roles_by_name),
            email_trusted=settings.email_trusted,
        )
