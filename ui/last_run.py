"""A closed tab does not take back what was asked for: an answer that was sent just before is still saved.

Streamlit stops the script of a session when its connection closes, and with the script the callback that saves. Here that run
goes on to its end; what it draws is seen by nobody. Fits Streamlit 1.67; `python -m benchmarks courses` closes tabs for real.
"""

from functools import cache

from streamlit.runtime.websocket_session_manager import WebsocketSessionManager


@cache
def let_the_last_run_finish() -> None:
    """Once a process. A stop that a person asks for, and the end of a session, work as before."""
    disconnect = WebsocketSessionManager.disconnect_session

    def disconnect_session(self: WebsocketSessionManager, session_id: str) -> None:
        found = self._active_session_info_by_id.get(session_id)
        if found is None:
            return disconnect(self, session_id)
        session = found.session
        session.request_script_stop = _go_on  # type: ignore[method-assign]
        try:
            return disconnect(self, session_id)
        finally:
            del session.request_script_stop

    WebsocketSessionManager.disconnect_session = disconnect_session  # type: ignore[method-assign]


def _go_on() -> None:
    """Instead of a stop."""
