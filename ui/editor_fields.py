"""Fields of the editors: rows that come and go, numbers written the Danish way, and a text with its count.

What is typed stays for the session until it is saved or given up, also while the field is out of sight.
"""

from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import Any

import streamlit as st

from courses.exchange.gift_syntax import PART_IDS
from courses.grading import number as parsed_number

Row = dict[str, Any]


def shown_number(value: float) -> str:
    """A number as it is typed in Danish."""
    return f"{value:.12g}".replace(".", ",")


def typed_number(text: str) -> float | str:
    """The number in a field, or what stands there, so that whoever checks it can say so."""
    found = parsed_number(text)
    return text if found is None else found


def number_field(label: str, value: float, key: str) -> float | str:
    """A field for a number with a comma."""
    return typed_number(st.text_input(label, shown_number(value), key=key, max_chars=40, persist_state="session"))


def share_field(label: str, fraction: float, key: str) -> float | str:
    """A field for a share in per cent; gives the fraction."""
    found = number_field(f"{label} (%)", fraction * 100, key)
    return found if isinstance(found, str) else round(found / 100, 7)


def text_field(label: str, value: str, key: str, *, tall: int = 0, most: int = 20_000, help: str | None = None) -> str:
    """A field of several lines."""
    return st.text_area(label, value, key=key, height=tall or 80, max_chars=most, help=help, persist_state="session")


def rows(
    key: str,
    first: Sequence[Row],
    label: str,
    draw: Callable[[Row, str], Row],
    *,
    least: int = 1,
    ordered: bool = False,
) -> list[Row]:
    """Rows of fields, each in a frame with a button that removes it, and one below that adds one.

    `draw(row, key)` draws the fields of a row filled with it, and gives what they hold. A row keeps its `id`; one that is added
    gets an id that was never used, as answers to older wordings hang on ids. `ordered` rows can be moved up.
    """
    state = f"{key}_rows"
    if state not in st.session_state:
        st.session_state[state] = [{"id": _first_id(place), **row} for place, row in enumerate(first)]
    kept: list[Row] = st.session_state[state]
    found = []
    for place, row in enumerate(kept):
        with st.container(border=True):
            found.append({**row, **draw(row, f"{key}_{row['id']}")})
            with st.container(horizontal=True, gap="small"):
                st.button(
                    f"Fjern {label.lower()} {place + 1}",
                    key=f"{key}_{row['id']}_remove",
                    icon=":material/delete:",
                    type="tertiary",
                    disabled=len(kept) <= least,
                    on_click=kept.remove,
                    args=(row,),
                )
                if ordered and place:
                    st.button(
                        f"Flyt {label.lower()} {place + 1} op",
                        key=f"{key}_{row['id']}_up",
                        icon=":material/arrow_upward:",
                        type="tertiary",
                        on_click=_up,
                        args=(kept, place),
                    )
    st.button(f"Tilføj {label.lower()}", key=f"{key}_add", icon=":material/add:", on_click=_append, args=(kept,))
    return found


def _first_id(place: int) -> str:
    return PART_IDS[place] if place < len(PART_IDS) else f"n{place}"


def _append(kept: list[Row]) -> None:
    kept.append({"id": f"n{token_hex(4)}"})


def _up(kept: list[Row], place: int) -> None:
    kept[place - 1], kept[place] = kept[place], kept[place - 1]


def forget(key: str) -> None:
    """Fill the fields whose keys begin with `key` anew from what is stored."""
    for name in [name for name in st.session_state if str(name).startswith(key)]:
        del st.session_state[name]
