"""Draws a question with fields that work by keyboard alone, and reads the answer off them; `ui.question_key` shows the key.

Matching and ordering are lists to choose from; nothing is dragged. Texts of questions are Markdown by trainers.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from courses.grading import number as parsed
from courses.grading import without_unit
from courses.question import (
    GAP,
    Cloze,
    Essay,
    Gap,
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
from courses.response import LONGEST_ESSAY, LONGEST_PROMPT, LONGEST_SHORT, Response
from ui.pictures import draw_markdown
from ui.text import number

NONE_OF_THEM = "Ingen af dem"
_CHOOSE = "Vælg"
TRUE = {True: "Sandt", False: "Falsk"}


def draw_question(
    question: Question,
    order: Sequence[str],
    response: Response,
    key: str,
    on_change: Callable[[str], None] | None,
    *,
    disabled: bool = False,
) -> Response:
    """Text and fields of a question, filled with `response`; gives the answer that the fields show now.

    `order` is the order of the options; `key` begins the keys of the fields; `on_change(key)` is called when one is changed.
    """
    draw_text(question)
    fields = _Fields(key, on_change, disabled)
    _DRAW[type(question)](fields, question, order, response)
    return read_question(question, order, key)


def draw_text(question: Question) -> None:
    """The text of a question; the gaps of a cloze are numbered."""
    draw_markdown(_with_numbered_gaps(question) if isinstance(question, Cloze) else question.text)


def read_question(question: Question, order: Sequence[str], key: str) -> Response:
    """The answer that the fields of a question show, in the form that is stored."""
    return _READ[type(question)](question, order, lambda part: st.session_state.get(f"{key}_{part}"))


class _Fields:
    """Fields of one question: they share the beginning of their keys and what happens when they change."""

    def __init__(self, key: str, on_change: Callable[[str], None] | None, disabled: bool) -> None:
        self.key = key
        self._on_change = on_change
        self._disabled = disabled

    def common(self, part: str, before: Callable[[], None] | None = None) -> dict[str, Any]:
        """What every field is given; `before` runs first when it changes."""
        return {
            "key": f"{self.key}_{part}",
            "on_change": self._changed if self._on_change else None,
            "args": (before,) if self._on_change else None,
            "disabled": self._disabled,
        }

    def _changed(self, before: Callable[[], None] | None) -> None:
        if before is not None:
            before()
        if self._on_change is not None:
            self._on_change(self.key)

    def value(self, part: str, value: Any) -> dict[str, Any]:
        """A first value, unless the field already has one: streamlit warns when it is given both."""
        return {} if f"{self.key}_{part}" in st.session_state else {"value": value}

    def chosen(self, part: str, options: Sequence[Any], value: Any) -> dict[str, Any]:
        """The same for fields that choose among options."""
        known = f"{self.key}_{part}" in st.session_state
        return {"index": None} if known or value not in options else {"index": options.index(value)}


# --- drawing ------------------------------------------------------------------------------------------------------


def _single(fields: _Fields, question: SingleChoice, order: Sequence[str], response: Response) -> None:
    texts = {option.id: option.text for option in question.options}
    st.radio(
        "Vælg ét svar",
        list(order),
        format_func=texts.__getitem__,
        **fields.chosen("one", list(order), response),
        **fields.common("one"),
    )


def _multiple(fields: _Fields, question: MultipleChoice, order: Sequence[str], response: Response) -> None:
    texts = {option.id: option.text for option in question.options}
    st.caption(f"Sæt kryds ved alle de rigtige, eller ved “{NONE_OF_THEM}”.")
    for one in order:
        ticked = one in (response or [])
        st.checkbox(
            texts[one],
            **fields.value(one, ticked),
            **fields.common(one, lambda: st.session_state.update({f"{fields.key}_none": False})),
        )

    def untick() -> None:
        if st.session_state.get(f"{fields.key}_none"):
            st.session_state.update({f"{fields.key}_{one}": False for one in order})

    st.checkbox(NONE_OF_THEM, **fields.value("none", response == []), **fields.common("none", untick))


def _true_false(fields: _Fields, _question: TrueFalse, _order: Sequence[str], response: Response) -> None:
    st.radio(
        "Er det sandt eller falsk?",
        [True, False],
        format_func=TRUE.__getitem__,
        **fields.chosen("one", [True, False], response),
        **fields.common("one"),
    )


def _matching(fields: _Fields, question: Matching, order: Sequence[str], response: Response) -> None:
    st.caption("Vælg det, der hører til, ud for hver linje.")
    for pair in question.pairs:
        st.selectbox(
            pair.left,
            list(order),
            placeholder=_CHOOSE,
            **fields.chosen(pair.id, list(order), (response or {}).get(pair.id)),
            **fields.common(pair.id),
        )


def _ordering(fields: _Fields, question: Ordering, order: Sequence[str], response: Response) -> None:
    texts = {item.id: item.text for item in question.items}
    st.caption("Vælg, hvad der kommer som nummer 1, 2, 3 …")
    for place in range(len(order)):
        st.selectbox(
            f"Nummer {place + 1}",
            list(order),
            format_func=texts.__getitem__,
            placeholder=_CHOOSE,
            **fields.chosen(str(place), list(order), response[place] if response else None),
            **fields.common(str(place)),
        )
    placed = [one for one in read_question(question, order, fields.key) or response or [] if one]
    if len(set(placed)) < len(placed):
        st.caption(":material/info: Du har valgt det samme to steder. Ret det, før du går videre.")


def _short_text(fields: _Fields, _question: ShortText, _order: Sequence[str], response: Response) -> None:
    st.text_input(
        "Skriv dit svar", max_chars=LONGEST_SHORT, **fields.value("one", response or ""), **fields.common("one")
    )


def _numeric(fields: _Fields, question: Numeric, _order: Sequence[str], response: Response) -> None:
    label = f"Skriv et tal ({question.unit})" if question.unit else "Skriv et tal"
    st.text_input(label, max_chars=40, **fields.value("one", response or ""), **fields.common("one"))
    written = st.session_state.get(f"{fields.key}_one") or ""
    if written.strip() and parsed(without_unit(written, question.unit)) is None:
        st.caption(":material/info: Det ligner ikke et tal. Skriv kun tallet, fx 72.")


def _cloze(fields: _Fields, question: Cloze, _order: Sequence[str], response: Response) -> None:
    for place, gap in enumerate(gaps(question), 1):
        value = (response or {}).get(gap.id)
        label = f"Hul {place}"
        if gap.options:
            texts = {option.id: option.text for option in gap.options}
            ids = list(texts)
            st.selectbox(
                label,
                ids,
                format_func=texts.__getitem__,
                placeholder=_CHOOSE,
                **fields.chosen(gap.id, ids, value),
                **fields.common(gap.id),
            )
        else:
            st.text_input(label, max_chars=LONGEST_SHORT, **fields.value(gap.id, value or ""), **fields.common(gap.id))


def _essay(fields: _Fields, question: Essay, _order: Sequence[str], response: Response) -> None:
    st.markdown("Dit svar bliver vurderet efter dette:")
    st.markdown("\n".join(f"- {criterion.text} ({_points(criterion.points)})" for criterion in question.rubric))
    st.text_area(
        f"Skriv dit svar, højst cirka {number(question.most_words)} ord (ingen personoplysninger)",
        height=260,
        max_chars=LONGEST_ESSAY,
        **fields.value("one", response or ""),
        **fields.common("one"),
    )


def _prompt(fields: _Fields, _question: PromptPractice, _order: Sequence[str], response: Response) -> None:
    st.text_area(
        "Skriv din prompt (ingen personoplysninger)",
        height=200,
        max_chars=LONGEST_PROMPT,
        **fields.value("one", response or ""),
        **fields.common("one"),
    )


def gaps(question: Cloze) -> list[Gap]:
    """The gaps in the order of the text."""
    by_id = {gap.id: gap for gap in question.gaps}
    return [by_id[name] for name in GAP.findall(question.text)]


def _with_numbered_gaps(question: Cloze) -> str:
    places = {gap.id: place for place, gap in enumerate(gaps(question), 1)}
    return GAP.sub(lambda match: f"**\\[hul {places[match[1]]}\\]**", question.text)


def _points(points: float) -> str:
    return "1 point" if points == 1 else f"{points:g} point".replace(".", ",")


_DRAW: dict[type, Callable[[_Fields, Any, Sequence[str], Response], None]] = {
    SingleChoice: _single,
    MultipleChoice: _multiple,
    TrueFalse: _true_false,
    Matching: _matching,
    Ordering: _ordering,
    ShortText: _short_text,
    Numeric: _numeric,
    Cloze: _cloze,
    Essay: _essay,
    PromptPractice: _prompt,
}

# --- reading ------------------------------------------------------------------------------------------------------

Get = Callable[[str], Any]


def _read_one(_question: Question, _order: Sequence[str], get: Get) -> Response:
    value = get("one")
    return None if value == "" else value


def _read_multiple(question: MultipleChoice, _order: Sequence[str], get: Get) -> Response:
    ticked = [option.id for option in question.options if get(option.id)]
    return ticked if ticked or get("none") else None


def _read_matching(question: Matching, _order: Sequence[str], get: Get) -> Response:
    found = {pair.id: get(pair.id) for pair in question.pairs if get(pair.id) is not None}
    return found or None


def _read_ordering(_question: Ordering, order: Sequence[str], get: Get) -> Response:
    placed = [get(str(place)) for place in range(len(order))]
    return placed if any(placed) else None


def _read_cloze(question: Cloze, _order: Sequence[str], get: Get) -> Response:
    found = {gap.id: get(gap.id) for gap in question.gaps if get(gap.id)}
    return found or None


_READ: dict[type, Callable[[Any, Sequence[str], Get], Response]] = {
    **dict.fromkeys((SingleChoice, TrueFalse, ShortText, Numeric, Essay, PromptPractice), _read_one),
    MultipleChoice: _read_multiple,
    Matching: _read_matching,
    Ordering: _read_ordering,
    Cloze: _read_cloze,
}
