"""What the log is told when the provider refuses: a code and never its text, which may hold a person's name or address."""

import logging
import re

_STREAMLIT = "streamlit.web.server.starlette.starlette_auth_routes"
_CODE = re.compile(r"[a-z_]{1,40}")  # as OAuth's and OpenID's own codes are written (RFC 6749, 4.1.2.1 and 5.2)


def code_of(said: object) -> str:
    """The code when it is one; anybody can open an address that has something else in its place."""
    return said if isinstance(said, str) and _CODE.fullmatch(said) else "unknown code"


class CodesOnly(logging.Filter):
    """Shortens what Streamlit logs when the provider refuses to give a token: its error comes with the provider's text."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, without that text."""
        error = record.exc_info[1] if record.exc_info else None
        if hasattr(error, "description"):  # an error of Authlib, which is first imported when somebody signs in
            code = code_of(getattr(error, "error", None))
            record.msg, record.args = f"{record.getMessage()} The provider said: {code}", ()
            record.exc_info = record.exc_text = None
        return True


_CODES_ONLY = CodesOnly()


def keep_to_codes() -> None:
    """Have Streamlit's log of signing in hold codes only, from now on."""
    logging.getLogger(_STREAMLIT).addFilter(_CODES_ONLY)
