"""The services of this process, started once, with progress for the person who happens to come first."""

import logging
import threading
from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from bootstrap import Services, keep_promises, reckon, start, write_log
from rag.calendar import today
from settings import get_settings

log = logging.getLogger(__name__)
ROUND = (keep_promises, reckon)  # what is done once the process has started, and once a day
LATER = 3.0  # seconds after the start, so that whoever comes first has her page


class _House:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.services: Services | None = None
        self.day = today()


@st.cache_resource(show_spinner=False)
def _house(database: str, folder: str) -> _House:
    return _House()


def services() -> Services:
    """The running services; the first call migrates, loads and indexes, and shows a progress bar while it does."""
    settings = get_settings()
    house = _house(settings.sqlalchemy_url, str(settings.data_dir))
    if house.services is None:
        bar = st.progress(0.0, text="AI-Univers starter")
        with house.lock:
            if house.services is None:
                write_log(settings.log_level)

                def report(text: str, share: float) -> None:
                    bar.progress(share, text=text)

                house.services = start(settings, report)
                if house.services.xapi:
                    _beside(partial(house.services.xapi.work, threading.Event()), "xapi")
                if house.services.mail:
                    _beside(partial(house.services.reminders.work, threading.Event()), "mail")
                _beside(partial(_round, house), "daily-round", after=LATER)
        bar.empty()
    if house.day != today():
        house.day = today()
        _beside(partial(_round, house), "daily-round")
    return house.services


def _beside(work: Callable[[], None], name: str, after: float = 0.0) -> None:
    """Something that is done beside the pages, `after` some seconds."""
    thread = threading.Timer(after, work)
    thread.name, thread.daemon = name, True
    thread.start()


def _round(house: _House) -> None:
    """Beside the page of whoever comes first, after a start or that day; the whole of it is tried again when a part fails."""
    if house.services is None:
        return
    try:
        for task in ROUND:
            task(house.services)
    except Exception:  # whatever fails here, pages must still open
        log.exception("the daily round failed")
        house.day = date.min
