"""Retention of people: who left long ago keeps a row without a name, so that what she did in office still has an author."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.orm import Session

from courses.tables import ExtraTimeRow, ReviewCardRow
from governance.retention_rules import Cutoff, Deed
from governance.retention_stand_ins import NOBODY, is_stand_in
from governance.retention_step import Done, Step
from governance.tables import InboxItemRow
from people.organisation.tables import EmploymentRow, ExternalKeyRow, MailChoiceRow
from people.tables import PersonRow, RoleGrantRow
from storage.outbox import MailRow

_WITH_HER: tuple[Any, ...] = (RoleGrantRow, EmploymentRow, ExternalKeyRow, MailChoiceRow, ReviewCardRow, ExtraTimeRow)


def gone(cutoff: Cutoff) -> Select[str]:
    """The people who were deactivated so long ago that they are forgotten, or have been."""
    return select(PersonRow.id).where(
        PersonRow.active.is_(False),
        PersonRow.deactivated_at < cutoff.moment("person"),
        ~is_stand_in(PersonRow.id),
    )


def _still_known(cutoff: Cutoff) -> Select[str]:
    known = or_(PersonRow.name != NOBODY, PersonRow.unit != "", PersonRow.email.is_not(None))
    return gone(cutoff).where(known)


def _find(session: Session, cutoff: Cutoff) -> Sequence[str]:
    return session.scalars(_still_known(cutoff)).all()


def _forget(session: Session, cutoff: Cutoff, people: Sequence[str]) -> Done:
    still = list(session.scalars(_still_known(cutoff).where(PersonRow.id.in_(people)).with_for_update()))
    done: Done = Counter()
    for table in _WITH_HER:
        deleted = delete(table).where(table.person_id.in_(still)).returning(table.person_id)
        done[table.__tablename__, Deed.DELETED] += len(session.scalars(deleted).all())
    for table, emptied in ((InboxItemRow, {"person_id": None}), (MailRow, {"address": None, "text": None})):
        changed = update(table).where(table.person_id.in_(still)).values(**emptied).returning(table.id)
        done[table.__tablename__, Deed.ANONYMISED] += len(session.scalars(changed).all())
    nameless = update(PersonRow).where(PersonRow.id.in_(still)).values(name=NOBODY, unit="", email=None)
    session.execute(nameless)
    done["person", Deed.ANONYMISED] += len(still)
    return done


FORGETTING = Step(_find, _forget)
