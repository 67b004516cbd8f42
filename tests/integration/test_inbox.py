"""The inbox on both databases: from a question nobody could answer to the reply."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, update

from governance.errors import InvalidItem
from governance.inbox_service import MAX_CHARS, InboxService, ItemStatus
from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from rag.answer import Answer, Outcome
from rag.conversation_service import ConversationService, UnknownConversation
from rag.tables import TurnRow
from storage import audit
from storage.base import now
from storage.session import reading, transaction

REFUSED = Answer(status=Outcome.REFUSED)


class Desk:
    """The services, and a short way to ask something that is refused."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.conversations = ConversationService(engine, 90)
        self.inbox = InboxService(engine, self.conversations)

    def ask(self, person: Person, question: str = "Må vi bruge droner?") -> str:
        return self.conversations.add(person, None, question, REFUSED)[1]


@pytest.fixture
def desk(engine: Engine, employee: Person, taskforce: Person, trainer: Person) -> Desk:
    with transaction(engine) as session:
        for one in (employee, taskforce, trainer):
            session.add(PersonRow(id=one.id, name=one.name, unit=one.unit, created_at=now(), grants=[]))
    return Desk(engine)


def test_a_question_reaches_the_task_force(desk: Desk, employee: Person, taskforce: Person) -> None:
    turn = desk.ask(employee)
    desk.inbox.send_on(employee, turn, "  Det gælder plejecentre.  ")
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    assert (item.question, item.remark) == ("Må vi bruge droner?", "Det gælder plejecentre.")
    assert (item.sender, item.unit, item.reply) == (employee.name, employee.unit, "")
    assert desk.conversations.turn(employee, turn).sent_on_at is not None


def test_the_reply_reaches_the_sender_and_nobody_else(
    desk: Desk, employee: Person, trainer: Person, taskforce: Person
) -> None:
    turn = desk.ask(employee)
    desk.inbox.send_on(employee, turn)
    assert desk.inbox.reply_to(employee, turn) == ""
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    desk.inbox.reply(taskforce, item.id, " Nej, ikke uden tilladelse. ")
    assert desk.inbox.reply_to(employee, turn) == "Nej, ikke uden tilladelse."
    assert desk.inbox.reply_to(trainer, turn) == ""
    assert (desk.inbox.count(taskforce, ItemStatus.OPEN), desk.inbox.count(taskforce, ItemStatus.ANSWERED)) == (0, 1)
    (answered,) = desk.inbox.items(taskforce, ItemStatus.ANSWERED, 10)
    assert answered.handled_at is not None


def test_a_second_reply_never_replaces_the_first(desk: Desk, employee: Person, taskforce: Person) -> None:
    turn = desk.ask(employee)
    desk.inbox.send_on(employee, turn)
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    desk.inbox.reply(taskforce, item.id, "Det første svar.")
    with pytest.raises(InvalidItem, match="En anden har besvaret"):
        desk.inbox.reply(taskforce, item.id, "Det andet svar.")
    assert desk.inbox.reply_to(employee, turn) == "Det første svar."


def test_a_reply_leaves_an_audit_row(desk: Desk, employee: Person, taskforce: Person) -> None:
    desk.inbox.send_on(employee, desk.ask(employee))
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    desk.inbox.reply(taskforce, item.id, "Nej.")
    with reading(desk.engine) as session:
        (event,) = session.query(audit.AuditEvent).all()
        assert audit.verify(session) is None
    assert (event.actor, event.action, event.object_id) == (taskforce.id, "inbox.answered", item.id)


