"""Retention of rows that stand alone: certificates, reviews, updates, exemptions, key persons, sign-ins, looks and mails."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from courses.reviews import week_of
from courses.revocation import anonymise
from courses.steering.tables import ExemptionRow, KeyPersonRow, ReminderRow
from courses.tables import (
    CertificateRevocationRow,
    CertificateRow,
    CertificationPeriodRow,
    ReviewRow,
    SourceUpdateRow,
)
from courses.xapi.outbox import OUTBOX
from courses.xapi.tables import StatementRow
from governance.retention_people import gone
from governance.retention_rules import Cutoff, Deed, Period
from governance.retention_stand_ins import StandIns, is_stand_in
from governance.retention_step import Done, Step, deleting
from people.organisation.tables import EmploymentRow, LookRow, SignInRow
from rag.calendar import day_begins
from storage.outbox import MailRow

_UNDELIVERED = Period(years=1)  # so long the content of a statement waits for the store to take it


def _certificates() -> Step:
    def over(cutoff: Cutoff) -> ColumnElement[bool]:
        ended = select(CertificationPeriodRow.id).where(
            CertificationPeriodRow.valid_until < cutoff.day("certificate"),
            CertificationPeriodRow.certified_at < cutoff.moment("certificate"),
        )
        named = or_(
            CertificateRow.person_id.is_not(None),
            CertificateRow.holder.is_not(None),
            CertificateRow.id.in_(_reasoned()),
        )
        return and_(named, or_(CertificateRow.period_id.in_(ended), CertificateRow.person_id.in_(gone(cutoff))))

    def find(session: Session, cutoff: Cutoff) -> Sequence[str]:
        return session.scalars(select(CertificateRow.id).where(over(cutoff))).all()

    def do(session: Session, cutoff: Cutoff, keys: Sequence[str]) -> Done:
        still = session.scalars(select(CertificateRow.id).where(CertificateRow.id.in_(keys), over(cutoff))).all()
        reasons = session.scalars(_reasoned().where(CertificateRevocationRow.certificate_id.in_(still))).all()
        for key in still:
            anonymise(session, key)
        return Counter(
            {
                ("certificate", Deed.ANONYMISED): len(still),
                ("certificate_revocation", Deed.ANONYMISED): len(reasons),
            }
        )

    return Step(find, do)


def _reasoned() -> Select[str]:
    """The certificates whose revocation still says why."""
    return select(CertificateRevocationRow.certificate_id).where(CertificateRevocationRow.reason != "")


def _handed_over(
    table: Any,
    over: Callable[[Cutoff], ColumnElement[bool]],
    unique: Sequence[InstrumentedAttribute[Any]],
    emptied: dict[str, Any] | None = None,
) -> Step:
    """Hand the rows that are over, and those of people who are forgotten, to stand-ins; of rows that are alike in `unique` one
    stand-in can hold only one."""

    def which(cutoff: Cutoff) -> ColumnElement[bool]:
        return and_(or_(over(cutoff), table.person_id.in_(gone(cutoff))), ~is_stand_in(table.person_id))

    def find(session: Session, cutoff: Cutoff) -> Sequence[str]:
        return session.scalars(select(table.id).where(which(cutoff)).order_by(table.person_id)).all()

    def do(session: Session, cutoff: Cutoff, keys: Sequence[str]) -> Done:
        stand_ins = StandIns(session)
        rows = session.execute(select(table.id, *unique).where(table.id.in_(keys), which(cutoff))).all()
        for key, *scope in rows:
            alike = and_(
                is_stand_in(table.person_id), *(column == value for column, value in zip(unique, scope, strict=True))
            )
            nobody = stand_ins.one((table.__tablename__, *scope), select(table.person_id).where(alike))
            session.execute(update(table).where(table.id == key).values(person_id=nobody, **(emptied or {})))
        return Counter({(table.__tablename__, Deed.ANONYMISED): len(rows)})

    return Step(find, do)


def _told(cutoff: Cutoff) -> ColumnElement[bool]:
    return SourceUpdateRow.at < cutoff.moment("source_update")


def _reviewed(cutoff: Cutoff) -> ColumnElement[bool]:
    return ReviewRow.week < week_of(cutoff.moment("review"))


def _exempted(cutoff: Cutoff) -> ColumnElement[bool]:
    ended = ExemptionRow.ended_at < cutoff.moment("exemption")
    return or_(ended, ExemptionRow.until < cutoff.day("exemption"))


def _held(cutoff: Cutoff) -> ColumnElement[bool]:
    return KeyPersonRow.valid_to < cutoff.day("key_person")


def _deputies() -> Step:
    """A deputy is forgotten with the key person's row, or when she is forgotten herself."""

    def which(cutoff: Cutoff) -> ColumnElement[bool]:
        known = KeyPersonRow.deputy_id.is_not(None)
        return and_(known, or_(_held(cutoff), KeyPersonRow.deputy_id.in_(gone(cutoff))))

    return emptying(KeyPersonRow, KeyPersonRow.id, which, {"deputy_id": None})


