"""My courses: what to do now, what is assigned, what one may begin, what is done."""

import streamlit as st

from courses.learning_service import MyCourse
from courses.reminder import Place
from people.roles import Permission
from rag.calendar import today
from ui.courses import KIND_ICONS, begin_course, course_link, due_badge
from ui.guard import guard
from ui.navigation import CERTIFICATES, REVIEWS, UPDATES
from ui.text import counted, danish_date, plain

visit = guard(Permission.LEARN)
person, house = visit.person, visit.services


def draw_course(mine: MyCourse) -> None:
    """One course: how far one is, and the next step."""
    course, progress = mine.version.course, mine.progress
    with st.container(border=True):
        st.subheader(plain(course.title))
        with st.container(horizontal=True, gap="small"):
            if mine.finished:
                st.badge("Gennemført", icon=":material/check_circle:", color="green")
            elif mine.assigned:
                st.badge("Tildelt dig", icon=":material/assignment_ind:", color="blue")
                due_badge(mine.due_on)
            if mine.exempt:
                st.badge("Fritaget", icon=":material/event_busy:", color="gray")
        st.markdown(plain(course.summary))
        if progress is None:
            st.caption(
                f"Tager cirka {counted(course.minutes, 'minut', 'minutter')} i alt. Du kan holde pause undervejs."
            )
            st.button(
                "Begynd",
                key=f"begin_{course.id}",
                icon=":material/play_arrow:",
                type="primary" if mine.assigned else "secondary",
                on_click=begin_course,
                args=(course.id,),
            )
            return
        st.progress(progress.done / progress.total, f"{progress.done} af {progress.total} dele er gennemført")
        with st.container(horizontal=True, gap="medium"):
            if step := progress.next:
                course_link(f"Fortsæt: {step.title}", course.id, step.id, icon=KIND_ICONS[step.kind])
            course_link("Se hele forløbet", course.id, icon="list")


st.title("Mine kurser")
house.watch.sweep_if_changed()
house.certification.settle(person)
for reminder in house.certification.reminders(person, today()):
    with st.container(border=True, horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(f":material/notifications: {plain(reminder.text)}")
        if reminder.place is Place.COURSE:
            course_link("Gå til forløbet", reminder.course_id)
        else:
            st.page_link(CERTIFICATES.path, label="Gå til beviset", icon=":material/workspace_premium:")
updates = len(house.watch.updates(person))
week = house.reviews.this_week(person)
waiting = sum(review.grade is None for review in week.reviews)
with st.container(horizontal=True, gap="medium"):
    if updates:
        st.page_link(
            UPDATES.path,
            label=f"{counted(updates, 'afsnit', 'afsnit')} i retningslinjerne er ændret, siden du lærte om det",
            icon=":material/update:",
        )
    if waiting:
        st.page_link(
            REVIEWS.path,
            label=f"Genopfriskning: {counted(waiting, 'spørgsmål', 'spørgsmål')} i denne uge",
            icon=":material/refresh:",
        )
    st.page_link(CERTIFICATES.path, label="Mine beviser", icon=":material/workspace_premium:")

for exemption in house.exemptions.mine(person):
    until = f"til og med {danish_date(exemption.until)}" if exemption.until else "uden slutdato"
    st.info(
        f"Du er fritaget for {plain(exemption.course_title)} {until}. Begrundelse: {plain(exemption.reason)}",
        icon=":material/event_busy:",
    )
courses = house.learning.mine(person)
if not courses:
    st.info("Du har ingen kurser endnu. Når din leder eller underviser tildeler dig et forløb, står det her.")
groups = (
    ("Dine forløb", [one for one in courses if not one.finished and (one.assigned or one.progress)]),
    ("Kurser, du kan begynde på", [one for one in courses if one.progress is None and not one.assigned]),
    ("Gennemført", [one for one in courses if one.finished]),
)
for title, group in groups:
    if group:
        st.header(title)
        for one in group:
            draw_course(one)
