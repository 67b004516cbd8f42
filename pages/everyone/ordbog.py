"""Dictionary: AI terms in one line of plain Danish."""

import streamlit as st

from people.roles import Permission
from ui.guard import guard
from ui.reader import link_to
from ui.text import counted, plain

visit = guard(Permission.READ_SOURCES)
house = visit.services

st.title("AI-ordbog")
wanted = st.text_input("Søg efter et ord", key="glossary_search", placeholder="fx konsekvensanalyse eller DPIA")
terms = [
    term
    for term in sorted(house.glossary.terms, key=lambda term: term.term.lower())
    if wanted.strip().lower() in " ".join((term.term, *term.synonyms, term.definition)).lower()
]
st.caption(counted(len(terms), "ord", "ord"))
if not terms:
    st.info(f"“{plain(wanted)}” står ikke i ordbogen. Prøv et andet ord, eller spørg på siden Spørg.")

versions = {version.source_id: version for version in house.search.versions()}
for term in terms:
    st.markdown(f"**{plain(term.term)}**  \n{plain(term.definition)}")
    if term.synonyms:
        st.caption("Også: " + plain(", ".join(term.synonyms)))
    if version := versions.get(term.source or ""):
        link_to(f"Læs mere: {version.title}", version.source_id, version.id)
