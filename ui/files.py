"""Files to fetch that are made when they are asked for, by whoever is signed in then.

The page may have been drawn long before, and Streamlit makes the file outside any run of it: no guard stands there.
"""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from people.roles import Permission
from ui.guard import Visit
from ui.sign_in import make_sign_in


def file_button(
    visit: Visit,
    permission: Permission,
    label: str,
    make: Callable[[Visit], bytes],
    name: str,
    *,
    mime: str | None = None,
    icon: str = "download",
    key: str | None = None,
    help: str | None = None,
) -> None:
    """A button that hands over the file that `make` makes for the visitor, who is asked for anew and must have `permission`."""

    again = make_sign_in().again(visit.services)

    def data() -> bytes:
        person = again()
        person.require(permission)
        return make(replace(visit, person=person))

    st.download_button(
        label,
        data,
        file_name=name,
        mime=mime,
        icon=f":material/{icon}:",
        on_click="ignore",
        key=key,
        help=help,
    )
