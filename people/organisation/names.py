"""Whether two names may be one person's."""

import re
import unicodedata

_DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_LOGIN = re.compile(r"\S*[@\d]\S*")


def may_be_one(first: str, second: str) -> bool:
    """Whether the names have a word in common, however æ, ø, å and accents are written. What a sign-in without a name was called
    by, an address or a user name, says nothing of who it is."""
    return bool(_LOGIN.fullmatch(first) or _words(first) & _words(second))


def _words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFC", name).casefold().translate(_DANISH)
    return set(
        _WORD.findall(
            "".join(sign for sign in unicodedata.normalize("NFKD", plain) if sign.isalpha() or sign in " -.'")
        )
    )
