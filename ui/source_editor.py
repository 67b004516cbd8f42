"""Fields that tie a question or a lesson to what it rests on: a source, a section, and an exact piece of it."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from courses.passages import Shelf
from courses.question import SourceRef
from rag.quotes import stands_in
from ui.editor_fields import Row, rows, text_field
from ui.text import counted, paragraphs, plain


def source_fields(sources: Sequence[SourceRef], shelf: Shelf, key: str) -> list[dict[str, Any]]:
    """The sources as they stand in the fields; those that nobody opens stay as they are."""
    kept = [ref.model_dump() for ref in sources]
    held = len(_last(kept, key))
    st.markdown(f"**Kilder:** {counted(held, 'citat', 'citater') if held else 'ingen endnu'}")
    if not st.toggle("Vis og ret kilder", key=f"{key}_open", persist_state="session"):
        return _last(kept, key)
    found = rows(f"{key}_refs", kept, "Kilde", lambda row, name: _reference(row, shelf, name), least=0)
    st.session_state[f"{key}_held"] = [
        {name: row[name] for name in ("source", "section", "quote")} for row in found if row["source"] or row["quote"]
    ]
    return _last(kept, key)


def _last(kept: list[Row], key: str) -> list[Row]:
    held: list[Row] = st.session_state.get(f"{key}_held", kept)
    return held


def _reference(row: Row, shelf: Shelf, key: str) -> Row:
    titles = shelf.titles
    source = st.selectbox(
        "Kilde",
        ["", *titles],
        index=[*titles].index(row["source"]) + 1 if row.get("source") in titles else 0,
        format_func=lambda one: titles.get(one, "Vælg en kilde"),
        key=f"{key}_source",
        persist_state="session",
    )
    headings = shelf.headings(source)
    if not headings:
        return {"source": source, "section": row.get("section", ""), "quote": row.get("quote", "")}
    anchors = [*headings]
    section = st.selectbox(
        "Afsnit",
        anchors,
        index=anchors.index(row["section"]) if row.get("section") in headings else 0,
        format_func=lambda one: headings.get(one) or "Uden overskrift",
        key=f"{key}_section_{source}",
        persist_state="session",
    )
    texts = [passage.text for passage in shelf.section(source, section)]
    with st.popover("Læs afsnittet, og kopiér derfra"):
        for text in texts:
            st.markdown(paragraphs(text))
    quote = text_field("Citat, ord for ord", row.get("quote", ""), f"{key}_quote").strip()
    if quote and any(stands_in(quote, text) for text in texts):
        st.caption(f":material/check_circle: Citatet står i “{plain(headings[section] or 'afsnittet')}”.")
    elif quote:
        st.caption(":material/error: Citatet står ikke i afsnittet. Kopiér det præcist derfra.")
    return {"source": source, "section": section, "quote": quote}
