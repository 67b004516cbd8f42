"""The workshop: manuscripts under way, published courses to improve, and a new course."""

import streamlit as st

from courses.authoring.workshop import ManuscriptLine
from courses.course_service import CourseVersion
from people.roles import Permission
from ui.action import carried_out, perform
from ui.guard import Visit, guard
from ui.navigation import ANALYSIS, EXCHANGE, MANUSCRIPT, PROPOSALS
from ui.text import counted, danish_moment, plain
from ui.workshop import manuscript_link, show_done, state_badge

visit = guard(Permission.MANAGE_COURSES)
person, house = visit.person, visit.services
BEGUN = "workshop_begun"


def begin(now: Visit, course_id: str) -> None:
    """Open the course's manuscript, and go there in the run that follows."""
    st.session_state[BEGUN] = now.services.manuscripts.begin(now.person, course_id)


def draw_line(line: ManuscriptLine) -> None:
    """A manuscript under way."""
    with st.container(border=True):
        manuscript_link(line.title, line.id)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            state_badge(line.state)
            base = f"Bygger på version {line.base_number}" if line.base_number else "Nyt kursus"
            st.caption(f"{base}. Sidst ændret {danish_moment(line.changed_at)} af {plain(line.changed_by)}.")


def draw_course(version: CourseVersion, line: ManuscriptLine | None) -> None:
    """A published course, and the way to its next version."""
    course = version.course
    with st.container(border=True):
        st.markdown(f"**{plain(course.title)}**")
        st.caption(
            f"Version {version.number}. {counted(len(course.modules), 'modul', 'moduler')}, "
            f"{counted(len(course.questions), 'spørgsmål', 'spørgsmål')}."
        )
        if alarms := house.analysis.alarms(course.id):
            asked = counted(len({one.question_id for one in alarms}), "spørgsmål", "spørgsmål")
            st.markdown(f":orange-badge[:material/query_stats: Svarene tyder på, at {asked} bør ses efter]")
        with st.container(horizontal=True, gap="small"):
            if line is None:
                st.button(
                    "Lav en ny version",
                    key=f"begin_{course.id}",
                    icon=":material/edit_document:",
                    on_click=perform,
                    args=(Permission.MANAGE_COURSES, begin, course.id),
                )
            else:
                manuscript_link("Fortsæt kladden", line.id)
            st.page_link(
                EXCHANGE.path,
                label="Tag spørgsmålene med",
                icon=":material/download:",
                query_params={"kursus": course.id},
            )
            st.page_link(
                ANALYSIS.path, label="Se analysen", icon=":material/query_stats:", query_params={"kursus": course.id}
            )


def draw_new() -> None:
    """The first fields of a new course."""
    with st.expander("Begynd et nyt kursus", icon=":material/note_add:"), st.form("workshop_new", border=False):
        name = st.text_input("Titel", max_chars=200)
        summary = st.text_area("Kort om kurset", max_chars=2_000, height=80)
        audience = st.text_input("Målgruppe", max_chars=300, placeholder="Fx nøglepersoner i Børn og Skole")
        if st.form_submit_button("Opret kladden", type="primary", icon=":material/add:"):
            made: list[str] = []
            if carried_out(lambda: made.append(house.manuscripts.create(person, name, summary, audience))):
                st.switch_page(MANUSCRIPT.path, query_params={"kladde": made[0]})


if begun := st.session_state.pop(BEGUN, None):
    st.switch_page(MANUSCRIPT.path, query_params={"kladde": begun})

st.title("Kursusværksted")
st.markdown(
    "Skriv lektioner og spørgsmål i en kladde. Når en anden har gennemset den, bliver den kursets næste version. "
    "De, der er i gang, gør deres version færdig, og afleverede prøver ændrer sig ikke."
)
show_done()
lines = house.manuscripts.open(person)
if lines:
    st.subheader("Kladder")
    for one in lines:
        draw_line(one)
st.subheader("Udgivne kurser")
under_way = {one.course_id: one for one in lines}
published = house.courses.courses()
if not published:
    st.info("Der er ingen udgivne kurser endnu. Begynd et nyt kursus nedenfor.")
for shown in published:
    draw_course(shown, under_way.get(shown.course.id))
st.subheader("Mere")
draw_new()
st.page_link(PROPOSALS.path, label="Forslag til spørgsmål ud fra en kilde", icon=":material/tips_and_updates:")
