"""Reaching for other people's things by their ids: refused just like what does not exist, unchanged, and kept in the audit log.

One's own data export takes no id of a person, so there is nothing to change in it; screenings are not in the house yet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from courses.authoring.manuscript_service import ManuscriptService
from courses.authoring.publishing_service import PublishingService
from courses.review_service import ReviewService
from courses.tables import (
    AssignmentRow,
    AttemptRow,
    CertificateRevocationRow,
    EnrolmentRow,
    ReadingRow,
    ResponseEventRow,
    ReviewRow,
    SourceUpdateRow,
)
from courses.teaching_service import TeachingService
from courses.watch_service import WatchService
from governance.inbox_service import InboxService
from people.person import Person
from people.refusals import REFUSED, SELDOM
from people.roles import Role
from rag.answer import Answer, Outcome
from rag.conversation_service import ConversationService
from rag.feedback import Reason
from rag.feedback_service import FeedbackService
from rag.tables import ConversationRow, FeedbackRow, TurnRow
from storage import audit
from storage.audit import AuditEvent
from storage.base import new_id, now
from storage.session import reading, transaction
from tests.certified_house import RIGHT, House

ANSWER = Answer(status=Outcome.REFUSED)
QUESTION = "Må jeg bruge Copilot?"
Reach = Callable[["Homes", str], object]


class Homes:
    """What Mette owns of each kind, and the services through which Bo reaches for it."""

    def __init__(self, engine: Engine, folder: Path, mette: Person, bo: Person, ulla: Person) -> None:
        self.engine, self.mette, self.bo, self.ulla = engine, mette, bo, ulla
        self.house = House(engine, folder, mette, bo, ulla, at=now())
        self.watch = WatchService(engine, self.house.courses, tuple)
        self.reviews = ReviewService(engine, self.house.courses, self.watch)
        self.conversations = ConversationService(engine, keep_days=90)
        self.feedback = FeedbackService(engine, keep_days=90)
        self.inbox = InboxService(engine, self.conversations)
        self.teaching = TeachingService(engine, self.house.courses)
        self.manuscripts = ManuscriptService(engine, self.house.courses)
        self.publishing = PublishingService(engine, self.house.courses, lambda _course: ())
        self.ids = self._things()

    def _things(self) -> dict[str, str]:
        certificate = self.house.earn(self.mette)
        self.house.enrol(self.mette, new_cycle=True)
        attempt = self.house.attempts.start(self.mette, "ai-for-alle", "final")
        item = self.house.attempts.get(self.mette, attempt).items[0].id
        conversation, turn = self.conversations.add(self.mette, None, QUESTION, ANSWER)
        self.feedback.explain(self.mette, turn, Reason.WRONG, "", with_question=False)
        self.inbox.send_on(self.mette, turn)
        self.teaching.assign(self.ulla, [self.mette.id], "ai-for-alle", None)
        manuscript = self.manuscripts.begin(self.ulla, "ai-for-alle")
        wording = self.house.version.wordings["q1"]
        review, changed = new_id(), new_id()
        with transaction(self.engine) as session:
            session.add(
                ReviewRow(
                    id=review,
                    person_id=self.mette.id,
                    week="2026-W02",
                    question_id="q1",
                    question_version_id=wording,
                    shown_order=["a", "b"],
                )
            )
            session.add(
                SourceUpdateRow(
                    id=changed,
                    person_id=self.mette.id,
                    source_id="copilot",
                    anchor="hvem",
                    question_version_id=wording,
                    before="Før",
                    before_hash="1",
                    after="Efter",
                    after_hash="2",
                    at=now(),
                )
            )
            assignment = session.scalars(select(AssignmentRow.id)).one()
        return {
            "attempt": attempt,
            "item": item,
            "conversation": conversation,
            "turn": turn,
            "certificate": certificate,
            "review": review,
            "update": changed,
            "manuscript": manuscript,
            "assignment": assignment,
        }

    def refused(self) -> list[tuple[str, str, str]]:
        """Actor, kind and id of every refusal in a log that holds."""
        with reading(self.engine) as session:
            assert audit.verify(session) is None
            query = select(AuditEvent).where(AuditEvent.action == REFUSED).order_by(AuditEvent.id)
            return [(event.actor, event.object_type, event.object_id) for event in session.scalars(query)]

    def state(self) -> list[object]:
        """All of Mette's things as they stand in the database."""
        rows: list[object] = []
        tables = (
            *(AssignmentRow, AttemptRow, CertificateRevocationRow, EnrolmentRow, ReadingRow, ResponseEventRow),
            *(ReviewRow, SourceUpdateRow, ConversationRow, FeedbackRow, TurnRow),
        )
        with reading(self.engine) as session:
            for table in tables:
                columns = table.__table__.columns  # type: ignore[attr-defined]
                found = session.execute(select(*columns).order_by(*table.__table__.primary_key))  # type: ignore[attr-defined]
                rows += [(table.__name__, *row) for row in found]
        return rows


