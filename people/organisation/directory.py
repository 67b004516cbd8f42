"""Who is meant by a name, an e-mail address or a user name in a column of managers."""

from collections import defaultdict

from people.organisation.staff_known import Known
from people.organisation.staff_rows import RowRefused


class Directory:
    """People by everything they may be called."""

    def __init__(self, known: Known) -> None:
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, set[str]] = defaultdict(set)
        for person in known.people.values():
            if person.active:
                self.add(person.id, person.name, person.email)
        for (_, key), person_id in known.keys.items():
            if known.people[person_id].active:
                self._exact[key].add(person_id)

    def add(self, person_id: str, name: str, email: str | None, keys: tuple[tuple[str, str], ...] = ()) -> None:
        """One person more, or more that she is called."""
        self._named[name.casefold()].add(person_id)
        for text in (email, *(key for _, key in keys)):
            if text:
                self._exact[text].add(person_id)

    def find(self, text: str) -> str:
        """The one person who is called so. Raises `RowRefused` when nobody is, or more than one."""
        last, comma, first = text.partition(", ")
        for found in (
            self._exact.get(text.lower()),
            self._named.get((f"{first} {last}" if comma else text).casefold()),
        ):
            if found and len(found) == 1:
                return next(iter(found))
            if found:
                raise RowRefused("Flere personer hedder det samme som lederen. Skriv lederens e-mail eller DQ-nummer.")
        raise RowRefused("Lederen findes hverken i filen eller i systemet.")
