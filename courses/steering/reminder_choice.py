"""Which mails a person wants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.errors import InvalidDecision
from courses.steering.reminder_occasion import Kind
from people.organisation.tables import MailChoiceRow
from people.person import Person
from people.roles import Permission


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of mail and whether the person wants it. Where it is not `optional`, `why` says in Danish why it always comes."""

    kind: Kind
    title: str
    wanted: bool
    optional: bool
    why: str


ALWAYS = "Sendes altid, fordi kurset er en del af dit arbejde."


def choices_of(session: Session, person: Person) -> list[Choice]:
    """All kinds of mail that the person may get."""
    unwanted = set(session.scalars(select(MailChoiceRow.kind).where(MailChoiceRow.person_id == person.id)))
    leads = person.may(Permission.REMIND)
    return [
        Choice(
            kind, kind.danish, kind not in unwanted or not kind.optional, kind.optional, "" if kind.optional else ALWAYS
        )
        for kind in Kind
        if leads or kind is not Kind.DIGEST
    ]


def choose(session: Session, person: Person, kind: str, wanted: bool, at: datetime) -> None:
    """Note whether the person wants a kind of mail; safe to repeat. Raises `InvalidDecision` for what always comes."""
    if kind not in set(Kind) or not Kind(kind).optional:
        raise InvalidDecision("Denne slags mail kan ikke vælges fra, fordi kurset er en del af dit arbejde.")
    mine = (MailChoiceRow.person_id == person.id, MailChoiceRow.kind == kind)
    if wanted:
        session.execute(delete(MailChoiceRow).where(*mine))
    elif session.scalars(select(MailChoiceRow).where(*mine)).first() is None:
        session.add(MailChoiceRow(person_id=person.id, kind=kind, at=at))
