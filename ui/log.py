"""Errors that nobody foresaw: the person gets a calm Danish message and a number, the log gets the whole story."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from pydantic import ValidationError

import settings
from storage.errors import DatabaseUnavailable

log = logging.getLogger(__name__)


def explained(error: Exception) -> str:
    """Log `error` with a correlation id, and say so in Danish."""
    number = secrets.token_hex(4)
    log.error("unexpected error %s", number, exc_info=error)
    if isinstance(error, DatabaseUnavailable):
        return f"Databasen svarer ikke lige nu. Prøv igen om lidt. Fejlnummer {number}."
    if isinstance(error, ValidationError) and error.title == settings.Settings.__name__:
        return f"AI-univers kan ikke starte. {settings.explained(error)} Fejlnummer {number}."
    return f"Der gik noget galt hos os. Genindlæs siden. Sker det igen, så oplys fejlnummer {number} til IT & Digitalisering."


@contextmanager
def catch_errors() -> Iterator[None]:
    """Explain whatever escapes the block. Streamlit's own signals pass through."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  the last net above every page
        st.error(explained(error))
