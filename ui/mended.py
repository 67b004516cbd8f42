"""Draws what was mended in a recognised text: before it is published, beside a quote, and below the source."""

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rag.mended_document import MendedDocument, marked
from rag.source import SectionView
from ui.paging import part_of
from ui.text import counted, number

WORDS_PER_PAGE = 15
TEXTS_PER_PAGE = 20


def draw_repairs(mending: MendedDocument, key: str) -> bool:
    """What was mended in the upload that `key` tells from others; returns whether the text shall stay as it was read."""
    st.info(
        f"Vi har rettet {counted(mending.count, 'ord', 'ord')}, som så ud til at være genkendt forkert. "
        "Se rettelserne igennem, før du udgiver. Teksten, som den blev læst, gemmes og kan altid ses.",
        icon=":material/spellcheck:",
    )
    with st.expander(f"Se rettelserne ({counted(len(mending.words), 'ord', 'forskellige ord')})", expanded=True):
        shown = part_of(mending.words, f"repairs_{key}", WORDS_PER_PAGE)
        rows = [(word.read, word.mended, number(word.times)) for word in shown]
        st.table(pd.DataFrame(rows, columns=["Læst", "Rettet til", "Gange"]), hide_index=True)
    return st.toggle("Behold teksten, som den blev læst", key=f"as_read_{key}")


def draw_as_read(sections: Sequence[SectionView]) -> None:
    """The whole text of a source as it was read, with what was mended marked; nothing for a source that was not mended."""
    texts = [
        (read or text, text)
        for section in sections
        for read, text in [
            (section.as_read, section.heading),
            *((passage.as_read, passage.text) for passage in section.passages),
        ]
        if text
    ]
    if all(read == text for read, text in texts):
        return
    with st.expander("Vis teksten, som den blev læst", icon=":material/spellcheck:"):
        st.markdown("Papiret blev genkendt forkert nogle steder. De ord, vi har rettet, er markeret her.")
        for read, text in part_of(texts, "as_read_page", TEXTS_PER_PAGE):
            st.html("".join(f"<p>{line}</p>" for line in _marked_lines(read, text)))


def _marked_lines(read: str, text: str) -> list[str]:
    pieces = "".join(_piece(piece, changed=changed) for piece, changed in marked(read, text))
    return pieces.split("\n")


def _piece(piece: str, *, changed: bool) -> str:
    word = piece.rstrip()
    return f"<mark>{html.escape(word)}</mark>{piece[len(word) :]}" if changed and word else html.escape(piece)
