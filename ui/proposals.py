"""Proposed questions: choose a source, make proposals, read each beside its quote, take it into a manuscript or drop it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from courses.authoring.draft_service import Proposed
from courses.authoring.reading_copy import title
from courses.authoring.workshop import ManuscriptLine
from courses.question import Question
from people.roles import Permission
from ui.action import carried_out, perform
from ui.guard import Visit
from ui.navigation import WORKSHOP
from ui.paging import skipped
from ui.preview import draw_preview
from ui.text import counted, number, plain
from ui.workshop import done, show_done

PER_PAGE = 5
_ALL = ""


def draw_proposals(visit: Visit) -> None:
    """The queue, and what fills it."""
    st.page_link(WORKSHOP.path, label="Kursusværksted", icon=":material/arrow_back:")
    st.title("Forslag til spørgsmål")
    show_done()
    st.markdown(
        "Forslagene er lavet ud fra sætninger i en kilde. Ingen deltager ser dem, før du har læst dem og taget dem med i en "
        "kladde. Ret dem der, så de spørger om det, der betyder noget i arbejdet."
    )
    titles = visit.services.courses.shelf().titles
    if not titles:
        st.info("Der er ingen gældende kilder at lave forslag ud fra.")
        return
    _draw_making(visit, titles)
    chosen = st.selectbox(
        "Vis forslag fra", [_ALL, *titles], format_func=lambda one: titles.get(one, "Alle kilder"), key="proposal_shown"
    )
    source = chosen or None
    count = visit.services.drafts.count(visit.person, source)
    if not count:
        st.info("Der er ingen forslag, der venter. Lav nogle ovenfor.")
        return
    st.subheader(f"{counted(count, 'forslag', 'forslag')} venter")
    first = skipped(count, "proposal_page", PER_PAGE)
    lines = visit.services.manuscripts.open(visit.person)
    for draft in visit.services.drafts.waiting(visit.person, source, first, PER_PAGE):
        _draw_one(visit, draft.id, draft.question, draft.made_by, lines)


def _draw_making(visit: Visit, titles: dict[str, str]) -> None:
    with st.container(border=True):
        source = st.selectbox("Kilde", [*titles], format_func=titles.__getitem__, key="proposal_source", required=True)
        with_model = False
        if visit.services.drafts.has_model:
            with_model = st.toggle("Brug også sprogmodellen", key="proposal_model")
        if not st.button("Lav forslag", type="primary", icon=":material/tips_and_updates:"):
            return
        bar = st.progress(0.0, text="Læser kilden")

        def make() -> None:
            made = visit.services.drafts.propose(
                visit.person,
                source,
                with_model=with_model,
                progress=lambda text, share: _report(bar, text, share),
            )
            done(_came_of(made, titles[source]))

        if carried_out(make):
            st.rerun()
        bar.empty()


def _report(bar: DeltaGenerator, text: str, share: float) -> None:
    bar.progress(min(share, 1.0), text=text)


def _came_of(made: Proposed, source: str) -> str:
    said = f"{counted(made.new, 'nyt forslag', 'nye forslag')} fra {source}."
    if made.known:
        said += f" {number(made.known)} var der allerede."
    if made.dropped:
        reasons = ", ".join(f"{reason.danish} ({number(count)})" for reason, count in made.dropped.items())
        said += f" Kasseret, fordi de ikke holdt: {reasons}."
    return said


def _draw_one(visit: Visit, draft_id: str, question: Question, made_by: str, lines: list[ManuscriptLine]) -> None:
    with st.container(border=True):
        st.badge("Lavet af en sprogmodel" if made_by == "model" else "Lavet efter regler", color="gray")
        draw_preview(question, None, f"proposal_{draft_id}")
        for ref in question.sources:
            st.caption(f"Citat: “{plain(ref.quote)}”")
        with st.container(horizontal=True, gap="small"):
            with st.popover("Tag med i en kladde", icon=":material/playlist_add:", key=f"taking_{draft_id}"):
                _draw_taking(visit, draft_id, lines)
            st.button(
                "Kassér",
                key=f"drop_{draft_id}",
                icon=":material/delete:",
                on_click=perform,
                args=(Permission.MANAGE_COURSES, _drop, draft_id),
            )


def _draw_taking(visit: Visit, draft_id: str, lines: list[ManuscriptLine]) -> None:
    if not lines:
        st.markdown("Der er ingen kladder. Begynd en i Kursusværksted først.")
        return
    titles = {line.id: line.title for line in lines}
    named = st.query_params.get("kladde", "")
    places = [*titles]
    chosen = st.selectbox(
        "Kladde",
        places,
        index=places.index(named) if named in titles else 0,
        format_func=titles.__getitem__,
        key=f"take_in_{draft_id}",
        required=True,
    )
    content = visit.services.manuscripts.read(visit.person, chosen).content
    modules = {module.id: module.title for module in content.modules}
    if not modules:
        st.markdown("Kladden har ingen moduler endnu.")
        return
    home = st.selectbox(
        "Modul", [*modules], format_func=modules.__getitem__, key=f"take_to_{draft_id}_{chosen}", required=True
    )
    if st.button("Læg i kladden", key=f"take_{draft_id}", type="primary") and carried_out(
        lambda: _take(visit, draft_id, chosen, home)
    ):
        st.rerun()


def _take(visit: Visit, draft_id: str, manuscript_id: str, home: str) -> None:
    visit.services.manuscripts.read(visit.person, manuscript_id).content.chapter(home)  # before it leaves the queue
    question = visit.services.drafts.take(visit.person, draft_id)
    visit.services.manuscripts.add(visit.person, manuscript_id, [question], home)
    done(f"“{title(question)}” er lagt i kladden. Ret det der, før kladden sendes til gennemsyn.")


def _drop(now: Visit, draft_id: str) -> None:
    now.services.drafts.drop(now.person, draft_id)
