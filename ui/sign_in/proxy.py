"""Sign-in by a proxy in front that has signed the person in and says so in headers."""

import json
import secrets

import streamlit as st

from bootstrap import Services
from people.claims import Identity, RoleNames, Told, session_key
from people.errors import SignInRefused, UntrustedProxy
from people.person import Person
from people.proxy import vouched
from settings import Settings
from storage.base import now
from ui.script import run_script
from ui.sign_in.way import explain, explained, forget

_TOLD = "sign_in_told"
_LEFT = "sign_in_left"
_GO = "sign_in_go"


class ProxySignIn:
    """The proxy vouches for every connection anew; a session here lives as long as the tab, and at most `SESSION_HOURS`."""

    mark = ""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def person(self, services: Services) -> Person | None:
        """Whoever the trusted proxy names."""
        if st.session_state.get(_LEFT):
            return None
        try:
            said = self._said()
            return services.sign_ins.person(said) if said else None
        except UntrustedProxy as refusal:
            services.sign_ins.note_refused(UntrustedProxy)
            explain(refusal)
        except SignInRefused as refusal:
            explain(refusal)
        return None

    def draw(self, services: Services) -> None:
        """Why nobody is signed in: there is nothing to press, the proxy does that."""
        st.title("Velkommen til AI-univers")
        if explained() is None:
            st.info("Du er logget ud. Indlæs siden igen for at logge ind.")

    def remember(self) -> None:
        """Go on to where the proxy's own session ends."""
        if st.session_state.pop(_GO, False):
            run_script("sign_in_go", f"window.location.assign({json.dumps(self._settings.proxy_logout_url)})")

    def sign_out(self, services: Services) -> None:
        """End the session here, then at the proxy."""
        said: Told | None = st.session_state.get(_TOLD)
        if said:
            services.sign_ins.leave(said.key)
        forget()
        st.session_state[_LEFT] = True
        st.session_state[_GO] = True

    def _said(self) -> Told | None:
        """What the headers say. A run that goes on after the tab was closed has none and is still hers who was there."""
        remembered: Told | None = st.session_state.get(_TOLD)
        if not st.context.headers.to_dict():
            return remembered
        identity = self._identity()
        if remembered is None or remembered.identity.key != identity.key:
            remembered = Told(identity, now(), session_key(secrets.token_urlsafe(32)))
        st.session_state[_TOLD] = remembered
        return remembered

    def _identity(self) -> Identity:
        settings = self._settings
        return vouched(
            st.context.headers.get_all,
            st.context.ip_address,
            settings.trusted_proxy_networks,
            settings.proxy_header_prefix,
            RoleNames(settings.roles_by_name),
            settings.keycloak_client_id,
        )
