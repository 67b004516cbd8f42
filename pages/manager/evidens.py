"""Evidence of AI literacy: what the pack is, and one button that makes it."""

import streamlit as st

from courses.steering.evidence.evidence import TITLE, WHAT_IT_IS, WHAT_IT_IS_NOT
from courses.steering.evidence.evidence_service import Pack
from people.roles import Permission
from ui.action import carried_out
from ui.guard import guard
from ui.navigation import AREA
from ui.text import counted, number, plain

visit = guard(Permission.SEE_AREA)
_MADE = "evidence_made"

st.page_link(AREA.path, label=AREA.title, icon=":material/arrow_back:")
st.title(TITLE)
st.markdown(plain(WHAT_IT_IS))
st.markdown(plain(WHAT_IT_IS_NOT))
st.caption("Navnene på dem, der har taget kurser, står i pakken. De kan under Mine data se, at du har lavet den.")
if st.button("Lav pakken", type="primary", icon=":material/folder_zip:"):
    made: list[Pack] = []
    with st.spinner("Samler oplysningerne"):
        if carried_out(lambda: made.append(visit.services.evidence.pack(visit.person))):
            st.session_state[_MADE] = made[0]
pack: Pack | None = st.session_state.get(_MADE)
if pack is not None:
    evidence = pack.evidence
    st.success(f"Pakken er lavet. {plain(evidence.scope)}: {counted(evidence.people, 'ansat', 'ansatte')}.")
    st.table(
        [
            {
                "Kursus": one.title,
                "Version": one.version,
                "Gennemført": number(evidence.finished(one.course_id)),
                "I gang": number(evidence.begun(one.course_id)),
            }
            for one in evidence.measures
        ],
        hide_index=True,
    )
    st.download_button(
        "Hent pakken (zip med PDF, regneark og underskrevet JSON)",
        pack.data,
        file_name=pack.name,
        mime="application/zip",
        icon=":material/download:",
        on_click="ignore",
    )
