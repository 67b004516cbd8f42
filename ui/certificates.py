"""Pieces shared by the pages about certificates."""

from datetime import date

import streamlit as st

from courses.certification import CHECK_QUERY, Standing
from ui.navigation import CHECK
from ui.text import danish_date

_LOOKS = {
    Standing.COMING: ("schedule", "blue"),
    Standing.VALID: ("verified", "green"),
    Standing.EXPIRED: ("event_busy", "gray"),
    Standing.REVOKED: ("block", "red"),
}


def standing_badge(status: Standing) -> None:
    """How a certificate stands, in words, icon and colour."""
    icon, colour = _LOOKS[status]
    st.badge(status.danish, icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def period_text(status: Standing, valid_from: date, valid_until: date) -> str:
    """From when to when a certificate is valid; both days count."""
    holds = {Standing.EXPIRED: "Gjaldt", Standing.REVOKED: "Skulle have gældt"}.get(status, "Gælder")
    return f"{holds} fra {danish_date(valid_from)} til og med {danish_date(valid_until)}."


def check_link(number: str) -> None:
    """A link to the public page about a certificate."""
    st.page_link(CHECK.path, label="Tjek beviset", icon=":material/verified:", query_params={CHECK_QUERY: number})
