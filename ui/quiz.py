"""A quiz before it begins: its rules, earlier attempts, and the way in."""

import streamlit as st

from courses.course import Quiz
from courses.learning_service import Learning
from courses.progress import Step
from ui.courses import KIND_ICONS, begin_quiz, course_link, percent, policy_lines
from ui.guard import Visit
from ui.navigation import ATTEMPT
from ui.text import counted, danish_moment, plain


def draw_quiz(visit: Visit, learning: Learning, quiz: Quiz) -> None:
    """The page of a quiz."""
    attempts = visit.services.attempts.attempts(visit.person, learning.version.course.id, learning.cycle, quiz.id)
    extra = visit.services.attempts.extra_percent(visit.person)
    st.title(plain(quiz.title))
    if quiz.about:
        st.markdown(plain(quiz.about))
    st.markdown("\n".join(f"- {line}" for line in policy_lines(quiz, quiz.policy, extra)))
    if learning.progress.steps[quiz.id] is Step.DONE:
        st.success("Du har bestået.", icon=":material/check_circle:")
        if following := learning.progress.after(quiz.id):
            course_link(
                f"Videre: {following.title}", learning.version.course.id, following.id, icon=KIND_ICONS[following.kind]
            )
    under_way = any(attempt.submitted_at is None for attempt, _ in attempts)
    left = visit.services.attempts.left(visit.person, learning.version.course.id, learning.cycle, quiz.id, quiz.policy)
    if under_way or left is None or left > 0:
        label = "Fortsæt" if under_way else "Begynd" if not attempts else "Prøv igen"
        first = learning.progress.steps[quiz.id] is not Step.DONE
        if st.button(label, icon=":material/play_arrow:", type="primary" if first else "secondary", key="quiz_begin"):
            begin_quiz(learning, quiz, visit)
    if left is not None and not under_way:
        st.caption(f"Du har {counted(left, 'forsøg', 'forsøg')} tilbage.")
    if attempts:
        st.subheader("Dine forsøg")
    for attempt, result in reversed(attempts):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.page_link(
                ATTEMPT.path,
                label=f"Forsøg {attempt.number}",
                icon=":material/assignment:",
                query_params={"forsoeg": attempt.id},
            )
            if result is None or attempt.submitted_at is None:
                st.badge("I gang", icon=":material/timelapse:", color="orange")
                st.caption(f"Begyndt {danish_moment(attempt.started_at)}")
            else:
                waits = result.pending > 0
                name = "Venter på vurdering" if waits else "Bestået" if result.passed else "Ikke bestået"
                colour = "blue" if waits else "green" if result.passed else "gray"
                st.badge(f"{name}, {percent(result.share)}", color=colour)  # type: ignore[arg-type]
                st.caption(f"Afleveret {danish_moment(attempt.submitted_at)}")
