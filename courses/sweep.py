"""The sweep: whoever was tested on a passage that has changed since is told, once for each change."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine, insert, select

from courses.course_service import SYSTEM
from courses.held_questions import current_ref, tie
from courses.question import SourceRef
from courses.tables import QuestionRefRow, QuestionVersionRow, SourceUpdateRow
from courses.watch import Standing
from courses.watch_rows import Changed, changed_passages, current_refs, untold
from storage.base import new_id
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def sweep(engine: Engine, standing: Standing, clock: Clock) -> int:
    """Tell everybody who handed in an attempt with a question whose passage is not there now; how many updates that gave.

    Safe to repeat and to do in several processes at once. Nothing happens while no source can be quoted at all: that is a
    missing index, not an empty shelf. A question that could not be tied when it was published is tied where its quote has come.
    """
    if standing.empty:
        log.warning("no source can be quoted: the watch on questions waits")
        return 0
    with reading(engine) as session:
        unbound = [ref for ref in current_refs(session, select(QuestionVersionRow.id)) if not ref.passage_hash]
        changes = [change for change in changed_passages(session, standing) if untold(session, change)]
    _tie(engine, unbound, standing, clock)
    count = sum(_tell(engine, change, clock()) for change in changes)
    if count:
        log.info("%d updates about changed passages", count)
    return count


def _tell(engine: Engine, change: Changed, at: datetime) -> int:
    with transaction(engine) as session:
        one_at_a_time(session)  # another process may be telling the same people
        rows = [
            {
                "id": new_id(),
                "person_id": person_id,
                "source_id": change.source,
                "anchor": change.anchor,
                "question_version_id": change.wording,
                "before": change.before,
                "before_hash": change.before_hash,
                "after": change.after,
                "after_hash": change.after_hash,
                "at": at,
            }
            for person_id in untold(session, change)
        ]
        if rows:  # in one statement: thousands may have been tested on one passage
            session.execute(insert(SourceUpdateRow), rows)
        return len(rows)


def _tie(engine: Engine, unbound: Sequence[QuestionRefRow], standing: Standing, clock: Clock) -> None:
    for ref in unbound:
        wanted = SourceRef(source=ref.source_id, section=ref.anchor, quote=ref.quote)
        passage = standing.shelf.holding(wanted)
        indexed = standing.find(ref.source_id, ref.anchor, passage.hash) if passage else None
        if indexed is None:
            continue
        with transaction(engine) as session:
            one_at_a_time(session)
            if current_ref(session, ref.question_version_id, ref.place).id == ref.id:
                tie(session, ref, indexed, ref.quote, SYSTEM, clock())
