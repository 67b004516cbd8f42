"""A prompt exercise: the case, one's own prompt, what was seen in it, hints, and before and after side by side."""

import streamlit as st

from courses.course import Practice
from courses.errors import CourseError
from courses.learning_service import Learning
from courses.progress import Step
from courses.prompt_practice import Assessment, Findings, comparison, hint
from courses.question import PromptPractice
from courses.response import LONGEST_PROMPT
from people.roles import Permission
from ui.action import perform
from ui.courses import KIND_ICONS, course_link, draw_sources, percent
from ui.guard import Visit
from ui.text import counted, danish_moment, number, paragraphs, plain

_SEEN = "practice_seen_{}"
_HINTS = "practice_hints_{}"


def draw_practice(visit: Visit, learning: Learning, practice: Practice) -> None:
    """The page of an exercise."""
    question = learning.version.course.questions[practice.question]
    if not isinstance(question, PromptPractice):
        return
    tries = visit.services.learning.tries(visit.person, learning, practice)
    assessment: Assessment | None = st.session_state.get(_SEEN.format(_key(learning, practice)))
    st.title(plain(practice.title))
    st.markdown(question.text)
    st.info(
        "Skriv en prompt, som du ville give den til et godkendt AI-værktøj. Skriv aldrig rigtige navne, CPR-numre eller "
        "sagsnumre, heller ikke her.",
        icon=":material/shield:",
    )
    key = f"practice_{_key(learning, practice)}"
    if key not in st.session_state and tries:
        st.session_state[key] = tries[0].prompt
    with st.form(f"form_{practice.id}", border=False):
        st.text_area("Din prompt", key=key, height=220, max_chars=LONGEST_PROMPT)
        st.form_submit_button(
            "Få tilbagemelding",
            icon=":material/rate_review:",
            type="primary",
            on_click=perform,
            args=(Permission.LEARN, _practise, learning, practice),
        )
    if assessment is not None:
        if assessment.stopped:
            _draw_stopped(assessment.stopped, key, learning, practice)
        else:
            _draw_assessment(assessment)
            if visit.services.learning.has_model and assessment.obstacle is None:
                _draw_run(visit, learning, practice, st.session_state.get(key, ""))
    _draw_hints(question, learning, practice)
    if tries:
        _draw_comparison(question, tries[0].prompt)
        if len(tries) > 1:
            with st.expander(f"Dine tidligere forsøg ({number(len(tries))})", icon=":material/history:"):
                for one in tries:
                    st.caption(f"{danish_moment(one.at)}: {percent(one.fraction)} af pointene")
                    st.text(one.prompt)
    if learning.progress.steps[practice.id] is Step.DONE:
        st.success("Øvelsen er gennemført. Du kan godt blive ved med at øve.", icon=":material/check_circle:")
        if following := learning.progress.after(practice.id):
            course_link(
                f"Videre: {following.title}", learning.version.course.id, following.id, icon=KIND_ICONS[following.kind]
            )
    draw_sources(visit, question.sources)


def _key(learning: Learning, practice: Practice) -> str:
    """Courses share exercises, and a renewal practises anew."""
    return f"{learning.version.course.id}_{learning.cycle}_{practice.id}"


def _practise(now: Visit, learning: Learning, practice: Practice) -> None:
    prompt = st.session_state.get(f"practice_{_key(learning, practice)}", "")
    hints = st.session_state.get(_HINTS.format(_key(learning, practice)), 0)
    found = now.services.learning.practise(now.person, learning, practice, prompt, hints)
    st.session_state[_SEEN.format(_key(learning, practice))] = found


def _draw_stopped(stopped: Findings, key: str, learning: Learning, practice: Practice) -> None:
    st.warning("**Din prompt er stoppet.** Den er ikke gemt og ikke vurderet.", icon=":material/shield:")
    for one in stopped.found:
        st.markdown(f"**{plain(one.name)}.** {one.reason} {one.lesson}")
    if stopped.cleaned:

        def use() -> None:
            st.session_state[key] = stopped.cleaned
            st.session_state.pop(_SEEN.format(_key(learning, practice)), None)

        st.markdown("Sådan kunne den se ud uden oplysningerne:")
        st.text(stopped.cleaned)
        st.button(
            "Brug den rensede udgave", icon=":material/cleaning_services:", on_click=use, key=f"clean_{practice.id}"
        )


def _draw_assessment(found: Assessment) -> None:
    st.subheader("Tilbagemelding")
    for note in found.notes:
        st.caption(note)
    if found.obstacle is not None:
        st.warning(found.obstacle.danish)
        return
    st.progress(found.total, f"{percent(found.total)} af pointene. Øvelsen er gennemført med 60 %.")
    if found.praise:
        st.markdown(found.praise)
    st.markdown(f"**Næste skridt:** {found.next_step}")
    rows = [
        {"Punkt": one.title, "Point": f"{one.points} af {one.most}", "Hvad vi så": one.comment}
        for one in found.criteria
    ]
    st.table(rows, hide_index=True)
    st.caption(
        "Vurderingen er lavet med faste regler, der ser efter ord. Den forstår ikke alt; du bedømmer selv, om den har ret."
    )


def _draw_run(visit: Visit, learning: Learning, practice: Practice, prompt: str) -> None:
    """Run the prompt in the configured model, and show what came of it; it is gone with the next change."""
    if not st.button("Prøv prompten i sprogmodellen", icon=":material/play_arrow:", key=f"run_{practice.id}"):
        return
    try:
        with st.spinner("Sprogmodellen skriver"):
            answer = visit.services.learning.run(visit.person, learning, practice, prompt)
    except CourseError as error:
        st.warning(str(error))
        return
    with st.container(border=True):
        st.markdown("**Sprogmodellen svarede:**")
        st.markdown(paragraphs(answer))
        st.caption(
            "Svaret er skrevet af en sprogmodel. Det er ikke kontrolleret, kan være forkert og bliver ikke gemt."
        )


def _draw_hints(question: PromptPractice, learning: Learning, practice: Practice) -> None:
    shown = st.session_state.get(_HINTS.format(_key(learning, practice)), 0)

    def more() -> None:
        st.session_state[_HINTS.format(_key(learning, practice))] = shown + 1

    for place in range(1, shown + 1):
        st.markdown(f":material/lightbulb: **Hjælp {place}:** {hint(question, place)}")
    left = len(question.hints) - shown
    if left > 0:
        st.button(
            f"Få hjælp ({counted(left, 'råd', 'råd')} tilbage)",
            icon=":material/lightbulb:",
            key=f"hint_{practice.id}",
            on_click=more,
        )


def _draw_comparison(question: PromptPractice, own: str) -> None:
    with st.expander("Sammenlign med en svag og en stærk prompt", icon=":material/compare:"):
        found = comparison(question, own)
        for title, prompt, result in (
            ("En svag prompt", found.weak_prompt, found.weak_result),
            ("Din prompt", found.own, ""),
            ("En stærk prompt", found.model_prompt, found.model_result),
        ):
            st.markdown(f"**{title}**")
            st.text(prompt)
            if result:
                st.caption("Det kunne svaret blive:")
                st.markdown(paragraphs(result))
