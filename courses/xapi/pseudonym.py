"""Pseudonyms: a person has the same in every statement, and only who holds the key can tell whose it is.

HMAC-SHA256 (RFC 2104) and not a plain hash: the ids of a municipality's people are few enough to try them all.
"""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from pathlib import Path

from courses.xapi.errors import InvalidPseudonymKey

BYTES = 32


def load(path: Path) -> bytes:
    """The key in `path` (64 hexadecimal digits); made there, readable by the owner only, when there is none.

    Processes that start at once get the same. A file that is no key is left alone: a new key would give everybody a second
    pseudonym.

    Raises:
        InvalidPseudonymKey: the file cannot be read or written, or holds no key.
    """
    try:
        if not path.exists():
            _make(path)
        text = path.read_text("ascii").strip()
    except (OSError, ValueError) as error:
        raise InvalidPseudonymKey(path.name) from error
    if not re.fullmatch(rf"[0-9a-f]{{{2 * BYTES}}}", text):
        raise InvalidPseudonymKey(path.name)
    return bytes.fromhex(text)


def pseudonym(key: bytes, person_id: str) -> str:
    """The name a person has in statements: 64 hexadecimal digits."""
    return hmac.new(key, person_id.encode(), hashlib.sha256).hexdigest()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)  # whole or not at all, and never over another's
    except FileExistsError:
        pass
    finally:
        Path(name).unlink(missing_ok=True)
