"""The OpenID provider of the settings, told to Streamlit's own sign-in as its secrets, with no file written."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
from streamlit.runtime.secrets import secrets_singleton

from settings import Settings
from ui.sign_in.answers import CALLBACK

log = logging.getLogger(__name__)
SECONDS = 3.0  # that the provider has to say where its pages are
AGAIN = 60.0  # seconds between two looks for one that has not been found


class Provider:
    """Where people sign in. Of two addresses that the settings allow the one that answers is used."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._issuer = settings.issuers[0]
        self._found = len(settings.issuers) == 1  # there is nothing to find out
        self._next = clock()
        self._lock = threading.Lock()

    def prepare(self) -> bool:
        """Tell Streamlit; gives False where it had been told before the first visitor came, as `server.py` does."""
        told = secrets_singleton.load_if_toml_exists() and "auth" in secrets_singleton
        if not told:
            self._tell(self._issuer)
        if self._is_due():
            self.answers()
        return not told

    def _is_due(self) -> bool:
        """Whether this run is to find out which address answers. Every click of everybody comes here, so it is one a minute, and
        none once it is known; the others go on without."""
        with self._lock:
            due = not self._found and self._clock() >= self._next
            if due:
                self._next = self._clock() + AGAIN
            return due

    def answers(self) -> bool:
        """Whether the provider can be reached at the moment."""
        for issuer in dict.fromkeys((self._issuer, *self._settings.issuers)):
            if _is_there(issuer):
                self._found = True
                if issuer != self._issuer:
                    self._tell(issuer)
                return True
        return False

    def _tell(self, issuer: str) -> None:
        self._issuer = issuer
        secrets_singleton.merge_programmatic_secrets(streamlit_secrets(self._settings, issuer))


def streamlit_secrets(settings: Settings, issuer: str | None = None) -> dict[str, Any]:
    """The section `[auth]` of Streamlit's secrets; empty where people sign in another way."""
    if settings.auth_mode != "oidc" or not settings.cookie_secret or not settings.keycloak_client_secret:
        return {}
    return {
        "auth": {
            "redirect_uri": settings.public_url + CALLBACK,
            "cookie_secret": settings.cookie_secret.get_secret_value(),
            "client_id": settings.keycloak_client_id,
            "client_secret": settings.keycloak_client_secret.get_secret_value(),
            "server_metadata_url": _metadata(issuer or settings.issuers[0]),
            # An empty list is left out of the address: who is signed in at her computer is not asked again. Without it Streamlit
            # sends `select_account`, which not every provider knows.
            "client_kwargs": {"scope": "openid email profile", "prompt": []},
        }
    }


def _metadata(issuer: str) -> str:
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def _is_there(issuer: str) -> bool:
    try:
        answer = requests.get(_metadata(issuer), timeout=SECONDS)
        found = answer.json().get("issuer") if answer.ok else None
    except (requests.RequestException, ValueError, AttributeError) as error:
        log.warning("the OpenID provider does not answer: %s", type(error).__name__)
        return False
    return isinstance(found, str) and found.rstrip("/") == issuer.rstrip("/")
