"""State of the search for the administrator: sources, passages, vectors, and building them anew."""

import streamlit as st

from people.roles import Permission
from rag.errors import RagError
from ui.guard import guard
from ui.text import number

visit = guard(Permission.OPERATE)
house = visit.services

st.title("Indeks")


@st.fragment(run_every=2)
def draw_state() -> None:
    """The figures, refreshed while the encoder works."""
    state = house.search.state()
    if state.problem:
        st.warning(state.problem, icon=":material/warning:")
    elif state.encoding:
        share = state.encoded / state.passages if state.passages else 1.0
        st.progress(
            share,
            text=f"{number(state.encoded)} af {number(state.passages)} tekststykker er klar til søgning på betydning",
        )
    elif not state.hybrid:
        st.info("Der søges kun på ord endnu. Teksterne bliver kodet om lidt.", icon=":material/hourglass:")
    else:
        st.success("Der søges på både ord og betydning.", icon=":material/check_circle:")
    st.table(
        {
            "Måling": ["Kilder, der gælder nu", "Tekststykker", "Tekststykker med vektor", "Model", "Omrangering"],
            "Værdi": [
                number(state.sources),
                number(state.passages),
                number(state.encoded),
                state.model or "Ingen. Der søges kun på ord",
                state.reranker or "Ingen",
            ],
        }
    )


draw_state()
if st.button("Byg vektorer igen", icon=":material/refresh:", key="index_rebuild"):
    bar = st.progress(0.0, text="Venter på, at andet arbejde bliver færdigt")

    def report(done: int, total: int) -> None:
        """Show how far the encoder has come."""
        bar.progress(done / total, text=f"{number(done)} af {number(total)}")

    try:
        house.search.encode(report, anew=True)
        st.success("Alle vektorer er bygget igen.")
    except RagError as error:
        st.warning(str(error))
    finally:
        bar.empty()
