"""Ask: question, answer with quotes, earlier conversations, and sending on what nobody could answer."""

import hashlib
import re

import streamlit as st

from people.roles import Permission
from rag.answer import Outcome
from rag.conversation_service import Turn, UnknownConversation
from rag.errors import InvalidQuestion
from ui.action import perform
from ui.answers import draw_answer
from ui.feedback import draw_feedback
from ui.guard import Visit, guard
from ui.paging import skipped
from ui.reader import scroll_to
from ui.text import danish_date, danish_moment, paragraphs, plain

visit = guard(Permission.ASK)
person, house = visit.person, visit.services
PER_PAGE = 10
STARTERS = (
    "Må jeg bruge ChatGPT til at skrive et brev til en borger?",
    "Hvornår skal vi lave en konsekvensanalyse, når vi vil bruge AI?",
    "Hvad betyder Må vi, Kan vi, Vil vi?",
    "Hvornår træder højrisikoreglerne i kraft?",
)


def open_conversation(conversation_id: str | None) -> None:
    """Show another conversation, or none."""
    st.session_state.pop("ask_blocked", None)
    if conversation_id is None:
        st.query_params.pop("samtale", None)
    else:
        st.query_params["samtale"] = conversation_id


def queue(question: str) -> None:
    """Ask a question that was clicked."""
    st.session_state["ask_next"] = question


def remove(now: Visit, conversation_id: str) -> None:
    """Delete a conversation of one's own."""
    open_conversation(None)
    now.services.conversations.remove(now.person, conversation_id)


def remove_all(now: Visit) -> None:
    """Delete all one's own conversations."""
    open_conversation(None)
    now.services.conversations.remove_all(now.person)


def send_on(now: Visit, turn_id: str) -> None:
    """Send the question of a turn to the task force."""
    now.services.inbox.send_on(now.person, turn_id, st.session_state.get(f"remark_{turn_id}", ""))


def draw_sending(turn: Turn) -> None:
    """The way on from a refusal: send it, or see that it was sent and what was answered."""
    if turn.sent_on_at is None:
        with st.form(f"send_{turn.id}"):
            st.text_input(
                "Skriv gerne, hvad du skal bruge svaret til (ingen personoplysninger)", key=f"remark_{turn.id}"
            )
            st.form_submit_button(
                "Send til taskforcen",
                icon=":material/send:",
                on_click=perform,
                args=(Permission.ASK, send_on, turn.id),
                type="primary",
            )
        return
    st.success(f"Sendt til AI-taskforcen {danish_moment(turn.sent_on_at)}. Svaret kommer her på siden.")
    if reply := house.inbox.reply_to(person, turn.id):
        st.info(f"**Taskforcens svar:** {paragraphs(reply)}", icon=":material/mark_chat_read:")


def send_cleaned(key: str) -> None:
    """Ask what the person has made of the cleaned question; it goes through the same gate."""
    queue(st.session_state.get(key, ""))


def draw_cleaned(cleaned: str) -> None:
    """The question without what was found, to be put right and sent."""
    if not re.search(r"\w", re.sub(r"\[[^\]]*\]", "", cleaned)):
        return
    key = f"ask_cleaned_{hashlib.sha256(cleaned.encode()).hexdigest()[:8]}"
    longest = house.settings.max_question_chars
    with st.form(f"form_{key}"):
        st.text_area(
            "Dit spørgsmål uden oplysningerne. Ret det til, og send.", cleaned[:longest], max_chars=longest, key=key
        )
        st.form_submit_button(
            "Spørg uden oplysningerne", icon=":material/send:", type="primary", on_click=send_cleaned, args=(key,)
        )


st.title("Spørg om AI i kommunen")
st.caption(
    f"Du får {'svar med citater' if house.assistant.writer else 'ordrette citater'} fra kilderne, eller besked om, at de ikke "
    "svarer. Skriv aldrig oplysninger om borgere."
)

