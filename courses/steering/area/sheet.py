"""A view as a table of texts, so that the page and every file show the very same rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from courses.steering.area.figures import CoverageLine, Expiring, Missing, MonthLine, ScoreLine, UnitLine
from courses.steering.area.standing import State
from courses.steering.suppression import LEAST
from rag.calendar import MONTHS, danish_date

PURPOSE = (
    "Formål: at følge op på, om medarbejdere har gennemført de kurser, de er tildelt. Oplysningerne må ikke bruges til andet, "
    "og filen skal slettes, når der er fulgt op."
)
ABOUT_SCORES = (
    f"Resultater vises kun for grupper på mindst {LEAST} personer og kun for afsluttede måneder. De gælder første forsøg. Den, "
    "der har for få kolleger med resultater i sin enhed, tælles efter nogle måneder med i enheden ovenover."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title; each row has a text for each heading."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def part(self, skip: int, count: int) -> "Sheet":
        """Some of its rows."""
        return Sheet(self.title, self.headings, self.rows[skip : skip + count], self.note)


@dataclass(frozen=True, slots=True)
class AreaReport:
    """What is shown of an area on a day: `filters` says in words what was chosen."""

    day: date
    area: str
    filters: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    @property
    def about(self) -> tuple[str, ...]:
        """What stands above the tables in a file."""
        return (f"Opgjort {danish_date(self.day)} for: {self.area}", *self.filters, PURPOSE)


def missing_sheet(found: Iterable[Missing]) -> Sheet:
    """Who is missing what."""
    rows = ((one.name, one.unit, one.course_title, one.state.danish, _day(one.due), late(one)) for one in found)
    return Sheet("Mangler et kursus", ("Navn", "Enhed", "Kursus", "Status", "Frist", "Over fristen"), tuple(rows))


def late(one: Missing) -> str:
    """How long somebody is overdue."""
    return counted_days(one.days) if one.state is State.OVERDUE else "–"


def expiring_sheet(found: Iterable[Expiring]) -> Sheet:
    """Whose certificates run out."""
    rows = ((one.name, one.unit, one.course_title, _day(one.valid_until), counted_days(one.days)) for one in found)
    return Sheet(
        "Beviser, der udløber inden 90 dage", ("Navn", "Enhed", "Kursus", "Gælder til", "Tilbage"), tuple(rows)
    )


def units_sheet(lines: Iterable[UnitLine]) -> Sheet:
    """How far units have come."""
    rows = (
        (
            unit_name(line),
            _number(line.counts.assigned),
            _number(line.counts.finished),
            percent(line.counts.share),
            _number(line.counts.under_way),
            _number(line.counts.overdue),
            _number(line.counts.not_started),
            _number(line.counts.exempt),
        )
        for line in lines
    )
    headings = ("Enhed", "Tildelt", "Gennemført", "Andel", "I gang", "Over fristen", "Ikke begyndt", "Fritaget")
    return Sheet("Enheder", headings, tuple(rows))


def unit_name(line: UnitLine) -> str:
    """How a line is called, where a unit's own people have one of their own."""
    return f"{line.title}, direkte ansatte" if line.own else line.title


def months_sheet(lines: Sequence[MonthLine]) -> Sheet:
    """How far the area had come month by month."""
    rows = (
        (
            month_name(line, newest=line is lines[-1]),
            _number(line.assigned),
            _number(line.finished),
            percent(line.finished / line.assigned if line.assigned else None),
        )
        for line in lines
    )
    return Sheet("Udvikling", ("Måned", "Tildelt", "Gennemført", "Andel"), tuple(rows))


def month_name(line: MonthLine, *, newest: bool) -> str:
    """A month, or today in the one that is not over."""
    return "I dag" if newest else f"{MONTHS[line.day.month - 1]} {line.day.year}"


def coverage_sheet(lines: Iterable[CoverageLine]) -> Sheet:
    """Which units have a certified key person."""
    rows = (
        (line.unit, line.course_title, line.cover.danish, _day(line.until), "Ja" if line.deputy else "Nej, mangler")
        for line in lines
    )
    headings = ("Enhed", "Spor", "Dækning", "Bevis gælder til", "Stedfortræder")
    return Sheet("Nøglepersoner", headings, tuple(rows))


def scores_sheet(lines: Iterable[ScoreLine]) -> Sheet:
    """How groups of at least five did at their first try."""
    rows = ((line.course_title, _number(line.people), percent(line.mean), percent(line.passed)) for line in lines)
    headings = ("Kursus", "Personer bag tallet", "Gennemsnit i første forsøg", "Bestod i første forsøg")
    return Sheet("Resultater", headings, tuple(rows), ABOUT_SCORES)


def percent(share: float | None) -> str:
    """A share in whole per cent; a dash where there is none. Only all is 100 % and only none is 0 %."""
    if share is None:
        return "–"
    whole = round(share * 100)
    whole = 99 if whole == 100 and share < 1 else 1 if whole == 0 and share > 0 else whole
    return f"{whole}\u00a0%"


def counted_days(days: int) -> str:
    """1 dag, 2 dage."""
    return f"{_number(days)} {'dag' if days == 1 else 'dage'}"


def _day(day: date | None) -> str:
    return danish_date(day) if day else "–"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")
