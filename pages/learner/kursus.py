"""A course: its parts, and the part that the address names: a lesson, a quiz before it begins, or a prompt exercise."""

import streamlit as st

from courses.course import Lesson, Practice, Quiz
from courses.errors import CourseError
from courses.learning_service import Learning
from courses.progress import Step
from people.roles import Permission
from ui.action import perform
from ui.courses import KIND_ICONS, activity_line, begin_course, course_link, due_badge, step_badge
from ui.guard import Visit, guard
from ui.lesson import draw_lesson
from ui.navigation import COURSES
from ui.practice import draw_practice
from ui.quiz import draw_quiz
from ui.text import counted, plain

visit = guard(Permission.LEARN)
person, house = visit.person, visit.services


def move(now: Visit, course_id: str) -> None:
    """Take the newest version of a course that was begun in an older one."""
    now.services.learning.move(now.person, course_id)


def draw_overview(learning: Learning) -> None:
    """The whole course, module by module."""
    course, progress = learning.version.course, learning.progress
    st.title(plain(course.title))
    st.markdown(plain(course.summary))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not progress.finished:
            due_badge(learning.due_on)
        st.caption(f"For {plain(course.audience.lower())}. I alt cirka {counted(course.minutes, 'minut', 'minutter')}.")
    st.progress(progress.done / progress.total, f"{progress.done} af {progress.total} dele er gennemført")
    if learning.newer and not progress.finished:
        st.info("Der er kommet en ny udgave af forløbet. Du kan gøre den færdig, du er i gang med, eller skifte nu.")
        st.button(
            "Skift til den nye udgave",
            icon=":material/update:",
            key="course_move",
            on_click=perform,
            args=(Permission.LEARN, move, course.id),
        )
    if step := progress.next:
        course_link(f"Fortsæt: {step.title}", course.id, step.id, icon=KIND_ICONS[step.kind])
    elif progress.finished:
        st.success("Du har gennemført hele forløbet.", icon=":material/check_circle:")
    for module in course.modules:
        st.header(plain(module.title))
        st.markdown(plain(module.summary))
        for activity in module.activities:
            step = progress.steps[activity.id]
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                if step is Step.LOCKED:
                    st.markdown(f":material/{KIND_ICONS[activity.kind]}: {plain(activity.title)}")
                else:
                    course_link(activity.title, course.id, activity.id, icon=KIND_ICONS[activity.kind])
                step_badge(step)
                st.caption(activity_line(activity))
                if step is Step.LOCKED:
                    names = ", ".join(f"“{plain(one.title)}”" for one in progress.missing(activity)[:2])
                    st.caption(f"Åbner, når du har gennemført {names}.")


def draw_part(learning: Learning, key: str) -> None:
    """One part of the course."""
    course = learning.version.course
    activity = course.activity(key)
    if activity is None:
        st.warning("Denne del findes ikke i forløbet.")
        course_link("Gå til forløbet", course.id)
        return
    course_link(course.title, course.id, icon="arrow_back")
    if learning.progress.steps[key] is Step.LOCKED:
        st.title(plain(activity.title))
        st.info("Denne del er låst endnu. Gennemfør først:")
        for one in learning.progress.missing(activity):
            course_link(one.title, course.id, one.id, icon=KIND_ICONS[one.kind])
    elif isinstance(activity, Lesson):
        draw_lesson(visit, learning, activity)
    elif isinstance(activity, Quiz):
        draw_quiz(visit, learning, activity)
    elif isinstance(activity, Practice):
        draw_practice(visit, learning, activity)


def draw_invitation(course_id: str) -> None:
    """A course that is not begun."""
    course = house.courses.current(course_id).course
    st.title(plain(course.title))
    st.markdown(plain(course.summary))
    st.caption(f"For {plain(course.audience.lower())}. I alt cirka {counted(course.minutes, 'minut', 'minutter')}.")
    st.button(
        "Begynd", icon=":material/play_arrow:", type="primary", on_click=begin_course, args=(course_id,), key="begin"
    )


course_id = st.query_params.get("kursus", "")
try:
    try:
        learning = house.learning.open(person, course_id)
    except CourseError:
        draw_invitation(course_id)
    else:
        if part := st.query_params.get("del"):
            draw_part(learning, part)
        else:
            draw_overview(learning)
except CourseError as error:
    st.title("Kursus")
    st.warning(str(error))
    st.page_link(COURSES.path, label="Mine kurser", icon=":material/arrow_back:")
