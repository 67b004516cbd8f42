"""Exemptions: a new one with its reason, and those that hold."""

import streamlit as st

from courses.errors import InvalidAssignment
from courses.steering.exemption_service import ExemptionLine
from courses.written import ABOUT_WORK, LONGEST_REASON
from ui.guard import Visit
from ui.paging import paged
from ui.steering import button, done, in_words, pick_course, pick_person, say, typed_day
from ui.text import counted, danish_date, plain

_FIELDS = ("exempt_person_search", "exempt_course", "exempt_until", "exempt_reason")


def draw_exemptions(visit: Visit) -> None:
    """A new exemption, and those there are."""
    say()
    st.markdown(
        "Den, der er fritaget, bliver ikke mindet om kurset og tæller ikke som manglende. Hun kan se fritagelsen og din "
        "begrundelse på Mine kurser."
    )
    with st.expander("Fritag en person", icon=":material/event_busy:", key="exempt_new"):
        person_id = pick_person(visit, "personen", "exempt_person")
        course_id = pick_course(visit, "exempt_course")
        st.text_input("Sidste dag (fx 2. december 2027, tom for altid)", key="exempt_until")
        st.text_area("Begrundelse", key="exempt_reason", max_chars=LONGEST_REASON, height=80)
        st.caption(f"{ABOUT_WORK} Skriv intet om helbred, familie eller andre private forhold.")
        button("Fritag", "event_busy", "exempt_give", _exempt, person_id, course_id, primary=True)
    st.subheader("Fritagelser, der gælder")
    wanted = st.text_input("Søg efter navn eller enhed", key="exemptions_search")
    lines, total = paged(
        lambda count, skip: visit.services.exemptions.exemptions(visit.person, wanted, count, skip),
        "exemptions_sheet",
        (wanted,),
    )
    if not lines:
        st.info("Ingen passer til det, du søger efter." if wanted.strip() else "Ingen er fritaget.")
        return
    st.caption(counted(total, "fritagelse", "fritagelser"))
    for line in lines:
        _draw_line(line)


def _draw_line(line: ExemptionLine) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(in_words(line.person))}**  \n{plain(line.course_title)}, {until_text(line)}")
        st.markdown(f"Begrundelse: {plain(line.reason)}")
        st.caption(f"Givet {danish_date(line.at)} af {plain(line.by)}.")
        with st.popover("Ophæv", icon=":material/block:", key=f"exempt_end_open_{line.id}"):
            st.markdown("Hvis personen er omfattet af en regel, får hun kurset igen med en ny frist.")
            button("Ophæv fritagelsen", "block", f"exempt_end_{line.id}", _end, line.id)


def until_text(line: ExemptionLine) -> str:
    """til og med 2. december 2027"""
    return f"til og med {danish_date(line.until)}" if line.until else "uden slutdato"


def _exempt(now: Visit, person_id: str | None, course_id: str | None) -> None:
    if person_id is None or course_id is None:
        raise InvalidAssignment("Vælg en person og et kursus først.")
    reason = str(st.session_state.get("exempt_reason", ""))
    now.services.exemptions.exempt(now.person, person_id, course_id, typed_day("exempt_until"), reason)
    done("Personen er fritaget.", *_FIELDS)


def _end(now: Visit, exemption_id: str) -> None:
    now.services.exemptions.end(now.person, exemption_id)
    done("Fritagelsen er ophævet.")
