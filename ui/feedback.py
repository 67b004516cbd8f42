"""Feedback on an answer: yes or no by one click, then a reason for whoever wants to give one."""

import streamlit as st

from people.roles import Permission
from rag.errors import InvalidFeedback
from rag.feedback import MAX_NOTE_CHARS, GivenFeedback, Reason
from ui.action import perform
from ui.guard import Visit
from ui.text import plain

_FAULT = "feedback_fault_{}"


def draw_feedback(turn_id: str, given: GivenFeedback | None) -> None:
    """The question whether an answer helped, or what was said and the way to change it."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"feedback_{turn_id}"):
        if given is None:
            st.caption("Hjalp svaret dig?", width="content")
            _button("Ja, det hjalp", "thumb_up", _vote, turn_id, True)
            _button("Nej, det hjalp ikke", "thumb_down", _vote, turn_id, False)
            return
        st.caption(f"Tak. {_said(given)}", width="content")
        _button("Fortryd tilbagemeldingen", "undo", _withdraw, turn_id)
    if not given.helpful:
        label = "Fortæl gerne hvorfor" if given.reason is None else "Ret begrundelsen"
        fault = st.session_state.get(_FAULT.format(turn_id))
        with st.expander(label, expanded=given.reason is None or fault is not None, icon=":material/rate_review:"):
            _draw_form(turn_id, given, fault)


def _draw_form(turn_id: str, given: GivenFeedback, fault: str | None) -> None:
    reasons = list(Reason)
    with st.form(f"feedback_form_{turn_id}", border=False):
        st.radio(
            "Hvad var der galt?",
            reasons,
            index=reasons.index(given.reason) if given.reason else None,
            format_func=lambda reason: reason.danish,
            key=f"feedback_reason_{turn_id}",
        )
        st.text_area(
            "Bemærkning, hvis du vil (ingen personoplysninger)",
            value=given.note,
            max_chars=MAX_NOTE_CHARS,
            height=80,
            key=f"feedback_note_{turn_id}",
        )
        st.checkbox("Send mit spørgsmål med", value=given.with_question, key=f"feedback_question_{turn_id}")
        st.caption(
            "AI-taskforcen ser din tilbagemelding og de kilder, svaret citerede, men ikke dit navn. De ser kun dit spørgsmål, "
            "hvis du sender det med."
        )
        st.form_submit_button(
            "Send begrundelsen",
            icon=":material/send:",
            on_click=perform,
            args=(Permission.ASK, _explain, turn_id),
        )
    if fault:
        st.error(plain(fault))


def _said(given: GivenFeedback) -> str:
    if given.helpful:
        return "Du har svaret, at det hjalp."
    reason = f": {given.reason.danish.lower()}" if given.reason else ""
    return f"Du har svaret, at det ikke hjalp{reason}."


def _button(label: str, icon: str, action: object, turn_id: str, *more: object) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="tertiary",
        on_click=perform,
        args=(Permission.ASK, action, turn_id, *more),
        key=f"feedback_{icon}_{turn_id}",
    )


def _vote(now: Visit, turn_id: str, helpful: bool) -> None:
    _forget(turn_id)
    now.services.feedback.vote(now.person, turn_id, helpful)


def _withdraw(now: Visit, turn_id: str) -> None:
    _forget(turn_id)
    now.services.feedback.withdraw(now.person, turn_id)


def _explain(now: Visit, turn_id: str) -> None:
    # The fault is shown at the form: in a long conversation nobody would see it at the top of the page.
    written = {name: st.session_state.get(f"feedback_{name}_{turn_id}") for name in ("reason", "note", "question")}
    st.session_state.pop(_FAULT.format(turn_id), None)
    try:
        now.services.feedback.explain(
            now.person, turn_id, written["reason"], written["note"] or "", bool(written["question"])
        )
    except InvalidFeedback as error:
        st.session_state[_FAULT.format(turn_id)] = str(error)


def _forget(turn_id: str) -> None:
    """Drop what the form held, so that it begins with what is stored."""
    for name in (_FAULT.format(turn_id), *(f"feedback_{part}_{turn_id}" for part in ("reason", "note", "question"))):
        st.session_state.pop(name, None)
