"""A part of a manuscript as a learner will see it."""

from random import Random

import streamlit as st

from courses.authoring.manuscript import Chapter, Heading, Manuscript, Part, Settings
from courses.authoring.reading_copy import slot_text, title
from courses.course import Lesson, Practice, Quiz
from courses.drawing import shown_order
from courses.question import PromptPractice
from ui.courses import activity_line, policy_lines
from ui.lesson_text import draw_part, parts
from ui.question_key import draw_key
from ui.questions import draw_question
from ui.text import plain


def draw_preview(part: Part, content: Manuscript | None, key: str) -> None:
    """The part, drawn by what draws it for learners. Nothing that is answered here is kept."""
    if isinstance(part, Settings | Heading | Chapter):
        st.markdown(f"### {plain(part.title)}")
        st.markdown(plain(part.summary))
    elif isinstance(part, Lesson):
        _draw_lesson(part, key)
    elif isinstance(part, Quiz):
        _draw_quiz(part, content)
    elif isinstance(part, Practice):
        prompt = content.questions.get(part.question) if content is not None else None
        st.markdown(f"### {plain(part.title)}")
        if isinstance(prompt, PromptPractice):
            draw_question(prompt, (), None, f"{key}_preview", None)
    else:
        order = shown_order(part, Random(part.id), shuffle=True)  # noqa: S311  an example of an order, the same each time
        draw_question(part, order, None, f"{key}_preview_{'-'.join(order)}", None)
        with st.expander("Facit og forklaring", icon=":material/key:"):
            draw_key(part, order, None, None)


def _draw_lesson(lesson: Lesson, key: str) -> None:
    st.markdown(f"### {plain(lesson.title)}")
    st.caption(activity_line(lesson))
    found = parts(lesson.text)
    page = st.pagination(len(found), key=f"{key}_preview_page") if len(found) > 1 else 1
    draw_part(found[min(page, len(found)) - 1])


def _draw_quiz(quiz: Quiz, content: Manuscript | None) -> None:
    st.markdown(f"### {plain(quiz.title)}")
    if quiz.about:
        st.markdown(plain(quiz.about))
    st.markdown("\n".join(f"- {line}" for line in policy_lines(quiz, quiz.policy)))
    asked = content.questions if content is not None else {}
    modules = {module.id: module.title for module in content.modules} if content is not None else {}
    st.markdown("**Pladserne:**")
    for place, slot in enumerate(quiz.slots, 1):
        named = asked.get(slot.question or "")
        said = title(named) if named is not None else slot_text(slot, modules)
        st.markdown(f"{place}. {plain(said)}")
