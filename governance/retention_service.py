"""Retention carried out: what every table promises, in batches, as often as one likes; and the same as a rehearsal."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from courses.course_service import SYSTEM, CourseService
from governance.inbox_service import InboxService
from governance.retention_courses import courses_step
from governance.retention_people import FORGETTING
from governance.retention_rules import RULES, Cutoff, Deed
from governance.retention_single import STEPS
from governance.retention_step import Done, Step
from rag.conversation_service import ConversationService
from rag.feedback_service import FeedbackService
from rag.question_log_service import QuestionLogService
from storage import audit
from storage.base import Table
from storage.session import one_at_a_time, rehearsal, transaction

TOGETHER = 300  # keys in one transaction: nobody waits long for it


@dataclass(frozen=True)
class Line:
    """What was done in a table; `kept` is what it holds afterwards, anonymised rows too."""

    table: str
    deleted: int
    anonymised: int
    kept: int


@dataclass(frozen=True)
class Report:
    """What was done for a day, table by table; in a rehearsal (`dry_run`) what would have been done."""

    day: date
    dry_run: bool
    lines: tuple[Line, ...]

    @property
    def changed(self) -> tuple[Line, ...]:
        """The tables in which something was done."""
        return tuple(line for line in self.lines if line.deleted or line.anonymised)

    def summary(self) -> str:
        """One line for a log, without anybody's data."""
        parts = [f"{line.table} -{line.deleted} ~{line.anonymised}" for line in self.changed]
        return ", ".join(parts) or "nothing to do"


class RetentionService:
    """Keeps what `governance.retention_rules` promises in the database behind `engine`.

    There is no permission to ask for: it is carried out by the daily round and by `manage.py`, never by a page.
    """

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        conversations: ConversationService,
        question_log: QuestionLogService,
        feedback: FeedbackService,
        inbox: InboxService,
    ) -> None:
        self._engine = engine
        # People last: what hangs on them is looked for by when they left.
        self._steps = (
            _conversations(conversations),
            _at_once("question_log", Deed.DELETED, question_log.remove_old),
            _at_once("feedback", Deed.DELETED, feedback.remove_old),
            _at_once("inbox_item", Deed.ANONYMISED, inbox.forget_senders),
            courses_step(courses),
            *STEPS,
            FORGETTING,
            _TRIMMING,
        )

    def run(self, day: date, *, dry_run: bool = False) -> Report:
        """Delete and anonymise what is over on `day`. Safe to repeat, to break off and to do in several processes at once.

        A rehearsal does just the same in one transaction and takes it back; meanwhile others may have to wait with writing.
        """
        cutoff = Cutoff(day)
        done: Done = Counter()
        if dry_run:
            with rehearsal(self._engine) as session:
                for step in self._steps:
                    for keys in _batches(step.find(session, cutoff)):
                        done += step.do(session, cutoff, keys)
                lines = _lines(session, done)
            return Report(day, dry_run, lines)
        for step in self._steps:
            with transaction(self._engine) as session:
                found = step.find(session, cutoff)
            for keys in _batches(found):
                with transaction(self._engine) as session:
                    one_at_a_time(session)  # another process may be at the same
                    done += step.do(session, cutoff, keys)
        with transaction(self._engine) as session:
            if done.total():
                audit.record(
                    session,
                    actor=SYSTEM,
                    action="retention.carried_out",
                    object_type="retention",
                    object_id=f"{day.isoformat()}: {done.total()} rows",
                )
            return Report(day, dry_run, _lines(session, done))


def _batches(keys: Sequence[Any]) -> list[Sequence[Any]]:
    return [keys[start : start + TOGETHER] for start in range(0, len(keys), TOGETHER)]


def _conversations(conversations: ConversationService) -> Step:
    def do(session: Session, cutoff: Cutoff, keys: Sequence[str]) -> Done:
        count, turns = conversations.remove_old(session, cutoff.today, keys)
        return Counter({("conversation", Deed.DELETED): count, ("turn", Deed.DELETED): turns})

    return Step(lambda session, cutoff: conversations.old(session, cutoff.today), do)


def _at_once(table: str, deed: Deed, remove: Callable[[Session, date], int]) -> Step:
    """A step of a service that knows by itself what is over; it needs no keys and is done in one statement."""

    def do(session: Session, cutoff: Cutoff, _keys: Sequence[Any]) -> Done:
        return Counter({(table, deed): remove(session, cutoff.today)})

    return Step(lambda _session, _cutoff: [None], do)


def _trim(session: Session, cutoff: Cutoff, _keys: Sequence[Any]) -> Done:
    return Counter({("audit_event", Deed.DELETED): audit.trim(session, cutoff.moment("audit_event"))})


_TRIMMING = Step(lambda _session, _cutoff: [None], _trim)


def _lines(session: Session, done: Done) -> tuple[Line, ...]:
    return tuple(
        Line(
            table,
            done[table, Deed.DELETED],
            done[table, Deed.ANONYMISED],
            session.scalar(select(func.count()).select_from(Table.metadata.tables[table])) or 0,
        )
        for table in RULES
    )
