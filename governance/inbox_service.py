"""The inbox of the task force: questions that the sources do not answer, and the replies."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, func, or_, select, update
from sqlalchemy.orm import Session

from governance.errors import InvalidItem
from governance.tables import InboxItemRow
from people.person import Person
from people.refusals import note_others
from people.roles import Permission
from people.tables import PersonRow
from rag import privacy
from rag.calendar import day_begins
from rag.conversation_service import ConversationService
from storage import audit
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

MAX_CHARS = 2000
KEEP_SENDER = timedelta(days=90)
KEEP_UNANSWERED = timedelta(days=365)


class ItemStatus(StrEnum):
    """Open until somebody has replied."""

    OPEN = "open"
    ANSWERED = "answered"

    @property
    def danish(self) -> str:
        """Name of the pile, as shown to people."""
        return {"open": "Åbne", "answered": "Besvarede"}[self.value]


@dataclass(frozen=True)
class InboxItem:
    """An item as the task force, and the person who sent it, see it."""

    id: str
    question: str
    remark: str
    sender: str
    unit: str
    status: ItemStatus
    reply: str
    created_at: datetime
    handled_at: datetime | None


class InboxService:
    """Reads and writes inbox items; questions come from the person's own conversations."""

    def __init__(self, engine: Engine, conversations: ConversationService) -> None:
        self._engine = engine
        self._conversations = conversations

    def send_on(self, person: Person, turn_id: str, remark: str = "") -> None:
        """Send the question of one's own turn to the task force. Sending twice changes nothing."""
        turn = self._conversations.turn(person, turn_id)
        if privacy.find(turn.question):  # asked before the gate knew what it knows now
            raise InvalidItem("Spørgsmålet indeholder noget, der ligner personoplysninger. Stil det igen uden dem.")
        _check(remark, "Bemærkningen")
        with transaction(self._engine) as session:
            one_at_a_time(session)  # a double click sends two requests at once
            sent = session.scalar(select(InboxItemRow.id).where(InboxItemRow.turn_id == turn_id))
            if sent is None:
                row = InboxItemRow(
                    id=new_id(),
                    person_id=person.id,
                    turn_id=turn_id,
                    question=turn.question,
                    remark=remark.strip(),
                    status=ItemStatus.OPEN.value,
                    reply="",
                    created_at=now(),
                )
                session.add(row)
        self._conversations.mark_sent_on(person, turn_id)

    def reply(self, person: Person, item_id: str, text: str) -> None:
        """Answer an item."""
        person.require(Permission.HANDLE_INBOX)
        if not text.strip():
            raise InvalidItem("Skriv et svar først.")
        _check(text, "Svaret")
        with transaction(self._engine) as session:
            row = session.get(InboxItemRow, item_id, with_for_update=True)
            if row is None:
                raise InvalidItem("Spørgsmålet findes ikke længere. Genindlæs siden.")
            if row.status != ItemStatus.OPEN.value:
                raise InvalidItem("En anden har besvaret spørgsmålet i mellemtiden. Dit svar er ikke sendt.")
            row.reply, row.status = text.strip(), ItemStatus.ANSWERED.value
            row.handled_at, row.handled_by = now(), person.id
            audit.record(session, actor=person.id, action="inbox.answered", object_type="inbox_item", object_id=item_id)

    def forget_senders(self, session: Session, day: date) -> int:
        """Take the name off what was answered `KEEP_SENDER` before a day, and off what nobody has answered since it was sent
        `KEEP_UNANSWERED` before; question and reply stay. Returns how many."""
        morning = day_begins(day)
        answered = InboxItemRow.handled_at < morning - KEEP_SENDER
        waiting = InboxItemRow.handled_at.is_(None) & (InboxItemRow.created_at < morning - KEEP_UNANSWERED)
        old = update(InboxItemRow).where(or_(answered, waiting), InboxItemRow.person_id.is_not(None))
        forgotten = old.values(person_id=None).returning(InboxItemRow.id)
        return len(session.scalars(forgotten).all())

    def items(self, person: Person, status: ItemStatus, count: int, skip: int = 0) -> list[InboxItem]:
        """A page of items of one status: open ones oldest first, answered ones newest first."""
        person.require(Permission.HANDLE_INBOX)
        order = InboxItemRow.created_at if status is ItemStatus.OPEN else InboxItemRow.handled_at.desc()
        return self._select(InboxItemRow.status == status.value, order, count, skip)

    def reply_to(self, person: Person, turn_id: str) -> str:
        """The reply to a question the person sent on; empty while there is none."""
        query = select(InboxItemRow.reply).where(InboxItemRow.turn_id == turn_id, InboxItemRow.person_id == person.id)
        sender = select(InboxItemRow.person_id).where(InboxItemRow.turn_id == turn_id)
        with reading(self._engine) as session:
            note_others(session, person, "reply", turn_id, sender)
            return session.scalar(query) or ""

    def count(self, person: Person, status: ItemStatus) -> int:
        """How many items have a status."""
        person.require(Permission.HANDLE_INBOX)
        with reading(self._engine) as session:
            query = select(func.count()).select_from(InboxItemRow).where(InboxItemRow.status == status.value)
            return session.scalar(query) or 0

    def _select(self, condition: object, order: object, count: int, skip: int) -> list[InboxItem]:
        query = (
            select(InboxItemRow, PersonRow.name, PersonRow.unit)
            .outerjoin(PersonRow, PersonRow.id == InboxItemRow.person_id)
            .where(condition)  # type: ignore[arg-type]
            .order_by(order)  # type: ignore[arg-type]
            .offset(skip)
            .limit(count)
        )
        with reading(self._engine) as session:
            return [_view(row, name, unit) for row, name, unit in session.execute(query)]


def _check(text: str, what: str) -> None:
    if len(text) > MAX_CHARS:
        raise InvalidItem(f"{what} er for lang. Skriv højst {MAX_CHARS} tegn.")
    found = privacy.count(text)
    if found:
        kinds = ", ".join(privacy.NAMES[kind] for kind in found)
        lessons = " ".join(privacy.LESSONS[kind] for kind in found)
        raise InvalidItem(f"{what} er ikke sendt. Den ser ud til at indeholde personoplysninger ({kinds}). {lessons}")


def _view(row: InboxItemRow, name: str | None, unit: str | None) -> InboxItem:
    return InboxItem(
        row.id,
        row.question,
        row.remark,
        name or "Ukendt afsender",
        unit or "",
        ItemStatus(row.status),
        row.reply,
        row.created_at,
        row.handled_at,
    )
