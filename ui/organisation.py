"""The tree of units, a level at a time, with how many people work in each."""

import streamlit as st

from people.organisation.organisation_service import UnitList, UnitRow
from rag.calendar import today
from ui.guard import Visit
from ui.paging import PER_PAGE, paged
from ui.text import counted, number, plain

UNIT = "enhed"


def draw_units(visit: Visit) -> None:
    """Units below the one in the address, or those that a search finds."""
    wanted = st.text_input("Søg efter en enhed", key="organisation_search").strip()
    unit_id = None if wanted else st.query_params.get(UNIT)
    day, lists = today(), list[UnitList]()

    def read(count: int, skip: int) -> tuple[list[UnitRow], int]:
        house = visit.services.organisation
        found = (
            house.search(visit.person, wanted, day, count, skip)
            if wanted
            else house.below(visit.person, unit_id, day, count, skip)
        )
        lists.append(found)
        return found.rows, found.total

    rows, total = paged(read, "organisation_sheet", (wanted, unit_id))
    path = lists[-1].path
    if path:
        _draw_path(path)
    if not rows:
        _draw_none(wanted, bool(path))
        return
    st.caption(counted(total, "enhed", "enheder") + (f", {PER_PAGE} ad gangen" if total > PER_PAGE else ""))
    for row in rows:
        _draw_row(row, with_path=bool(wanted))


def _draw_path(path: tuple[tuple[str, str], ...]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Alle enheder", key="unit_top", type="tertiary", on_click=_go, args=(None,))
        for unit_id, title in path[:-1]:
            st.button(plain(title), key=f"unit_up_{unit_id}", type="tertiary", on_click=_go, args=(unit_id,))
    st.subheader(plain(path[-1][1]))


def _draw_none(wanted: str, inside: bool) -> None:
    if wanted:
        st.info("Ingen enheder har de ord i navnet.")
    elif inside:
        st.info("Der er ingen enheder under denne.")
    else:
        st.info("Der er ingen enheder endnu. Indlæs dem fra en fil under “Indlæs”.")


def _draw_row(row: UnitRow, *, with_path: bool) -> None:
    people = counted(row.people_below, "person", "personer")
    if row.units:
        people += f", heraf {number(row.people)} i enheden selv. {counted(row.units, 'enhed', 'enheder')} under den"
    with st.container(border=True):
        if row.units:
            st.button(
                plain(row.title),
                key=f"unit_{row.id}",
                type="tertiary",
                icon=":material/folder_open:",
                on_click=_go,
                args=(row.id,),
            )
        else:
            st.markdown(plain(row.title))
        above = f"{plain(' › '.join(row.above))}. " if with_path and row.above else ""
        st.caption(f"{above}{row.kind}. {people}.")


def _go(unit_id: str | None) -> None:
    st.session_state["organisation_search"] = ""
    if unit_id is None:
        st.query_params.pop(UNIT, None)
    else:
        st.query_params[UNIT] = unit_id
