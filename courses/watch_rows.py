"""Rows behind the watch on sources: the refs that count, the wordings that are not asked, and the versions somebody takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session

from courses.tables import (
    AttemptItemRow,
    AttemptRow,
    CertificationPeriodRow,
    EnrolmentRow,
    QuestionRefRow,
    QuestionWithdrawalRow,
    SourceUpdateRow,
)
from courses.watch import Standing
from people.tables import PersonRow
from rag.tables import SourceVersionRow

Wordings = Collection[str] | Select[str]


def _last(which: Wordings) -> Select[int]:
    last = select(func.max(QuestionRefRow.id)).where(QuestionRefRow.question_version_id.in_(which))
    return last.group_by(QuestionRefRow.question_version_id, QuestionRefRow.place)


def current_refs(session: Session, which: Wordings) -> Sequence[QuestionRefRow]:
    """The newest ref of every place of some wordings."""
    query = select(QuestionRefRow).where(QuestionRefRow.id.in_(_last(which)))
    return session.scalars(query.order_by(QuestionRefRow.question_version_id, QuestionRefRow.place)).all()


def withdrawals(session: Session, which: Wordings) -> dict[str, str]:
    """The withdrawn ones among some wordings, with the reason."""
    query = select(QuestionWithdrawalRow).where(QuestionWithdrawalRow.question_version_id.in_(which))
    return {row.question_version_id: row.reason for row in session.scalars(query)}


def unfit(session: Session, which: Wordings, standing: Standing) -> set[str]:
    """The wordings that must not be asked: withdrawn, or resting on a passage that is not there. Two queries."""
    query = select(QuestionRefRow.question_version_id, QuestionRefRow.source_id, QuestionRefRow.passage_hash)
    refs = session.execute(query.where(QuestionRefRow.id.in_(_last(which))))
    gone = {wording for wording, source, passage_hash in refs if not standing.has(source, passage_hash)}
    return gone | set(withdrawals(session, which))


def versions_under_way(session: Session) -> set[str]:
    """The versions that somebody has begun and holds no certificate for yet."""
    newest = (
        select(EnrolmentRow.person_id, EnrolmentRow.course_id, func.max(EnrolmentRow.number).label("number"))
        .group_by(EnrolmentRow.person_id, EnrolmentRow.course_id)
        .subquery()
    )
    same = and_(
        EnrolmentRow.person_id == newest.c.person_id,
        EnrolmentRow.course_id == newest.c.course_id,
        EnrolmentRow.number == newest.c.number,
    )
    certified = exists().where(
        CertificationPeriodRow.person_id == EnrolmentRow.person_id,
        CertificationPeriodRow.course_id == EnrolmentRow.course_id,
        CertificationPeriodRow.cycle == EnrolmentRow.cycle,
    )
    return set(session.scalars(select(EnrolmentRow.version_id).join(newest, same).where(~certified).distinct()))


def titles(session: Session, sources: Collection[str]) -> dict[str, str]:
    """The newest title of some sources, whether they may be quoted or not."""
    query = select(SourceVersionRow.source_id, SourceVersionRow.title).where(SourceVersionRow.source_id.in_(sources))
    return {source: title for source, title in session.execute(query.order_by(SourceVersionRow.number))}


@dataclass(frozen=True)
class Changed:
    """A passage that a wording rested on and that is gone, and what people are shown instead (empty when it was removed).

    `until` is when the wording was tied to the new one: whoever began an attempt later was tested on that.
    """

    wording: str
    source: str
    anchor: str
    before: str
    before_hash: str
    after: str
    after_hash: str
    until: datetime | None


def changed_passages(session: Session, standing: Standing) -> list[Changed]:
    """Everything that wordings were ever tied to and that is not there now."""
    follows: dict[tuple[str, int], QuestionRefRow] = {}
    found = []
    for ref in session.scalars(select(QuestionRefRow).order_by(QuestionRefRow.id.desc())):
        place = (ref.question_version_id, ref.place)
        next_ref, follows[place] = follows.get(place), ref
        if not ref.passage_hash or standing.has(ref.source_id, ref.passage_hash):
            continue
        until: datetime | None = None
        after = after_hash = ""
        if next_ref is not None:
            after, after_hash, until = next_ref.passage, next_ref.passage_hash, next_ref.at
        elif now := standing.successor(ref.source_id, ref.anchor, ref.passage):
            after, after_hash = now.passage.text, now.passage.hash
        found.append(
            Changed(
                wording=ref.question_version_id,
                source=ref.source_id,
                anchor=ref.anchor,
                before=ref.passage,
                before_hash=ref.passage_hash,
                after=after,
                after_hash=after_hash,
                until=until,
            )
        )
    return found


def untold(session: Session, change: Changed) -> list[str]:
    """The people who handed in an attempt with the wording and have not been told of this change."""
    known = exists().where(
        SourceUpdateRow.person_id == AttemptRow.person_id,
        SourceUpdateRow.source_id == change.source,
        SourceUpdateRow.before_hash == change.before_hash,
        SourceUpdateRow.after_hash == change.after_hash,
    )
    query = (
        select(AttemptRow.person_id)
        .join(AttemptItemRow, AttemptItemRow.attempt_id == AttemptRow.id)
        .join(PersonRow, PersonRow.id == AttemptRow.person_id)
        .where(
            AttemptItemRow.question_version_id == change.wording,
            AttemptRow.submitted_at.is_not(None),
            PersonRow.active,
            ~known,
        )
    )
    if change.until is not None:
        query = query.where(AttemptRow.started_at < change.until)
    return sorted(set(session.scalars(query)))


@dataclass(frozen=True)
class Told:
    """How many active people were told of a change, and how many of them have read it."""

    source_id: str
    before_hash: str
    after_hash: str
    before: str
    after: str
    at: datetime
    people: int
    read: int


def told(session: Session) -> list[Told]:
    """All changes that somebody was told of, oldest first."""
    row, at = SourceUpdateRow, func.max(SourceUpdateRow.at)
    query = (
        select(
            row.source_id,
            row.before_hash,
            row.after_hash,
            func.max(row.before),
            func.max(row.after),
            at,
            func.count(row.id),
            func.count(row.read_at),
        )
        .join(PersonRow, PersonRow.id == row.person_id)
        .where(PersonRow.active)
        .group_by(row.source_id, row.before_hash, row.after_hash)
        .order_by(at)
    )
    return [Told(*values) for values in session.execute(query)]
