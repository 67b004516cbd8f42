"""A file of staff data as rows of text, whatever it was saved as: Excel, or CSV with any of the separators and character sets."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from people.errors import UnusableStaffFile
from people.organisation.workbook import is_workbook, workbook_rows

MOST_BYTES = 30_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ";,\t|"

EMPTY = "Filen er tom. Kontrollér, at det er den rigtige fil, og prøv igen."
LARGE = f"Filen fylder mere end {MOST_BYTES // 1_000_000} MB. Slet kolonner, der ikke skal bruges, og prøv igen."
NOT_TEXT = "Filen kan ikke læses. Gem den som Excel (.xlsx) eller som CSV i tegnsættet UTF-8, og prøv igen."
MANY_ROWS = f"Filen har mere end {MOST_ROWS} rækker. Kontrollér, at det er den rigtige fil, eller del den."
MANY_COLUMNS = f"Filen har mere end {MOST_COLUMNS} kolonner. Slet dem, der ikke skal bruges, og prøv igen."


@dataclass(frozen=True)
class StaffRow:
    """One row of a file: the line it begins on, and its cells with white space made single."""

    line: int
    cells: tuple[str, ...]


def staff_rows(data: bytes) -> list[StaffRow]:
    """The rows that hold anything. Raises `UnusableStaffFile` for what is empty, too large or no table."""
    if not data.strip():
        raise UnusableStaffFile(EMPTY)
    if len(data) > MOST_BYTES:
        raise UnusableStaffFile(LARGE)
    raw = enumerate(workbook_rows(data), 1) if is_workbook(data) else _csv_rows(_text(data))
    rows = list(_cleaned(raw))
    if not rows:
        raise UnusableStaffFile(EMPTY)
    return rows


def _cleaned(raw: Iterable[tuple[int, Iterable[str]]]) -> Iterator[StaffRow]:
    for count, (line, row) in enumerate(raw):
        if count > MOST_ROWS:
            raise UnusableStaffFile(MANY_ROWS)
        cells = [_clean(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise UnusableStaffFile(MANY_COLUMNS)
        if cells:
            yield StaffRow(line, tuple(cells))


def _clean(cell: str) -> str:
    text = " ".join(cell.split())
    return text if text.isprintable() else "".join(sign for sign in text if sign.isprintable()).strip()


def _text(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    for name in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnusableStaffFile(NOT_TEXT)


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    if text[:4].lower() == "sep=":  # Excel's own hint
        text = "\n" + text.partition("\n")[2]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=False)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnusableStaffFile(NOT_TEXT) from error


def _separator(text: str) -> str:
    """The sign that splits the first lines into most cells, quoted text left out."""
    head = [line for line in text.splitlines()[:20] if line.strip()][:5]

    def cells(separator: str) -> int:
        return sum(len(row) for row in csv.reader(head, delimiter=separator))

    return max(_SEPARATORS, key=cells)
