"""A page with most of Streamlit's widgets inside the Danish frame; run by `test_frame.py` in place of the real application."""

import sys
from datetime import date, time
from pathlib import Path

import altair as alt
import pandas as pd
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # `streamlit run` looks beside this file only

from ui.frame import FAVICON, danish_frame

st.set_page_config(page_title="Prøveside", page_icon=str(FAVICON), layout="wide")
danish_frame()


@st.dialog("Bekræft valget")
def confirm() -> None:
    st.write("Vil du fortsætte?")
    st.button("Ja", key="dialog_yes")


def fields() -> None:
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.title("Felter")
    st.text(f"Kørsler: {st.session_state['runs']}")
    st.header("Tekst", help="Sådan skriver du.")
    st.text_input("Navn", key="name", help="Dit fulde navn", required=True)
    st.text_input("Adgangskode", type="password", key="password")
    st.text_input("Find", type="search", key="find", placeholder="Skriv et ord")
    st.text_area("Beskrivelse", key="description", max_chars=200)
    st.number_input("Antal", key="count", min_value=0, max_value=10)
    st.header("Valg")
    st.selectbox("Afdeling", ["Skole", "Sundhed", "Open"], index=None, key="unit")
    st.multiselect("Emner", ["Data", "Etik", "Search"], key="topics", accept_new_options=True)
    st.radio("Niveau", ["Let", "Svær"], key="level", horizontal=True)
    st.checkbox("Jeg har læst det", key="read")
    st.toggle("Påmind mig", key="remind")
    st.slider("Sikkerhed", 0, 10, 3, key="certainty")
    st.pills("Tema", ["Lov", "Drift"], key="theme")
    st.segmented_control("Visning", ["Liste", "Kort"], key="view")
    st.feedback("thumbs", key="thumbs")
    st.feedback("stars", key="stars")
    st.feedback("faces", key="faces")
    st.date_input("Dato", value=date(2026, 11, 2), format="DD-MM-YYYY", key="day")
    st.time_input("Tid", value=time(9, 30), key="clock")
    st.pagination(12, key="page")
    st.file_uploader("Fil", type=["pdf", "txt"], key="file")
    with st.form("form"):
        st.text_input("Emne", key="subject")
        st.form_submit_button("Gem")
    if st.button("Åbn dialog", key="open_dialog"):
        confirm()
    if st.button("Giv besked", key="toast"):
        st.toast("Gemt")


def content() -> None:
    st.title("Indhold")
    st.markdown("Search")  # what a page writes stays as it is
    st.text("Open")
    st.code("print('Running...')", language="python")
    st.metric("Gennemført", "82 %", "4 %", help="Andel af holdet")
    rows = pd.DataFrame({"Hold": ["A", "B"], "Antal": [12, 7]})
    st.table(rows)
    st.dataframe(rows, alt="Hold og antal", key="frame")
    st.altair_chart(
        alt.Chart(rows, title="Antal").mark_bar().encode(x="Hold", y="Antal", color="Hold"),
        alt="Hold A har 12, hold B har 7",
    )
    with st.expander("Mere"):
        st.write("Detaljer")
    with st.popover("Indstillinger"):
        st.write("Vælg selv")
    one, two = st.tabs(["Første", "Anden"])
    one.write("Et")
    two.write("To")
    st.progress(0.4, text="Fire af ti")
    with st.status("Søger", type="compact"):
        st.write("Læser kilder")
    st.json({"svar": 42}, expanded=False)
    st.info("Vidste du det?")
    st.success("Godkendt")
    st.warning("Udløber snart")
    st.error("Mangler")
    st.markdown(":green-badge[Godkendt] :red-badge[Udløbet] :blue-badge[Ny] :gray-badge[Kladde] :orange-badge[Snart]")
    st.caption("Senest opdateret i dag. [Læs mere](https://example.org)")
    st.button("Gem", type="primary", key="primary")


def chat() -> None:
    st.title("Samtale")
    with st.chat_message("user"):
        st.write("Må jeg bruge AI?")
    with st.chat_message("assistant"):
        st.write("Ja, når reglerne følges.")
    st.chat_input("Skriv dit spørgsmål", key="question", accept_file=True, submit_mode="stop")


def broken() -> None:
    st.title("Fejl")
    raise RuntimeError("hemmelig besked")


navigation = st.navigation(
    {
        "": [st.Page(fields, title="Felter", url_path="felter", default=True)],
        "Mere": [
            st.Page(content, title="Indhold", url_path="indhold"),
            st.Page(chat, title="Samtale", url_path="samtale"),
            st.Page(broken, title="Fejl", url_path="fejl"),
        ],
    },
    position="top",
)
navigation.run()
