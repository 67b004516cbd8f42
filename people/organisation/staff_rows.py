"""The rows of a staff file as people and units, each value checked; what does not hold is refused with a reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from people.organisation.cpr import looks_like_cpr
from people.organisation.staff_file import StaffRow
from people.organisation.staff_shapes import Field, StaffKind, StaffSheet
from people.organisation.unit import UnitKind

LONGEST = 200
LONGEST_KEY = 100
NEVER = date(9999, 1, 1)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")
_COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_DANISH = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})(?: .*)?")
_YES = {"ja", "j", "true", "1", "x", "yes", "y", "sand", "aktiv", "active"}
_NO = {"nej", "n", "false", "0", "no", "falsk", "inaktiv", "inactive", "lukket", "nedlagt", "fratrådt"}
_OVER = {"ja", "j", "true", "1", "x", "yes", "y", "sand"}  # in a column of days: it is over, but not since when
_NOT_OVER = {"nej", "n", "false", "0", "no", "falsk"}
_KINDS = {
    UnitKind.MUNICIPALITY: "kommune municipality",
    UnitKind.DEPARTMENT: "forvaltning direktørområde department",
    UnitKind.STAFF: "stab stabe staff",
    UnitKind.INSTITUTION: "institution skole dagtilbud plejecenter bosted bibliotek børnehus vuggestue børnehave museum",
    UnitKind.UNIT: "afdeling team enhed unit",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_INSTITUTION = re.compile(
    r"^[\w-]*(skolen|skole|bibliotek|biblioteket|museet)$|^(plejecenter|plejecentret|bosted|bostedet|børnehus|børnehuset|"
    r"børnehave|børnehaven|vuggestuen|dagtilbud|dagtilbuddet) [\w -]+$"
)


class RowRefused(Exception):
    """A row that cannot be used; the message is a Danish reason that repeats nothing of it."""


@dataclass(frozen=True)
class RefusedRow:
    """A row that was refused, what it calls itself, why, and what it may be known by all the same."""

    line: int
    who: str
    reason: str
    email: str | None = None
    keys: tuple[tuple[str, str], ...] = ()
    employment: str | None = None


@dataclass(frozen=True)
class StaffLine:
    """A person in a unit. `keys` are what systems call her, (system, key); `employment` is the source's own number, if any;
    `leader` and `acting` are as written."""

    line: int
    name: str
    email: str | None
    keys: tuple[tuple[str, str], ...]
    employment: str | None
    job: str
    unit_key: str
    unit: str
    parent: str
    primary: bool | None
    leader: str
    acting: str
    acting_until: date | None
    since: date | None
    until: date | None
    active: bool


@dataclass(frozen=True)
class UnitLine:
    """A unit; `kind` is None where the file does not say, `parent` is the key or the name of the unit above."""

    line: int
    key: str
    title: str
    parent: str
    kind: UnitKind | None
    leader: str
    since: date | None
    until: date | None
    active: bool


def staff_lines(sheet: StaffSheet) -> tuple[list[StaffLine], list[RefusedRow]]:
    """The people of the file."""
    lines, refused, places = [], [], sheet.fields()
    for row in sheet.rows:
        cells = _cells(row, places)
        try:
            lines.append(_staff_line(row.line, cells, sheet.kind))
        except RowRefused as error:
            known_by = _email(cells), _keys(cells), _employment(cells, sheet.kind)
            refused.append(RefusedRow(row.line, _name(cells)[:LONGEST], str(error), *known_by))
    return lines, refused


def unit_lines(sheet: StaffSheet) -> tuple[list[UnitLine], list[RefusedRow]]:
    """The units of the file."""
    lines, refused, places = [], [], sheet.fields()
    for row in sheet.rows:
        cells = _cells(row, places)
        try:
            lines.append(_unit_line(row.line, cells))
        except RowRefused as error:
            refused.append(RefusedRow(row.line, cells.get(Field.UNIT, "")[:LONGEST], str(error)))
    return lines, refused


def kind_by_title(title: str) -> UnitKind:
    """The kind that a unit's own name tells: one called Birkeskolen or Plejecenter Solhøj is an institution."""
    return UnitKind.INSTITUTION if _INSTITUTION.match(title.casefold()) else UnitKind.UNIT


def _cells(row: StaffRow, places: Mapping[Field, int]) -> dict[Field, str]:
    return {field: row.cells[place] for field, place in places.items() if place < len(row.cells) and row.cells[place]}


def _staff_line(line: int, cells: Mapping[Field, str], kind: StaffKind) -> StaffLine:
    name = _name(cells)
    _check(cells)
    if not name:
        raise RowRefused("Rækken har intet navn.")
    if len(name) > LONGEST:
        raise RowRefused(f"Navnet har mere end {LONGEST} tegn.")
    email, keys, employment = _email(cells), _keys(cells), _employment(cells, kind)
    if email and not _EMAIL.fullmatch(email):
        raise RowRefused("E-mailadressen kan ikke læses. Ret den, eller lad feltet være tomt.")
    if any(len(key) > LONGEST_KEY for _, key in keys):
        raise RowRefused(f"Et brugernavn i rækken har mere end {LONGEST_KEY} tegn.")
    if employment and len(employment) > LONGEST_KEY:
        raise RowRefused(f"Ansættelsens nummer har mere end {LONGEST_KEY} tegn.")
    if not (email or keys or employment):
        raise RowRefused("Rækken har hverken e-mail, DQ-nummer eller andet, som personen kan kendes på.")
    if not cells.get(Field.UNIT) and not cells.get(Field.UNIT_KEY):
        raise RowRefused("Rækken har ingen enhed.")
    return StaffLine(
        line,
        name,
        email,
        keys,
        employment,
        cells.get(Field.JOB, ""),
        _number(cells.get(Field.UNIT_KEY, "")),
        cells.get(Field.UNIT, ""),
        _number(cells.get(Field.PARENT, "")),
        _truth(cells, Field.PRIMARY),
        cells.get(Field.LEADER, ""),
        cells.get(Field.ACTING, ""),
        _day(cells, Field.ACTING_UNTIL),
        _day(cells, Field.SINCE),
        _until(cells),
        _is_active(cells),
    )


