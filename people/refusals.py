"""What somebody reached for that is not hers: refused like what does not exist, and kept in the audit log.

The one who asks is told the same in both cases, so that nobody learns which ids exist. What does not exist at all is a slip or an
old link and is not kept.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from people.person import Person
from people.roles import Permission
from storage import audit
from storage.audit import AuditEvent
from storage.base import now
from storage.session import afterwards, one_at_a_time, reading, transaction

REFUSED = "access.refused"
SELDOM = timedelta(minutes=1)


def note_others(session: Session, person: Person, kind: str, object_id: str, owner: Select[Any]) -> None:
    """Keep that `person` reached for somebody else's object of a `kind`; nothing happens when there is no such object.

    `owner` selects whose it is. It is written once `session` has ended, as the refusal rolls that back, and for one object at
    most once a minute.
    """
    owner_id = session.scalar(owner)
    if owner_id is not None and owner_id != person.id:
        afterwards(session, lambda own: _record(own, person.id, kind, object_id))


def require_for(engine: Engine, person: Person, permission: Permission, kind: str, row: type[Any], key: str) -> None:
    """Raise `NotAllowed` unless the person may; that she reached for the row with this key is kept where there is one."""
    if not person.may(permission):
        with reading(engine) as session:
            if session.get(row, key) is not None:
                afterwards(session, lambda own: _record(own, person.id, kind, key))
    person.require(permission)


def note_page(engine: Engine, person: Person, permission: Permission) -> None:
    """Keep that `person` opened a page that demands a permission she has not got; once a minute at most."""
    with transaction(engine) as session:
        _record(session, person.id, "permission", permission.value)


def _record(session: Session, actor: str, kind: str, object_id: str) -> None:
    one_at_a_time(session)
    lately = select(AuditEvent.id).where(
        AuditEvent.action == REFUSED,
        AuditEvent.at > now() - SELDOM,
        AuditEvent.actor == actor,
        AuditEvent.object_type == kind,
        AuditEvent.object_id == object_id,
    )
    if session.scalar(lately.limit(1)) is None:
        audit.record(session, actor=actor, action=REFUSED, object_type=kind, object_id=object_id)
