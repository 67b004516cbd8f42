"""Guard for Office files: a zip is looked through before a library may unpack it."""

import io
import re
import zipfile
from typing import Literal

from rag.readers.errors import DamagedFile, ProtectedFile, TooLarge, UnreadableFile, UnsupportedFile
from rag.readers.limits import Limits

RATIO_MATTERS_FROM = 1024 * 1024  # bytes; small XML files compress by 500 and harm nobody
XML_NAMES = (".xml", ".rels", ".vml", ".xhtml", ".svg")
# An XML parser may take these two in several encodings, so all of them are looked for.
FORBIDDEN_XML = tuple(
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
XML_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
ALLOWED_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"ascii"}

MAIN_PARTS: dict[Literal["docx", "pptx"], str] = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml"}
LABELS = {"docx": "et Word-dokument", "pptx": "en PowerPoint-præsentation"}

BROKEN = "Filen er beskadiget eller ikke hentet færdig. Gem eller hent den igen, og prøv så igen."
HARMFUL = "Filen indeholder noget, et dokument ikke skal indeholde, og læses derfor ikke. "
SAVE_AGAIN = "Åbn den i Office, gem den som en ny fil, og prøv igen."


def check_archive(data: bytes, expected: Literal["docx", "pptx"], limits: Limits) -> None:
    """Raise UnreadableFile unless the bytes are a harmless docx or pptx as expected.

    Looked for: truncation, encryption, too many or too large entries, compression bombs, entry names
    that leave the archive, macros, document type definitions and entities in any XML entry.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, limits)
            _check_names(entries)
            _check_kind({entry.filename for entry in entries}, expected)
            for entry in entries:
                if entry.filename.lower().endswith(XML_NAMES):
                    _check_xml(archive.read(entry))
    except UnreadableFile:
        raise
    except Exception as error:
        raise DamagedFile(BROKEN) from error


def _check_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    # zipfile never reads past the declared size, so the declared sizes bound what can be unpacked.
    if len(entries) > limits.max_entries:
        raise TooLarge(f"Filen har mere end {limits.max_entries} dele indeni. {SAVE_AGAIN}")
    xml = sum(entry.file_size for entry in entries if entry.filename.lower().endswith(XML_NAMES))
    if sum(entry.file_size for entry in entries) > limits.max_unpacked_bytes or xml > limits.max_xml_bytes:
        raise TooLarge("Filen fylder alt for meget, når den pakkes ud. Del dokumentet i mindre filer, og prøv igen.")
    for entry in entries:
        if entry.flag_bits & 1:
            raise ProtectedFile("Filen er beskyttet med adgangskode. Fjern adgangskoden, og prøv igen.")
        if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > limits.max_ratio * max(entry.compress_size, 1):
            raise TooLarge(f"{HARMFUL}(En del er pakket unaturligt tæt.) {SAVE_AGAIN}")


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename.replace("\\", "/")
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\x00" in name:
            raise DamagedFile(f"{HARMFUL}(En del har et ulovligt navn.) {SAVE_AGAIN}")
        # Two entries of one name: the guard could look at one and the library read the other.
        if name.lower() in seen:
            raise DamagedFile(f"{HARMFUL}(To dele har samme navn.) {SAVE_AGAIN}")
        seen.add(name.lower())


def _check_kind(names: set[str], expected: Literal["docx", "pptx"]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnsupportedFile(
            f"Filen indeholder makroer og læses ikke. Åbn den i Office, gem den som .{expected} uden makroer, "
            "og prøv igen."
        )
    if "[Content_Types].xml" in names and MAIN_PARTS[expected] in names:
        return
    for kind, part in MAIN_PARTS.items():
        if part in names and kind != expected:
            raise UnsupportedFile(
                f"Filen hedder .{expected}, men indholdet er {LABELS[kind]}. Giv den endelsen .{kind}, og prøv igen."
            )
    raise UnsupportedFile(
        f"Filen hedder .{expected}, men indholdet er ikke {LABELS[expected]}. "
        f"Åbn originalen i Office, gem den som .{expected}, og prøv igen."
    )


def _check_xml(content: bytes) -> None:
    if any(word in content for word in FORBIDDEN_XML):
        raise DamagedFile(HARMFUL + SAVE_AGAIN)
    declared = XML_ENCODING.search(content[:200].replace(b"\x00", b""))
    if declared is not None and declared.group(1).lower() not in ALLOWED_ENCODINGS:
        raise DamagedFile(HARMFUL + SAVE_AGAIN)