conversation = None
if conversation_id := st.query_params.get("samtale"):
    try:
        conversation = house.conversations.get(person, conversation_id)
    except UnknownConversation as error:
        st.warning(str(error))
        open_conversation(None)

current = {version.id: version.status for version in house.search.versions()}
with st.container(horizontal=True, gap="small"):
    if conversation:
        st.button("Ny samtale", icon=":material/add:", on_click=open_conversation, args=(None,), key="ask_new")
        with st.popover("Slet samtalen", icon=":material/delete:"):
            st.markdown(
                "Samtalen kan ikke hentes igen. Spørgsmål, du har sendt til taskforcen, bliver hos dem med dit navn, "
                "og deres svar kan ikke vises her. Tilbagemeldinger på svar bliver uden dit navn og kan ikke længere ændres. "
                "Vil du have dem slettet, så fortryd dem først."
            )
            st.button(
                "Ja, slet samtalen",
                on_click=perform,
                args=(Permission.ASK, remove, conversation.id),
                key="ask_delete",
            )
    if conversations := house.conversations.count(person):
        with st.popover("Tidligere samtaler", icon=":material/history:"):
            for item in house.conversations.list(person, PER_PAGE, skipped(conversations, "ask_sheet", PER_PAGE)):
                st.button(
                    f"{plain(item.title)} ({danish_date(item.updated_at)})",
                    key=f"open_{item.id}",
                    type="tertiary",
                    on_click=open_conversation,
                    args=(item.id,),
                )
            with st.expander("Slet alle samtaler"):
                st.button(
                    "Ja, slet alle mine samtaler",
                    on_click=perform,
                    args=(Permission.ASK, remove_all),
                    key="ask_delete_all",
                )
            st.caption(f"Samtaler slettes efter {house.settings.conversation_days} dage uden nye spørgsmål.")

said = house.feedback.given(person, conversation.id) if conversation else {}
for turn in conversation.turns if conversation else ():
    st.html(f'<div id="{turn.id}" style="scroll-margin-top: 5rem"></div>')
    with st.chat_message("user", avatar=":material/person:"):
        st.markdown(plain(turn.question))
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        draw_answer(turn.answer, turn.id, current)
        if turn.answer.status is Outcome.REFUSED:
            draw_sending(turn)
        draw_feedback(turn.id, said.get(turn.id))

if new_turn := st.session_state.pop("ask_new_turn", None):
    scroll_to(new_turn, "start")
if blocked := st.session_state.get("ask_blocked"):
    with st.chat_message("assistant", avatar=":material/menu_book:"):
        draw_answer(blocked, "blocked", current)
        draw_cleaned(blocked.cleaned)

last = conversation.turns[-1].answer if conversation and conversation.turns else None
ideas = last.suggestions if last else STARTERS
if ideas:
    st.markdown("**Spørgsmål, kilderne svarer på**" if last is None else "**Spørg videre**")
    for position, idea in enumerate(ideas):
        st.button(
            plain(idea), key=f"idea_{position}_{idea}", on_click=queue, args=(idea,), icon=":material/arrow_forward:"
        )

written = st.chat_input("Skriv dit spørgsmål", key="ask_input", max_chars=house.settings.max_question_chars)
question = written or st.session_state.pop("ask_next", None)
if question:
    st.session_state.pop("ask_blocked", None)
    try:
        progress = st.empty()
        with st.spinner("Søger i kilderne"):
            earlier = [turn.question for turn in conversation.turns] if conversation else []
            answer = house.assistant.ask(question, lambda: progress.caption("Vi formulerer svaret …"), earlier)
    except InvalidQuestion as error:
        st.warning(str(error))
        st.stop()
    if answer.status is Outcome.BLOCKED:
        st.session_state["ask_blocked"] = answer
    else:
        kept, st.session_state["ask_new_turn"] = house.conversations.add(
            person, conversation.id if conversation else None, question, answer
        )
        st.query_params["samtale"] = kept
    st.rerun()