@dataclass(frozen=True)
class Attempt:
    """Bo reaches for a thing of Mette's. `kept` is the kind and the name of the id that the audit log is to hold."""

    name: str
    thing: str
    reach: Reach
    kept: tuple[str, str]


ATTEMPTS = [
    Attempt("see an attempt", "attempt", lambda h, key: h.house.attempts.get(h.bo, key), ("attempt", "attempt")),
    Attempt("hand in an attempt", "attempt", lambda h, key: h.house.attempts.submit(h.bo, key), ("attempt", "attempt")),
    Attempt("answer", "item", lambda h, key: h.house.attempts.answer(h.bo, key, RIGHT), ("attempt", "attempt")),
    Attempt("check an answer", "item", lambda h, key: h.house.attempts.check(h.bo, key), ("attempt", "attempt")),
    Attempt(
        "flag a question", "item", lambda h, key: h.house.attempts.flag(h.bo, key, flagged=True), ("attempt", "attempt")
    ),
    Attempt(
        "read a conversation",
        "conversation",
        lambda h, key: h.conversations.get(h.bo, key),
        ("conversation", "conversation"),
    ),
    Attempt(
        "go on with a conversation",
        "conversation",
        lambda h, key: h.conversations.add(h.bo, key, QUESTION, ANSWER),
        ("conversation", "conversation"),
    ),
    Attempt(
        "delete a conversation",
        "conversation",
        lambda h, key: h.conversations.remove(h.bo, key),
        ("conversation", "conversation"),
    ),
    Attempt(
        "read a question", "turn", lambda h, key: h.conversations.turn(h.bo, key), ("conversation", "conversation")
    ),
    Attempt("send a question on", "turn", lambda h, key: h.inbox.send_on(h.bo, key), ("conversation", "conversation")),
    Attempt("give feedback", "turn", lambda h, key: h.feedback.vote(h.bo, key, True), ("conversation", "conversation")),
    Attempt(
        "change feedback",
        "turn",
        lambda h, key: h.feedback.explain(h.bo, key, Reason.WRONG, "", False),
        ("conversation", "conversation"),
    ),
    Attempt(
        "withdraw feedback",
        "turn",
        lambda h, key: h.feedback.withdraw(h.bo, key),
        ("conversation", "conversation"),
    ),
    Attempt(
        "fetch a certificate",
        "certificate",
        lambda h, key: h.house.certification.pdf(h.bo, key),
        ("certificate", "certificate"),
    ),
    Attempt(
        "fetch a badge",
        "certificate",
        lambda h, key: h.house.certification.badge(h.bo, key),
        ("certificate", "certificate"),
    ),
    Attempt("answer a review", "review", lambda h, key: h.reviews.answer(h.bo, key, RIGHT), ("review", "review")),
    Attempt("read an update", "update", lambda h, key: h.watch.read(h.bo, key), ("update", "update")),
]
BY_ROLE = [
    Attempt(
        "read a manuscript", "manuscript", lambda h, key: h.manuscripts.read(h.bo, key), ("manuscript", "manuscript")
    ),
    Attempt(
        "publish a manuscript",
        "manuscript",
        lambda h, key: h.publishing.publish(h.bo, key),
        ("manuscript", "manuscript"),
    ),
    Attempt(
        "take an assignment back",
        "assignment",
        lambda h, key: h.teaching.end_assignment(h.bo, key, "Hun har ikke tid"),
        ("assignment", "assignment"),
    ),
    Attempt(
        "revoke a certificate",
        "certificate",
        lambda h, key: h.house.certification.revoke(h.bo, key, "Det er ikke rigtigt"),
        ("certificate", "certificate"),
    ),
    Attempt("mark an answer", "item", lambda h, key: h.teaching.mark(h.bo, key, {}, ""), ("answer", "item")),
]


@pytest.fixture
def homes(engine: Engine, tmp_path: Path, person: Callable[..., Person]) -> Homes:
    return Homes(engine, tmp_path, person("demo-mette"), person("demo-bo"), person("demo-ulla", Role.TRAINER))


