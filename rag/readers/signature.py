"""What a file really is, from its first bytes, and whether its name agrees."""

from pathlib import PurePosixPath
from typing import Literal

from rag.readers.errors import DamagedFile, ProtectedFile, UnsupportedFile

Format = Literal["pdf", "docx", "pptx", "markdown", "html", "text"]

FORMATS: dict[str, Format] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
}

READABLE = "PDF, Word (.docx), PowerPoint (.pptx), Markdown (.md), HTML og tekst (.txt)"

OLD_OFFICE = {".doc": ".docx", ".dot": ".docx", ".rtf": ".docx", ".odt": ".docx", ".ppt": ".pptx", ".odp": ".pptx"}
MACRO_OFFICE = {".docm": ".docx", ".dotm": ".docx", ".pptm": ".pptx", ".ppsm": ".pptx", ".potm": ".pptx"}

COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "en PDF"),
    (b"PK\x03\x04", "en pakket fil (zip eller Office)"),
    (b"PK\x05\x06", "en tom pakket fil (zip)"),
    (COMPOUND_FILE, "et ældre Office-dokument"),
    (b"MZ", "et program"),
    (b"\x7fELF", "et program"),
    (b"\xca\xfe\xba\xbe", "et program"),
    (b"\xcf\xfa\xed\xfe", "et program"),
    (b"{\\rtf", "et RTF-dokument"),
    (b"\x89PNG", "et billede"),
    (b"\xff\xd8\xff", "et billede"),
    (b"GIF8", "et billede"),
    (b"II*\x00", "et billede"),
    (b"MM\x00*", "et billede"),
    (b"\x1f\x8b", "en pakket fil (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "en pakket fil (7z)"),
    (b"Rar!", "en pakket fil (rar)"),
)


def identify(name: str, data: bytes) -> Format:
    """Return the format of a file whose name and content agree.

    Raises UnsupportedFile for types we do not read and for disguised files, ProtectedFile for an
    Office file with a password, DamagedFile when the content has lost its signature. Whether a zip
    is truly a Word or PowerPoint file is for the archive module to say.
    """
    extension = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if extension in MACRO_OFFICE:
        raise UnsupportedFile(
            f"Filer med makroer ({extension}) læses ikke. Åbn filen i Office, gem den som "
            f"{MACRO_OFFICE[extension]}, og prøv igen."
        )
    if extension in OLD_OFFICE:
        better = OLD_OFFICE[extension]
        raise UnsupportedFile(f"Filtypen {extension} læses ikke. Åbn filen, gem som {better}, og prøv igen.")
    if extension not in FORMATS:
        shown = f"Filtypen {extension}" if extension and len(extension) <= 12 else "Filtypen"
        raise UnsupportedFile(f"{shown} kendes ikke. Gem indholdet som {READABLE}, og prøv igen.")
    expected = FORMATS[extension]
    found = _signature(data)
    if found == "et ældre Office-dokument" and ENCRYPTED_OFFICE in data:
        raise ProtectedFile("Filen er beskyttet med adgangskode. Fjern adgangskoden i Office, gem filen, og prøv igen.")
    if expected == "pdf":
        agrees = found == "en PDF"
    elif expected in {"docx", "pptx"}:
        agrees = found == "en pakket fil (zip eller Office)"
    else:
        agrees = found is None or (found == "et program" and data[:2] == b"MZ" and _looks_like_text(data))
    if agrees:
        if expected in {"markdown", "text"} and _begins_as_page(data):
            raise UnsupportedFile(
                f"Filen hedder {extension}, men indholdet er en hjemmeside. Giv den endelsen .html, og prøv igen."
            )
        return expected
    if found is None and not _looks_like_text(data):
        raise DamagedFile(
            f"Filen hedder {extension}, men indholdet kan ikke genkendes. Den er sandsynligvis beskadiget; "
            "hent eller gem den igen, og prøv så igen."
        )
    raise UnsupportedFile(
        f"Filen hedder {extension}, men indholdet er {found or 'almindelig tekst'}. "
        f"Giv filen den rigtige endelse, eller gem den som {READABLE}."
    )


def _signature(data: bytes) -> str | None:
    # Readers accept a PDF header anywhere in the first kilobyte (PDF 1.7, annex H.3, note 13).
    for mark, label in SIGNATURES:
        if data.startswith(mark):
            return label
    if b"%PDF-" in data[:1024] and not _looks_like_text(data[: data.index(b"%PDF-")] or b"\x00"):
        return "en PDF"
    return None


def _looks_like_text(data: bytes) -> bool:
    start = data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(byte < 32 and byte not in b"\t\n\r\f" for byte in start)
    return control <= len(start) // 200


def _begins_as_page(data: bytes) -> bool:
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))
