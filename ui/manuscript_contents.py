"""The contents of a manuscript, one module at a time: its activities, its questions, and what can be added."""

from collections.abc import Mapping

import streamlit as st

from courses.authoring.manuscript import COURSE, Chapter, Manuscript, name_of
from courses.authoring.reading_copy import title
from courses.authoring.workshop import OPEN, ManuscriptView
from courses.course import Activity
from courses.question import Kind, Question
from people.roles import Permission
from ui.action import perform
from ui.courses import KIND_ICONS, activity_line
from ui.guard import Visit
from ui.navigation import EXCHANGE, FILE_LESSONS, PROPOSALS
from ui.paging import part_of
from ui.text import counted, plain
from ui.workshop import editing_link

PER_PAGE = 10
_CHOSEN = "modul"


def draw_contents(_visit: Visit, view: ManuscriptView) -> None:
    """The course, then the module that is chosen."""
    manuscript_id, content = view.line.id, view.content
    if view.line.state not in OPEN:
        _draw_closed(content)
        return
    with st.container(border=True):
        st.markdown(f"**Om kurset:** {plain(content.summary)}")
        with st.container(horizontal=True, gap="small"):
            editing_link("Ret om kurset", manuscript_id, **{"del": COURSE})
            editing_link("Nyt modul", manuscript_id, icon="add", ny="module")
    if not content.modules:
        st.info("Kurset har ingen moduler endnu. Et modul samler lektioner, spørgsmål og prøver om ét emne.")
        return
    module = _chosen(content)
    _draw_module(manuscript_id, content, module)
    others = {one.id: one.title for one in content.modules if one.id != module.id}
    _draw_activities(manuscript_id, module, others)
    _draw_questions(manuscript_id, module, others)


def _draw_closed(content: Manuscript) -> None:
    """What stood in a manuscript that is over, without anything to change."""
    for place, module in enumerate(content.modules, 1):
        st.markdown(
            f"**{place}\\. {plain(module.title)}** ({counted(len(module.questions), 'spørgsmål', 'spørgsmål')})"
        )
        st.markdown("\n".join(f"- {plain(one.title)}: {activity_line(one)}" for one in module.activities))
    st.caption("Vil du rette mere, så lav en ny version under Kursusværksted.")


def _chosen(content: Manuscript) -> Chapter:
    """The module that the address names, else the first."""
    titles = {module.id: module.title for module in content.modules}
    named = st.query_params.get(_CHOSEN, "")
    places = [*titles]
    picked = st.selectbox(
        "Modul",
        places,
        index=places.index(named) if named in titles else 0,
        format_func=lambda one: f"{places.index(one) + 1}. {titles[one]}",
        key="contents_module",
    )
    st.query_params[_CHOSEN] = picked
    return content.chapter(picked)


def _draw_module(manuscript_id: str, content: Manuscript, module: Chapter) -> None:
    st.subheader(plain(module.title))
    st.markdown(plain(module.summary))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        editing_link("Ret modulet", manuscript_id, **{"del": f"module:{module.id}"})
        _draw_more(manuscript_id, f"module:{module.id}", len(content.modules) > 1, {})


def _draw_activities(manuscript_id: str, module: Chapter, others: Mapping[str, str]) -> None:
    st.markdown("#### Lektioner, prøver og øvelser")
    if not module.activities:
        st.caption("Modulet er tomt. Skriv en lektion, eller lav lektioner af en fil.")
    for activity in module.activities:
        icon, movable = KIND_ICONS[activity.kind], len(module.activities) > 1
        _draw_row(manuscript_id, activity, icon, activity_line(activity), movable, others)
    with st.container(horizontal=True, gap="small"):
        editing_link("Ny lektion", manuscript_id, icon="add", ny="lesson", modul=module.id)
        st.page_link(
            FILE_LESSONS.path,
            label="Lektioner fra en fil",
            icon=":material/upload_file:",
            query_params={"kladde": manuscript_id, "modul": module.id},
        )
        editing_link("Ny prøve", manuscript_id, icon="add", ny="quiz", modul=module.id)
        editing_link("Ny promptøvelse", manuscript_id, icon="add", ny="practice", modul=module.id)


