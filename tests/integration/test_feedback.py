"""Feedback on both databases: given, changed, withdrawn, kept apart from the person, handled, and deleted in time."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, inspect, select, update

from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from rag.answer import Answer, AnswerSentence, Citation, Outcome
from rag.calendar import today
from rag.conversation_service import ConversationService, UnknownConversation
from rag.errors import InvalidFeedback
from rag.feedback import Pile, Reason
from rag.feedback_service import FeedbackService
from rag.tables import FeedbackRow, FeedbackSourceRow, TurnFeedbackRow
from storage import audit
from storage.base import now
from storage.session import reading, transaction
from tests.fakes import indexed, version


def sentence(source: str) -> AnswerSentence:
    passage = indexed("Du må bruge Copilot.", version(source))
    return AnswerSentence(text="Du må bruge Copilot.", citations=(Citation.of(passage, "Du må bruge Copilot."),))


ANSWER = Answer(
    status=Outcome.ANSWERED, sentences=(sentence("copilot"), sentence("copilot"), sentence("gdpr")), hybrid=True
)
REFUSED = Answer(status=Outcome.REFUSED)


class Desk:
    """The services, and a short way to have an answer."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.conversations = ConversationService(engine, 90)
        self.feedback = FeedbackService(engine, 90)

    def ask(self, person: Person, answer: Answer = ANSWER) -> tuple[str, str]:
        return self.conversations.add(person, None, "Må jeg bruge Copilot?", answer)

    def rows(self) -> list[FeedbackRow]:
        with reading(self.engine) as session:
            return list(session.scalars(select(FeedbackRow)))

    def count(self, table: type[FeedbackSourceRow] | type[TurnFeedbackRow]) -> int:
        with reading(self.engine) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(engine: Engine, employee: Person, taskforce: Person, trainer: Person) -> Desk:
    with transaction(engine) as session:
        for one in (employee, taskforce, trainer):
            session.add(PersonRow(id=one.id, name=one.name, unit=one.unit, created_at=now(), grants=[]))
    return Desk(engine)


# --- giving -------------------------------------------------------------------------------------------------------


