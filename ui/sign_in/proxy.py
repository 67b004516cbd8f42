"""Sign-in by a proxy in front that has signed the person in and says so in headers."""

import json
import secrets
from collections.abc import Callable
from functools import partial

import streamlit as st

from bootstrap import Services
from people.claims import Identity, RoleNames, Told, session_key
from people.errors import SignInRefused, UntrustedProxy
from people.person import Person
from people.proxy import vouched
from settings import Settings
from storage.base import now
from ui.script import run_script
from ui.sign_in.way import end_here, explain, explained, forget

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
            said = self._said(services)
            return services.sign_ins.person(said) if said else None
        except UntrustedProxy as refusal:
            services.sign_ins.note_refused(UntrustedProxy)
            explain(refusal)
        except SignInRefused as refusal:
            explain(refusal)
        return None

    def again(self, services: Services) -> Callable[[], Person]:
        """Whoever holds the same session then."""
        said: Told = st.session_state[_TOLD]
        return partial(services.sign_ins.current, said.key)

    def draw(self, services: Services) -> None:
        """Why nobody is signed in: there is nothing to press, the proxy does that."""
        st.title("Velkommen til AI-univers")
        if explained("Indlæs siden igen for at fortsætte.") is None:
            st.info("Du er logget ud. Indlæs siden igen for at logge ind.")

    def remember(self) -> None:
        """Go on to where the proxy's own session ends."""
        if st.session_state.pop(_GO, False):
            run_script("sign_in_go", f"window.location.assign({json.dumps(self._settings.proxy_logout_url)})")

    def sign_out(self, services: Services) -> None:
        """End the session here and in all other tabs, whose connections outlive the proxy's session; then at the proxy."""
        said: Told | None = st.session_state.get(_TOLD)
        if said:
            end_here(lambda: services.sign_ins.leave_everywhere(said.key))
        forget()
        st.session_state[_LEFT] = True
        st.session_state[_GO] = True

    def _said(self, services: Services) -> Told | None:
        """What the headers say. A run that goes on after the tab was closed has none and is still hers who was there.

        A tab that connects anew may be told of somebody else, or of other roles: then another session begins.
        """
        remembered: Told | None = st.session_state.get(_TOLD)
        if not st.context.headers.to_dict():
            return remembered
        identity = self._identity()
        if remembered and (remembered.identity.key, remembered.identity.roles) == (identity.key, identity.roles):
            return remembered
        if remembered:
            services.sign_ins.leave(remembered.key)
        said = Told(identity, now(), session_key(secrets.token_urlsafe(32)))
        st.session_state[_TOLD] = said
        return said

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
