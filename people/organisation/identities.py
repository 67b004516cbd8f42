"""Which rows of a staff file are the same person, and whom they are in the system; what does not agree is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from people.organisation.staff_known import Known, KnownPerson
from people.organisation.staff_rows import RefusedRow, RowRefused, StaffLine
from storage.base import new_id

Token = tuple[str, str]

TWO_KEYS = "Numrene i rækken hører til to forskellige personer i systemet."
OTHERS_EMAIL = "E-mailadressen hører til en anden i systemet end den, DQ-nummeret eller brugernavnet hører til."
REUSED = "E-mailadressen hører til en person i systemet med andet navn og nummer. Er det en ny person, så ret e-mailen."
OTHER_PERSON = "Nummeret hører til en person i systemet med et andet navn og en anden e-mail. Ret nummeret."
TWO_ROWS = "Rækken binder to personer i filen sammen. Ret e-mail eller numre."


@dataclass
class Identity:
    """A person of the file with her rows; `known` is whom she is in the system, `keys` are all that the file calls her by."""

    id: str
    known: KnownPerson | None
    name: str
    email: str | None
    keys: set[Token] = field(default_factory=set)
    lines: list[StaffLine] = field(default_factory=list)


class Identities:
    """The people of a file: `people` in its order, `refused` rows, and `doubtful` ids of people whom refused rows may be."""

    def __init__(self, lines: Sequence[StaffLine], known: Known) -> None:
        self.people: list[Identity] = []
        self.refused: list[RefusedRow] = []
        self.doubtful: set[str] = set()
        self._known = known
        self._emails = {person.email: person.id for person in known.people.values() if person.email}
        self._systems: dict[str, set[str]] = {}
        for (system, _), person_id in known.keys.items():
            self._systems.setdefault(person_id, set()).add(system)
        self._seen: dict[Token, Identity] = {}
        for line in lines:
            try:
                self._take(line)
            except RowRefused as error:
                self.refused.append(RefusedRow(line.line, line.name, str(error)))
                self.doubtful |= self._meant(line)

    def _take(self, line: StaffLine) -> None:
        person = self._person(line)
        tokens = [*_tokens(line), *([("person", person.id)] if person else [])]
        found = {identity.id: identity for token in tokens if (identity := self._seen.get(token))}
        if len(found) > 1:
            raise RowRefused(TWO_ROWS)
        if found:
            identity = next(iter(found.values()))
            _agree(identity, line)
            identity.email = identity.email or line.email
        else:
            identity = Identity(person.id if person else new_id(), person, line.name, line.email)
            self.people.append(identity)
        identity.keys |= set(line.keys)
        identity.lines.append(line)
        for token in (*tokens, ("person", identity.id)):
            self._seen[token] = identity

    def _person(self, line: StaffLine) -> KnownPerson | None:
        """Whom the row is: by the numbers of other systems first, then by e-mail."""
        by_key = self._by_key(line)
        if len(by_key) > 1:
            raise RowRefused(TWO_KEYS)
        by_email = self._emails.get(line.email) if line.email else None
        if by_key and by_email and by_email not in by_key:
            raise RowRefused(OTHERS_EMAIL)
        found = next(iter(by_key), by_email)
        if found is None:
            return None
        person = self._known.people[found]
        other_number = {system for system, _ in line.keys} & self._systems.get(found, set())
        if not by_key and other_number and person.name.casefold() != line.name.casefold():
            raise RowRefused(REUSED)
        other_email = bool(line.email and person.email and line.email != person.email)
        if by_key and other_email and not _words(person.name) & _words(line.name):
            raise RowRefused(OTHER_PERSON)
        return person

    def _by_key(self, line: StaffLine) -> set[str]:
        found = {self._known.keys[key] for key in line.keys if key in self._known.keys}
        if line.employment and line.employment in self._known.employments:
            found.add(self._known.employments[line.employment].person_id)
        return found

    def _meant(self, line: StaffLine) -> set[str]:
        by_email = self._emails.get(line.email) if line.email else None
        return self._by_key(line) | ({by_email} if by_email else set())


def _words(name: str) -> set[str]:
    return set(name.casefold().split())


def _tokens(line: StaffLine) -> list[Token]:
    tokens = list(line.keys)
    if line.email:
        tokens.append(("e-mail", line.email))
    if not tokens and line.employment:
        tokens.append(("employment", line.employment))
    return tokens


def _agree(identity: Identity, line: StaffLine) -> None:
    first = identity.lines[0].line
    if identity.name.casefold() != line.name.casefold():
        raise RowRefused(f"Rækken har samme e-mail eller nummer som linje {first}, men et andet navn.")
    if identity.email and line.email and identity.email != line.email:
        raise RowRefused(f"Rækken har samme nummer som linje {first}, men en anden e-mail.")
