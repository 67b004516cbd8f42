"""The analysis of a quiz as a file that Danish spreadsheets open: semicolons, decimal commas, UTF-8 with a byte order mark."""

import csv
import io
from collections.abc import Iterable

from courses.item_report import ItemReport

_HEADINGS = (
    "Nummer",
    "Spørgsmål",
    "Navn",
    "Ordlyd",
    "Trukket fra pulje",
    "Svar",
    "Løsningsprocent",
    "Spredning (point)",
    "Ved gæt (%)",
    "Skelneevne",
    "Skelneevne fra",
    "Skelneevne til",
    "Skelneevne med spørgsmålet selv",
    "Udnyttet skelneevne (%)",
    "Tiltænkt vægt (%)",
    "Faktisk vægt (%)",
    "Bør ses efter",
)


def as_csv(items: Iterable[ItemReport]) -> bytes:
    """One row a question. Empty cells are figures that too few people stand behind, or that are not defined."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for item in items:
        interval = item.interval
        writer.writerow(
            [
                item.place,
                _safe(item.question.text),
                item.question.id,
                "nuværende" if item.newest else "tidligere",
                "ja" if item.drawn else "nej",
                "" if item.answers is None else item.answers,
                _figure(item.facility, 100),
                _figure(item.sd),
                _figure(item.guess, 100),
                _figure(item.discrimination),
                _figure(interval.low if interval else None),
                _figure(interval.high if interval else None),
                _figure(item.whole_discrimination),
                _figure(item.efficiency, 100),
                _figure(item.intended_weight, 100),
                _figure(item.effective_weight, 100),
                _safe(" ".join(finding.text for finding in item.findings)),
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _figure(value: float | None, times: float = 1.0) -> str:
    return "" if value is None else f"{value * times:.6f}".rstrip("0").rstrip(".").replace(".", ",")


def _safe(text: str) -> str:
    """Text on one line that can never start a formula."""
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
