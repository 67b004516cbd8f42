"""A file of staff data as rows of text, whatever it was saved as: Excel, or CSV with any of the separators and character sets."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from people.errors import UnusableStaffFile
from people.organisation.workbook import is_workbook, workbook_rows

MOST_BYTES = 30_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATORS = ";,\t|"
# Danish (and ä, ö, ü, é) saved as UTF-8 and read as Windows-1252: one bad byte somewhere in a file makes every Åse “Ã…se”.
_MANGLED = re.compile("Ã[¦¸…˜†¥¤¶¼©]")
_EXCEL_ERROR = re.compile(r"#(N/A|I/T|DIV/0!|DIVISION/0!|[A-ZÆØÅ_]+[!?])")

EMPTY = "Filen er tom. Kontrollér, at det er den rigtige fil, og prøv igen."
LARGE = f"Filen fylder mere end {MOST_BYTES // 1_000_000} MB. Slet kolonner, der ikke skal bruges, og prøv igen."
NOT_TEXT = "Filen kan ikke læses. Gem den som Excel (.xlsx) eller som CSV i tegnsættet UTF-8, og prøv igen."
MANGLED = (
    "Bogstaver som æ, ø og å er gået i stykker i filen. Gem den igen som Excel (.xlsx) eller CSV i UTF-8, og prøv igen."
)
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
    """A cell as it is compared: a letter of two signs is one, and what Excel could not work out is empty."""
    text = " ".join(cell.split())
    if text.startswith("#") and _EXCEL_ERROR.fullmatch(text):
        return ""
    if text.isascii():
        return text if text.isprintable() else _printable(text)
    text = unicodedata.normalize("NFC", text)
    if _MANGLED.search(text):
        raise UnusableStaffFile(MANGLED)
    return text if text.isprintable() else _printable(text)


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable()).strip()


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
    """The sign that splits each of the first lines, and where several do, that which splits them into most cells.

    Quoted text is left out. A title above the headings has none of the signs, and a comma in a name is not in every line.
    """
    head = [line for line in text.splitlines()[:20] if line.strip() and any(sign in line for sign in _SEPARATORS)][:5]

    def cells(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(head, delimiter=separator)]
        return min(counts, default=0), sum(counts)

    return max(_SEPARATORS, key=cells)
