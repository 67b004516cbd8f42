"""A manuscript: its contents, what the quality gate finds, what is different, its history, and the way to publishing."""

from functools import cache, partial

import streamlit as st

from people.roles import Permission
from ui.guard import guard
from ui.manuscript_checks import draw_differences, draw_gate, draw_history
from ui.manuscript_contents import draw_contents
from ui.manuscript_steps import draw_next_step
from ui.navigation import WORKSHOP
from ui.text import danish_moment, plain
from ui.workshop import named_manuscript, show_done, state_badge

visit = guard(Permission.MANAGE_COURSES)
view = named_manuscript(visit)
line = view.line
findings = cache(partial(visit.services.publishing.findings, visit.person, line.id))  # once a run, where it is shown
VIEWS = {
    "Indhold": partial(draw_contents, visit, view),
    "Kontrol": partial(draw_gate, visit, view, findings),
    "Forskelle": partial(draw_differences, visit, view),
    "Historik": partial(draw_history, visit, view),
}

st.page_link(WORKSHOP.path, label="Kursusværksted", icon=":material/arrow_back:")
st.title(plain(line.title))
with st.container(horizontal=True, gap="small", vertical_alignment="center"):
    state_badge(line.state)
    base = f"Bygger på version {line.base_number}" if line.base_number else "Nyt kursus"
    st.caption(f"{base}. Sidst ændret {danish_moment(line.changed_at)} af {plain(line.changed_by)}.")
show_done()
draw_next_step(visit, view, findings)
chosen = st.segmented_control("Vis", list(VIEWS), default="Indhold", key="vis", bind="query-params", required=True)
VIEWS[chosen]()
