"""Steering: rules that assign courses, exemptions, and the register of key persons."""

import streamlit as st

from people.roles import Permission
from ui.guard import guard
from ui.steering_exemptions import draw_exemptions
from ui.steering_key_persons import draw_key_persons
from ui.steering_rules import draw_rules

visit = guard(Permission.MANAGE_STEERING)
VIEWS = {"Regler": draw_rules, "Fritagelser": draw_exemptions, "Nøglepersoner": draw_key_persons}

st.title("Styring")
view = st.segmented_control("Vis", list(VIEWS), default="Regler", key="vis", bind="query-params", required=True)
VIEWS[view](visit)
