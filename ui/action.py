"""What buttons do, so that no error escapes: callbacks, which run before the page and its guard, and things done in the run."""

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
from ui.text import plain

P = ParamSpec("P")
EXPECTED = (PeopleError, GovernanceError, CourseError, RagError)  # whose messages are for the user


def perform(
    permission: Permission, action: Callable[Concatenate[Visit, P], None], *args: P.args, **kw: P.kwargs
) -> None:
    """Do `action` (a callback) for whoever is signed in now and may; what goes wrong is shown at the top of the page that
    follows."""
    try:
        house = services()
        person = signed_in(house)
        if person is None:
            raise UnknownPerson
        person.require(permission)
        action(Visit(person, house), *args, **kw)
    except EXPECTED as error:
        st.session_state[NOTICE] = str(error)
    except Exception as error:  # noqa: BLE001  the last net below every button
        st.session_state[NOTICE] = explained(error)


def carried_out(action: Callable[[], object]) -> bool:
    """Do it now, in the run; what goes wrong is shown here. For buttons that send what the fields above them hold."""
    try:
        action()
    except EXPECTED as error:
        st.error(plain(str(error)))
    except Exception as error:  # noqa: BLE001  the last net below every button
        st.error(plain(explained(error)))
    else:
        return True
    return False
