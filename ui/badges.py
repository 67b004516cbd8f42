"""Badges that say what a source is: level and status, in words and colour."""

import streamlit as st

from rag.source import Level, Status

_COLOURS = {Level.LAW: "blue", Level.NATIONAL: "violet", Level.MUNICIPAL: "green", Level.LOCAL: "gray"}


def level_badge(level: Level) -> None:
    """The level of a source."""
    st.badge(level.danish, color=_COLOURS[level])  # type: ignore[arg-type]


def status_badge(status: Status) -> None:
    """Whether a source is approved; drafts stand out."""
    if status is Status.DRAFT:
        st.badge("Udkast, ikke godkendt", icon=":material/edit_note:", color="orange")
    elif status is Status.APPROVED:
        st.badge("Godkendt", icon=":material/verified:", color="green")
    else:
        st.badge("Trukket tilbage", icon=":material/block:", color="gray")
