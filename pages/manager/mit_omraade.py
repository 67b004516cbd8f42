"""My area: who in one's own units still needs a course, how far the units are, and whose certificate runs out."""

import streamlit as st

from people.roles import Permission
from ui.area import choose, draw_headline, draw_views, open_area
from ui.guard import guard
from ui.navigation import EVIDENCE

visit = guard(Permission.SEE_AREA)

st.title("Mit område")
view = open_area(visit)
if view is not None:
    choice = choose(view)
    overview = view.overview(choice)
    draw_headline(overview, whole=view.whole)
    draw_views(visit, view, choice, overview)
    st.page_link(EVIDENCE.path, label=EVIDENCE.title, icon=f":material/{EVIDENCE.icon}:")
