"""Feedback as the task force sees it: counts by reason and by source, and the answers that did not help."""

import streamlit as st

from people.roles import Permission
from rag.answer import Outcome
from rag.calendar import today
from rag.feedback import FeedbackItem, Pile
from ui.action import perform
from ui.files import file_button
from ui.guard import Visit
from ui.paging import skipped
from ui.reader import link_to
from ui.text import counted, danish_date, number, paragraphs, plain

PER_PAGE = 10
SOURCES = 10


def draw_desk(visit: Visit) -> None:
    """The whole view."""
    person, feedback = visit.person, visit.services.feedback
    st.caption(
        "Hvad medarbejdere siger om svarene, uden navn og klokkeslæt. Tilbagemeldinger slettes efter "
        f"{counted(visit.services.settings.question_log_days, 'dag', 'dage')}."
    )
    counts = {pile: feedback.count(person, pile) for pile in Pile}
    reasons, sources = feedback.by_reason(person), feedback.by_source(person, SOURCES)
    if not reasons and not sources:
        st.info(
            "Ingen har givet en tilbagemelding endnu. Den kommer her, når nogen svarer på “Hjalp svaret dig?” under et svar."
        )
        return
    if reasons:
        st.subheader("Hvorfor svar ikke hjalp")
        st.table({"Grund": list(reasons), "Antal": [number(count) for count in reasons.values()]}, hide_index=True)
    if sources:
        st.subheader("Kilder i svarene")
        st.table(
            {
                "Kilde": [plain(source.title) for source in sources],
                "Hjalp ikke": [number(source.unhelpful) for source in sources],
                "Hjalp": [number(source.helpful) for source in sources],
            },
            hide_index=True,
        )
    file_button(
        visit,
        Permission.HANDLE_INBOX,
        "Hent alle tilbagemeldinger som CSV",
        lambda then: then.services.feedback.csv(then.person),
        f"tilbagemeldinger-{today():%Y-%m-%d}.csv",
        mime="text/csv",
    )
    st.subheader("Svar, der ikke hjalp")
    pile = st.segmented_control(
        "Vis tilbagemeldinger",
        list(Pile),
        default=Pile.OPEN,
        format_func=lambda item: f"{item.danish} ({number(counts[item])})",
        key="feedback_pile",
        required=True,
    )
    items = feedback.items(person, pile, PER_PAGE, skipped(counts[pile], f"feedback_sheet_{pile}", PER_PAGE))
    if not items:
        st.info(
            "Der er ingen tilbagemeldinger, der venter."
            if pile is Pile.OPEN
            else "Ingen tilbagemeldinger er behandlet endnu."
        )
    for item in items:
        _draw_item(item)


def _draw_item(item: FeedbackItem) -> None:
    with st.container(border=True):
        st.markdown(f"**{item.reason.danish if item.reason else 'Ingen grund givet'}**")
        outcome = "svaret bestod af citater" if item.outcome is Outcome.ANSWERED else "spørgsmålet blev afvist"
        st.caption(f"Givet {danish_date(item.day)}, {outcome}.")
        if item.note:
            st.markdown(f"Bemærkning: {paragraphs(item.note)}")
        if item.question:
            st.markdown(f"Spørgsmål: {plain(item.question)}")
        for source in item.sources:
            link_to(f"{source.title}, version {source.version}", source.source_id, source.version_id, icon="menu_book")
        if item.handled_on is not None:
            st.caption(f"Behandlet {danish_date(item.handled_on)}.")
            return
        st.button(
            "Markér som behandlet",
            icon=":material/done:",
            on_click=perform,
            args=(Permission.HANDLE_INBOX, _handle, item.id),
            key=f"feedback_handle_{item.id}",
        )


def _handle(now: Visit, feedback_id: str) -> None:
    now.services.feedback.handle(now.person, feedback_id)
