"""A report as files: CSV that Danish spreadsheets open, XLSX, and a PDF that is tagged for screen readers (PDF/UA-1, PDF/A-2a).

Every cell is a text, and none can start a formula where the file is opened.
"""

import csv
import io
import json
import re
import unicodedata
from pathlib import Path

from courses.steering.area.sheet import AreaReport, Sheet

TEMPLATE = Path(__file__).with_name("area.typ")
MOST_ROWS = 2_000  # of a table in the PDF, some fifty pages; the other files hold all
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"\d{1,3}(\.\d{3})*")
_LEFT_OUT = ("Cc", "Cf", "Cs", "Co", "Cn", "So")


def as_csv(report: AreaReport) -> bytes:
    """What the report is about, then each table under its title: semicolons, UTF-8 with a byte order mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_safe(line)] for line in report.about])
    for sheet in report.sheets:
        writer.writerows([[], [_safe(sheet.title)], *([[_safe(sheet.note)]] if sheet.note else []), sheet.headings])
        writer.writerows([[_safe(cell) for cell in row] for row in sheet.rows])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(report: AreaReport) -> bytes:
    """A first sheet that says what the report is about, and one for each table. Whole numbers are numbers."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        about = book.add_worksheet("Om rapporten")
        about.set_column(0, 0, 100)
        for place, text in enumerate(report.about):
            about.write_string(place, 0, text, wrapped)
        for one in report.sheets:
            sheet = book.add_worksheet(one.title[:31])
            sheet.set_column(0, len(one.headings) - 1, 24)
            first = 2 if one.note else 0
            if one.note:
                sheet.write_string(0, 0, one.note)
            sheet.write_row(first, 0, one.headings, bold)
            sheet.freeze_panes(first + 1, 0)
            for line, row in enumerate(one.rows, first + 1):
                for column, cell in enumerate(row):
                    if _NUMBER.fullmatch(cell):
                        sheet.write_number(line, column, int(cell.replace(".", "")))
                    else:
                        sheet.write_string(line, column, cell)
            sheet.autofilter(first, 0, first + max(len(one.rows), 1), len(one.headings) - 1)
    return out.getvalue()


def as_pdf(report: AreaReport) -> bytes:
    """The report to print. A table that is longer than anybody prints is cut, and it says so."""
    import typst

    said = {
        "title": "Mit område",
        "about": [_drawable(line) for line in report.about],
        "sheets": [_drawn(sheet) for sheet in report.sheets],
    }
    return typst.compile(
        TEMPLATE,
        sys_inputs={"report": json.dumps(said)},
        pdf_standards=["ua-1", "a-2a"],
        ignore_system_fonts=True,
    )


def _drawn(sheet: Sheet) -> dict[str, object]:
    left = len(sheet.rows) - MOST_ROWS
    note = [sheet.note] if sheet.note else []
    if left > 0:
        note.append(f"Her står de første {MOST_ROWS} rækker. De sidste {left} står i regnearket.")
    return {
        "title": _drawable(sheet.title),
        "note": _drawable(" ".join(note)),
        "headings": [_drawable(cell) for cell in sheet.headings],
        "rows": [[_drawable(cell) for cell in row] for row in sheet.rows[:MOST_ROWS]],
    }


def _safe(text: str) -> str:
    """Text on one line that can never start a formula."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(_FORMULA) else line


def _drawable(text: str) -> str:
    """Text on one line without characters that the font cannot draw: emojis, control signs, directions of writing."""
    known = unicodedata.normalize("NFC", text)
    return " ".join(
        "".join(one for one in known if unicodedata.category(one) not in _LEFT_OUT and ord(one) < 0x2E80).split()
    )
