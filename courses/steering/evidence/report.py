"""The pack as a PDF for people: tagged for screen readers (PDF/UA-1), fit for archives (PDF/A-2a)."""

import json
import unicodedata
from datetime import date
from pathlib import Path

from courses.steering.evidence.evidence import TITLE, WHAT_IT_IS, WHAT_IT_IS_NOT, Evidence, Line
from rag.calendar import danish_date, danish_moment

TEMPLATE = Path(__file__).with_name("report.typ")
MOST_LINES = 2_000  # some forty pages; the spreadsheet and the JSON hold all


def report(evidence: Evidence) -> bytes:
    """The PDF."""
    import typst

    lines = evidence.lines[:MOST_LINES]
    left = len(evidence.lines) - len(lines)
    said = {
        "title": TITLE,
        "about": "Randers Kommune, AI-univers",
        "scope": f"{evidence.scope}, {_number(evidence.people)} ansatte",
        "made": f"{danish_moment(evidence.made_at)} af {evidence.made_by}",
        "is": WHAT_IT_IS,
        "is_not": WHAT_IT_IS_NOT,
        "measure_heads": ["Kursus", "Version", "Minutter", "Gennemført", "I gang"],
        "measures": [
            [
                one.title,
                str(one.version),
                str(one.minutes),
                _number(evidence.finished(one.course_id)),
                _number(evidence.begun(one.course_id)),
            ]
            for one in evidence.measures
        ],
        "courses": [
            {
                "title": f"{one.title}, version {one.version}, udgivet {danish_date(one.published_on)}",
                "audience": one.audience,
                "sha256": one.sha256,
                "modules": list(one.modules),
            }
            for one in evidence.measures
        ],
        "left_out": f"Her står de første {_number(MOST_LINES)}. De sidste {_number(left)} står i regnearket."
        if left
        else "",
        "line_heads": ["Navn", "Enhed", "Kursus", "Version", "Gennemført", "Bevis gælder til"],
        "lines": [_cells(line) for line in lines],
    }
    inputs = {"evidence": json.dumps(_drawable(said))}
    return typst.compile(TEMPLATE, sys_inputs=inputs, pdf_standards=["ua-1", "a-2a"], ignore_system_fonts=True)


def _cells(line: Line) -> list[str]:
    finished = _day(line.finished_on) if line.finished_on else "i gang"
    return [line.name, line.unit, line.course, str(line.version or "–"), finished, _day(line.valid_until)]


def _day(day: date | None) -> str:
    return danish_date(day) if day else "–"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _drawable(value: object) -> object:
    """Texts on one line and without characters that no font draws: emojis, signs of control, directions of writing."""
    if isinstance(value, dict):
        return {key: _drawable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_drawable(one) for one in value]
    text = unicodedata.normalize("NFC", str(value))
    return " ".join(
        "".join(one for one in text if unicodedata.category(one) not in _LEFT_OUT and ord(one) < 0x2E80).split()
    )


_LEFT_OUT = ("Cc", "Cf", "Cs", "Co", "Cn", "So")
