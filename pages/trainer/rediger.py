"""Editing one part of a manuscript: fields on one side, what a learner will see on the other."""

import streamlit as st

from people.roles import Permission
from ui.editing import draw_editing
from ui.guard import guard
from ui.workshop import named_manuscript

visit = guard(Permission.MANAGE_COURSES)
st.set_page_config(layout="wide")  # fields and preview side by side
draw_editing(visit, named_manuscript(visit))
