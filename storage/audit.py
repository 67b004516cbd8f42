"""Audit log: who did what to which object, chained by hash so that a changed or removed row shows.

The oldest events are deleted when their time is over. Before that, an event is appended that holds the hash of the last one to
go: it stands in the chain itself, and the first event that is left must follow it. See `docs/adr/0013-forgetting.md`.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Table, now
from storage.session import one_at_a_time

FIRST_HASH = "0" * 64
TRIMMED = "audit.trimmed"
SYSTEM = "system"


class AuditEvent(Table):
    """One action. `chain_hash` covers the row and the hash of the row before it (SHA-256, hexadecimal)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_action", "action", "at"),
        {
            "info": {
                "purpose": "Dokumentation for, hvem der har ændret kilder, roller og afgørelser, og hvem der er afvist.",
                "retention": "5 år, derefter slettes hele rækker fra den ældste ende.",
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(120))
    before_hash: Mapped[str | None] = mapped_column(String(64))
    after_hash: Mapped[str | None] = mapped_column(String(64))
    chain_hash: Mapped[str] = mapped_column(String(64), unique=True)

    def digest(self, previous: str) -> str:
        """Hash of this row in a chain whose last hash is `previous`."""
        moment = self.at.isoformat(timespec="microseconds")
        parts = [previous, moment, self.actor, self.action, self.object_type, self.object_id]
        parts += [self.before_hash or "", self.after_hash or ""]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    before_hash: str | None = None,
    after_hash: str | None = None,
) -> AuditEvent:
    """Append one event in the caller's transaction. `actor` is a person id or `system`."""
    one_at_a_time(session)  # or two events would follow the same one
    session.flush()
    last = newest_hash(session)
    event = AuditEvent(
        at=now(),
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=object_id,
        before_hash=before_hash,
        after_hash=after_hash,
    )
    event.chain_hash = event.digest(last or FIRST_HASH)
    session.add(event)
    session.flush()
    return event


def trim(session: Session, before: datetime) -> int:
    """Delete the events before a moment, whole rows from the oldest end to the first that is not before it; how many.

    What is left still verifies. Nothing is appended where nothing is to be deleted.
    """
    one_at_a_time(session)
    first_kept = session.scalar(select(func.min(AuditEvent.id)).where(AuditEvent.at >= before))
    old = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)
    last = session.scalar(old if first_kept is None else old.where(AuditEvent.id < first_kept))
    if last is None:
        return 0
    record(
        session,
        actor=SYSTEM,
        action=TRIMMED,
        object_type="audit_event",
        object_id=str(last.id),
        after_hash=last.chain_hash,
    )
    gone = delete(AuditEvent).where(AuditEvent.id <= last.id).returning(AuditEvent.id)
    return len(session.scalars(gone).all())


def first_broken(events: Iterable[AuditEvent]) -> int | None:
    """Id of the first event whose hash does not fit the chain, or None when all fit. `events` in order of id.

    The oldest must follow the last that was deleted, as the newest event about that says, or nothing where there is none.
    """
    first: AuditEvent | None = None
    broken: int | None = None
    start, previous = FIRST_HASH, ""
    for event in events:
        if first is None:
            first = event
        elif broken is None and event.chain_hash != event.digest(previous):
            broken = event.id
        if event.action == TRIMMED:
            start = event.after_hash or FIRST_HASH
        previous = event.chain_hash
    if first is not None and first.chain_hash != first.digest(start):
        return first.id
    return broken


def verify(session: Session) -> int | None:
    """Check the whole log; see `first_broken`."""
    return first_broken(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def newest_hash(session: Session) -> str | None:
    """Hash of the newest event; None while there is none.

    No secret goes into the chain, so whoever can write the table can cut off its newest end, or reckon all hashes anew. Kept
    outside the database, this one tells: see `holds`.
    """
    return session.scalar(select(AuditEvent.chain_hash).order_by(AuditEvent.id.desc()).limit(1))


def holds(session: Session, chain_hash: str) -> bool:
    """Whether an event with this hash is in the log. Where the log verifies too, all before it is as it was when the hash was
    read."""
    return session.scalar(select(AuditEvent.id).where(AuditEvent.chain_hash == chain_hash)) is not None
