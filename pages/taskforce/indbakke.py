"""Inbox of the task force: questions the sources do not answer, oldest first, with the replies; and feedback on answers."""

import streamlit as st

from governance.inbox_service import MAX_CHARS, ItemStatus
from people.roles import Permission
from ui.action import perform
from ui.feedback_desk import draw_desk
from ui.guard import Visit, guard
from ui.paging import skipped
from ui.text import counted, danish_moment, paragraphs, plain

visit = guard(Permission.HANDLE_INBOX)
person, house = visit.person, visit.services
PER_PAGE = 10
QUESTIONS, FEEDBACK = "Spørgsmål", "Tilbagemeldinger"


def reply(now: Visit, item_id: str) -> None:
    """Store the reply that was written."""
    now.services.inbox.reply(now.person, item_id, st.session_state.get(f"reply_{item_id}", ""))


def draw_questions() -> None:
    """The questions of one status, a page at a time."""
    counts = {status: house.inbox.count(person, status) for status in ItemStatus}
    status = st.segmented_control(
        "Vis",
        list(ItemStatus),
        default=ItemStatus.OPEN,
        format_func=lambda item: f"{item.danish} ({counts[item]})",
        key="inbox_status",
        required=True,
    )
    items = house.inbox.items(person, status, PER_PAGE, skipped(counts[status], "inbox_page", PER_PAGE))
    if not items:
        st.info(
            "Der er ingen åbne spørgsmål." if status is ItemStatus.OPEN else "Der er ingen besvarede spørgsmål endnu."
        )
    else:
        st.caption(counted(counts[status], "spørgsmål", "spørgsmål"))
    for item in items:
        with st.container(border=True):
            st.markdown(f"**{plain(item.question)}**")
            st.caption(f"{plain(item.sender)}, {plain(item.unit)}. Sendt {danish_moment(item.created_at)}.")
            if item.remark:
                st.markdown(f"Bemærkning: {plain(item.remark)}")
            if item.status is ItemStatus.OPEN:
                with st.form(f"reply_form_{item.id}", border=False):
                    st.text_area("Svar til den, der spurgte", key=f"reply_{item.id}", max_chars=MAX_CHARS)
                    st.form_submit_button(
                        "Send svar",
                        icon=":material/send:",
                        on_click=perform,
                        args=(Permission.HANDLE_INBOX, reply, item.id),
                    )
            else:
                st.markdown(f"**Svar:** {paragraphs(item.reply)}")


st.title("Indbakke")
view = st.segmented_control(
    "Indhold", [QUESTIONS, FEEDBACK], default=QUESTIONS, key="vis", bind="query-params", required=True
)
if view == FEEDBACK:
    draw_desk(visit)
else:
    draw_questions()