def test_sending_twice_gives_one_item_and_the_first_remark_stays(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    turn = desk.ask(employee)
    desk.inbox.send_on(employee, turn, "Først.")
    desk.inbox.send_on(employee, turn, "Igen.")
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    assert item.remark == "Først."


def test_sending_twice_at_the_same_moment_gives_one_item(desk: Desk, employee: Person, taskforce: Person) -> None:
    turn = desk.ask(employee)
    errors: list[Exception] = []
    barrier = threading.Barrier(4)

    def send() -> None:
        barrier.wait()
        try:
            desk.inbox.send_on(employee, turn)
        except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            errors.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert desk.inbox.count(taskforce, ItemStatus.OPEN) == 1


def test_another_person_s_turn_cannot_be_sent_on(
    desk: Desk, employee: Person, trainer: Person, taskforce: Person
) -> None:
    turn = desk.ask(employee)
    with pytest.raises(UnknownConversation):
        desk.inbox.send_on(trainer, turn)
    with pytest.raises(UnknownConversation):
        desk.inbox.send_on(trainer, "nowhere")
    assert desk.inbox.count(taskforce, ItemStatus.OPEN) == 0


@pytest.mark.parametrize(
    "remark", ["Borger 010190-1234 venter", "Ring 86 12 34 56.", "Skriv til a@b.dk", "x" * (MAX_CHARS + 1)]
)
def test_personal_data_and_novels_in_the_remark_are_refused(
    desk: Desk, employee: Person, taskforce: Person, remark: str
) -> None:
    turn = desk.ask(employee)
    with pytest.raises(InvalidItem, match="Bemærkningen"):
        desk.inbox.send_on(employee, turn, remark)
    assert desk.inbox.count(taskforce, ItemStatus.OPEN) == 0
    assert desk.conversations.turn(employee, turn).sent_on_at is None


@pytest.mark.parametrize("text", ["", "  \n", "Borger 0101901234 skal vente.", "x" * (MAX_CHARS + 1)])
def test_a_reply_that_cannot_be_sent_leaves_the_item_open(
    desk: Desk, employee: Person, taskforce: Person, text: str
) -> None:
    turn = desk.ask(employee)
    desk.inbox.send_on(employee, turn)
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    with pytest.raises(InvalidItem):
        desk.inbox.reply(taskforce, item.id, text)
    assert desk.inbox.count(taskforce, ItemStatus.OPEN) == 1
    assert desk.inbox.reply_to(employee, turn) == ""


def test_names_with_sensitive_matters_are_refused_on_both_sides(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    turn = desk.ask(employee)
    with pytest.raises(InvalidItem, match="navn sammen med følsomme oplysninger"):
        desk.inbox.send_on(employee, turn, "Det handler om Jens Hansen, der har demens.")
    desk.inbox.send_on(employee, turn, "Det handler om en borger med demens.")
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    with pytest.raises(InvalidItem, match="uden navn og initialer"):
        desk.inbox.reply(taskforce, item.id, "Nej, Jens Hansens demens er fortrolig.")
    desk.inbox.reply(taskforce, item.id, "Nej. Skriv til databeskyttelse@randers.dk, eller ring 89 15 15 15.")


def test_a_question_from_before_the_gate_knew_better_is_not_sent_on(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    turn = desk.ask(employee)
    with transaction(desk.engine) as session:
        session.execute(update(TurnRow).where(TurnRow.id == turn).values(question="Har Jens Hansen demens?"))
    with pytest.raises(InvalidItem, match="Stil det igen uden dem"):
        desk.inbox.send_on(employee, turn)
    assert desk.inbox.count(taskforce, ItemStatus.OPEN) == 0


def test_a_reply_to_nothing_is_refused(desk: Desk, taskforce: Person) -> None:
    with pytest.raises(InvalidItem, match="findes ikke længere"):
        desk.inbox.reply(taskforce, "nowhere", "Nej.")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TASKFORCE])
def test_only_the_task_force_reads_and_answers(
    desk: Desk, employee: Person, taskforce: Person, person: Callable[..., Person], role: Role
) -> None:
    desk.inbox.send_on(employee, desk.ask(employee))
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    stranger = person("demo-x", role)
    for attempt in (
        lambda: desk.inbox.items(stranger, ItemStatus.OPEN, 10),
        lambda: desk.inbox.count(stranger, ItemStatus.OPEN),
        lambda: desk.inbox.reply(stranger, item.id, "Ja."),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert desk.inbox.count(taskforce, ItemStatus.OPEN) == 1


def test_open_items_wait_in_line_and_answered_ones_come_newest_first(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    for question in ("En?", "To?", "Tre?"):
        desk.inbox.send_on(employee, desk.ask(employee, question))
    assert [item.question for item in desk.inbox.items(taskforce, ItemStatus.OPEN, 2)] == ["En?", "To?"]
    assert [item.question for item in desk.inbox.items(taskforce, ItemStatus.OPEN, 2, skip=2)] == ["Tre?"]
    for item in desk.inbox.items(taskforce, ItemStatus.OPEN, 3):
        desk.inbox.reply(taskforce, item.id, "Svar.")
    assert [item.question for item in desk.inbox.items(taskforce, ItemStatus.ANSWERED, 3)] == ["Tre?", "To?", "En?"]


def test_the_question_stays_when_the_sender_deletes_the_conversation(
    desk: Desk, employee: Person, taskforce: Person
) -> None:
    turn = desk.ask(employee)
    desk.inbox.send_on(employee, turn)
    desk.conversations.remove_all(employee)
    (item,) = desk.inbox.items(taskforce, ItemStatus.OPEN, 10)
    desk.inbox.reply(taskforce, item.id, "Nej.")
    assert desk.inbox.count(taskforce, ItemStatus.ANSWERED) == 1
