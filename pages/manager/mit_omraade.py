"""My area: who in one's own units still needs a course, how far the units are, and whose certificate runs out."""

import streamlit as st

from people.roles import Permission
from ui.area import choose, draw_headline, draw_views
from ui.guard import guard
from ui.navigation import EVIDENCE

visit = guard(Permission.SEE_AREA)

st.title("Mit område")
choice = choose(visit)
if choice is not None:
    with st.spinner("Tæller sammen"):
        overview = visit.services.area.overview(visit.person, choice)
    draw_headline(overview, whole=choice.whole)
    draw_views(visit, choice, overview)
    st.page_link(EVIDENCE.path, label=EVIDENCE.title, icon=f":material/{EVIDENCE.icon}:")
