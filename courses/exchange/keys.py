"""Ids for what comes from elsewhere: a key made of a name, and one that nothing else has."""

import re
import unicodedata
from collections.abc import Iterable

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_LONGEST = 80
_SUFFIX = 8
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def key_of(text: str) -> str:
    """The text itself where it is a key, else its letters and digits as one; "" when it has none."""
    if KEY.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFC", text[: 4 * _LONGEST]).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain).lstrip("-_")[:_LONGEST].rstrip("-_")


class Keys:
    """Gives each key once, and none of those that are `taken`."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given = set(taken)
        self._last: dict[str, int] = {}

    def unique(self, key: str) -> str:
        """The key, or the key with the first number (from 2) that makes it new."""
        found = key
        stem = key[: _LONGEST - _SUFFIX]
        while found in self._given:
            # counted by the stem, so that many keys that begin alike stay cheap
            self._last[stem] = self._last.get(stem, 1) + 1
            found = f"{stem}-{self._last[stem]}"
        self._given.add(found)
        return found