def emptying(
    table: Any, key: InstrumentedAttribute[Any], which: Callable[[Cutoff], ColumnElement[bool]], emptied: dict[str, Any]
) -> Step:
    """Empty columns of the rows that are over."""

    def find(session: Session, cutoff: Cutoff) -> Sequence[Any]:
        return session.scalars(select(key).where(which(cutoff))).all()

    def do(session: Session, cutoff: Cutoff, keys: Sequence[Any]) -> Done:
        changed = update(table).where(key.in_(keys), which(cutoff)).values(**emptied).returning(key)
        changed = changed.execution_options(synchronize_session=False)
        return Counter({(table.__tablename__, Deed.ANONYMISED): len(session.scalars(changed).all())})

    return Step(find, do)


def _sent(_cutoff: Cutoff) -> ColumnElement[bool]:
    over = or_(MailRow.sent_at.is_not(None), MailRow.given_up_at.is_not(None))
    return and_(over, or_(MailRow.address.is_not(None), MailRow.text.is_not(None)))


def _told_or_given_up(cutoff: Cutoff) -> ColumnElement[bool]:
    late = StatementRow.made_at < day_begins(_UNDELIVERED.before(cutoff.today))
    return and_(or_(StatementRow.delivered_at.is_not(None), late), StatementRow.statement.is_not(None))


def _receipts(cutoff: Cutoff) -> ColumnElement[bool]:
    # The row about the outbox itself is nobody's. What these tell of is too old to be told again: `courses.xapi.collector`.
    return and_(StatementRow.kind != OUTBOX, StatementRow.made_at < cutoff.moment("xapi_statement"))


def _signed_out(cutoff: Cutoff) -> ColumnElement[bool]:
    # A browser that never came back leaves no end; then the last time it was seen is the end.
    return func.coalesce(SignInRow.ended_at, SignInRow.seen_at) < cutoff.moment("sign_in")


STEPS: tuple[Step, ...] = (
    _certificates(),
    _handed_over(ReviewRow, _reviewed, (ReviewRow.week, ReviewRow.question_id), {"response": None}),
    _handed_over(
        SourceUpdateRow, _told, (SourceUpdateRow.source_id, SourceUpdateRow.before_hash, SourceUpdateRow.after_hash)
    ),
    _handed_over(ExemptionRow, _exempted, (ExemptionRow.course_id,), {"reason": ""}),
    _deputies(),
    _handed_over(KeyPersonRow, _held, (KeyPersonRow.course_id, KeyPersonRow.unit_id)),
    deleting(EmploymentRow, EmploymentRow.id, lambda cutoff: EmploymentRow.valid_to < cutoff.day("employment")),
    deleting(SignInRow, SignInRow.id, _signed_out),
    deleting(LookRow, LookRow.id, lambda cutoff: LookRow.at < cutoff.moment("look")),
    deleting(ReminderRow, ReminderRow.id, lambda cutoff: ReminderRow.at < cutoff.moment("reminder")),
    deleting(MailRow, MailRow.id, lambda cutoff: MailRow.made_at < cutoff.moment("mail")),
    emptying(MailRow, MailRow.id, _sent, {"address": None, "text": None}),
    deleting(StatementRow, StatementRow.id, _receipts),
    emptying(StatementRow, StatementRow.id, _told_or_given_up, {"statement": None}),
)
