"""The text of a file from elsewhere, whatever character set it was saved in."""

import codecs

from courses.errors import InvalidContent

MOST_BYTES = 5_000_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
EMPTY = "Filen er tom. Kontrollér, at det er den rigtige fil, og prøv igen."
LARGE = "Filen fylder mere end 5 MB. Del den i mindre filer, og prøv igen."
BROKEN = "Filen er ikke tekst, eller dens tegn er ødelagt. Gem den som tekst i tegnsættet UTF-8, og prøv igen."


def decoded(data: bytes) -> str:
    """The text of UTF-8, UTF-16 with its mark, or Windows-1252; raises `InvalidContent` for anything else, and for too much."""
    if not data.strip():
        raise InvalidContent(EMPTY)
    if len(data) > MOST_BYTES:
        raise InvalidContent(LARGE)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    text = _in(data, encoding) if encoding else _in(data, "utf-8") or _in(data, "cp1252")
    if text is None or "\0" in text:
        raise InvalidContent(BROKEN)
    return text


def _in(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
