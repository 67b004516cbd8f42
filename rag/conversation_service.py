"""Conversations: a person's own questions and answers, kept across reloads and deleted on request or after a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, Select, delete, func, select
from sqlalchemy.orm import Session, selectinload

from people.person import Person
from people.refusals import note_others
from people.roles import Permission
from rag import privacy
from rag.answer import Answer, Outcome
from rag.calendar import day_begins
from rag.errors import InvalidQuestion, RagError
from rag.tables import ConversationRow, TurnRow
from storage.base import new_id, now
from storage.session import reading, transaction

TITLE_CHARS = 80


class UnknownConversation(RagError):
    """No such conversation, or not the person's own."""

    def __init__(self) -> None:
        super().__init__("Samtalen findes ikke længere. Start en ny samtale.")


@dataclass(frozen=True)
class Turn:
    """One question and its answer; `sent_on_at` says when the question went to the task force."""

    id: str
    question: str
    answer: Answer
    asked_at: datetime
    sent_on_at: datetime | None


@dataclass(frozen=True)
class Heading:
    """A conversation in a list."""

    id: str
    title: str
    updated_at: datetime


@dataclass(frozen=True)
class Conversation:
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    updated_at: datetime
    turns: tuple[Turn, ...]


class ConversationService:
    """Reads and writes the conversations of one person at a time."""

    def __init__(self, engine: Engine, keep_days: int) -> None:
        self._engine = engine
        self._keep = timedelta(days=keep_days)

    def add(self, person: Person, conversation_id: str | None, question: str, answer: Answer) -> tuple[str, str]:
        """Store a turn in the person's conversation, or in a new one; returns the ids of conversation and turn.

        Raises `UnknownConversation`, and `InvalidQuestion` for a question with personal data, whose text is never stored.
        """
        person.require(Permission.ASK)
        if answer.status is Outcome.BLOCKED or privacy.find(question):
            raise InvalidQuestion("Spørgsmålet indeholder personoplysninger og gemmes ikke. Fjern dem, og spørg igen.")
        moment = now()
        with transaction(self._engine) as session:
            if conversation_id is None:
                row = ConversationRow(
                    id=new_id(), person_id=person.id, title=question[:TITLE_CHARS], created_at=moment, updated_at=moment
                )
                session.add(row)
            else:
                row = _own(session, person, conversation_id, lock=True)
                row.updated_at = moment
            turn = TurnRow(
                id=new_id(),
                number=len(row.turns) + 1,
                question=question,
                answer=answer.model_dump(mode="json"),
                sent_on_at=None,
                asked_at=moment,
            )
            row.turns.append(turn)
            return row.id, turn.id

    def get(self, person: Person, conversation_id: str) -> Conversation:
        """One of the person's own conversations; raises `UnknownConversation`."""
        with reading(self._engine) as session:
            return _view(_own(session, person, conversation_id))

    def count(self, person: Person) -> int:
        """How many conversations the person has."""
        query = select(func.count()).select_from(ConversationRow).where(ConversationRow.person_id == person.id)
        with reading(self._engine) as session:
            return session.scalar(query) or 0

    def list(self, person: Person, count: int, skip: int = 0) -> list[Heading]:
        """The person's conversations, newest first, without their turns."""
        query = (
            select(ConversationRow.id, ConversationRow.title, ConversationRow.updated_at)
            .where(ConversationRow.person_id == person.id)
            .order_by(ConversationRow.updated_at.desc(), ConversationRow.id)
            .offset(skip)
            .limit(count)
        )
        with reading(self._engine) as session:
            return [Heading(*row) for row in session.execute(query)]

    def turn(self, person: Person, turn_id: str) -> Turn:
        """One of the person's own turns; raises `UnknownConversation`."""
        with reading(self._engine) as session:
            return _turn(own_turn(session, person, turn_id))

    def mark_sent_on(self, person: Person, turn_id: str) -> None:
        """Remember that the question of a turn has gone to the task force."""
        with transaction(self._engine) as session:
            own_turn(session, person, turn_id).sent_on_at = now()

    def remove(self, person: Person, conversation_id: str) -> None:
        """Delete one of the person's own conversations."""
        with transaction(self._engine) as session:
            session.delete(_own(session, person, conversation_id))

    def remove_all(self, person: Person) -> int:
        """Delete all of the person's conversations; returns how many."""
        with transaction(self._engine) as session:
            own = select(ConversationRow.id).where(ConversationRow.person_id == person.id)
            count, _ = _remove(session, list(session.scalars(own)))
            return count

    def old(self, session: Session, day: date) -> Sequence[str]:
        """Ids of the conversations without new questions for the time they are kept, seen from a day."""
        return session.scalars(self._old(day)).all()

    def remove_old(self, session: Session, day: date, ids: Sequence[str]) -> tuple[int, int]:
        """Delete those of `ids` that are still old; how many conversations, and how many turns with them."""
        return _remove(session, list(session.scalars(self._old(day).where(ConversationRow.id.in_(ids)))))

    def _old(self, day: date) -> Select[str]:
        return select(ConversationRow.id).where(ConversationRow.updated_at < day_begins(day) - self._keep)


def _remove(session: Session, ids: list[str]) -> tuple[int, int]:
    turns = session.scalars(delete(TurnRow).where(TurnRow.conversation_id.in_(ids)).returning(TurnRow.id)).all()
    session.execute(delete(ConversationRow).where(ConversationRow.id.in_(ids)))
    return len(ids), len(turns)


def _own(session: Session, person: Person, conversation_id: str, *, lock: bool = False) -> ConversationRow:
    """The person's row; `lock` makes a second tab wait, so that both its turns get a number."""
    turns = selectinload(ConversationRow.turns)
    row = session.get(ConversationRow, conversation_id, options=[turns], with_for_update=lock)
    if row is None or row.person_id != person.id:
        note_others(session, person, "conversation", conversation_id, owner_of(conversation_id))
        raise UnknownConversation
    return row


def owner_of(conversation_id: str) -> Select[str]:
    """Selects the id of the person whose conversation it is."""
    return select(ConversationRow.person_id).where(ConversationRow.id == conversation_id)


def own_turn(session: Session, person: Person, turn_id: str, *, lock: bool = False) -> TurnRow:
    """A row of the person's own; raises `UnknownConversation`. `lock` makes a second tab wait."""
    turn = session.get(TurnRow, turn_id, with_for_update=lock)
    if turn is None:
        raise UnknownConversation
    _own(session, person, turn.conversation_id)
    return turn


def _view(row: ConversationRow) -> Conversation:
    return Conversation(row.id, row.title, row.updated_at, tuple(_turn(turn) for turn in row.turns))


def _turn(row: TurnRow) -> Turn:
    return Turn(row.id, row.question, Answer.model_validate(row.answer), row.asked_at, row.sent_on_at)