def said(homes: Homes, reach: Reach, key: str) -> tuple[type[Exception], str]:
    """What the one who reaches is told."""
    with pytest.raises(Exception) as refusal:
        reach(homes, key)
    return refusal.type, str(refusal.value)


@pytest.mark.parametrize("attempt", [*ATTEMPTS, *BY_ROLE], ids=lambda attempt: attempt.name)
def test_it_is_refused_like_what_does_not_exist_and_kept(homes: Homes, attempt: Attempt) -> None:
    before = homes.state()
    nothing = said(homes, attempt.reach, new_id())
    assert homes.refused() == []  # an old link is nobody's thing
    assert said(homes, attempt.reach, homes.ids[attempt.thing]) == nothing
    kind, thing = attempt.kept
    assert homes.refused() == [(homes.bo.id, kind, homes.ids[thing])]
    assert homes.state() == before


def test_there_are_more_than_ten_attempts_at_every_kind_of_thing(homes: Homes) -> None:
    assert len(ATTEMPTS) + len(BY_ROLE) > 10
    assert {attempt.thing for attempt in [*ATTEMPTS, *BY_ROLE]} == set(homes.ids)


def test_what_is_asked_of_somebody_elses_conversation_is_empty_and_kept(homes: Homes) -> None:
    assert homes.feedback.given(homes.bo, homes.ids["conversation"]) == {}
    assert homes.feedback.given(homes.bo, new_id()) == {}
    assert homes.inbox.reply_to(homes.bo, homes.ids["turn"]) == ""
    assert homes.refused() == [
        (homes.bo.id, "conversation", homes.ids["conversation"]),
        (homes.bo.id, "reply", homes.ids["turn"]),
    ]


def test_renewing_reaches_only_ones_own_certificate(homes: Homes) -> None:
    before = homes.state()
    for key in ("ai-for-alle", homes.ids["certificate"]):
        for renew in (homes.house.certification.renew, homes.house.certification.renew_by_reviews):
            with pytest.raises(Exception, match="ikke din"):
                renew(homes.bo, key)
    assert homes.state() == before


def test_lists_hold_only_ones_own(homes: Homes) -> None:
    assert homes.house.certification.mine(homes.bo) == []
    assert homes.conversations.list(homes.bo, 10) == []
    assert homes.conversations.remove_all(homes.bo) == 0
    assert homes.house.attempts.attempts(homes.bo, "ai-for-alle", 2, "final") == []
    assert homes.watch.updates(homes.bo) == []
    assert homes.house.certification.reminders(homes.bo, date(2030, 1, 1)) == []


def test_a_trainer_sees_no_conversation_attempt_or_certificate_of_others(homes: Homes) -> None:
    for attempt in ATTEMPTS:
        with pytest.raises(Exception, match="findes ikke"):
            attempt.reach(_as(homes, homes.ulla), homes.ids[attempt.thing])
    kinds = {(actor, kind) for actor, kind, _ in homes.refused()}
    assert kinds == {(homes.ulla.id, kind) for kind in ("attempt", "conversation", "certificate", "review", "update")}


def _as(homes: Homes, person: Person) -> Homes:
    homes.bo = person
    return homes


def test_one_who_tries_over_and_over_is_kept_once_a_minute(homes: Homes) -> None:
    key = homes.ids["attempt"]
    for _ in range(5):
        said(homes, ATTEMPTS[0].reach, key)
    said(homes, ATTEMPTS[-1].reach, homes.ids["update"])
    assert len(homes.refused()) == 2
    with transaction(homes.engine) as session:  # as if the first had been a minute ago
        session.execute(update(AuditEvent).where(AuditEvent.object_id == key).values(at=now() - SELDOM - timedelta(1)))
    said(homes, ATTEMPTS[0].reach, key)
    with reading(homes.engine) as session:
        again = session.scalars(select(AuditEvent).where(AuditEvent.object_id == key)).all()
    assert len(again) == 2


def test_ones_own_things_are_not_kept_as_refused(homes: Homes) -> None:
    homes.house.attempts.get(homes.mette, homes.ids["attempt"])
    homes.conversations.get(homes.mette, homes.ids["conversation"])
    homes.house.certification.pdf(homes.mette, homes.ids["certificate"])
    homes.feedback.given(homes.mette, homes.ids["conversation"])
    homes.inbox.reply_to(homes.mette, homes.ids["turn"])
    homes.manuscripts.read(homes.ulla, homes.ids["manuscript"])
    assert homes.refused() == []
