"""Pieces shared by the workshop's pages: links, the manuscript that the address names, and doing things in a run."""

import streamlit as st

from courses.authoring.workshop import ManuscriptView, State
from courses.errors import CourseError
from ui.guard import Visit
from ui.navigation import EDITING, MANUSCRIPT, WORKSHOP
from ui.text import plain

DONE = "workshop_done"
_COLOURS = {State.DRAFT: "gray", State.IN_REVIEW: "orange", State.APPROVED: "green"}


def state_badge(state: State) -> None:
    """Where a manuscript is."""
    icon = {State.DRAFT: "edit_document", State.IN_REVIEW: "rate_review", State.APPROVED: "task_alt"}.get(state, "done")
    st.badge(state.danish, icon=f":material/{icon}:", color=_COLOURS.get(state, "blue"))  # type: ignore[arg-type]


def manuscript_link(
    label: str, manuscript_id: str, *, view: str = "", module: str = "", icon: str = "edit_document"
) -> None:
    """A link to a manuscript, or one view of it."""
    query = {"kladde": manuscript_id, "vis": view, "modul": module}
    st.page_link(
        MANUSCRIPT.path,
        label=plain(label),
        icon=f":material/{icon}:",
        query_params={name: value for name, value in query.items() if value},
    )


def editing_link(label: str, manuscript_id: str, *, icon: str = "edit", **query: str) -> None:
    """A link to the fields of one part (`del`), or of a new one (`ny`, `modul`)."""
    st.page_link(
        EDITING.path, label=plain(label), icon=f":material/{icon}:", query_params={"kladde": manuscript_id, **query}
    )


def named_manuscript(visit: Visit) -> ManuscriptView:
    """The manuscript that the address names; stops the page when there is none."""
    try:
        return visit.services.manuscripts.read(visit.person, st.query_params.get("kladde", ""))
    except CourseError as error:
        st.title("Kladde")
        st.warning(plain(str(error)))
        st.page_link(WORKSHOP.path, label="Gå til Kursusværksted", icon=":material/construction:")
        st.stop()


def done(message: str) -> None:
    """Say it at the top of the page that follows."""
    st.session_state[DONE] = message


def show_done() -> None:
    """What was done last, once."""
    if said := st.session_state.pop(DONE, None):
        st.success(plain(said), icon=":material/check_circle:")
