"""Zip files from elsewhere: looked through before anything is unpacked, and then only read by name, in memory."""

import io
import zipfile

from courses.errors import InvalidContent

MOST_BYTES = 60_000_000
MOST_ENTRIES = 5_000
MOST_UNPACKED = 200_000_000  # bytes of all entries together
MOST_ENTRY = 30_000_000  # bytes of one
RATIO_MATTERS_FROM = 1_000_000  # bytes; small XML files compress by 500 and harm nobody
MOST_RATIO = 200
LONGEST_NAME = 300
_DIRECTORY_BYTES = 1_000_000  # how much the list of entries may take; 5,000 entries need about 600,000
_END = b"PK\x05\x06"
_UNIX = 3
_KINDS = 0o170000
_FOLDER, _FILE = 0o040000, 0o100000
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ\x00")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

BROKEN = "Zip-filen er beskadiget eller ikke hentet helt ned. Hent eller eksportér den igen, og prøv så igen."
TOO_LARGE = f"Zip-filen fylder mere end {MOST_BYTES // 1_000_000} MB. Del den i flere, eller gør billederne mindre."
TOO_MANY = f"Zip-filen har mere end {MOST_ENTRIES} filer i sig. Del den i flere, og prøv igen."
UNPACKED = "Zip-filen fylder alt for meget, når den pakkes ud. Del den i flere, eller gør billederne mindre."
DENSE = "En fil i zip-filen er pakket unaturligt tæt, som det kan bruges til skade. Eksportér pakken igen."
PROTECTED = "Zip-filen er beskyttet med adgangskode. Fjern adgangskoden, og prøv igen."
BAD_NAME = "En fil i zip-filen har et navn, der peger ud af den eller er for langt. Eksportér pakken igen."
TWICE = "To filer i zip-filen har samme navn. Fjern den ene, og prøv igen."
LINK = "Zip-filen har en genvej i stedet for en fil. Læg selve filen i zip-filen, og prøv igen."
NESTED = "En fil i zip-filen er selv pakket (zip eller lignende). Pak den ud, og læg filerne i zip-filen hver for sig."
METHOD = "Zip-filen er pakket på en måde, der ikke læses her. Pak den som en almindelig zip-fil, og prøv igen."


class Archive:
    """A zip file that has been looked through. `names` are those of its files, with `/` between folders."""

    def __init__(self, data: bytes) -> None:
        """Raises `InvalidContent` for what is no zip, harmful, protected or too large."""
        if len(data) > MOST_BYTES:
            raise InvalidContent(TOO_LARGE)
        _check_directory(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except Exception as error:  # the reader of the standard library fails on broken files in many ways
            raise InvalidContent(BROKEN) from error
        _check_sizes(entries)
        _check_names(entries)
        self._entries = {_name(entry): entry for entry in entries if not entry.is_dir()}
        self.names: tuple[str, ...] = tuple(self._entries)

    def read(self, name: str) -> bytes:
        """The bytes of one file; raises `InvalidContent` when it is broken or itself a packed file, `KeyError` without it."""
        entry = self._entries[name]
        try:
            data = self._zip.read(entry)
        except Exception as error:
            raise InvalidContent(BROKEN) from error
        if data.startswith(_PACKED):
            raise InvalidContent(NESTED)
        return data


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip file does."""
    return data.startswith((b"PK\x03\x04", _END))


def _check_directory(data: bytes) -> None:
    """The list of entries is read whole by the library, so its length is looked at first."""
    end = data.rfind(_END)
    if end < 0 or len(data) < end + 22:
        raise InvalidContent(BROKEN)
    entries = int.from_bytes(data[end + 10 : end + 12], "little")
    if entries > MOST_ENTRIES or int.from_bytes(data[end + 12 : end + 16], "little") > _DIRECTORY_BYTES:
        raise InvalidContent(TOO_MANY)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    # zipfile never reads past the declared size, so the declared sizes bound what can be unpacked.
    if len(entries) > MOST_ENTRIES:
        raise InvalidContent(TOO_MANY)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise InvalidContent(UNPACKED)
    for entry in entries:
        if entry.flag_bits & 1:
            raise InvalidContent(PROTECTED)
        if entry.file_size > MOST_ENTRY:
            raise InvalidContent(UNPACKED)
        if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise InvalidContent(DENSE)
        if entry.compress_type not in _METHODS:
            raise InvalidContent(METHOD)


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = _name(entry)
        parts = name.split("/")
        if name.startswith("/") or ":" in parts[0] or ".." in parts or len(name) > LONGEST_NAME:
            raise InvalidContent(BAD_NAME)
        if any(ord(sign) < 32 for sign in entry.orig_filename):
            raise InvalidContent(BAD_NAME)
        kind = (entry.external_attr >> 16) & _KINDS if entry.create_system == _UNIX else 0
        if kind not in (0, _FOLDER, _FILE):
            raise InvalidContent(LINK)
        if name.lower() in seen:
            raise InvalidContent(TWICE)
        seen.add(name.lower())


def _name(entry: zipfile.ZipInfo) -> str:
    return entry.orig_filename.replace("\\", "/")
