"""What a person may delete herself: what is kept for her own sake. What proves that she was trained stays for its time."""

from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from courses.prompt_practice import DONE
from courses.tables import ExtraTimeRow, PromptTryRow, ReviewCardRow
from governance.data_rights_places import PLACES
from governance.tables import InboxItemRow
from people.organisation.tables import MailChoiceRow
from rag.tables import ConversationRow, FeedbackRow, TurnRow

_PLACES = {place.table: place for place in PLACES}


class Deletable(StrEnum):
    """What can be deleted, in the order in which it is done: feedback is found through the conversations."""

    FEEDBACK = "feedback"
    CONVERSATIONS = "conversations"
    INBOX = "inbox"
    PROMPTS = "prompts"
    REVIEW_CARDS = "review_cards"
    EXTRA_TIME = "extra_time"
    MAIL_CHOICES = "mail_choices"

    @property
    def danish(self) -> str:
        """Name as shown to people."""
        return _WORDS[self][0]

    @property
    def effect(self) -> str:
        """What it does, in Danish, before it is done."""
        return _WORDS[self][1]


_WORDS = {
    Deletable.FEEDBACK: (
        "Tilbagemeldinger på svar",
        "De slettes også hos taskforcen. Tilbagemeldinger i samtaler, du har slettet før, kan ikke føres tilbage til dig.",
    ),
    Deletable.CONVERSATIONS: (
        "Samtaler",
        "Alle spørgsmål og svar slettes. Svar fra taskforcen kan ikke længere vises for dig.",
    ),
    Deletable.INBOX: (
        "Dit navn på spørgsmål til taskforcen",
        "Spørgsmål og svar bliver, uden dit navn. Er et spørgsmål ikke besvaret endnu, kan svaret ikke nå dig.",
    ),
    Deletable.PROMPTS: (
        "Prompter fra øvelser",
        "Teksterne slettes. Øvelser, du har gennemført, tæller stadig som gennemført.",
    ),
    Deletable.REVIEW_CARDS: (
        "Huskekort til genopfriskning",
        "Genopfriskningen begynder forfra med at finde ud af, hvad du husker. Dine svar og beviser bliver.",
    ),
    Deletable.EXTRA_TIME: (
        "Ekstra tid til prøver",
        "Dine næste prøver får almindelig tid, til din underviser giver dig ekstra tid igen.",
    ),
    Deletable.MAIL_CHOICES: ("Fravalg af mails", "Du får igen alle slags mails."),
}

KEPT = (
    (
        "Kurser, prøver og beviser",
        "Kommunen skal støtte, at medarbejdere udvikler AI-færdigheder (AI-forordningen artikel 4 med ændringen ved forordning "
        "(EU) 2026/1744; gengivet i egne ord pr. 23. november 2026). For at kunne vise, hvad den har gjort, gemmer den "
        "tildelinger, læste lektioner, prøver, svar og beviser i 5 år. De 5 år har kommunen selv valgt.",
    ),
    (
        "Navn, ansættelse, roller og hverv",
        "Uden dem kan du ikke logge ind, få kurser tildelt eller være nøgleperson. De kommer fra kommunens personaledata og "
        "rettes dér.",
    ),
    (
        "Login, hvem der har set oplysninger om dig, og revisionsloggen",
        "De beskytter dig og andre mod misbrug. Derfor kan ingen slette i dem før tid.",
    ),
    (
        "Mails og påmindelser",
        "De viser, hvad du er gjort opmærksom på. Adresse og tekst slettes, så snart mailen er sendt.",
    ),
)
"""What cannot be deleted before its time, and why."""


def counted(session: Session, person_id: str, what: Deletable) -> int:
    """How many rows a deletion would take, or take words or a name from."""
    table, which = _which(person_id, what)
    return session.scalar(select(func.count()).select_from(table).where(which)) or 0


def deleted(session: Session, person_id: str, what: Deletable) -> int:
    """Delete it; how many rows."""
    count = counted(session, person_id, what)
    _DEEDS[what](session, person_id)
    return count


def _which(person_id: str, what: Deletable) -> tuple[type[object], ColumnElement[bool]]:
    match what:
        case Deletable.FEEDBACK:
            return FeedbackRow, _PLACES["feedback"].belongs(person_id)
        case Deletable.CONVERSATIONS:
            return ConversationRow, ConversationRow.person_id == person_id
        case Deletable.INBOX:
            return InboxItemRow, InboxItemRow.person_id == person_id
        case Deletable.PROMPTS:
            words = or_(PromptTryRow.prompt != "", PromptTryRow.fraction < DONE)
            return PromptTryRow, and_(PromptTryRow.person_id == person_id, words)
        case Deletable.REVIEW_CARDS:
            return ReviewCardRow, ReviewCardRow.person_id == person_id
        case Deletable.EXTRA_TIME:
            return ExtraTimeRow, ExtraTimeRow.person_id == person_id
        case Deletable.MAIL_CHOICES:
            return MailChoiceRow, MailChoiceRow.person_id == person_id


def _rows(what: Deletable) -> Callable[[Session, str], None]:
    def delete_rows(session: Session, person_id: str) -> None:
        table, which = _which(person_id, what)
        session.execute(delete(table).where(which).execution_options(synchronize_session=False))

    return delete_rows


def _conversations(session: Session, person_id: str) -> None:
    turns = delete(TurnRow).where(_PLACES["turn"].belongs(person_id))
    session.execute(turns.execution_options(synchronize_session=False))
    _rows(Deletable.CONVERSATIONS)(session, person_id)


def _senders(session: Session, person_id: str) -> None:
    session.execute(update(InboxItemRow).where(InboxItemRow.person_id == person_id).values(person_id=None))


def _prompts(session: Session, person_id: str) -> None:
    """An exercise that is done stays done: its row is the proof, its words are not."""
    own = PromptTryRow.person_id == person_id
    session.execute(delete(PromptTryRow).where(own, PromptTryRow.fraction < DONE))
    session.execute(update(PromptTryRow).where(own).values(prompt=""))


_DEEDS: dict[Deletable, Callable[[Session, str], None]] = {
    Deletable.FEEDBACK: _rows(Deletable.FEEDBACK),
    Deletable.CONVERSATIONS: _conversations,
    Deletable.INBOX: _senders,
    Deletable.PROMPTS: _prompts,
    Deletable.REVIEW_CARDS: _rows(Deletable.REVIEW_CARDS),
    Deletable.EXTRA_TIME: _rows(Deletable.EXTRA_TIME),
    Deletable.MAIL_CHOICES: _rows(Deletable.MAIL_CHOICES),
}
