"""The pack as a spreadsheet: a sheet on the pack, one on the measures, one line a person and course."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

from courses.steering.evidence.evidence import TITLE, WHAT_IT_IS, WHAT_IT_IS_NOT, Evidence
from rag.calendar import danish_moment

LINE_HEADS = (
    "Navn",
    "Enhed",
    "Roller",
    "Kursus",
    "Version",
    "Begyndt",
    "Gennemført",
    "Bevis nummer",
    "Bevis gælder til",
)
MEASURE_HEADS = ("Kursus", "Version", "Udgivet", "Målgruppe", "Minutter", "Moduler", "Fingeraftryk (SHA-256)")


def workbook(evidence: Evidence) -> bytes:
    """The XLSX file. Texts are written as texts: a name that begins with = is no formula."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d. mmmm yyyy"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        about = book.add_worksheet("Om pakken")
        about.set_column(0, 0, 100)
        texts = [
            TITLE,
            f"Omfatter: {evidence.scope}, {evidence.people} ansatte",
            f"Lavet {danish_moment(evidence.made_at)} af {evidence.made_by}",
            WHAT_IT_IS,
            WHAT_IT_IS_NOT,
        ]
        for row, text in enumerate(texts):
            about.write_string(row, 0, text, bold if row == 0 else wrapped)

        def table(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, heads, bold)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(heads) - 1, 24)
            last = 0
            for last, row in enumerate(rows, 1):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(last, place, value, day)
                    elif isinstance(value, int):
                        sheet.write_number(last, place, value)
                    elif value:
                        sheet.write_string(last, place, str(value))
            sheet.autofilter(0, 0, last, len(heads) - 1)

        table("Tilbud", MEASURE_HEADS, measure_rows(evidence))
        table("Gennemført", LINE_HEADS, line_rows(evidence))
    return out.getvalue()


def measure_rows(evidence: Evidence) -> Iterable[Sequence[object]]:
    """What is offered, in the order of `MEASURE_HEADS`."""
    for one in evidence.measures:
        modules = "; ".join(one.modules)
        yield one.title, one.version, one.published_on, one.audience, one.minutes, modules, one.sha256


def line_rows(evidence: Evidence) -> Iterable[Sequence[object]]:
    """Who has done what, in the order of `LINE_HEADS`."""
    for one in evidence.lines:
        yield (
            one.name,
            one.unit,
            one.roles,
            one.course,
            one.version,
            one.begun_on,
            one.finished_on,
            one.certificate,
            one.valid_until,
        )
