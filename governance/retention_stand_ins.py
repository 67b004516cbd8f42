"""Stand-ins: nameless persons that rows are handed to when whose they were is forgotten.

Figures about questions must still see which attempts belong together, and a row must belong to somebody. So the rows of one
person's way through a course go to one stand-in, and those of her next course to any that is free: a stand-in is nobody's alone.
It serves once in each course, so that there are no more stand-ins than people who took the best attended one.
"""

from random import SystemRandom

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from people.stand_in import PREFIX
from people.tables import PersonRow
from storage.base import now

NOBODY = "Slettet person"


def is_stand_in(column: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a person id is a stand-in's."""
    return column.startswith(PREFIX, autoescape=True)


class StandIns:
    """Gives out stand-ins in one session. `taken` selects the ids of those that a scope has used."""

    def __init__(self, session: Session) -> None:
        self._session = session
        query = select(PersonRow.id).where(is_stand_in(PersonRow.id))
        self._all = list(session.scalars(query))
        self._free: dict[object, list[str]] = {}
        self._chance = SystemRandom()

    def one(self, scope: object, taken: Select[str]) -> str:
        """A stand-in that is not among those `taken` in `scope`, nor was given out for it before."""
        if scope not in self._free:
            used = set(self._session.scalars(taken))
            self._free[scope] = [key for key in self._all if key not in used]
            self._chance.shuffle(self._free[scope])
        free = self._free[scope]
        return free.pop() if free else self._another(scope)

    def _another(self, scope: object) -> str:
        key = f"{PREFIX}{len(self._all) + 1:06}"
        row = PersonRow(id=key, name=NOBODY, unit="", active=False, created_at=now(), grants=[])
        self._session.add(row)
        self._session.flush()
        for other, free in self._free.items():
            if other != scope:
                free.append(key)
        self._all.append(key)
        return key
