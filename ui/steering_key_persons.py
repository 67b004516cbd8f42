"""The register of key persons: appoint one, end an entry, and see which units have none."""

from datetime import timedelta

import streamlit as st

from courses.errors import InvalidAssignment
from courses.steering.key_person import Appointment, KeyPersonLine
from people.organisation.unit import UnitKind
from rag.calendar import today
from ui.guard import Visit
from ui.paging import paged
from ui.steering import button, done, in_words, pick_course, pick_person, pick_unit, say, typed_day
from ui.text import counted, danish_date, plain

# Key persons are for institutions first of all.
KINDS = sorted(UnitKind, key=lambda one: one is not UnitKind.INSTITUTION)
_FIELDS = ("key_unit", "key_course", "key_person_search", "key_deputy_search", "key_from", "key_to")


def draw_key_persons(visit: Visit) -> None:
    """A new key person, the register, and the units without one."""
    say()
    st.markdown(
        "En nøgleperson får rollen i sin enhed, men intet kursus. Lav en regel for nøglepersoner, hvis de skal tage et kursus."
    )
    with st.expander("Udpeg en nøgleperson", icon=":material/person_add:", key="key_new"):
        unit_id = pick_unit(visit, "Enhed", "key_unit", "Vælg en enhed")
        course_id = pick_course(visit, "key_course")
        person_id = pick_person(visit, "nøglepersonen", "key_person")
        deputy_id = pick_person(visit, "stedfortræderen", "key_deputy")
        with st.container(horizontal=True, gap="small"):
            st.text_input("Fra (tom for i dag)", key="key_from")
            st.text_input("Til og med (tom for indtil videre)", key="key_to")
        button("Udpeg", "person_add", "key_appoint", _appoint, unit_id, course_id, person_id, deputy_id, primary=True)
    st.subheader("Nøglepersoner")
    wanted = st.text_input("Søg efter navn eller enhed", key="register_search")
    lines, total = paged(
        lambda count, skip: visit.services.key_persons.register(visit.person, wanted, count, skip),
        "register_sheet",
        (wanted,),
    )
    if lines:
        st.caption(counted(total, "nøgleperson", "nøglepersoner"))
    else:
        st.info("Ingen passer til det, du søger efter." if wanted.strip() else "Der er ingen nøglepersoner endnu.")
    for line in lines:
        _draw_line(line)
    _draw_without(visit)


def _draw_line(line: KeyPersonLine) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(in_words(line.person))}**  \n{plain(line.unit_path or 'En lukket enhed')}")
        with st.container(horizontal=True, gap="small"):
            st.badge(plain(line.course_title), icon=":material/school:", color="blue")
            if line.begins:
                st.badge(f"Fra {danish_date(line.valid_from)}", icon=":material/event:", color="gray")
            if line.left:
                st.badge("Er fratrådt", icon=":material/person_off:", color="red")
            if line.deputy is None:
                st.badge("Ingen stedfortræder", icon=":material/person_off:", color="orange")
            elif line.deputy_left:
                st.badge("Stedfortræderen er fratrådt", icon=":material/person_off:", color="orange")
        deputy = f"Stedfortræder: {plain(line.deputy)}. " if line.deputy else ""
        last = f" til og med {danish_date(line.valid_to)}" if line.valid_to else ""
        st.caption(f"{deputy}Fra {danish_date(line.valid_from)}{last}.")
        with st.popover("Afslut", icon=":material/event_busy:", key=f"key_end_open_{line.id}"):
            st.text_input("Sidste dag (tom for at afslutte nu)", key=f"key_last_{line.id}")
            button("Afslut", "event_busy", f"key_end_{line.id}", _end, line.id)


def _draw_without(visit: Visit) -> None:
    st.subheader("Enheder uden nøgleperson")
    with st.container(horizontal=True, gap="small"):
        course_id = pick_course(visit, "without_course", "Kursus, der mangler nøglepersoner")
        kind = st.selectbox(
            "Slags enhed",
            KINDS,
            format_func=lambda one: one.danish,
            key="without_kind",
        )
    if course_id is None:
        st.caption("Vælg et kursus for at se, hvor der mangler en nøgleperson.")
        return
    units, total = paged(
        lambda count, skip: visit.services.key_persons.without(visit.person, course_id, kind, count, skip),
        "without_sheet",
        (course_id, kind),
    )
    if not units:
        st.success("Alle enheder af den slags har en nøgleperson.")
        return
    st.caption(counted(total, "enhed mangler", "enheder mangler"))
    st.table([{"Enhed": one.path} for one in units], hide_index=True)


def _appoint(
    now: Visit, unit_id: str | None, course_id: str | None, person_id: str | None, deputy_id: str | None
) -> None:
    if unit_id is None or course_id is None or person_id is None:
        raise InvalidAssignment("Vælg en enhed, et kursus og en person først.")
    first = typed_day("key_from") or today()
    now.services.key_persons.appoint(
        now.person, Appointment(unit_id, course_id, person_id, deputy_id, first, typed_day("key_to"))
    )
    done("Nøglepersonen er udpeget.", *_FIELDS)


def _end(now: Visit, entry_id: str) -> None:
    last = typed_day(f"key_last_{entry_id}") or today() - timedelta(days=1)
    now.services.key_persons.end(now.person, entry_id, last)
    done("Nøglepersonen er afsluttet.")
