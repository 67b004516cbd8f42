"""Front page: ask at once, shortcuts by role, what is new."""

import streamlit as st

from people.roles import Permission
from ui.badges import status_badge
from ui.guard import guard
from ui.navigation import ASK, FRONT, pages_for
from ui.reader import link_to
from ui.text import counted, danish_date, plain

visit = guard(Permission.ASK)
person, house = visit.person, visit.services

st.title("AI-univers")
st.markdown("Få svar på, hvad du må, kan og bør, når du bruger kunstig intelligens i Randers Kommune.")

with st.form("front_ask", border=False, clear_on_submit=True):
    question = st.text_input(
        "Hvad vil du vide?",
        placeholder="Må jeg bruge ChatGPT til at skrive et brev til en borger?",
        max_chars=house.settings.max_question_chars,
    )
    asked = st.form_submit_button("Spørg", type="primary", icon=":material/search:")
if asked and question.strip():
    st.session_state["ask_next"] = question
    st.switch_page(ASK.path)
elif asked:
    st.warning("Skriv et spørgsmål først.")

st.subheader("Genveje")
for page in pages_for(person):
    if page is not FRONT and page.in_menu:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.page_link(page.path, label=page.title, icon=f":material/{page.icon}:", width=180)
            st.markdown(page.about)

st.subheader("Nyt i kilderne")
newest = sorted(house.search.versions(), key=lambda version: version.created_at, reverse=True)[:5]
for version in newest:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        link_to(version.title, version.source_id, version.id)
        status_badge(version.status)
        st.caption(f"Version {plain(version.version)}, gælder fra {danish_date(version.valid_from)}")
total = len(house.search.versions())
st.caption(f"{counted(total, 'kilde', 'kilder')} i alt. Kilder mærket udkast er ikke godkendt af kommunen endnu.")
