"""Draws what happened to the paragraphs of a source from one version to the next."""

from collections.abc import Sequence

import streamlit as st

from rag.changes import Change
from ui.text import counted, plain

SHOWN = 50


def draw_changes(found: Sequence[Change], *, expanded: bool) -> None:
    """New, removed and reworded paragraphs under a heading that counts them."""
    if not found:
        st.info("Ingen afsnit er ændret i forhold til den forrige version.")
        return
    title = f"{counted(len(found), 'afsnit er ændret', 'afsnit er ændret')} siden forrige version"
    with st.expander(title, expanded=expanded, icon=":material/difference:"):
        for change in found[:SHOWN]:
            if change.kind == "added":
                st.markdown(f":green-badge[Nyt] {plain(change.after or '')}")
            elif change.kind == "removed":
                st.markdown(f":red-badge[Fjernet] {plain(change.before or '')}")
            else:
                st.markdown(
                    f":orange-badge[Ændret] Før: {plain(change.before or '')}  \nNu: {plain(change.after or '')}"
                )
        if len(found) > SHOWN:
            st.caption(f"Viser de første {SHOWN}.")
