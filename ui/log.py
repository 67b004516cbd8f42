"""Errors that nobody foresaw: the person gets a calm Danish message and a number, the log gets the whole story."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from storage.errors import DatabaseUnavailable

log = logging.getLogger(__name__)


@contextmanager
def catch_errors() -> Iterator[None]:
    """Log whatever escapes the block with a correlation id and show the id. Streamlit's own signals pass through."""
    try:
        yield
    except Exception as error:  # the last net above every page
        number = secrets.token_hex(4)
        log.exception("unexpected error %s", number)
        if isinstance(error, DatabaseUnavailable):
            st.error(f"Databasen svarer ikke lige nu. Prøv igen om lidt. Fejlnummer {number}.")
        else:
            st.error(
                f"Der gik noget galt hos os. Genindlæs siden. Sker det igen, så oplys fejlnummer {number} "
                "til IT & Digitalisering."
            )
