"""Where this application lies on its server: a proxy's prefix and Streamlit's `server.baseUrlPath` in front of its own paths."""

from starlette.types import Scope
from streamlit import get_option


def base() -> str:
    """What Streamlit puts in front of its paths, like `/ai`; empty where it puts nothing. Its setting may have outer slashes."""
    inner = str(get_option("server.baseUrlPath") or "").strip("/")
    return f"/{inner}" if inner else ""


def path_of(scope: Scope) -> str:
    """The path inside this application, without either prefix."""
    return _without(base(), _without(scope.get("root_path", ""), scope["path"]))


def _without(prefix: str, path: str) -> str:
    rest = path.removeprefix(prefix)
    return path if rest and not rest.startswith("/") else rest or "/"
