"""Files inside Moodle XML: `<file name path encoding="base64">`, which texts show by `@@PLUGINFILE@@/name`."""

import base64
import binascii
import hashlib
import re
from urllib.parse import quote, unquote

from courses.errors import InvalidContent
from courses.exchange.xml_guard import Element
from courses.picture import MOST_BYTES, Picture, prepared

PLUGIN_FILE = "@@PLUGINFILE@@/"
MOST_PICTURES = 500  # different ones in a file
_LONGEST = MOST_BYTES * 4 // 3 + 1_000
_BLANKS = re.compile(r"\s+")
_INLINE = re.compile(r"""(src\s*=\s*["'])data:image/[\w.+-]{1,40};base64,([A-Za-z0-9+/=\s]*)(?=["'])""", re.IGNORECASE)
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class PictureStore:
    """Every picture of a file of questions once, however often it stands there."""

    def __init__(self) -> None:
        self._known: dict[bytes, Picture] = {}

    def prepared(self, encoded: str) -> Picture:
        """The picture that base64 stands for; raises `InvalidContent` for what is none or too large."""
        if len(encoded) > _LONGEST:
            raise InvalidContent("Et billede fylder mere end 10 MB. Gør det mindre, og eksportér igen.")
        name = hashlib.sha256(encoded.encode()).digest()
        if name not in self._known:
            if len(self._known) >= MOST_PICTURES:
                raise InvalidContent(f"Filen har flere end {MOST_PICTURES} billeder. Del den i flere filer.")
            try:
                data = base64.b64decode(_BLANKS.sub("", encoded), validate=True)
            except (binascii.Error, ValueError) as error:
                raise InvalidContent("Et billede i filen er ikke skrevet rigtigt (base64). Eksportér igen.") from error
            self._known[name] = prepared(data)
        return self._known[name]


def files_of(holder: Element) -> dict[str, str]:
    """Base64 by the address that a text uses, for the files beside a text."""
    found = {}
    for file in holder.findall("file"):
        path = (file.get("path") or "/").strip("/")
        name = (file.get("name") or "").strip()
        found[f"{path}/{name}" if path else name] = file.text or ""
    return found


def name_in(address: str) -> str | None:
    """The file that an address in a text means, None when it means something else."""
    if not address.startswith(PLUGIN_FILE):
        return None
    return unquote(address.removeprefix(PLUGIN_FILE).partition("?")[0])


def without_inline(html: str) -> tuple[str, dict[str, str]]:
    """HTML whose pictures in `data:` addresses became files, and those files."""
    files: dict[str, str] = {}

    def moved(match: re.Match[str]) -> str:
        name = f"inline-{len(files) + 1}"
        files[name] = match[2]
        return f"{match[1]}{PLUGIN_FILE}{name}"

    return (_INLINE.sub(moved, html) if "data:image/" in html.lower() else html), files


def written_name(picture: Picture) -> str:
    """The name a picture has in a file that we write."""
    return quote(f"{picture.sha256[:20]}.{_SUFFIXES[picture.media_type]}")


def encoded(picture: Picture) -> str:
    """The picture's bytes as base64."""
    return base64.b64encode(picture.data).decode()
