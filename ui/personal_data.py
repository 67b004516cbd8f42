"""What in an uploaded file looks like personal data: how much, and where, in excerpts that do not give it away."""

import streamlit as st

from rag.privacy import NAMES, Screened, named
from ui.text import number, plain

MOST_SPOTS = 50


def draw_personal_data(found: Screened, *, refused: str, doubt: str) -> None:
    """Nothing where nothing was found. `refused` is the sentence that begins what stops the file, `doubt` what warns of the rest,
    with {} for the kinds."""
    if not found.spots:
        return
    kinds = ", ".join(named(kind, count) for kind, count in found.findings.items())
    if found.stopped:
        st.error(
            f"{refused} Den indeholder noget, der ligner {kinds}. Fjern CPR-numrene, og læg filen op igen.",
            icon=":material/shield:",
        )
    else:
        st.warning(doubt.format(kinds))
    with st.expander("Se, hvor det står", icon=":material/search:"):
        for spot in found.spots[:MOST_SPOTS]:
            office = " (ser ud til at høre til et kontor)" if spot.public else ""
            st.markdown(f"**{NAMES[spot.kind]}**{office}, {plain(spot.place)}: {plain(spot.excerpt)}")
        if len(found.spots) > MOST_SPOTS:
            st.caption(f"Viser de første {MOST_SPOTS} af {number(len(found.spots))} steder.")
