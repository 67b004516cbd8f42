"""What the pack of evidence holds, and what it says of itself. It helps people judge; it approves nothing."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

TITLE = "Evidens for AI-færdigheder"
WHAT_IT_IS = (
    "Pakken viser, hvilken oplæring i kunstig intelligens kommunen tilbyder, og hvem der har gennemført hvad i hvilken version "
    "og hvornår. Den kan bruges som dokumentation for foranstaltninger, der støtter udviklingen af AI-færdigheder, som "
    "AI-forordningen art. 4 handler om (forordning (EU) 2024/1689 med ændringen ved forordning (EU) 2026/1744; gengivet i egne "
    "ord pr. 23. november 2026, kontrolleres af jura)."
)
WHAT_IT_IS_NOT = (
    "Pakken er ikke en erklæring om, at loven er overholdt, og den siger ikke, hvad den enkelte kan eller må. Den viser kun "
    "det, der er registreret her, den dag den er lavet."
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A course that is offered, in one version: what it is made of, and the fingerprint of its whole content (SHA-256)."""

    course_id: str
    title: str
    version: int
    published_on: date
    audience: str
    minutes: int
    modules: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one person has done with one course. `certificate` is empty without one; `valid_until` is its last day."""

    name: str
    unit: str
    roles: str
    course_id: str
    course: str
    version: int | None
    begun_on: date | None
    finished_on: date | None
    certificate: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The whole pack. `scope` says in Danish whom it covers, `people` how many are employed there."""

    made_at: datetime
    made_by: str
    scope: str
    people: int
    measures: tuple[Measure, ...]
    lines: tuple[Line, ...]

    def finished(self, course_id: str) -> int:
        """How many have finished a course."""
        return sum(line.course_id == course_id and line.finished_on is not None for line in self.lines)

    def begun(self, course_id: str) -> int:
        """How many are under way with it."""
        return sum(line.course_id == course_id and line.finished_on is None for line in self.lines)

    def document(self) -> dict[str, Any]:
        """The pack as JSON; days as ISO 8601."""
        return {
            "title": TITLE,
            "what_it_is": WHAT_IT_IS,
            "what_it_is_not": WHAT_IT_IS_NOT,
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "made_by": self.made_by,
            "scope": self.scope,
            "people": self.people,
            "measures": [_plain(one) for one in self.measures],
            "lines": [_plain(one) for one in self.lines],
        }


def _plain(part: Measure | Line) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(part).items()}
