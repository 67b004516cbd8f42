"""Callbacks: they run before the page and its guard, so each asks anew who it is, and none lets an error escape."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec

import streamlit as st

from courses.errors import CourseError
from governance.errors import GovernanceError
from people.errors import PeopleError, UnknownPerson
from people.roles import Permission
from rag.errors import RagError
from ui.guard import NOTICE, Visit, signed_in
from ui.log import explained
from ui.resources import services

P = ParamSpec("P")


def perform(
    permission: Permission, action: Callable[Concatenate[Visit, P], None], *args: P.args, **kw: P.kwargs
) -> None:
    """Do `action` for whoever is signed in now and may; what goes wrong is shown at the top of the page that follows."""
    try:
        house = services()
        person = signed_in(house)
        if person is None:
            raise UnknownPerson
        person.require(permission)
        action(Visit(person, house), *args, **kw)
    except (PeopleError, GovernanceError, CourseError, RagError) as error:
        st.session_state[NOTICE] = str(error)
    except Exception as error:  # noqa: BLE001  the last net below every button
        st.session_state[NOTICE] = explained(error)
