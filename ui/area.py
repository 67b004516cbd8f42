"""Draws an area: what is chosen, the figures at the top, and the views below them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from courses.steering.area.area_view import AreaView
from courses.steering.area.export import as_csv, as_pdf, as_xlsx
from courses.steering.area.figures import Choice, Overview, Place
from courses.steering.area.sheet import (
    AreaReport,
    Sheet,
    coverage_sheet,
    expiring_sheet,
    missing_sheet,
    months_sheet,
    scores_sheet,
    units_sheet,
)
from courses.steering.area.standing import UNFINISHED
from people.roles import Permission, Scope
from ui.analysis import labelled
from ui.area_charts import draw_months, draw_units
from ui.area_people import draw_expiring, draw_missing
from ui.files import file_button
from ui.guard import Visit
from ui.paging import part_of
from ui.script import run_script
from ui.text import counted, number, plain

EVERY_COURSE, EVERY_UNIT, EVERY_STATE = "Alle kurser", "Alle enheder", "Alle"
OWN, WHOLE = "Mit område", "Hele kommunen"
MISSING, UNITS, EXPIRING, COVER, MONTHS, SCORES = (
    "Mangler",
    "Enheder",
    "Beviser",
    "Nøglepersoner",
    "Udvikling",
    "Resultater",
)
LINES_PER_PAGE = 20
# A table that is wider than a phone can be scrolled by keyboard only where it can be reached (WCAG 2.1.1).
_REACH_TABLES = """
if (!window.reachTables) {
  const reach = () => document.querySelectorAll('[data-testid="stTable"], [data-testid="stTable"] *').forEach((one) => {
    if (one.scrollWidth > one.clientWidth + 1 && ["auto", "scroll"].includes(getComputedStyle(one).overflowX)) one.tabIndex = 0;
  });
  window.reachTables = new MutationObserver(reach);
  window.reachTables.observe(document.body, {childList: true, subtree: true});
  reach();
}
"""
_STATES = {state.danish: state for state in UNFINISHED}


def open_area(visit: Visit) -> AreaView | None:
    """The area that the address names; None, with what to do, where there is nothing to look at."""
    service, person = visit.services.area, visit.person
    whole = person.scope(Permission.SEE_AREA) is Scope.ALL
    if whole and service.leads(person):
        seen = st.segmented_control(
            "Område", [OWN, WHOLE], default=OWN, key="omraade", bind="query-params", required=True
        )
        whole = seen == WHOLE
    with st.spinner("Tæller sammen"):
        view = service.open(person, whole=whole)
    if not view.empty:
        return view
    st.info(
        "Her er ingen enheder endnu. Bed en administrator om at indlæse dem på siden Organisation."
        if whole
        else "Du har ingen enheder eller medarbejdere her endnu. Bed en administrator om at knytte dig til din enhed, så kan du "
        "se, hvem der mangler et kursus."
    )
    return None


def choose(view: AreaView) -> Choice:
    """The course and the unit that the address names."""
    courses, units = _by_label(view.courses()), _by_label(view.units())
    _tell_of_others(view, units)
    left, right = st.columns(2)
    with left:
        course = _pick("Kursus", EVERY_COURSE, courses, "kursus")
    with right:
        unit = _pick("Enhed", EVERY_UNIT, units, "enhed")
    return Choice(course, unit)


def _tell_of_others(view: AreaView, units: Mapping[str, str]) -> None:
    """Say that the address names a unit that is not to choose from here: the list would leave it out without a word."""
    asked = st.query_params.get("enhed")
    if asked and asked not in (EVERY_UNIT, *units):
        view.note_reach(asked)
        where, shown = ("kommunen", "Her er alle enheder") if view.whole else ("dit område", "Her er alle dine enheder")
        st.info(f"Enheden i adressen findes ikke i {where}. {shown}.")


def _pick(name: str, every: str, ids: Mapping[str, str], key: str) -> str | None:
    return ids.get(str(st.selectbox(name, [every, *ids], key=key, bind="query-params")))


def _by_label(places: Sequence[Place]) -> dict[str, str]:
    """The id of each place by what it is called in its list."""
    return labelled((place.title, place.id) for place in places)


def _labels(places: Sequence[Place]) -> dict[str, str]:
    """What each place is called in its list, by its id."""
    return {key: label for label, key in _by_label(places).items()}


def draw_headline(overview: Overview, *, whole: bool) -> None:
    """In one sentence and four figures: who still needs the course."""
    if not overview.assigned:
        st.info(
            "Ingen her er tildelt et kursus. Tal med en underviser eller AI-taskforcen om, hvilke kurser der skal tages."
            if not whole
            else "Ingen her er tildelt et kursus. Tildel kurser på siden Styring."
        )
    elif overview.overdue:
        waiting = overview.missing - overview.overdue
        more = f" {counted(waiting, 'mangler', 'mangler')} et kursus, men har tid endnu." if waiting else ""
        st.warning(
            f"**{number(overview.overdue)} af {counted(overview.people, 'medarbejder', 'medarbejdere')} er over fristen.**{more}",
            icon=":material/schedule:",
        )
    elif overview.missing:
        st.info(
            f"Ingen er over fristen. {counted(overview.missing, 'mangler', 'mangler')} et kursus, men har tid endnu."
        )
    else:
        st.success("Alle har gennemført de kurser, de er tildelt.", icon=":material/check_circle:")
    with st.container(horizontal=True):
        st.metric("Over fristen", number(overview.overdue), help="Medarbejdere med mindst ét kursus over fristen.")
        st.metric("Mangler i alt", number(overview.missing), help="Medarbejdere, der mangler mindst ét kursus.")
        st.metric("Beviser udløber", number(overview.expiring), help="Medarbejdere, hvis bevis udløber inden 90 dage.")
        st.metric("Medarbejdere", number(overview.people), help="Alle, der er ansat i området i dag.")


def draw_views(visit: Visit, view: AreaView, choice: Choice, overview: Overview) -> None:
    """One of the views at a time, as the address names it, and the files of it."""
    names = [UNITS, COVER, MONTHS, SCORES] if view.whole else [MISSING, UNITS, EXPIRING, COVER, MONTHS, SCORES]
    name = str(st.segmented_control("Vis", names, default=names[0], key="vis", bind="query-params", required=True))
    st.subheader(_TITLES[name])
    shown = Shown(visit, view, choice, overview)
    sheet = _VIEWS[name](shown)
    if sheet is not None:
        _draw_files(shown, name, sheet)
    run_script("area_tables", _REACH_TABLES)


SheetMaker = Callable[[Visit], Sheet]
"""Makes the rows of a view for a visitor; called when a file is asked for."""


@dataclass(frozen=True)
class Shown:
    """What a page shows: the visitor, her look at the area, what she has chosen, and its figures."""

    visit: Visit
    view: AreaView
    choice: Choice
    overview: Overview

    def opened(self, then: Visit) -> AreaView:
        """The same area when a file is made, which may be long after the page was drawn, as whoever asks for it sees it then."""
        return then.services.area.open(then.person, whole=self.view.whole)


def _draw_missing(shown: Shown) -> SheetMaker:
    options = [EVERY_STATE, *_STATES]
    wanted = st.segmented_control(
        "Status", options, default=EVERY_STATE, key="status", bind="query-params", required=True
    )
    chosen = replace(shown.choice, state=_STATES.get(str(wanted)))
    draw_missing(shown.visit, shown.view, chosen)
    return lambda then: missing_sheet(shown.opened(then).missing(chosen)[0])


def _draw_expiring(shown: Shown) -> SheetMaker:
    draw_expiring(shown.view, shown.choice)
    return lambda then: expiring_sheet(shown.opened(then).expiring(shown.choice)[0])


def _draw_units(shown: Shown) -> SheetMaker | None:
    overview = shown.overview
    if not overview.lines:
        st.info("Her er ingen enheder under den, du har valgt.")
        return None
    lines = part_of(overview.lines, "side", LINES_PER_PAGE, "query-params")
    if any(line.counts.assigned for line in lines):
        draw_units(lines)
    _table(units_sheet(lines))
    st.caption(
        "Tallene er tildelinger: en medarbejder med to kurser tæller to gange. Fritagede er holdt ude af andelen."
    )
    deeper = [line for line in lines if not line.own]
    if deeper:
        names = _labels(shown.view.units())
        st.markdown("**Se nærmere på en enhed**")
        with st.container(horizontal=True):
            for line in deeper:
                st.button(
                    plain(line.title),
                    key=f"area_unit_{line.unit_id}",
                    icon=":material/arrow_forward:",
                    on_click=_go_to,
                    args=(names[line.unit_id],),
                )
    return lambda _then: units_sheet(overview.lines)


def _go_to(unit: str) -> None:
    st.session_state["enhed"], st.session_state["side"] = unit, 1


def _draw_coverage(shown: Shown) -> SheetMaker | None:
    lines = shown.view.coverage(shown.choice)
    if not lines:
        st.info("Der er ingen nøglepersoner og ingen institutioner her, som skal have en.")
        return None
    _table(coverage_sheet(part_of(lines, "side", LINES_PER_PAGE, "query-params")))
    return lambda _then: coverage_sheet(lines)


def _draw_months(shown: Shown) -> SheetMaker | None:
    months = shown.view.months(shown.choice)
    if not any(line.assigned for line in months):
        st.info("Ingen var tildelt et kursus i de seneste 12 måneder.")
        return None
    left, right = st.columns(2, gap="medium")
    with left:
        draw_months(months)
    with right:
        _table(months_sheet(months))
    st.caption("En medarbejder tæller i den enhed, hvor hun var ansat dengang.")
    return lambda _then: months_sheet(months)


def _draw_scores(shown: Shown) -> SheetMaker | None:
    sheet = scores_sheet(shown.view.scores(shown.choice))
    if not sheet.rows:
        st.info("Der er endnu ingen resultater fra mindst fem personer her.")
        st.caption(sheet.note)
        return None
    _table(sheet)
    st.caption(sheet.note)
    return lambda _then: sheet


def _table(sheet: Sheet) -> None:
    rows = [{name: plain(cell) for name, cell in zip(sheet.headings, row, strict=True)} for row in sheet.rows]
    st.table(rows, hide_index=True, alt=sheet.title)


def _draw_files(shown: Shown, view: str, sheet: SheetMaker) -> None:
    """Three files with the rows of the view, made when they are asked for."""
    # Read now: when a file is made, the choice on the page may be another.
    state = st.session_state
    filters = [f"Kursus: {state.get('kursus', EVERY_COURSE)}", f"Enhed: {state.get('enhed', EVERY_UNIT)}"]
    if view == MISSING:
        filters.append(f"Status: {state.get('status', EVERY_STATE)}")
    person, day = shown.visit.person, shown.overview.day
    whose = WHOLE if shown.view.whole else f"{person.name}, {person.unit}" if person.unit else person.name

    def file(then: Visit, written: Callable[[AreaReport], bytes]) -> bytes:
        return written(AreaReport(day, whose, tuple(filters), (sheet(then),)))

    name = f"mit-omraade-{view.lower().replace('ø', 'oe')}-{day.isoformat()}"
    kinds = (
        ("CSV", as_csv, "csv", "text/csv"),
        ("regneark", as_xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("PDF", as_pdf, "pdf", "application/pdf"),
    )
    with st.container(horizontal=True):
        for label, written, ending, mime in kinds:
            file_button(
                shown.visit,
                Permission.SEE_AREA,
                f"Hent som {label}",
                partial(file, written=written),
                f"{name}.{ending}",
                mime=mime,
                key=f"area_file_{ending}",
            )


_VIEWS: dict[str, Callable[[Shown], SheetMaker | None]] = {
    MISSING: _draw_missing,
    UNITS: _draw_units,
    EXPIRING: _draw_expiring,
    COVER: _draw_coverage,
    MONTHS: _draw_months,
    SCORES: _draw_scores,
}
_TITLES = {
    MISSING: "Hvem mangler et kursus",
    UNITS: "Hvor langt enhederne er",
    EXPIRING: "Beviser, der udløber inden 90 dage",
    COVER: "Nøglepersoner i enhederne",
    MONTHS: "Udvikling over 12 måneder",
    SCORES: "Resultater i første forsøg",
}
