"""Which rows of a staff file are the same person, and whom they are in the system; what does not agree is refused."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from people.organisation.names import may_be_one
from people.organisation.staff_known import Known, KnownPerson
from people.organisation.staff_rows import RefusedRow, RowRefused, StaffLine
from storage.base import new_id

Token = tuple[str, str]

TWO_KEYS = "Numrene i rækken hører til to forskellige personer i systemet."
OTHERS_EMAIL = "E-mailadressen hører til en anden i systemet end den, DQ-nummeret eller brugernavnet hører til."
REUSED_EMAIL = (
    "E-mailadressen hører til en person i systemet med et andet navn. Er den givet videre til en ny person, så "
    "indlæs først en række med den tidligere persons navn og nummer, en anden e-mail og dagen i Fratrådt."
)
REUSED_NUMBER = (
    "Nummeret hører til en person i systemet med et andet navn. Er det samme person, så skriv den e-mail, hun har i "
    "systemet. Er det en ny person, så lad nummeret være tomt, og skriv hendes egen e-mail."
)
ONLY_NUMBER = "Ansættelsens nummer kendes ikke, og rækken har hverken e-mail eller DQ-nummer. Tilføj en af dem."
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

    def has_another_name(self) -> bool:
        """Whether she is known by a name that has nothing in common with the file's."""
        return self.known is not None and not may_be_one(self.known.name, self.name)


class Identities:
    """The people of a file: `people` in its order, `refused` rows, and `doubtful` ids of people whom refused rows may be, those
    that were `unread` too."""

    def __init__(self, lines: Sequence[StaffLine], unread: Sequence[RefusedRow], known: Known) -> None:
        self.people: list[Identity] = []
        self.refused: list[RefusedRow] = []
        self.doubtful: set[str] = set()
        self._known = known
        self._emails = {person.email: person.id for person in known.people.values() if person.email}
        self._systems: dict[str, set[str]] = defaultdict(set)
        for (system, _), person_id in known.keys.items():
            self._systems[person_id].add(system)
        self._employed: dict[str, set[str]] = defaultdict(set)
        for place in known.employments.values():
            self._employed[place.key].add(place.person_id)
        self._seen: dict[Token, Identity] = {}
        for row in unread:
            self.doubtful |= self._meant(row)
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
            if not (line.email or line.keys):
                raise RowRefused(ONLY_NUMBER)
            return None
        person = self._known.people[found]
        self._compare_names(person, line)
        return person

    def _compare_names(self, person: KnownPerson, line: StaffLine) -> None:
        """Numbers and addresses are given to the next one when somebody leaves: alone, neither makes two names one person."""
        number = bool(self._by_key(line, besides=line.email))
        if number and line.email and person.email == line.email:
            return
        other_number = {system for system, _ in line.keys} & self._systems[person.id]
        if not number and other_number and person.name.casefold() != line.name.casefold():
            raise RowRefused(REUSED_EMAIL)
        if not may_be_one(person.name, line.name):
            raise RowRefused(REUSED_NUMBER if number else REUSED_EMAIL)

    def _by_key(self, row: StaffLine | RefusedRow, besides: str | None = None) -> set[str]:
        """Whose the numbers are. An account that is called as the address (`besides`) tells no more than the address."""
        found = {self._known.keys[key] for key in row.keys if key in self._known.keys and key[1] != besides}
        return found | self._employed.get(row.employment or "", set())

    def _meant(self, row: StaffLine | RefusedRow) -> set[str]:
        by_email = self._emails.get(row.email) if row.email else None
        return self._by_key(row) | ({by_email} if by_email else set())


def _tokens(line: StaffLine) -> list[Token]:
    tokens = list(line.keys)
    if line.email:
        tokens.append(("e-mail", line.email))
    return tokens


def _agree(identity: Identity, line: StaffLine) -> None:
    first = identity.lines[0].line
    if identity.name.casefold() != line.name.casefold():
        raise RowRefused(f"Rækken har samme e-mail eller nummer som linje {first}, men et andet navn.")
    if identity.email and line.email and identity.email != line.email:
        raise RowRefused(f"Rækken har samme nummer som linje {first}, men en anden e-mail.")
