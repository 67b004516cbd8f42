"""Draws a changed passage: before and now, with what went and what came marked without colour."""

from collections.abc import Sequence

import streamlit as st

from courses.watch import Piece, differing
from ui.text import plain


def draw_before_and_now(before: str, after: str) -> None:
    """The two texts below each other; an empty `after` means that the passage was removed."""
    if not after:
        st.markdown(f"**Før:** {plain(before)}")
        st.markdown("**Nu:** Afsnittet er fjernet.")
        return
    old, new = differing(before, after)
    st.markdown(f":red-badge[Før] {_marked(old, '~~')}")
    st.markdown(f":green-badge[Nu] {_marked(new, '**')}")
    st.caption("Det, der er gået ud, er streget over. Det nye står med fed.")


def _marked(pieces: Sequence[Piece], mark: str) -> str:
    return " ".join(f"{mark}{plain(piece.text)}{mark}" if piece.changed else plain(piece.text) for piece in pieces)
