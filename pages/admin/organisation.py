"""The organisation: its units with how many people work there, import from files, and the last imports."""

import streamlit as st

from people.roles import Permission
from ui.guard import guard
from ui.organisation import draw_units
from ui.staff_import import draw_import, draw_past

visit = guard(Permission.IMPORT_STAFF)
VIEWS = {"Enheder": draw_units, "Indlæs": draw_import, "Seneste": draw_past}

st.title("Organisation")
view = st.segmented_control("Vis", list(VIEWS), default="Enheder", key="vis", bind="query-params", required=True)
VIEWS[view](visit)
