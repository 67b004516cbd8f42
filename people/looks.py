"""Who has looked at whom, noted once a day so that everybody can see it."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from people.organisation.tables import LookRow
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction

DIGEST = "digest"  # somebody was named in a mail to her manager
_TOGETHER = 500  # ids in one query


def note_looks(engine: Engine, by: str, people: set[str], what: str, moment: datetime) -> int:
    """Note that somebody looked at each of `people` today, where that is not noted yet; how many were."""
    with reading(engine) as session:  # most looks are noted already, and then nobody waits for anybody
        if not people - _noted(session, by, people, what, moment):
            return 0
    with transaction(engine) as session:
        one_at_a_time(session)
        return note(session, by, people, what, moment)


def note(session: Session, by: str, people: set[str], what: str, moment: datetime) -> int:
    """`note_looks` in the caller's transaction, which does so one at a time."""
    new = people - _noted(session, by, people, what, moment)
    if new:
        rows = [{"person_id": one, "by": by, "what": what, "at": moment} for one in sorted(new)]
        session.execute(insert(LookRow), rows)
    return len(new)


def _noted(session: Session, by: str, people: set[str], what: str, moment: datetime) -> set[str]:
    found: set[str] = set()
    wanted = sorted(people)
    for first in range(0, len(wanted), _TOGETHER):
        query = select(LookRow.person_id, LookRow.at).where(
            LookRow.person_id.in_(wanted[first : first + _TOGETHER]),
            LookRow.by == by,
            LookRow.what == what,
            LookRow.at > moment - timedelta(days=1),
        )
        found |= {one for one, at in session.execute(query) if danish_day(at) == danish_day(moment)}
    return found
