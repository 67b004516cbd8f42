"""The first sheet of an Excel workbook from elsewhere as text; looked through before anything in it is unpacked."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from people.errors import UnusableStaffFile

MOST_ENTRIES = 500
MOST_UNPACKED = 150_000_000  # bytes of all entries together
MOST_RATIO = 200
RATIO_MATTERS_FROM = 1_000_000  # bytes
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MARK = b"PK\x03\x04"
_OLD_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

BROKEN = "Excel-filen er beskadiget. Åbn den i Excel, gem den igen som .xlsx, og prøv så igen."
PROTECTED = (
    "Excel-filen er beskyttet med adgangskode eller i det gamle format .xls. Gem den som .xlsx uden adgangskode."
)
HARMFUL = "Excel-filen er pakket, som det kan bruges til skade. Kopiér arket til en ny fil, og prøv igen."
LARGE = "Excel-filen fylder for meget. Slet ark og kolonner, der ikke skal bruges, og prøv igen."


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as an Excel file does, the old and the protected kind too."""
    return data.startswith((_MARK, _OLD_MARK))


def workbook_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    """The rows of the sheet that is shown first, each cell as text; days as 2027-03-01, whole numbers without decimals.

    Raises `UnusableStaffFile` for what is no workbook, protected, harmful or too large.
    """
    if data.startswith(_OLD_MARK):
        raise UnusableStaffFile(PROTECTED)
    _guard(data)
    from openpyxl import load_workbook  # a start does not wait for what most runs do not use

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not sheets:
            raise UnusableStaffFile(BROKEN)
        sheets[0].reset_dimensions()  # some programs write a wrong size, and rows would be lost
        for row in sheets[0].iter_rows(values_only=True):
            yield tuple(_text(cell) for cell in row)
    except UnusableStaffFile:
        raise
    except Exception as error:  # the reader fails on broken files in many ways
        raise UnusableStaffFile(BROKEN) from error


def _guard(data: bytes) -> None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except Exception as error:  # the standard library too
        raise UnusableStaffFile(BROKEN) from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise UnusableStaffFile(LARGE)
    for entry in entries:
        if entry.flag_bits & 1:
            raise UnusableStaffFile(PROTECTED)
        dense = entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1)
        if dense or entry.compress_type not in _METHODS:
            raise UnusableStaffFile(HARMFUL)
        if entry.filename.endswith((".xml", ".rels")):
            _refuse_entities(archive, entry)


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Excel writes no document types; what declares entities grows or fetches when it is read."""
    try:
        with archive.open(entry) as file:
            start = file.read(4096).replace(b"\0", b"")
    except Exception as error:
        raise UnusableStaffFile(BROKEN) from error
    if b"<!" in start.replace(b"<!--", b""):
        raise UnusableStaffFile(HARMFUL)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "ja" if cell else "nej"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
