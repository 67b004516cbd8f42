"""The log of questions without identity: what became of each, how sure, how fast and near which sources.

Never the words, the person, the conversation or the time of day. Why, and what could still be guessed: `docs/privacy.md`.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from people.person import Person
from people.roles import Permission
from rag.answer import Answer, Outcome
from rag.calendar import today
from rag.quality import DayCount, Quality, SourceUse, Tally, by_week, stage_times
from rag.stages import Stage
from rag.tables import QuestionLogRow
from storage import audit
from storage.base import new_id
from storage.session import reading, transaction

log = logging.getLogger(__name__)
SAMPLE = 5_000  # questions; the keys are random, so the first ones by key are a fair sample of a longer log


class QuestionLogService:
    """Writes and counts the log."""

    def __init__(self, engine: Engine, keep_days: int) -> None:
        self._engine = engine
        self.keep_days = keep_days

    def record(self, answer: Answer, milliseconds: Mapping[Stage, float]) -> None:
        """Count one question. A database that fails must not take the answer with it, so that is only logged."""
        cited = [citation.source for sentence in answer.sentences for citation in sentence.citations]
        places = cited or [citation.source for citation in answer.passages]
        blocked = answer.status is Outcome.BLOCKED
        row = QuestionLogRow(
            id=new_id(),
            day=today(),
            outcome=answer.status.value,
            confidence=None if blocked else round(answer.confidence, 1),
            hybrid=answer.hybrid,
            milliseconds={stage.value: round(value, 1) for stage, value in milliseconds.items()},
            sources=sorted(set(places)),
            findings=answer.findings,
        )
        try:
            with transaction(self._engine) as session:
                session.add(row)
        except SQLAlchemyError:
            log.exception("a question was not counted")

    def quality(self, person: Person, days: int) -> Quality:
        """The figures of the last `days` days, today included."""
        person.require(Permission.SEE_QUALITY)
        last = today()
        first = last - timedelta(days=days - 1)
        inside = QuestionLogRow.day.between(first, last)
        # The function keeps the database from sorting the whole period: it walks along the keys until it has a sample.
        day = func.coalesce(QuestionLogRow.day, first)
        searched = day.between(first, last) & (QuestionLogRow.outcome != Outcome.BLOCKED.value)
        kinds = (QuestionLogRow.day, QuestionLogRow.outcome, QuestionLogRow.hybrid)
        with reading(self._engine) as session:
            grouped = session.execute(select(*kinds, func.count()).where(inside).group_by(*kinds))
            counts = [DayCount(day, Outcome(outcome), hybrid, count) for day, outcome, hybrid, count in grouped]
            query = select(QuestionLogRow.outcome, QuestionLogRow.sources, QuestionLogRow.milliseconds)
            rows = session.execute(query.where(searched).order_by(QuestionLogRow.id).limit(SAMPLE)).all()
        quoted: Counter[str] = Counter()
        nearest: Counter[str] = Counter()
        for outcome, sources, _ in rows:
            (quoted if outcome == Outcome.ANSWERED.value else nearest).update(sources)
        uses = [SourceUse(key, quoted[key], nearest[key]) for key in quoted.keys() | nearest.keys()]
        return Quality(
            days,
            Tally.of(counts),
            by_week(counts, first, last),
            stage_times(timing for _, _, timing in rows),
            tuple(sorted(uses, key=lambda use: (-use.nearest, -use.quoted, use.source_id))),
            len(rows),
        )

    def count(self, person: Person) -> int:
        """How many questions the log holds."""
        person.require(Permission.SEE_QUALITY)
        with reading(self._engine) as session:
            return session.scalar(select(func.count()).select_from(QuestionLogRow)) or 0

    def empty(self, person: Person) -> int:
        """Delete the whole log, and say so in the audit log; returns how many questions it held."""
        person.require(Permission.OPERATE)
        with transaction(self._engine) as session:
            count = len(session.scalars(delete(QuestionLogRow).returning(QuestionLogRow.id)).all())
            if count:
                audit.record(
                    session,
                    actor=person.id,
                    action="question_log.emptied",
                    object_type="question_log",
                    object_id=f"{count} rows",
                )
            return count

    def remove_old(self, session: Session, day: date) -> int:
        """Delete what has been kept for its time on a day; returns how many questions. Safe to repeat."""
        old = delete(QuestionLogRow).where(QuestionLogRow.day < day - timedelta(days=self.keep_days))
        return len(session.scalars(old.returning(QuestionLogRow.id)).all())
