"""Draws the key of a question: how an answer came out, what is right, and why."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from courses.grading import Grade, State
from courses.question import (
    Cloze,
    Essay,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    PromptPractice,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from courses.response import Response
from ui.pictures import draw_markdown, pieces, shows_picture
from ui.questions import NONE_OF_THEM, TRUE, gaps
from ui.text import number, plain

_COLOURS = {
    State.CORRECT: "green",
    State.PARTIAL: "orange",
    State.WRONG: "red",
    State.BLANK: "gray",
    State.PENDING: "blue",
}
_ICONS = {
    State.CORRECT: "check_circle",
    State.PARTIAL: "contrast",
    State.WRONG: "cancel",
    State.BLANK: "radio_button_unchecked",
    State.PENDING: "hourglass_top",
}


def draw_key(question: Question, order: Sequence[str], response: Response, grade: Grade | None) -> None:
    """How the answer came out, what is right, and why; without a grade the key alone."""
    if grade is not None:
        state_badge(grade.state)
    _KEY[type(question)](question, order, response)
    for comment in grade.comments if grade is not None else ():
        st.markdown(comment)
    if question.feedback:
        draw_explanation(question.feedback)


def draw_explanation(text: str) -> None:
    """Why the key is the key. What has pictures is drawn in a frame, as a notice holds text only."""
    if not any(map(shows_picture, pieces(text))):
        st.info(text, icon=":material/lightbulb:")
        return
    with st.container(border=True):
        draw_markdown(text)


def state_badge(state: State) -> None:
    """How an answer came out, in words, colour and icon."""
    st.badge(state.danish, icon=f":material/{_ICONS[state]}:", color=_COLOURS[state])  # type: ignore[arg-type]


_RIGHT = ":green-badge[:material/check: Rigtigt svar]"
_YOURS = ":gray-badge[Dit svar]"


def _line(text: str, *marks: str) -> str:
    return f"- {text} {' '.join(mark for mark in marks if mark)}"


def _key_single(question: SingleChoice, order: Sequence[str], response: Response) -> None:
    options = {option.id: option for option in question.options}
    lines = [
        _line(
            options[one].text,
            _RIGHT if options[one].fraction == 1.0 else "",
            _YOURS if one == response else "",
        )
        for one in order
    ]
    st.markdown("\n".join(lines))


def _key_multiple(question: MultipleChoice, order: Sequence[str], response: Response) -> None:
    options = {option.id: option for option in question.options}
    lines = [
        _line(options[one].text, _RIGHT if options[one].correct else "", _YOURS if one in (response or []) else "")
        for one in order
    ]
    none_right = not any(option.correct for option in question.options)
    if none_right or response == []:
        lines.append(_line(NONE_OF_THEM, _RIGHT if none_right else "", _YOURS if response == [] else ""))
    st.markdown("\n".join(lines))


def _key_true_false(question: TrueFalse, _order: Sequence[str], response: Response) -> None:
    lines = [
        _line(text, _RIGHT if value == question.answer else "", _YOURS if value is response else "")
        for value, text in TRUE.items()
    ]
    st.markdown("\n".join(lines))


def _key_matching(question: Matching, _order: Sequence[str], response: Response) -> None:
    rows = [
        {"Linje": pair.left, "Hører til": pair.right, "Dit svar": plain((response or {}).get(pair.id) or "–")}
        for pair in question.pairs
    ]
    st.table(rows, hide_index=True)


def _key_ordering(question: Ordering, _order: Sequence[str], response: Response) -> None:
    texts = {item.id: item.text for item in question.items}
    given = response or [None] * len(question.items)
    rows = [
        {"Nummer": place, "Rigtig rækkefølge": item.text, "Dit svar": texts.get(mine or "", "–")}
        for place, (item, mine) in enumerate(zip(question.items, given, strict=True), 1)
    ]
    st.table(rows, hide_index=True)


def _key_text(right: Sequence[str], response: Response) -> None:
    st.markdown(_line(" eller ".join(plain(text) for text in right), _RIGHT))
    st.markdown(_line(plain(response) if response else "–", _YOURS))


def _key_short(question: ShortText, _order: Sequence[str], response: Response) -> None:
    _key_text([one.text for one in question.accepted if one.fraction == 1.0], response)


def _key_numeric(question: Numeric, _order: Sequence[str], response: Response) -> None:
    unit = f" {question.unit}" if question.unit else ""
    _key_text([_figure(one.value) + unit for one in question.figures if one.fraction == 1.0], response)


def _key_cloze(question: Cloze, _order: Sequence[str], response: Response) -> None:
    rows = []
    for place, gap in enumerate(gaps(question), 1):
        texts = {option.id: option.text for option in gap.options}
        right = [option.text for option in gap.options if option.fraction == 1.0]
        right += [one.text for one in gap.accepted if one.fraction == 1.0]
        right += [_figure(one.value) for one in gap.figures if one.fraction == 1.0]
        given = (response or {}).get(gap.id)
        rows.append(
            {"Hul": place, "Rigtigt svar": " eller ".join(right), "Dit svar": texts.get(given or "", given or "–")}
        )
    st.table(rows, hide_index=True)


def _key_essay(question: Essay, _order: Sequence[str], response: Response) -> None:
    st.text(response or "–")
    if question.model_answer:
        st.markdown(f"**Et godt svar kunne være:** {question.model_answer}")


def _key_prompt(question: PromptPractice, _order: Sequence[str], response: Response) -> None:
    st.text(response or "–")
    st.markdown(f"**En god prompt kunne være:** {question.model_prompt}")


def _figure(value: float) -> str:
    return number(value) if value == int(value) else f"{value:g}".replace(".", ",")


_KEY: dict[type, Callable[[Any, Sequence[str], Response], None]] = {
    SingleChoice: _key_single,
    MultipleChoice: _key_multiple,
    TrueFalse: _key_true_false,
    Matching: _key_matching,
    Ordering: _key_ordering,
    ShortText: _key_short,
    Numeric: _key_numeric,
    Cloze: _key_cloze,
    Essay: _key_essay,
    PromptPractice: _key_prompt,
}
