"""The first line of every page: who is asking, and may they be here."""

import logging
from dataclasses import dataclass

import streamlit as st

from bootstrap import Services
from people.errors import NotAllowed
from people.person import Person
from people.refusals import note_page
from people.roles import Permission
from ui.resources import services
from ui.sign_in import make_sign_in
from ui.text import plain

log = logging.getLogger(__name__)
NOTICE = "notice"
_VISITOR = "visitor"


@dataclass(frozen=True)
class Visit:
    """A signed-in person and the services that the page may call."""

    person: Person
    services: Services


def signed_in(house: Services) -> Person | None:
    """The signed-in person, read from the database on every run, so that a removed one is out at once."""
    person = make_sign_in().person(house)
    if person is None:
        return None
    if st.session_state.get(_VISITOR, person.id) != person.id:
        st.session_state.clear()  # another signed in by the cookie of this browser: nothing of the one before is shown
    st.session_state[_VISITOR] = person.id
    return person


def guard(permission: Permission, *, notice: bool = True) -> Visit:
    """Stop the page unless somebody with `permission` is signed in.

    Shows what went wrong in a callback; with `notice` False whoever calls does that by `show_notice`.
    """
    house = services()
    person = signed_in(house)
    if person is None:
        st.error("Du er ikke logget ind. Gå til forsiden, og log ind.")
        st.stop()
    try:
        person.require(permission)
    except NotAllowed as error:
        log.warning("page refused: %s lacks %s", person.id, permission)
        note_page(house.engine, person, permission)
        st.error(str(error))
        st.stop()
    if notice:
        show_notice()
    return Visit(person, house)


def show_notice() -> None:
    """What went wrong in the last callback, once."""
    if said := st.session_state.pop(NOTICE, None):
        st.error(plain(said))
