"""Changes: the passages one was tested on that have changed since, each read in two minutes and marked as read."""

import streamlit as st

from courses.watch import Update
from people.roles import Permission
from ui.action import perform
from ui.changed_passage import draw_before_and_now
from ui.guard import Visit, guard
from ui.navigation import COURSES
from ui.reader import link_to
from ui.text import counted, danish_date, plain

visit = guard(Permission.LEARN)
person, house = visit.person, visit.services


def read(now: Visit, update_id: str) -> None:
    """The person has read an update."""
    now.services.watch.read(now.person, update_id)


def draw_update(update: Update) -> None:
    """What changed, where it stands, and the button."""
    with st.container(border=True):
        st.subheader(plain(update.title))
        st.caption(f"Ændringen blev fundet {danish_date(update.at)}.")
        draw_before_and_now(update.before, update.after)
        if update.where is None:
            st.markdown("Hele kilden er trukket tilbage. Brug den ikke længere.")
        else:
            where = update.where
            link_to(
                "Læs det i sammenhæng",
                where.version.source_id,
                where.version.id,
                where.section.anchor,
                where.passage.id if update.after else "",
                icon="menu_book",
            )
        st.button(
            "Jeg har læst ændringen",
            key=f"read_{update.id}",
            icon=":material/check:",
            type="primary",
            on_click=perform,
            args=(Permission.LEARN, read, update.id),
        )


st.title("Ændringer")
house.watch.sweep_if_changed()
updates = house.watch.updates(person)
if updates:
    st.markdown(
        f"{counted(len(updates), 'afsnit', 'afsnit')}, som du er prøvet i, er ændret. "
        "Læs, hvad der står nu. Du skal ikke til prøve igen."
    )
    for update in updates:
        draw_update(update)
else:
    st.success("Du er opdateret. Der er ingen ændringer, du mangler at læse.", icon=":material/check_circle:")
    st.page_link(COURSES.path, label="Mine kurser", icon=":material/arrow_back:")
