"""Questions that are held back because their paragraph has changed: still right, or out; and how far changes have come."""

import streamlit as st

from courses.watch import HeldPlace, HeldQuestion, Reason
from courses.written import LONGEST_REASON
from people.roles import Permission
from ui.action import perform
from ui.changed_passage import draw_before_and_now
from ui.courses import percent
from ui.guard import Visit, guard
from ui.paging import part_of
from ui.question_key import draw_key
from ui.questions import draw_text
from ui.reader import link_to
from ui.text import counted, danish_date, plain

visit = guard(Permission.MANAGE_COURSES)
person, house = visit.person, visit.services
PER_PAGE = 10
WAITING, WITHDRAWN, SPREAD = "Venter på dig", "Trukket tilbage", "Hvor mange er opdateret"


def confirm(now: Visit, wording: str, place: int, passage_hash: str, field: str) -> None:
    """The question is still right."""
    now.services.watch.confirm(now.person, wording, place, passage_hash, st.session_state.get(field, ""))


def withdraw(now: Visit, wording: str) -> None:
    """The question is asked no more."""
    now.services.watch.withdraw(now.person, wording, st.session_state.get(f"reason_{wording}", ""))


def draw_question_head(held: HeldQuestion) -> None:
    """The question, where it is used, and its key."""
    draw_text(held.question)
    st.caption("Bruges i: " + ", ".join(plain(title) for title in held.courses))
    with st.expander("Se svarmuligheder, facit og forklaring", icon=":material/key:"):
        draw_key(held.question, held.order, None, None)


def draw_waiting(held: HeldQuestion) -> None:
    """What the question rested on, what stands there now, and the two ways out."""
    with st.container(border=True):
        draw_question_head(held)
        for place in held.places:
            draw_place(held, place)
        with st.expander("Træk spørgsmålet tilbage", icon=":material/block:"), st.form(f"withdraw_{held.wording}"):
            st.markdown("Spørgsmålet bliver ikke stillet igen. Prøver, der er afleveret, ændres ikke.")
            st.text_area("Hvorfor?", key=f"reason_{held.wording}", max_chars=LONGEST_REASON)
            st.form_submit_button(
                "Træk tilbage",
                on_click=perform,
                args=(Permission.MANAGE_COURSES, withdraw, held.wording),
            )


def draw_place(held: HeldQuestion, place: HeldPlace) -> None:
    """One place the question rests on, with the form that ties it to what stands there now."""
    key = f"{held.wording}_{place.place}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.badge(place.reason.danish, icon=":material/update:", color="orange")
        st.markdown(plain(place.title))
    st.markdown(f"Spørgsmålet bygger på: “{plain(place.quote)}”")
    if not place.now:
        st.markdown(f"**Før:** {plain(place.before)}" if place.before else "")
        st.markdown("Kilden gælder ikke længere. Træk spørgsmålet tilbage, eller ret det i kursets filer.")
        return
    chosen = place.now[0]
    if len(place.now) > 1:
        chosen = place.now[
            st.selectbox(
                "Hvilket afsnit bygger det på nu?",
                range(len(place.now)),
                format_func=lambda number: f"{number + 1}. {place.now[number].passage.text[:90]}",
                key=f"passage_{key}",
                help="Det afsnit, der ligner mest, står først.",
            )
        ]
    if place.before:
        draw_before_and_now(place.before, chosen.passage.text)
        if place.reason is Reason.REMOVED:
            st.caption("Afsnittet ser ud til at være fjernet. Det viste er blot det, der ligner mest.")
    else:
        st.markdown(f"**Der står:** {plain(chosen.passage.text)}")
    link_to(
        "Læs det i sammenhæng",
        chosen.version.source_id,
        chosen.version.id,
        chosen.section.anchor,
        chosen.passage.id,
        icon="menu_book",
    )
    field = f"quote_{key}_{chosen.passage.hash}"
    with st.form(f"confirm_{key}", border=False):
        st.text_area("Citat, ordret fra afsnittet", place.quote_in(chosen), key=field)
        st.form_submit_button(
            "Spørgsmålet er stadig rigtigt",
            icon=":material/check:",
            on_click=perform,
            args=(Permission.MANAGE_COURSES, confirm, held.wording, place.place, chosen.passage.hash, field),
        )


def draw_questions(found: list[HeldQuestion], empty: str) -> None:
    """A list of questions, a page at a time."""
    if not found:
        st.info(empty)
        return
    for held in part_of(found, "questions_page", PER_PAGE):
        if not held.withdrawn:
            draw_waiting(held)
            continue
        with st.container(border=True):
            draw_question_head(held)
            st.markdown(f"**Trukket tilbage, fordi:** {plain(held.withdrawn)}")


def draw_spread() -> None:
    """How many of those who were tested on a changed paragraph have read the change."""
    found = house.watch.spread(person)
    if not found:
        st.info("Ingen afsnit, som nogen er prøvet i, er ændret.")
        return
    for spread in part_of(found, "spread_page", PER_PAGE):
        with st.container(border=True):
            st.markdown(f"**{plain(spread.title)}**, ændret {danish_date(spread.at)}")
            st.progress(spread.share, f"{percent(spread.share)} er opdateret")
            with st.expander("Se ændringen", icon=":material/difference:"):
                draw_before_and_now(spread.before, spread.after)


st.title("Spørgsmål")
st.markdown(
    "Når et afsnit i en retningslinje ændres, bliver de spørgsmål, der bygger på det, holdt tilbage, til du har set på dem. "
    "De personer, der er prøvet i afsnittet, får besked om ændringen."
)
house.watch.sweep_if_changed()
flagged = house.watch.flagged(person)
waiting = [held for held in flagged if not held.withdrawn]
withdrawn = [held for held in flagged if held.withdrawn]
counts = {WAITING: f" ({len(waiting)})", WITHDRAWN: f" ({len(withdrawn)})", SPREAD: ""}
view = st.segmented_control(
    "Vis",
    list(counts),
    default=WAITING,
    format_func=lambda name: name + counts[name],
    key="questions_view",
    required=True,
)
if view == WAITING:
    if waiting:
        st.caption(f"{counted(len(waiting), 'spørgsmål', 'spørgsmål')} bliver ikke stillet lige nu.")
    draw_questions(waiting, "Alle spørgsmål bygger på afsnit, der gælder. Der er ikke noget at tage stilling til.")
elif view == WITHDRAWN:
    draw_questions(withdrawn, "Ingen spørgsmål er trukket tilbage.")
else:
    draw_spread()
