"""Key persons of units: who, for which track, with which deputy, and from when to when."""

from dataclasses import dataclass
from datetime import date

from courses.errors import InvalidAssignment
from courses.steering.person_choice import PersonChoice


@dataclass(frozen=True)
class Appointment:
    """Somebody is to be key person of a unit for a track (a course), from a day to a day (that day included; open when None)."""

    unit_id: str
    course_id: str
    person_id: str
    deputy_id: str | None
    valid_from: date
    valid_to: date | None = None

    def require_sound(self, today: date) -> None:
        """Raise `InvalidAssignment` where the days or the deputy do not hold."""
        if self.deputy_id == self.person_id:
            raise InvalidAssignment("Stedfortræderen skal være en anden end nøglepersonen.")
        if self.valid_to is not None and self.valid_to < max(self.valid_from, today):
            raise InvalidAssignment("Den sidste dag skal ligge efter den første og må ikke være gået.")


@dataclass(frozen=True)
class KeyPersonLine:
    """An entry of the register. `unit_path` is None where the unit is closed; `begins` means that it does not count yet. `left`
    and `deputy_left` tell whether she or the deputy no longer works here."""

    id: str
    person: PersonChoice
    deputy: str | None
    course_title: str
    unit_path: str | None
    valid_from: date
    valid_to: date | None
    begins: bool
    left: bool
    deputy_left: bool