def test_a_no_with_a_reason_reaches_the_task_force_with_the_quoted_sources_and_no_question(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.vote(employee, turn, False)
    desk.feedback.explain(employee, turn, Reason.OUTDATED, "  Reglen er fra i går.  ", False)
    (item,) = desk.feedback.items(taskforce, Pile.OPEN, 10)
    assert (item.helpful, item.reason, item.note, item.question) == (
        False,
        Reason.OUTDATED,
        "Reglen er fra i går.",
        None,
    )
    assert [(source.source_id, source.version_id) for source in item.sources] == [
        ("copilot", "copilot-1"),
        ("gdpr", "gdpr-1"),
    ]
    assert item.day == today()


def test_the_question_goes_along_only_when_it_is_sent(desk: Desk, employee: Person, taskforce: Person) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.explain(employee, turn, Reason.OTHER, "", True)
    assert desk.feedback.items(taskforce, Pile.OPEN, 10)[0].question == "Må jeg bruge Copilot?"
    desk.feedback.explain(employee, turn, Reason.OTHER, "", False)
    assert desk.feedback.items(taskforce, Pile.OPEN, 10)[0].question is None


def test_what_was_said_is_there_after_a_reload_and_only_for_oneself(
    desk: Desk, employee: Person, trainer: Person
) -> None:
    conversation, turn = desk.ask(employee)
    assert desk.feedback.given(employee, conversation) == {}
    desk.feedback.explain(employee, turn, Reason.WRONG, "Nej.", True)
    given = desk.feedback.given(employee, conversation)[turn]
    assert (given.helpful, given.reason, given.note, given.with_question) == (False, Reason.WRONG, "Nej.", True)
    assert desk.feedback.given(trainer, conversation) == {}


def test_a_yes_takes_the_place_of_a_no_and_its_words(desk: Desk, employee: Person) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.explain(employee, turn, Reason.WRONG, "Nej.", True)
    desk.feedback.vote(employee, turn, True)
    (row,) = desk.rows()
    assert (row.helpful, row.reason, row.note, row.question) == (True, None, "", None)


def test_a_second_click_keeps_the_reason_that_was_given(desk: Desk, employee: Person) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.explain(employee, turn, Reason.WRONG, "Nej.", False)
    desk.feedback.vote(employee, turn, False)
    (row,) = desk.rows()
    assert (row.reason, row.note) == ("wrong", "Nej.")


def test_clicks_at_the_same_moment_leave_one_piece(desk: Desk, employee: Person) -> None:
    _, turn = desk.ask(employee)
    errors: list[Exception] = []
    barrier = threading.Barrier(4)

    def click(number: int) -> None:
        barrier.wait()
        try:
            if number % 2:
                desk.feedback.vote(employee, turn, False)
            else:
                desk.feedback.explain(employee, turn, Reason.UNCLEAR, "Svært.", False)
        except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            errors.append(error)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    (row,) = desk.rows()
    assert (row.reason, row.note) == ("unclear", "Svært.")
    assert desk.count(TurnFeedbackRow) == 1


def test_withdrawing_leaves_nothing_and_can_be_repeated(desk: Desk, employee: Person) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.explain(employee, turn, Reason.WRONG, "Nej.", True)
    desk.feedback.withdraw(employee, turn)
    desk.feedback.withdraw(employee, turn)
    assert desk.rows() == []
    assert (desk.count(TurnFeedbackRow), desk.count(FeedbackSourceRow)) == (0, 0)
    desk.feedback.vote(employee, turn, True)
    assert [row.helpful for row in desk.rows()] == [True]


@pytest.mark.parametrize("note", ["Borger 010190-1234 venter", "Ring 86 12 34 56.", "x" * 501])
def test_a_note_that_is_stopped_changes_nothing(desk: Desk, employee: Person, note: str) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.vote(employee, turn, False)
    with pytest.raises(InvalidFeedback, match="Bemærkningen"):
        desk.feedback.explain(employee, turn, Reason.WRONG, note, True)
    (row,) = desk.rows()
    assert (row.reason, row.note, row.question) == (None, "", None)


def test_a_reason_must_be_chosen(desk: Desk, employee: Person) -> None:
    _, turn = desk.ask(employee)
    with pytest.raises(InvalidFeedback, match="Vælg en grund"):
        desk.feedback.explain(employee, turn, None, "Bare fordi.", False)
    assert desk.rows() == []


def test_nobody_speaks_for_another_person(desk: Desk, employee: Person, trainer: Person) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.vote(employee, turn, True)
    for attempt in (
        lambda: desk.feedback.vote(trainer, turn, False),
        lambda: desk.feedback.explain(trainer, turn, Reason.WRONG, "", False),
        lambda: desk.feedback.withdraw(trainer, turn),
        lambda: desk.feedback.vote(trainer, "nowhere", False),
    ):
        with pytest.raises(UnknownConversation):
            attempt()
    assert [row.helpful for row in desk.rows()] == [True]


# --- apart from the person ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["one", "all", "old"])
def test_with_the_conversation_the_link_goes_and_the_feedback_stays(
    desk: Desk, employee: Person, taskforce: Person, how: str
) -> None:
    conversation, turn = desk.ask(employee)
    desk.feedback.explain(employee, turn, Reason.INCOMPLETE, "Mere, tak.", True)
    if how == "one":
        desk.conversations.remove(employee, conversation)
    elif how == "all":
        desk.conversations.remove_all(employee)
    else:
        everything = ConversationService(desk.engine, -1)
        with transaction(desk.engine) as session:
            everything.remove_old(session, today(), everything.old(session, today()))
    assert desk.count(TurnFeedbackRow) == 0
    (item,) = desk.feedback.items(taskforce, Pile.OPEN, 10)
    assert item.note == "Mere, tak."
    with pytest.raises(UnknownConversation):
        desk.feedback.vote(employee, turn, True)
    assert [row.helpful for row in desk.rows()] == [False]


def test_the_table_has_no_place_for_a_person_a_turn_or_a_time_of_day(engine: Engine) -> None:
    schema = engine.get_execution_options().get("schema")
    columns = {column["name"]: column["type"] for column in inspect(engine).get_columns("feedback", schema)}
    assert set(columns) == {"id", "day", "helpful", "outcome", "reason", "note", "question", "handled_on"}
    assert {columns["day"].python_type, columns["handled_on"].python_type} == {date}
    assert inspect(engine).get_foreign_keys("feedback", schema) == []


# --- the task force -----------------------------------------------------------------------------------------------


def test_handled_feedback_changes_pile_once_and_a_change_brings_it_back(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.explain(employee, turn, Reason.WRONG, "", False)
    (item,) = desk.feedback.items(taskforce, Pile.OPEN, 10)
    for _ in range(2):
        desk.feedback.handle(taskforce, item.id)
    assert [desk.feedback.count(taskforce, pile) for pile in Pile] == [0, 1]
    with reading(desk.engine) as session:
        (event,) = session.query(audit.AuditEvent).all()
        assert audit.verify(session) is None
    assert (event.actor, event.action, event.object_id) == (taskforce.id, "feedback.handled", item.id)
    desk.feedback.explain(employee, turn, Reason.WRONG, "", False)
    assert [desk.feedback.count(taskforce, pile) for pile in Pile] == [0, 1]
    desk.feedback.explain(employee, turn, Reason.WRONG, "Stadig forkert.", False)
    assert [desk.feedback.count(taskforce, pile) for pile in Pile] == [1, 0]


def test_feedback_withdrawn_meanwhile_cannot_be_handled(desk: Desk, employee: Person, taskforce: Person) -> None:
    _, turn = desk.ask(employee)
    desk.feedback.vote(employee, turn, False)
    (item,) = desk.feedback.items(taskforce, Pile.OPEN, 10)
    desk.feedback.withdraw(employee, turn)
    with pytest.raises(InvalidFeedback, match="trukket tilbage"):
        desk.feedback.handle(taskforce, item.id)


def test_counts_by_reason_and_by_source(desk: Desk, employee: Person, taskforce: Person) -> None:
    for reason in (Reason.WRONG, Reason.WRONG, Reason.UNCLEAR):
        desk.feedback.explain(employee, desk.ask(employee)[1], reason, "", False)
    desk.feedback.vote(employee, desk.ask(employee)[1], False)
    desk.feedback.vote(employee, desk.ask(employee)[1], True)
    desk.feedback.vote(employee, desk.ask(employee, REFUSED)[1], False)
    assert desk.feedback.by_reason(taskforce) == {
        "Forkert eller misvisende": 2,
        "Ingen grund givet": 2,
        "Svært at forstå": 1,
    }
    counted = [(item.source_id, item.unhelpful, item.helpful) for item in desk.feedback.by_source(taskforce, 10)]
    assert counted == [("copilot", 4, 1), ("gdpr", 4, 1)]
    assert desk.feedback.shares(taskforce, 7) == (1, 5)


def test_the_list_comes_in_pages_that_cover_all_once(desk: Desk, employee: Person, taskforce: Person) -> None:
    for number in range(5):
        desk.feedback.explain(employee, desk.ask(employee)[1], Reason.OTHER, f"Nr. {number}", False)
    sheets = [desk.feedback.items(taskforce, Pile.OPEN, 2, skip) for skip in (0, 2, 4)]
    notes = [item.note for sheet in sheets for item in sheet]
    assert sorted(notes) == [f"Nr. {number}" for number in range(5)]
    lines = desk.feedback.csv(taskforce).decode("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert employee.name not in "".join(lines)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TASKFORCE])
def test_only_the_task_force_reads_feedback(desk: Desk, person: Callable[..., Person], role: Role) -> None:
    stranger = person("demo-x", role)
    for attempt in (
        lambda: desk.feedback.items(stranger, Pile.OPEN, 10),
        lambda: desk.feedback.count(stranger, Pile.OPEN),
        lambda: desk.feedback.by_reason(stranger),
        lambda: desk.feedback.by_source(stranger, 10),
        lambda: desk.feedback.csv(stranger),
        lambda: desk.feedback.handle(stranger, "x"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


# --- retention ----------------------------------------------------------------------------------------------------


def test_old_feedback_goes_for_good_and_the_conversation_stays(desk: Desk, employee: Person) -> None:
    turns = [desk.ask(employee)[1] for _ in range(2)]
    for turn, days in zip(turns, (91, 90), strict=True):
        desk.feedback.explain(employee, turn, Reason.WRONG, f"{days} dage", True)
        with transaction(desk.engine) as session:
            row = update(FeedbackRow).where(FeedbackRow.note == f"{days} dage")
            session.execute(row.values(day=today() - timedelta(days=days)))
    with transaction(desk.engine) as session:
        assert desk.feedback.remove_old(session, today()) == 1
        assert desk.feedback.remove_old(session, today()) == 0
    assert [row.note for row in desk.rows()] == ["90 dage"]
    assert (desk.count(TurnFeedbackRow), desk.count(FeedbackSourceRow)) == (1, 2)
    assert desk.conversations.count(employee) == 2
    desk.feedback.vote(employee, turns[0], True)
    assert len(desk.rows()) == 2
