"""People with a row in every table that holds personal data, written at a moment that tests set."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from courses.reviews import week_of
from courses.steering.area.tables import CourseStandingRow, ScoredAttemptRow
from courses.steering.tables import ExemptionRow, KeyPersonRow, ReminderRow
from courses.tables import (
    AssignmentRow,
    AttemptRow,
    CertificateRevocationRow,
    EnrolmentRow,
    ExtraAttemptRow,
    ExtraTimeRow,
    PromptTryRow,
    ReadingRow,
    ReviewCardRow,
    ReviewRow,
    SourceUpdateRow,
)
from courses.xapi.tables import StatementRow
from governance.inbox_service import InboxService
from governance.retention_service import RetentionService
from governance.tables import InboxItemRow
from people.organisation.tables import (
    EmploymentRow,
    ExternalKeyRow,
    LookRow,
    MailChoiceRow,
    OrgUnitRow,
    SignInRow,
    UnitPlacementRow,
)
from people.person import Person
from people.tables import PersonRow
from rag.answer import Answer, Outcome
from rag.conversation_service import ConversationService
from rag.feedback_service import FeedbackService
from rag.question_log_service import QuestionLogService
from rag.tables import ConversationRow, FeedbackRow, QuestionLogRow, TurnFeedbackRow, TurnRow
from storage.base import new_id
from storage.outbox import MailRow
from storage.session import transaction
from tests.certified_house import House

COURSE = "ai-for-alle"
OFFICE = "key-at-provider"


def retention(house: House) -> RetentionService:
    """The service over the database of a house."""
    engine = house.engine
    conversations = ConversationService(engine, 90)
    return RetentionService(
        engine,
        house.courses,
        conversations,
        QuestionLogService(engine, 90),
        FeedbackService(engine, 90),
        InboxService(engine, conversations),
    )


def units(engine: Engine) -> None:
    """A department with a school below it."""
    with transaction(engine) as session:
        for key, title, parent in (("forvaltning", "Børn og Skole", None), ("skole", "Åskolen", "forvaltning")):
            session.add(OrgUnitRow(id=key, key=key, kind="department"))
            session.flush()
            session.add(
                UnitPlacementRow(
                    id=new_id(), unit_id=key, parent_id=parent, title=title, valid_from=date(2010, 1, 1), valid_to=None
                )
            )


def live(house: House, person: Person, at: datetime, *, boss: Person, over: bool) -> str:
    """Let a person do everything at a moment; `over` ends what can be ended. Returns the number of her certificate.

    The certificate is revoked. `boss` manages her, has looked at what is stored about her, and stands as her deputy.
    """
    house.at = at
    number = house.earn(person)
    with transaction(house.engine) as session:
        session.execute(update(EnrolmentRow).where(EnrolmentRow.person_id == person.id).values(at=at))
        session.execute(update(PersonRow).where(PersonRow.id == person.id).values(email=f"{person.id}@randers.example"))
        wording = next(iter(house.version.wordings.values()))
        attempt = session.scalars(select(AttemptRow.id).where(AttemptRow.person_id == person.id)).one()
        session.add(ScoredAttemptRow(attempt_id=attempt))
        session.add(CertificateRevocationRow(certificate_id=number, at=at, by=boss.id, reason="Derfor tilbagekaldt"))
        for row in (*_course_rows(person, at, wording, over), *_house_rows(person, at, boss, over)):
            session.add(row)
        session.flush()
        _conversation(session, person, at)
    return number


def _course_rows(person: Person, at: datetime, wording: str, over: bool) -> list[Any]:
    own: dict[str, Any] = {"person_id": person.id, "course_id": COURSE}
    day = at.date()
    return [
        AssignmentRow(id=new_id(), **own, due_on=day, at=at, by="system", ended_reason="Skrevet om hende"),
        ReadingRow(id=new_id(), **own, cycle=1, activity="laes", place=2, opened_at=at, read_at=at),
        PromptTryRow(
            id=new_id(), **own, cycle=1, activity="oev", prompt="Min egen prompt", fraction=0.5, hints=1, at=at
        ),
        ExtraAttemptRow(**own, cycle=1, quiz="final", at=at, by="system"),
        ExtraTimeRow(person_id=person.id, percent=25, at=at, by="system"),
        ExemptionRow(
            id=new_id(),
            **own,
            until=None,
            reason="Derfor fritaget",
            at=at,
            by="system",
            ended_at=at if over else None,
            ended_by="system" if over else None,
        ),
        CourseStandingRow(**own, assigned_on=day, due_on=day, finished_on=day, revision=1),
        ReminderRow(id=new_id(), **own, occasion="due", about=day, mail_id=new_id(), at=at),
        ReviewCardRow(id=new_id(), person_id=person.id, question_id="q1", card={}, due_at=at),
        ReviewRow(
            id=new_id(),
            person_id=person.id,
            week=week_of(at),
            question_id="q1",
            question_version_id=wording,
            shown_order=["a", "b"],
            response={"value": "a"},
            fraction=1.0,
            at=at,
        ),
        SourceUpdateRow(
            id=new_id(),
            person_id=person.id,
            source_id="kilde",
            anchor="afsnit",
            question_version_id=wording,
            before="Før",
            before_hash=f"{at:%Y}" * 16,
            after="Efter",
            after_hash="b" * 64,
            at=at,
            read_at=None,
        ),
        StatementRow(
            id=new_id(),
            kind="initialized",
            event=new_id(),
            statement={"actor": "pseudonym"},
            made_at=at,
            delivered_at=at if over else None,
            tries=0,
            next_try_at=at,
            problem="",
        ),
    ]


def _house_rows(person: Person, at: datetime, boss: Person, over: bool) -> list[Any]:
    day = at.date()
    ended = at if over else None
    return [
        EmploymentRow(
            id=new_id(),
            key=new_id(),
            person_id=person.id,
            unit_id="skole",
            title="Lærer",
            manager_id=boss.id,
            acting_manager_id=None,
            acting_until=None,
            valid_from=day,
            valid_to=day if over else None,
        ),
        KeyPersonRow(
            id=new_id(),
            unit_id="skole",
            course_id=COURSE,
            person_id=person.id,
            deputy_id=boss.id,
            valid_from=day,
            valid_to=day if over else None,
            at=at,
            by="system",
        ),
        ExternalKeyRow(person_id=person.id, system="delta", key=f"{OFFICE}-{person.id}"),
        MailChoiceRow(person_id=person.id, kind="digest", at=at),
        SignInRow(
            id=f"{person.id:0<64}",
            person_id=person.id,
            method="demo",
            started_at=at,
            seen_at=at,
            ended_at=None,
        ),
        LookRow(person_id=person.id, by=boss.id, what="completion", at=at),
        MailRow(
            id=new_id(),
            key=new_id(),
            kind="reminder",
            person_id=person.id,
            address=f"{person.id}@randers.example",
            subject="Frist",
            text="Kære du",
            made_at=at,
            tries=1,
            next_try_at=at,
            claimed_until=None,
            sent_at=ended,
            given_up_at=None,
            problem="",
        ),
        InboxItemRow(
            id=new_id(),
            person_id=person.id,
            turn_id=new_id(),
            question="Må vi?",
            remark="Til et brev",
            status="answered",
            reply="Ja.",
            created_at=at,
            handled_at=at,
            handled_by=boss.id,
        ),
        QuestionLogRow(id=new_id(), day=day, outcome="answered", hybrid=True, milliseconds={}, sources=[], findings={}),
    ]


def _conversation(session: Session, person: Person, at: datetime) -> None:
    answer = Answer(status=Outcome.REFUSED, suggestions=("Noget andet?",)).model_dump(mode="json")
    talk, turn, opinion = new_id(), new_id(), new_id()
    session.add(ConversationRow(id=talk, person_id=person.id, title="Må jeg?", created_at=at, updated_at=at))
    session.flush()
    session.add(TurnRow(id=turn, conversation_id=talk, number=1, question="Må jeg?", answer=answer, asked_at=at))
    session.add(
        FeedbackRow(id=opinion, day=at.date(), helpful=False, outcome="refused", reason="wrong", note="Nej", sources=[])
    )
    session.flush()
    session.add(TurnFeedbackRow(turn_id=turn, feedback_id=opinion))


def years_before(moment: datetime, years: int) -> datetime:
    """About so many years earlier."""
    return moment - timedelta(days=366 * years)
