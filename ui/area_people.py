"""Draws a manager's own people: who is missing a course, and whose certificate runs out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

import streamlit as st

from courses.steering.area.area_view import AreaView
from courses.steering.area.figures import Choice, Missing
from courses.steering.area.sheet import expiring_sheet, late
from courses.steering.area.standing import State
from people.roles import Permission
from ui.action import perform
from ui.guard import Visit
from ui.paging import skipped
from ui.text import counted, danish_date, plain

PER_PAGE = 10
_SAID = "area_said"
NO_MAIL = "Der er ikke sat en mailserver op, så du kan ikke minde nogen om et kursus herfra."


def draw_missing(visit: Visit, view: AreaView, choice: Choice) -> None:
    """The people who are missing a course, the longest overdue first, each with a button that reminds her."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said), icon=":material/check_circle:")
    _, total = view.missing(choice, 0)
    if not total:
        st.success("Ingen mangler noget her.", icon=":material/check_circle:")
        return
    found, _ = view.missing(choice, PER_PAGE, skipped(total, "side", PER_PAGE, "query-params"))
    can_send = visit.services.reminders.can_send
    if can_send:
        _remind_button("Mind alle på denne side", "area_remind_all", found)
    else:
        st.caption(NO_MAIL)
    for one in found:
        _draw_person(one, can_send=can_send)


def _draw_person(one: Missing, *, can_send: bool) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(width="stretch"):
            st.markdown(f"**{plain(one.name)}**, {plain(one.unit)}")
            st.markdown(f"{plain(one.course_title)}: {_how_far(one)}")
        if can_send:
            key = f"area_remind_{one.person_id}_{one.course_id}"
            _remind_button(f"Mind {plain(one.name)}", key, [one])


def _how_far(one: Missing) -> str:
    if one.state is State.OVERDUE:
        return f":red[**{late(one)} over fristen**]"
    due = f", frist {danish_date(one.due)}" if one.due else ""
    return f"{one.state.danish.lower()}{due}"


def _remind_button(label: str, key: str, people: Sequence[Missing]) -> None:
    st.button(
        label,
        key=key,
        icon=":material/mail:",
        on_click=perform,
        args=(Permission.REMIND, _remind, tuple(one.key for one in people)),
        help="Sender en mail om kurset. Den samme person mindes højst én gang om ugen.",
    )


def _remind(visit: Visit, pairs: Sequence[tuple[str, str]]) -> None:
    """Remind people of the courses they are missing, and keep what came of it for the page that follows."""
    of_course: dict[str, list[str]] = defaultdict(list)
    for person_id, course_id in pairs:
        of_course[course_id].append(person_id)
    counts: Counter[str] = Counter()
    days: list[date] = []
    for course_id, people in of_course.items():
        done = visit.services.reminders.remind_now(visit.person, people, course_id)
        counts.update(
            written=done.written, lately=done.lately, unreachable=done.unreachable, not_needed=done.not_needed
        )
        days += [done.on] if done.on else []
    st.session_state[_SAID] = _told(counts, min(days, default=None))


def _told(counts: Counter[str], on: date | None) -> str:
    said = [f"{counted(counts['written'], 'mail', 'mails')} sendes{f' {danish_date(on)}' if on else ''}."]
    if counts["lately"]:
        said.append(f"{counted(counts['lately'], 'er', 'er')} allerede mindet inden for den seneste uge.")
    if counts["unreachable"]:
        said.append(f"{counted(counts['unreachable'], 'har', 'har')} ingen mailadresse.")
    if counts["not_needed"]:
        said.append(f"{counted(counts['not_needed'], 'behøver', 'behøver')} ikke kurset mere.")
    return " ".join(said)


def draw_expiring(view: AreaView, choice: Choice) -> None:
    """The people whose certificates run out, the first first."""
    _, total = view.expiring(choice, 0)
    if not total:
        st.success("Ingen beviser udløber de næste 90 dage.", icon=":material/check_circle:")
        return
    found, _ = view.expiring(choice, PER_PAGE, skipped(total, "side", PER_PAGE, "query-params"))
    sheet = expiring_sheet(found)
    rows = [{name: plain(cell) for name, cell in zip(sheet.headings, row, strict=True)} for row in sheet.rows]
    st.table(rows, hide_index=True, alt=sheet.title)
    st.caption("Bevisets indehaver bliver selv mindet om at forny det.")
