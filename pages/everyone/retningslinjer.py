"""Library: all sources, search, and the reading page with deep links to a highlighted passage."""

import streamlit as st

from people.roles import Permission
from rag import privacy
from rag.calendar import today
from rag.errors import UnknownSource
from rag.source import Level, Status, VersionView
from ui.badges import level_badge, status_badge
from ui.differences import draw_changes
from ui.files import file_button
from ui.guard import guard
from ui.mended import draw_as_read
from ui.paging import part_of
from ui.reader import draw_section, link_to, passage_id, scroll_to
from ui.text import counted, danish_date, plain, web_link

visit = guard(Permission.READ_SOURCES)
house = visit.services
PER_PAGE = 20
FOUND = 10


def draw_details(version: VersionView) -> None:
    """Who says it, how firm it is and for how long."""
    with st.container(horizontal=True, gap="small"):
        level_badge(version.level)
        status_badge(version.status)
    until = f" til {danish_date(version.valid_to)}" if version.valid_to else ""
    lines = [
        f"Version {plain(version.version)}, gælder fra {danish_date(version.valid_from)}{until}.",
        f"Udgiver: {plain(version.publisher)}. Ejer: {plain(version.owner)}.",
    ]
    if version.review_by:
        lines.append(f"Gennemses senest {danish_date(version.review_by)}.")
    if version.source_address:
        lines.append(web_link("Oprindelig kilde", version.source_address))
    st.caption("  \n".join(lines))


def draw_source(source_id: str, version_id: str | None) -> None:
    """One source with contents list; the passage named in the address is highlighted and scrolled to."""
    st.page_link("pages/everyone/retningslinjer.py", label="Alle retningslinjer", icon=":material/arrow_back:")
    shown = house.sources.version(version_id) if version_id else house.search.version_in_force(source_id)
    st.title(plain(shown.title))
    draw_details(shown)
    file_button(
        visit,
        Permission.READ_SOURCES,
        "Hent originalfilen",
        lambda then: then.services.sources.original(shown.id),
        shown.file_name,
    )
    newest = next((version for version in house.search.versions() if version.source_id == shown.source_id), None)
    if shown.status is not Status.RETIRED and shown.valid_from > today():
        st.warning(f"Denne version gælder først fra {danish_date(shown.valid_from)}.")
    elif newest is None:
        st.warning("Denne kilde er trukket tilbage eller gælder ikke længere. Brug den ikke.")
    elif newest.id != shown.id:
        st.warning(f"Du læser version {plain(shown.version)}. Der gælder nu en anden version.")
        link_to("Gå til den version, der gælder nu", newest.source_id, newest.id)
    earlier = [version for version in house.sources.versions(shown.source_id) if version.number < shown.number]
    if earlier:
        draw_changes(house.sources.changes(earlier[0].id, shown.id), expanded=False)
    sections = house.sources.sections(shown.id)
    with st.expander("Indhold", icon=":material/toc:"):
        for section in sections:
            if section.heading:
                link_to(section.heading, shown.source_id, shown.id, section.anchor, icon="tag")
    draw_as_read(sections)
    marked, quote = st.query_params.get("stykke", ""), st.query_params.get("citat", "")
    for section in sections:
        draw_section(section, marked, quote)
    if marked:
        scroll_to(passage_id(marked))
    elif anchor := st.query_params.get("afsnit"):
        scroll_to(anchor)


def draw_library() -> None:
    """Search and the list of sources."""
    st.title("Retningslinjer")
    # Not bound to the address: what people type may hold personal data, and addresses end in histories and logs.
    wanted = st.text_input("Søg i kilderne", key="library_search", placeholder="fx journalisering")
    if found := privacy.count(wanted):
        why = " ".join(privacy.REASONS[kind] for kind in found)
        st.warning(f"Der er ikke søgt. {why} Fjern det, og søg igen.")
    elif wanted.strip():
        draw_found(wanted)
    else:
        draw_list()


def draw_list() -> None:
    """All sources in force, filtered by level."""
    levels = {level.danish: level for level in Level}
    chosen = st.segmented_control("Vis", list(levels), key="niveau", bind="query-params", selection_mode="multi")
    versions = [version for version in house.search.versions() if not chosen or version.level.danish in chosen]
    st.caption(counted(len(versions), "kilde", "kilder"))
    for version in part_of(versions, "side", PER_PAGE):
        with st.container(border=True):
            link_to(version.title, version.source_id, version.id)
            if version.summary:
                st.markdown(plain(version.summary))
            draw_details(version)


def draw_found(wanted: str) -> None:
    """Passages that fit a search, best first."""
    hits = house.search.current().retriever.search(wanted[: house.settings.max_question_chars], FOUND)
    hits = [hit for hit in hits if hit.coverage > 0]
    if not hits:
        st.info("Ingen afsnit passer på søgningen. Prøv andre ord, eller stil spørgsmålet på siden Spørg.")
        return
    st.caption(f"{counted(len(hits), 'afsnit', 'afsnit')} passer på søgningen, bedste først")
    for hit in hits:
        version, section, passage = hit.indexed.version, hit.indexed.section, hit.indexed.passage
        draft = " (udkast)" if version.status is Status.DRAFT else ""
        with st.container(border=True):
            link_to(section.heading or version.title, version.source_id, version.id, section.anchor, passage.id)
            st.caption(plain(version.title) + draft)
            short = passage.text if len(passage.text) <= 300 else passage.text[:300].rsplit(" ", 1)[0] + " …"
            st.markdown(plain(short))


if source := st.query_params.get("kilde"):
    try:
        draw_source(source, st.query_params.get("udgave"))
    except UnknownSource as error:
        st.warning(str(error))
        st.page_link("pages/everyone/retningslinjer.py", label="Alle retningslinjer", icon=":material/arrow_back:")
else:
    draw_library()
