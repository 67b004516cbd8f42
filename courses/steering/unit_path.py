"""Units as people find them in a list: each with the units above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from people.organisation.scope import Unit, units_at

BETWEEN = " › "


@dataclass(frozen=True)
class UnitChoice:
    """A unit to choose; `path` begins at the top, without the municipality that everything belongs to."""

    id: str
    path: str


def unit_choices(session: Session, day: date) -> list[UnitChoice]:
    """The units open on `day`, by path."""
    units = units_at(session, day)
    return sorted((UnitChoice(key, path_of(units, key)) for key in units), key=lambda one: one.path.casefold())


def path_of(units: Mapping[str, Unit], unit_id: str) -> str:
    """The titles from the top to the unit; empty for one that is not open. A ring is cut where it would begin anew."""
    titles: dict[str, str] = {}
    at: str | None = unit_id
    while at is not None and at in units and at not in titles:
        titles[at] = units[at].title
        at = units[at].parent_id
    if len(titles) > 1 and at is None:  # the municipality at the top of all says nothing
        titles.popitem()
    return BETWEEN.join(reversed(titles.values()))