def _unit_line(line: int, cells: Mapping[Field, str]) -> UnitLine:
    _check(cells)
    title = cells.get(Field.UNIT, "")
    if not title:
        raise RowRefused("Enheden har intet navn.")
    return UnitLine(
        line,
        _number(cells.get(Field.UNIT_KEY, "")),
        title,
        _number(cells.get(Field.PARENT, "")),
        _KIND_OF.get(cells.get(Field.KIND, "").casefold()),
        cells.get(Field.LEADER, ""),
        _day(cells, Field.SINCE),
        _until(cells),
        _is_active(cells),
    )


def _check(cells: Mapping[Field, str]) -> None:
    key = cells.get(Field.UNIT_KEY, "")
    if len(key or cells.get(Field.UNIT, "")) > LONGEST_KEY:
        raise RowRefused(f"Enhedens {'nøgle' if key else 'navn'} har mere end {LONGEST_KEY} tegn.")
    for value in cells.values():
        if len(value) > LONGEST:
            raise RowRefused(f"Et felt i rækken har mere end {LONGEST} tegn.")
        if len(value) >= 9 and looks_like_cpr(value):
            raise RowRefused("Et felt i rækken ligner et CPR-nummer. Slet det, og prøv igen.")


def _name(cells: Mapping[Field, str]) -> str:
    if name := cells.get(Field.NAME, ""):
        last, comma, first = name.partition(", ")
        return f"{first} {last}" if comma and "," not in first else name
    return f"{cells.get(Field.FIRST_NAME, '')} {cells.get(Field.LAST_NAME, '')}".strip()


def _email(cells: Mapping[Field, str]) -> str | None:
    return cells.get(Field.EMAIL, "").lower().removeprefix("smtp:") or None


def _keys(cells: Mapping[Field, str]) -> tuple[tuple[str, str], ...]:
    held = (("delta", Field.USERNAME), ("graph", Field.UPN), ("skolead", Field.ACCOUNT))
    return tuple((system, cells[field].lower()) for system, field in held if field in cells)


def _employment(cells: Mapping[Field, str], kind: StaffKind) -> str | None:
    """The source's key of the employment; SD's numbers are counted in each institution."""
    if Field.EMPLOYMENT not in cells:
        return None
    parts = (cells.get(Field.INSTITUTION), cells[Field.EMPLOYMENT])
    return f"{kind.value}:{'-'.join(_number(part) for part in parts if part).lower()}"


def _number(text: str) -> str:
    """A number without the zeros in front that a spreadsheet drops; what has letters is as it is."""
    return text.lstrip("0") or "0" if text.isdecimal() else text


def _truth(cells: Mapping[Field, str], field: Field) -> bool | None:
    text = cells.get(field, "").casefold()
    if not text:
        return None
    if text in _YES | _NO:
        return text in _YES
    raise RowRefused(f"Feltet {field.danish} skal være ja eller nej.")


def _is_active(cells: Mapping[Field, str]) -> bool:
    return _truth(cells, Field.ACTIVE) is not False and cells.get(Field.UNTIL, "").casefold() not in _OVER


def _until(cells: Mapping[Field, str]) -> date | None:
    """The last day; a column such as Fratrådt may say yes or no instead."""
    over_or_not = cells.get(Field.UNTIL, "").casefold() in _OVER | _NOT_OVER
    return None if over_or_not else _day(cells, Field.UNTIL)


def _day(cells: Mapping[Field, str], field: Field) -> date | None:
    """The day in 2027-03-01, 01-03-2027 or 1/3/2027, or the day in Denmark of a moment such as 2026-12-31T23:00:00Z; a day that
    never comes (31-12-9999) is none."""
    text = cells.get(field, "")
    if not text:
        return None
    try:
        if _MOMENT.fullmatch(text):
            day = _in_denmark(datetime.fromisoformat(text))
        elif match := _ISO.fullmatch(text):
            day = date(*map(int, match.groups()))
        elif match := _DANISH.fullmatch(text):
            day = date(*map(int, reversed(match.groups())))
        else:
            raise RowRefused(f"Datoen i feltet {field.danish} kan ikke læses. Skriv den som 01-03-2027.")
    except (ValueError, OverflowError):
        raise RowRefused(f"Datoen i feltet {field.danish} findes ikke.") from None
    return None if day >= NEVER else day


def _in_denmark(moment: datetime) -> date:
    return moment.date() if moment.year == NEVER.year else moment.astimezone(_COPENHAGEN).date()
