"""Participants: assign courses, give extra time, mark what people wrote, mark again, and look up certificates."""

import streamlit as st

from people.roles import Permission
from ui.guard import guard
from ui.teaching import draw_certificates, draw_marking, draw_participants, draw_regrade

visit = guard(Permission.MANAGE_COURSES)
VIEWS = {
    "Tildelinger": draw_participants,
    "Til vurdering": draw_marking,
    "Vurdér igen": draw_regrade,
    "Beviser": draw_certificates,
}

st.title("Deltagere")
view = st.segmented_control("Vis", list(VIEWS), default="Tildelinger", key="vis", bind="query-params", required=True)
VIEWS[view](visit)
