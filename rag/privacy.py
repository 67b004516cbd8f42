"""Privacy gate: personal data that must not be searched with, stored or sent.

Found by pattern: CPR numbers (a plausible date and four digits, with hyphen, space, dot, dash or nothing between),
e-mail addresses and Danish telephone numbers. Since 2007 not every CPR number satisfies modulus 11, so the control
digit is not asked for.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

# Between the parts of a number: any dash, dot, slash or space, and characters that nobody sees.
_GAP = r"[-\u2010-\u2015\u2212.\s/\u00ad\u200b-\u200d\u2060\ufeff]"
_CPR = re.compile(
    rf"(?<!\d)(\d{{2}}){_GAP}{{0,2}}(\d{{2}}){_GAP}{{0,2}}(?:19|20)?(\d{{2}}){_GAP}{{0,3}}(\d{{4}})(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d\-.,/])(?:(?:\+|00)45[ .-]?)?(?:\d{2}[ .-]?){3}\d{2}(?!\d|[-.,/]\d)")
_DATE_LIKE = re.compile(r"^\d{2}[ .-]?\d{2}[ .-]?(?:19|20)\d{2}$|^(?:19|20)\d{2}[ .-]?\d{2}[ .-]?\d{2}$")

NAMES = {"cpr": "CPR-nummer", "email": "e-mailadresse", "phone": "telefonnummer"}


@dataclass(frozen=True)
class Finding:
    """Personal data of a kind (`cpr`, `email`, `phone`) at characters `start` to `end`."""

    kind: str
    start: int
    end: int


def find(text: str) -> list[Finding]:
    """Personal data in `text`, in order, without overlaps."""
    found = [Finding("cpr", *match.span()) for match in _CPR.finditer(text) if _plausible(match)]
    found += [Finding("email", *match.span()) for match in _EMAIL.finditer(text)]
    found += [Finding("phone", *match.span()) for match in _PHONE.finditer(text) if not _DATE_LIKE.match(match.group())]
    chosen: list[Finding] = []
    for finding in sorted(found, key=lambda item: (item.start, -item.end)):
        if not chosen or finding.start >= chosen[-1].end:
            chosen.append(finding)
    return chosen


def count(text: str) -> dict[str, int]:
    """How many of each kind; the only thing about personal data that may be logged."""
    return dict(Counter(finding.kind for finding in find(text)))


def cleaned(text: str) -> str:
    """`text` with the kind in brackets in place of each finding."""
    for finding in reversed(find(text)):
        text = f"{text[: finding.start]}[{NAMES[finding.kind]}]{text[finding.end :]}"
    return text


def _plausible(match: re.Match[str]) -> bool:
    day, month, year = (int(match.group(number)) for number in (1, 2, 3))
    day = day - 60 if day > 60 else day  # replacement numbers have 60 added to the day
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
