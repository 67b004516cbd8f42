"""Conversations on both databases: one's own, kept as they were shown, deleted on request and after a time."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from people.errors import NotAllowed
from people.person import Person
from people.tables import PersonRow
from rag.answer import Answer, AnswerSentence, Citation, Outcome
from rag.calendar import today
from rag.conversation_service import ConversationService, UnknownConversation
from rag.errors import InvalidQuestion
from rag.tables import ConversationRow, TurnRow
from storage.base import now
from storage.session import reading, transaction
from tests.fakes import indexed

PASSAGE = indexed("Du må bruge Copilot, når lederen har godkendt det.")
ANSWER = Answer(
    status=Outcome.ANSWERED,
    sentences=(
        AnswerSentence(
            text=PASSAGE.passage.text, citations=(Citation.of(PASSAGE, PASSAGE.passage.text, "(Kilde: K-1)"),)
        ),
    ),
    suggestions=("Hvem har adgang?",),
    hybrid=True,
    confidence=0.9,
)
REFUSED = Answer(status=Outcome.REFUSED)


@pytest.fixture
def conversations(engine: Engine, employee: Person, taskforce: Person) -> ConversationService:
    with transaction(engine) as session:
        for one in (employee, taskforce):
            session.add(PersonRow(id=one.id, name=one.name, unit=one.unit, created_at=now(), grants=[]))
    return ConversationService(engine, keep_days=90)


def stored(engine: Engine) -> tuple[int, int]:
    with reading(engine) as session:
        return (
            session.scalar(select(func.count()).select_from(ConversationRow)) or 0,
            session.scalar(select(func.count()).select_from(TurnRow)) or 0,
        )


def test_an_answer_is_kept_just_as_it_was_shown(conversations: ConversationService, employee: Person) -> None:
    key, turn_id = conversations.add(employee, None, "Må jeg bruge Copilot?", ANSWER)
    (turn,) = conversations.get(employee, key).turns
    assert (turn.id, turn.question, turn.answer, turn.sent_on_at) == (turn_id, "Må jeg bruge Copilot?", ANSWER, None)


def test_turns_come_in_the_order_they_were_asked(conversations: ConversationService, employee: Person) -> None:
    key, _ = conversations.add(employee, None, "Første?", ANSWER)
    for question in ("Anden?", "Tredje?"):
        assert conversations.add(employee, key, question, REFUSED)[0] == key
    found = conversations.get(employee, key)
    assert [turn.question for turn in found.turns] == ["Første?", "Anden?", "Tredje?"]
    assert found.title == "Første?"


def test_the_list_is_one_s_own_newest_first_in_pages(
    conversations: ConversationService, employee: Person, taskforce: Person
) -> None:
    keys = [conversations.add(employee, None, f"Spørgsmål {number}?", ANSWER)[0] for number in range(4)]
    conversations.add(taskforce, None, "En andens?", ANSWER)
    conversations.add(employee, keys[0], "Igen?", ANSWER)
    newest_first = [keys[0], keys[3], keys[2], keys[1]]
    assert [item.id for item in conversations.list(employee, 10)] == newest_first
    assert [item.id for item in conversations.list(employee, 2, skip=1)] == newest_first[1:3]


def test_nobody_reaches_another_person_s_conversation(
    conversations: ConversationService, employee: Person, taskforce: Person, engine: Engine
) -> None:
    key, turn_id = conversations.add(employee, None, "Må jeg bruge Copilot?", ANSWER)
    for attempt in (
        lambda: conversations.get(taskforce, key),
        lambda: conversations.turn(taskforce, turn_id),
        lambda: conversations.add(taskforce, key, "Jeg også?", ANSWER),
        lambda: conversations.mark_sent_on(taskforce, turn_id),
        lambda: conversations.remove(taskforce, key),
    ):
        with pytest.raises(UnknownConversation):
            attempt()
    assert conversations.remove_all(taskforce) == 0
    assert stored(engine) == (1, 1)
    assert conversations.turn(employee, turn_id).sent_on_at is None


def test_what_does_not_exist_is_said_in_the_same_words(conversations: ConversationService, employee: Person) -> None:
    with pytest.raises(UnknownConversation, match="findes ikke længere"):
        conversations.get(employee, "nowhere")
    with pytest.raises(UnknownConversation):
        conversations.turn(employee, "nowhere")


def test_deleting_takes_the_turns_along(conversations: ConversationService, employee: Person, engine: Engine) -> None:
    keep, _ = conversations.add(employee, None, "Behold?", ANSWER)
    gone, _ = conversations.add(employee, None, "Slet?", ANSWER)
    conversations.add(employee, gone, "Slet også?", ANSWER)
    conversations.remove(employee, gone)
    assert [item.id for item in conversations.list(employee, 10)] == [keep]
    assert stored(engine) == (1, 1)


def test_deleting_all_spares_other_people(
    conversations: ConversationService, employee: Person, taskforce: Person, engine: Engine
) -> None:
    for number in range(3):
        conversations.add(employee, None, f"{number}?", ANSWER)
    conversations.add(taskforce, None, "Min?", ANSWER)
    assert conversations.remove_all(employee) == 3
    assert stored(engine) == (1, 1)
    assert len(conversations.list(taskforce, 10)) == 1


def test_old_conversations_go_and_a_new_question_keeps_one_alive(
    conversations: ConversationService, employee: Person, engine: Engine
) -> None:
    keys = [conversations.add(employee, None, question, ANSWER)[0] for question in ("Gammel?", "Frisk?", "Vækket?")]
    with transaction(engine) as session:
        for key, days in zip(keys, (91, 89, 91), strict=True):
            moment = now() - timedelta(days=days)
            session.execute(update(ConversationRow).where(ConversationRow.id == key).values(updated_at=moment))
    conversations.add(employee, keys[2], "Igen?", ANSWER)
    with transaction(engine) as session:
        old = conversations.old(session, today())
        assert conversations.remove_old(session, today(), [*old, keys[1]]) == (1, 1)
    assert {item.id for item in conversations.list(employee, 10)} == set(keys[1:])
    assert stored(engine) == (2, 3)


def test_a_blocked_question_is_never_stored(
    conversations: ConversationService, employee: Person, engine: Engine
) -> None:
    blocked = Answer(status=Outcome.BLOCKED, findings={"cpr": 1}, cleaned="Må [CPR-nummer]?")
    with pytest.raises(InvalidQuestion):
        conversations.add(employee, None, "Må 010190-1234?", blocked)
    assert stored(engine) == (0, 0)


def test_a_question_with_personal_data_is_not_stored_whatever_the_answer_says(
    conversations: ConversationService, employee: Person, engine: Engine
) -> None:
    for question in ("Må jeg skrive 010190-1234?", "Jens Hansen har demens, må jeg skrive det?"):
        with pytest.raises(InvalidQuestion):
            conversations.add(employee, None, question, ANSWER)
    assert stored(engine) == (0, 0)


def test_a_long_question_gets_a_short_title(conversations: ConversationService, employee: Person) -> None:
    key, _ = conversations.add(employee, None, "Må jeg " * 80, ANSWER)
    assert len(conversations.get(employee, key).title) == 80


def test_who_may_not_ask_cannot_store(conversations: ConversationService) -> None:
    with pytest.raises(NotAllowed):
        conversations.add(Person("x", "X", "", frozenset()), None, "Må jeg?", ANSWER)
