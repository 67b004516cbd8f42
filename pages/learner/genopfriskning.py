"""Spaced reviews: the week's questions one at a time, each with its key, its explanation and its sources afterwards."""

import streamlit as st

from courses.reviews import MEAN_FRACTION, PERIOD_WEEKS, WEEKS_NEEDED, Review, Week
from people.roles import Permission
from ui.action import perform
from ui.courses import percent
from ui.guard import Visit, guard
from ui.navigation import CERTIFICATES, COURSES
from ui.question_key import draw_key
from ui.questions import draw_question, draw_text, read_question
from ui.reader import link_to
from ui.text import plain

visit = guard(Permission.LEARN)
person, house = visit.person, visit.services
SHOWN = "review_shown"
HEADINGS = {1: "Ét spørgsmål i denne uge", 2: "To spørgsmål i denne uge", 3: "Tre spørgsmål i denne uge"}


def answer(now: Visit, review: Review) -> None:
    """Keep the answer that the fields show; its key is shown next."""
    now.services.reviews.answer(now.person, review.id, read_question(review.question, review.order, field(review)))
    st.session_state[SHOWN] = review.id


def go_on() -> None:
    """Leave the key for the next question."""
    st.session_state.pop(SHOWN, None)


def field(review: Review) -> str:
    """What the keys of a question's fields begin with."""
    return f"review_{review.id}"


def draw_answered(review: Review) -> None:
    """A question that is answered, with key, explanation and sources."""
    draw_text(review.question)
    if review.grade is not None:
        draw_key(review.question, review.order, review.response, review.grade)
    for citation in house.watch.citations(review.wording):
        st.markdown(f"“{plain(citation.quote)}”")
        link_to(
            f"Kilde: {citation.title}",
            citation.source,
            citation.version_id,
            citation.anchor,
            citation.passage,
            citation.quote,
            icon="menu_book",
        )


def draw_one(week: Week) -> None:
    """The question that was just answered, or the next one."""
    shown = next((one for one in week.reviews if one.grade and one.id == st.session_state.get(SHOWN)), None)
    review = shown or week.waiting
    if review is None:
        draw_end(week)
        return
    st.subheader(HEADINGS[len(week.reviews)])
    st.caption(f"Spørgsmål {week.answered if shown else week.answered + 1} af {len(week.reviews)}")
    if shown:
        draw_answered(review)
        label = "Næste spørgsmål" if week.waiting else "Afslut"
        st.button(label, key=f"next_{review.id}", icon=":material/arrow_forward:", type="primary", on_click=go_on)
    else:
        draw_question(review.question, review.order, None, field(review), None)
        st.button(
            "Svar",
            key=f"answer_{review.id}",
            icon=":material/check:",
            type="primary",
            on_click=perform,
            args=(Permission.LEARN, answer, review),
        )


def draw_end(week: Week) -> None:
    """The week is done: what was answered, and what it is good for."""
    st.success("Det var det for denne uge. Der kommer nye spørgsmål på mandag.", icon=":material/check_circle:")
    for number, review in enumerate(week.reviews, 1):
        if review.grade is not None:
            with st.expander(f"Spørgsmål {number}: {review.grade.state.danish}"):
                draw_answered(review)
    st.page_link(COURSES.path, label="Mine kurser", icon=":material/arrow_back:")


st.title("Genopfriskning")
week = house.reviews.this_week(person)
if not week.courses:
    st.info("Genopfriskning er for dig, der har bestået et kursus. Så får du tre spørgsmål om ugen.")
    st.page_link(COURSES.path, label="Mine kurser", icon=":material/arrow_back:")
elif not week.reviews:
    st.info("Der er ingen spørgsmål til dig lige nu. Kig forbi igen på mandag.")
else:
    draw_one(week)
if week.renews:
    with st.expander("Genopfriskning kan forny dit bevis", icon=":material/workspace_premium:"):
        st.markdown(
            f"Når dit bevis snart udløber, kan du forny det uden en ny prøve. Det kræver, at du har svaret på alle ugens "
            f"spørgsmål i mindst {WEEKS_NEEDED} af de seneste {PERIOD_WEEKS} uger, og at mindst {percent(MEAN_FRACTION)} af "
            "dine svar på kursets spørgsmål er rigtige. Ellers kan du tage prøven igen."
        )
        st.page_link(CERTIFICATES.path, label="Mine beviser", icon=":material/workspace_premium:")