def _draw_questions(manuscript_id: str, module: Chapter, others: Mapping[str, str]) -> None:
    st.markdown(f"#### {counted(len(module.questions), 'spørgsmål', 'spørgsmål')}")
    st.caption("Prøver bruger modulets spørgsmål, enten ét for ét eller tilfældigt.")
    asked = list(module.questions)
    wanted = st.text_input("Søg i modulets spørgsmål", key="contents_search", max_chars=100).strip().casefold()
    if wanted:
        asked = [one for one in asked if wanted in f"{one.id} {one.text}".casefold()]
    for question in part_of(asked, f"contents_page_{module.id}", PER_PAGE):
        _draw_row(manuscript_id, question, "help", _about(question), len(module.questions) > 1, others)
    if wanted and not asked:
        st.caption("Ingen spørgsmål passer til søgningen.")
    with st.container(horizontal=True, gap="small"):
        editing_link("Nyt spørgsmål", manuscript_id, icon="add", ny="question", modul=module.id)
        query = {"kladde": manuscript_id, "modul": module.id}
        st.page_link(EXCHANGE.path, label="Import og eksport", icon=":material/sync_alt:", query_params=query)
        st.page_link(
            PROPOSALS.path, label="Forslag ud fra en kilde", icon=":material/tips_and_updates:", query_params=query
        )


def _about(question: Question) -> str:
    tags = f", {', '.join(question.tags)}" if question.tags else ""
    return f"{Kind(question.type).danish}{tags}"


def _draw_row(
    manuscript_id: str, part: Activity | Question, icon: str, about: str, movable: bool, others: Mapping[str, str]
) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(gap=None):
            editing_link(title(part), manuscript_id, icon=icon, **{"del": name_of(part)})
            st.caption(plain(about))
        _draw_more(manuscript_id, name_of(part), movable, others)


def _draw_more(manuscript_id: str, part: str, movable: bool, others: Mapping[str, str]) -> None:
    """Move and delete, behind one button. `others` are the modules that it can be moved to: ids and titles."""
    with st.popover("Flyt eller slet", icon=":material/more_vert:", key=f"more_{part}"):
        if movable:
            for label, step, icon in (("Flyt op", -1, "arrow_upward"), ("Flyt ned", 1, "arrow_downward")):
                st.button(
                    label,
                    key=f"move_{part}_{step}",
                    icon=f":material/{icon}:",
                    on_click=perform,
                    args=(Permission.MANAGE_COURSES, _move, manuscript_id, part, step),
                )
        if others:
            key = f"transfer_{part}"
            st.selectbox(
                "Flyt til et andet modul",
                list(others),
                index=None,
                format_func=others.__getitem__,
                placeholder="Vælg modul",
                key=key,
                on_change=perform,
                args=(Permission.MANAGE_COURSES, _transfer, manuscript_id, part, key),
            )
        st.button(
            "Slet",
            key=f"remove_{part}",
            icon=":material/delete:",
            on_click=perform,
            args=(Permission.MANAGE_COURSES, _remove, manuscript_id, part),
        )
        st.caption("Det slettede kan hentes tilbage under Historik.")


def _move(now: Visit, manuscript_id: str, part: str, step: int) -> None:
    now.services.manuscripts.move(now.person, manuscript_id, part, step)


def _transfer(now: Visit, manuscript_id: str, part: str, key: str) -> None:
    if (module_id := st.session_state.get(key)) is not None:
        now.services.manuscripts.transfer(now.person, manuscript_id, part, module_id)


def _remove(now: Visit, manuscript_id: str, part: str) -> None:
    now.services.manuscripts.remove(now.person, manuscript_id, part)
