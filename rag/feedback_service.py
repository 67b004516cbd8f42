"""Feedback on answers: given, changed and withdrawn by the person while the conversation exists, handled by the task force."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, Engine, delete, func, select
from sqlalchemy.orm import Session

from people.person import Person
from people.refusals import note_others
from people.roles import Permission
from rag.answer import Answer, Outcome
from rag.calendar import today
from rag.conversation_service import own_turn, owner_of
from rag.errors import InvalidFeedback
from rag.feedback import (
    NO_REASON,
    FeedbackItem,
    GivenFeedback,
    Pile,
    QuotedSource,
    Reason,
    SourceCount,
    as_csv,
    checked_note,
    checked_question,
)
from rag.tables import (
    ConversationRow,
    FeedbackRow,
    FeedbackSourceRow,
    SourceVersionRow,
    TurnFeedbackRow,
    TurnRow,
)
from storage import audit
from storage.base import new_id
from storage.session import reading, transaction

_PILES: dict[Pile, ColumnElement[bool]] = {
    Pile.OPEN: FeedbackRow.helpful.is_(False) & FeedbackRow.handled_on.is_(None),
    Pile.HANDLED: FeedbackRow.helpful.is_(False) & FeedbackRow.handled_on.is_not(None),
}


class FeedbackService:
    """Keeps feedback apart from the people who give it."""

    def __init__(self, engine: Engine, keep_days: int) -> None:
        self._engine = engine
        self._keep = timedelta(days=keep_days)

    # --- the person who asked ------------------------------------------------------------------------------------

    def vote(self, person: Person, turn_id: str, helpful: bool) -> None:
        """Say whether an answer of one's own helped; saying the same again changes nothing.

        Raises `UnknownConversation`, also when the conversation was deleted meanwhile.
        """
        person.require(Permission.ASK)
        with transaction(self._engine) as session:
            row = _row_of(session, own_turn(session, person, turn_id, lock=True))
            if row.helpful is not helpful:
                row.day, row.helpful, row.handled_on = today(), helpful, None
                row.reason, row.note, row.question = None, "", None

    def explain(self, person: Person, turn_id: str, reason: Reason | None, note: str, with_question: bool) -> None:
        """Say why an answer of one's own did not help, in place of what was said before.

        Raises `InvalidFeedback` without a reason, or with personal data in what would be sent; then nothing is changed.
        """
        person.require(Permission.ASK)
        if reason is None:
            raise InvalidFeedback("Vælg en grund først.")
        note = checked_note(note)
        with transaction(self._engine) as session:
            turn = own_turn(session, person, turn_id, lock=True)
            said = (False, reason.value, note, checked_question(turn.question) if with_question else None)
            row = _row_of(session, turn)
            if (row.helpful, row.reason, row.note, row.question) != said:
                row.day, row.handled_on = today(), None
                row.helpful, row.reason, row.note, row.question = said

    def withdraw(self, person: Person, turn_id: str) -> None:
        """Take back what one has said about an answer; nothing of it stays."""
        person.require(Permission.ASK)
        with transaction(self._engine) as session:
            own_turn(session, person, turn_id, lock=True)
            link = session.get(TurnFeedbackRow, turn_id)
            if link is not None:
                session.execute(delete(FeedbackRow).where(FeedbackRow.id == link.feedback_id))

    def given(self, person: Person, conversation_id: str) -> dict[str, GivenFeedback]:
        """What the person has said in one of their own conversations, by turn."""
        query = (
            select(TurnFeedbackRow.turn_id, FeedbackRow)
            .join(FeedbackRow, FeedbackRow.id == TurnFeedbackRow.feedback_id)
            .join(TurnRow, TurnRow.id == TurnFeedbackRow.turn_id)
            .join(ConversationRow, ConversationRow.id == TurnRow.conversation_id)
            .where(ConversationRow.id == conversation_id, ConversationRow.person_id == person.id)
        )
        with reading(self._engine) as session:
            note_others(session, person, "conversation", conversation_id, owner_of(conversation_id))
            return {turn_id: _given(row) for turn_id, row in session.execute(query)}

    # --- the task force ------------------------------------------------------------------------------------------

    def items(self, person: Person, pile: Pile, count: int, skip: int = 0) -> list[FeedbackItem]:
        """A page of answers that did not help: waiting ones oldest first, handled ones newest first."""
        person.require(Permission.HANDLE_INBOX)
        order = FeedbackRow.day if pile is Pile.OPEN else FeedbackRow.handled_on.desc()
        query = select(FeedbackRow).where(_PILES[pile]).order_by(order, FeedbackRow.id).offset(skip).limit(count)
        with reading(self._engine) as session:
            return _items(session, list(session.scalars(query)))

    def count(self, person: Person, pile: Pile) -> int:
        """How many answers that did not help are in a pile."""
        person.require(Permission.HANDLE_INBOX)
        with reading(self._engine) as session:
            return session.scalar(select(func.count()).select_from(FeedbackRow).where(_PILES[pile])) or 0

    def handle(self, person: Person, feedback_id: str) -> None:
        """Mark feedback as handled; doing it twice changes nothing. Raises `InvalidFeedback` when it is gone."""
        person.require(Permission.HANDLE_INBOX)
        with transaction(self._engine) as session:
            row = session.get(FeedbackRow, feedback_id, with_for_update=True)
            if row is None:
                raise InvalidFeedback("Tilbagemeldingen er trukket tilbage eller slettet. Genindlæs siden.")
            if row.handled_on is None:
                row.handled_on = today()
                audit.record(
                    session, actor=person.id, action="feedback.handled", object_type="feedback", object_id=feedback_id
                )

    def by_reason(self, person: Person) -> dict[str, int]:
        """How many answers did not help, by reason in Danish, most frequent first."""
        person.require(Permission.HANDLE_INBOX)
        query = select(FeedbackRow.reason, func.count()).where(FeedbackRow.helpful.is_(False))
        with reading(self._engine) as session:
            found = [(reason, count) for reason, count in session.execute(query.group_by(FeedbackRow.reason))]
        return {
            Reason(reason).danish if reason else NO_REASON: count
            for reason, count in sorted(found, key=lambda item: (-item[1], item[0] or "~"))
        }

    def by_source(self, person: Person, count: int) -> list[SourceCount]:
        """The `count` sources whose answers helped least often, by number."""
        person.require(Permission.HANDLE_INBOX)
        helpful = func.count(FeedbackRow.id.distinct()).filter(FeedbackRow.helpful.is_(True))
        unhelpful = func.count(FeedbackRow.id.distinct()).filter(FeedbackRow.helpful.is_(False))
        query = (
            select(FeedbackSourceRow.source_id, func.max(SourceVersionRow.title), helpful, unhelpful)
            .join(FeedbackRow, FeedbackRow.id == FeedbackSourceRow.feedback_id)
            .outerjoin(SourceVersionRow, SourceVersionRow.id == FeedbackSourceRow.version_id)
            .group_by(FeedbackSourceRow.source_id)
            .order_by(unhelpful.desc(), helpful, FeedbackSourceRow.source_id)
            .limit(count)
        )
        with reading(self._engine) as session:
            return [SourceCount(key, title or key, yes, no) for key, title, yes, no in session.execute(query)]

    def csv(self, person: Person) -> bytes:
        """All feedback, newest day first, as a file for a spreadsheet."""
        person.require(Permission.HANDLE_INBOX)
        query = select(FeedbackRow).order_by(FeedbackRow.day.desc(), FeedbackRow.id)
        with reading(self._engine) as session:
            return as_csv(_items(session, list(session.scalars(query))))

    # --- quality and retention -----------------------------------------------------------------------------------

    def shares(self, person: Person, days: int) -> tuple[int, int]:
        """How many answers helped and how many did not, as said in the last `days` days."""
        person.require(Permission.SEE_QUALITY)
        query = select(FeedbackRow.helpful, func.count()).where(FeedbackRow.day > today() - timedelta(days=days))
        with reading(self._engine) as session:
            found = {helpful: count for helpful, count in session.execute(query.group_by(FeedbackRow.helpful))}
        return found.get(True, 0), found.get(False, 0)

    def remove_old(self, session: Session, day: date) -> int:
        """Delete feedback that has been kept for its time on a day; returns how many. Safe to repeat."""
        old = delete(FeedbackRow).where(FeedbackRow.day < day - self._keep)
        return len(session.scalars(old.returning(FeedbackRow.id)).all())


def _row_of(session: Session, turn: TurnRow) -> FeedbackRow:
    """The feedback on a turn, a new one where there is none yet; whoever calls holds the turn's lock."""
    link = session.get(TurnFeedbackRow, turn.id)
    if link is not None:
        return link.feedback
    answer = Answer.model_validate(turn.answer)
    quoted = {citation.version_id: citation.source for said in answer.sentences for citation in said.citations}
    row = FeedbackRow(
        id=new_id(),
        day=today(),
        outcome=answer.status.value,
        reason=None,
        note="",
        question=None,
        handled_on=None,
        sources=[FeedbackSourceRow(version_id=version, source_id=source) for version, source in quoted.items()],
    )
    session.add(TurnFeedbackRow(turn_id=turn.id, feedback=row))
    return row


def _given(row: FeedbackRow) -> GivenFeedback:
    return GivenFeedback(row.helpful, Reason(row.reason) if row.reason else None, row.note, row.question is not None)


def _items(session: Session, rows: list[FeedbackRow]) -> list[FeedbackItem]:
    wanted = {source.version_id for row in rows for source in row.sources}
    query = select(SourceVersionRow.id, SourceVersionRow.title, SourceVersionRow.version)
    known = {
        key: (title, version) for key, title, version in session.execute(query.where(SourceVersionRow.id.in_(wanted)))
    }

    def quoted(source: FeedbackSourceRow) -> QuotedSource:
        title, version = known.get(source.version_id, (source.source_id, "?"))
        return QuotedSource(source.source_id, source.version_id, title, version)

    return [
        FeedbackItem(
            row.id,
            row.day,
            row.helpful,
            Outcome(row.outcome),
            Reason(row.reason) if row.reason else None,
            row.note,
            row.question,
            row.handled_on,
            tuple(quoted(source) for source in row.sources),
        )
        for row in rows
    ]
