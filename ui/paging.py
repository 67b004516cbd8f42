"""Long lists a page at a time."""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import streamlit as st

PER_PAGE = 20
Row = TypeVar("Row")
Bind = Literal["query-params"] | None


def skipped(total: int, key: str, per_page: int = PER_PAGE, bind: Bind = None) -> int:
    """Draws the pages of `total` rows, where there is more than one, and gives how many rows stand before the chosen page."""
    sheets = (total + per_page - 1) // per_page
    sheet = st.pagination(sheets, key=key, bind=bind) if sheets > 1 else 1
    return (sheet - 1) * per_page


def part_of(rows: Sequence[Row], key: str, per_page: int = PER_PAGE, bind: Bind = None) -> Sequence[Row]:
    """As `skipped`, and gives the rows of the chosen page."""
    first = skipped(len(rows), key, per_page, bind)
    return rows[first : first + per_page]


def paged(
    read: Callable[[int, int], tuple[list[Row], int]],
    key: str,
    about: tuple[object, ...] = (),
    per_page: int = PER_PAGE,
) -> tuple[list[Row], int]:
    """A page of what `read(count, skip)` gives, and how many there are in all; the pages begin anew when `about` changes."""
    sheet_key = f"{key}_{hash(about)}"
    sheet = int(st.session_state.get(sheet_key, 1))
    rows, total = read(per_page, (sheet - 1) * per_page)
    sheets = max((total + per_page - 1) // per_page, 1)
    if sheet > sheets:  # the last of the last page is gone
        st.session_state[sheet_key] = sheets
        rows, total = read(per_page, (sheets - 1) * per_page)
    if sheets > 1:
        st.pagination(sheets, key=sheet_key)
    return rows, total
