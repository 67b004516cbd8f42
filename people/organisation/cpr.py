"""CPR numbers in a file of staff data: none may be stored, so a file that holds them is refused whole.

A CPR number is a day and four digits, however it is written; since 2007 not every number satisfies modulus 11, so the control
digit is not asked for. Replacement numbers have 60 added to the day. A production unit number (P-nummer) has ten digits that
look like the 10th of a month too, and is told by its heading and its first digits.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

FEW = 3  # bare numbers of ten digits in a column
SHARE = 0.3  # of the column's numbers of ten digits; of random ones 7 % look like a day
_GAP = r"[\s.‐‑‒–—−/-]"
# The parts of a UUID may look like a day, so they are taken out whole; a number beside other digits is still one.
_UUID = re.compile(r"(?<![0-9a-z])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<!\d)(?=(\d\d){_GAP}?(\d\d){_GAP}?(\d\d(?:\d\d)?){_GAP}{{0,3}}(\d{{4}})(?!\d))")
_BARE = re.compile(r"\d{9,10}")
_HEADING = re.compile(r"cpr|personnummer|personnr|civilregistration|socialsecurity|^ssn$|fødselsnummer|nationalid")
_PRODUCTION_UNIT = re.compile(r"^p(nr|nummer)$|produktionsenhed|productionunit")
_PRODUCTION_UNIT_BEGINS = (
    "10"  # PNR is also what the CPR register calls its own number, so the heading alone tells nothing
)
_TOO_YOUNG = 2015  # whoever was born then works nowhere yet, so 12-10-2026 1430 is an appointment


@dataclass
class _Column:
    clear: bool = False
    bare: int = 0
    bare_days: int = 0
    production_units: int = 0  # those of `bare_days` that may be one


def cpr_columns(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[int]:
    """The columns (from 0) that hold CPR numbers, by their heading or by what stands in them.

    One number in clear dress (010190-1234) is enough. Of bare numbers of ten digits, or of nine where a spreadsheet has dropped
    the zero, there must be `FEW`, and they must be `SHARE` of the column's bare numbers.
    """
    names = [re.sub(r"\W|_", "", heading.casefold()) for heading in headings]
    columns: dict[int, _Column] = {}
    for row in rows:
        for place, cell in enumerate(row):
            if len(cell) >= 9:
                _look(cell, columns.setdefault(place, _Column()))
    found = {place for place, name in enumerate(names) if _HEADING.search(name)}
    for place, column in columns.items():
        units = place < len(names) and bool(_PRODUCTION_UNIT.search(names[place]))
        days = column.bare_days - (column.production_units if units else 0)
        if column.clear or (days >= FEW and days >= SHARE * column.bare):
            found.add(place)
    return sorted(found)


def looks_like_cpr(text: str) -> bool:
    """Whether a CPR number, in any spelling, stands in the text."""
    column = _Column()
    _look(text, column)
    return column.clear or bool(column.bare_days)


def _look(cell: str, column: _Column) -> None:
    text = _folded(cell)
    if _BARE.fullmatch(text):
        is_day = _is_person(text.zfill(10))
        column.bare += 1
        column.bare_days += is_day
        column.production_units += is_day and len(text) == 10 and text.startswith(_PRODUCTION_UNIT_BEGINS)
        return
    for match in _NUMBER.finditer(_UUID.sub("|", text)):
        number = "".join(match.groups())
        if _is_person(number):
            column.clear = True


def _folded(cell: str) -> str:
    if cell.isascii():
        return cell.strip().strip("'\"")
    folded = unicodedata.normalize("NFKC", cell)
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf").strip().strip("'\"")


def _is_person(number: str) -> bool:
    """Whether 10 or 12 digits (with the century) begin with a day, or a replacement number's day."""
    if len(set(number)) == 1:
        return False  # 111111-1111 is what people write when they mean no number
    day, month, year = int(number[:2]), int(number[2:4]), number[4:-4]
    day = day - 60 if day > 60 else day
    if len(year) == 4:
        return "1850" < year < str(_TOO_YOUNG) and _is_day(int(year), month, day)
    return any(_is_day(century + int(year), month, day) for century in (1900, 2000))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
