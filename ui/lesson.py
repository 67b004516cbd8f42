"""A lesson, a part at a time, where one left it, with "ask this page" below."""

import streamlit as st

from courses.course import Lesson
from courses.errors import CourseError
from courses.learning_service import Learning
from courses.progress import Step
from people.roles import Permission
from rag.answer import Outcome
from rag.errors import InvalidQuestion
from ui.action import perform
from ui.answers import draw_answer
from ui.courses import KIND_ICONS, activity_line, course_link, draw_sources
from ui.guard import Visit
from ui.lesson_text import draw_part, parts
from ui.text import plain


def draw_lesson(visit: Visit, learning: Learning, lesson: Lesson) -> None:
    """The part of the lesson that was read last, with the ways on."""
    found = parts(lesson.text)
    key = _place_key(learning, lesson)
    if key not in st.session_state:
        st.session_state[key] = visit.services.learning.place(visit.person, learning, lesson)
    place = min(int(st.session_state[key]), len(found) - 1)
    st.title(plain(lesson.title))
    st.caption(activity_line(lesson))
    if len(found) > 1:
        st.progress((place + 1) / len(found), f"Afsnit {place + 1} af {len(found)}")
    draw_part(found[place])
    with st.container(horizontal=True, gap="small"):
        if place > 0:
            _button("Forrige", "arrow_back", _turn, learning, lesson, place - 1)
        if place + 1 < len(found):
            _button("Næste", "arrow_forward", _turn, learning, lesson, place + 1, primary=True)
        elif learning.progress.steps[lesson.id] is not Step.DONE:
            _button("Jeg har læst lektionen", "check", _finish, learning, lesson, primary=True)
    if learning.progress.steps[lesson.id] is Step.DONE and place + 1 == len(found):
        st.success("Du har læst lektionen.", icon=":material/check_circle:")
        if following := learning.progress.after(lesson.id):
            course_link(
                f"Videre: {following.title}",
                learning.version.course.id,
                following.id,
                icon=KIND_ICONS[following.kind],
            )
    _draw_sources(visit, lesson)
    _draw_asking(visit, lesson)


def _place_key(learning: Learning, lesson: Lesson) -> str:
    """Courses share lessons, and a renewal reads them anew."""
    return f"part_{learning.version.course.id}_{learning.cycle}_{lesson.id}"


def _button(label: str, icon: str, action: object, *args: object, primary: bool = False) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"lesson_{icon}",
        type="primary" if primary else "secondary",
        on_click=perform,
        args=(Permission.LEARN, action, *args),
    )


def _turn(now: Visit, learning: Learning, lesson: Lesson, place: int) -> None:
    now.services.learning.keep_place(now.person, learning, lesson, place)
    st.session_state[_place_key(learning, lesson)] = place


def _finish(now: Visit, learning: Learning, lesson: Lesson) -> None:
    now.services.learning.finish(now.person, learning, lesson)


def _draw_sources(visit: Visit, lesson: Lesson) -> None:
    if not lesson.sources:
        return
    with st.expander("Kilder til lektionen", icon=":material/format_quote:"):
        draw_sources(visit, lesson.sources)


def _draw_asking(visit: Visit, lesson: Lesson) -> None:
    with st.expander("Spørg til denne side", icon=":material/forum:"):
        with st.form(f"ask_{lesson.id}", border=False):
            question = st.text_input(
                "Dit spørgsmål (ingen personoplysninger)",
                max_chars=visit.services.settings.max_question_chars,
                key=f"ask_text_{lesson.id}",
            )
            asked = st.form_submit_button("Spørg", icon=":material/search:")
        st.caption("Svaret hentes kun fra denne lektion og dens kilder. Spørgsmålet gemmes ikke.")
        if not asked:
            return
        try:
            answer = visit.services.lessons.ask(visit.person, lesson, question)
        except (InvalidQuestion, CourseError) as error:
            st.warning(str(error))
            return
        if answer.from_lesson:
            st.markdown("**Det siger lektionen:**")
            for sentence in answer.from_lesson:
                st.markdown(f"> {plain(sentence)}")
        if answer.from_sources.status is not Outcome.REFUSED or not answer.from_lesson:
            current = {version.id: version.status for version in visit.services.search.versions()}
            draw_answer(answer.from_sources, f"lesson_{lesson.id}", current)
