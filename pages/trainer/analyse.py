"""Analysis: which questions work, and which should be looked at again."""

import streamlit as st

from people.roles import Permission
from ui.analysis import choose_quiz, draw_questions
from ui.analysis_whole import draw_whole
from ui.guard import guard

visit = guard(Permission.MANAGE_COURSES)
QUESTIONS, WHOLE = "Spørgsmål", "Prøven som helhed"

st.title("Analyse")
st.markdown(
    "Se, hvordan spørgsmålene i en prøve virker: hvilke der er for svære, hvilke der måske har et forkert facit, og hvilke "
    "svarmuligheder ingen tror på. Tallene viser aldrig, hvem der har svaret."
)
report = choose_quiz(visit)
if report is not None:
    view = st.segmented_control(
        "Vis", [QUESTIONS, WHOLE], default=QUESTIONS, key="vis", bind="query-params", required=True
    )
    if view == QUESTIONS:
        draw_questions(visit, report)
    else:
        draw_whole(report)
