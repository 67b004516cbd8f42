"""The demo lets one pick an invented person, on this machine only."""

import json
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from bootstrap import Services
from people.errors import UnknownPerson
from people.person import Person
from ui.script import run_script
from ui.sign_in.way import UNSAVED, forget
from ui.text import plain

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
LOOPBACK = frozenset({None, "127.0.0.1", "::1"})  # streamlit gives None for this machine
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Forwarded-Host")
COOKIE = "ai-univers-demo"
_PERSON = "sign_in_person"
_LEFT = "sign_in_left"
_BY_COOKIE = "sign_in_by_cookie"
_REMEMBER = "sign_in_remember"


class DemoSignIn:
    """One click per example person. Refuses to work unless both server and browser are on this machine."""

    mark = "Demo"

    def person(self, services: Services) -> Person | None:
        """The person picked in this session, or remembered by the browser's cookie after a reload."""
        person_id = self._picked(services)
        try:
            return services.people.find(person_id) if person_id else None
        except UnknownPerson:
            return None

    def again(self, services: Services) -> Callable[[], Person]:
        """The person picked now, as she is then."""
        return partial(services.people.find, self._picked(services) or "")

    def _picked(self, services: Services) -> str | None:
        if not local_only():
            return None
        if st.session_state.get(_LEFT):
            return None
        if st.context.headers.to_dict():  # none when the tab was closed and its last run goes on to the end
            kept = st.context.cookies.get(COOKIE)  # anybody can write it: it names no real person of the database
            st.session_state[_BY_COOKIE] = kept if kept in {one.id for one in services.examples} else None
        found = st.session_state.get(_PERSON) or st.session_state.get(_BY_COOKIE)
        return str(found) if found else None

    def draw(self, services: Services) -> None:
        """The example people, with what each is for."""
        st.title("Velkommen til AI-univers")
        if not local_only():
            st.error(
                "Demoen virker kun på den maskine, hvor serveren kører. Åbn adressen http://localhost, "
                "eller bed administratoren slå rigtigt login til."
            )
            return
        st.badge(self.mark, icon=":material/science:", color="orange")
        st.write("Vælg, hvem du vil se løsningen som. Personerne er opdigtede.")
        for example in services.examples:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                with st.container():
                    st.markdown(f"**{plain(example.name)}**  \n{plain(example.about)}, {plain(example.unit)}")
                st.button(
                    f"Log ind som {example.name.split()[-1].lower()}",
                    key=f"sign_in_{example.id}",
                    on_click=self._pick,
                    args=(example.id,),
                )

    def sign_out(self, services: Services) -> None:
        """Forget the person and all that the session holds of theirs, and tell the browser to forget, too."""
        forget()
        st.session_state[_LEFT] = True
        st.session_state[_REMEMBER] = ""

    def _pick(self, person_id: str) -> None:
        # An answer that could not be saved because the sign-in had run out waits for the same person.
        held = st.session_state.get(UNSAVED, {})
        st.session_state.clear()  # what the address asks for stays: it is why she signs in
        st.session_state[UNSAVED] = {key: one for key, one in held.items() if one.person_id == person_id}
        st.session_state[_PERSON] = person_id
        st.session_state[_REMEMBER] = person_id

    def remember(self) -> None:
        """Keep the pick in a cookie for a working day, so that a reload stays signed in."""
        value = st.session_state.get(_REMEMBER)
        if value is None:
            return
        age = 28_800 if value else 0
        cookie = f"{COOKIE}={value}; Max-Age={age}; Path=/; SameSite=Strict"
        run_script("sign_in_cookie", f"document.cookie = {json.dumps(cookie)}")


def local_only() -> bool:
    """Whether the server is meant for this machine only, and this very request came from it, through no proxy.

    The setting alone is no proof: a server started in another way may listen elsewhere. A test drives pages with no request.
    """
    if st.get_option("server.address") not in LOCAL:
        return False
    headers = st.context.headers
    if not headers.to_dict():
        return True
    origin = urlsplit(headers.get("Origin") or "http://localhost").hostname
    host = urlsplit(f"//{headers.get('Host') or ''}").hostname
    forwarded = any(headers.get(name) for name in FORWARDED)
    return st.context.ip_address in LOOPBACK and host in LOCAL and origin in LOCAL and not forwarded
