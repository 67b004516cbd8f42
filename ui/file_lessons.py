"""Lessons made of a file: upload with progress, look at what was read, choose, and keep them in the manuscript."""

import streamlit as st

from courses.authoring.documents import DraftLesson, DraftLessons, lessons_of
from courses.authoring.manuscript import Manuscript
from courses.authoring.workshop import OPEN, ManuscriptView
from courses.course import Lesson
from courses.exchange.keys import key_of
from people.errors import PeopleError
from rag.calendar import today
from rag.errors import RagError
from rag.passages import slug
from rag.readers import UnreadableFile
from rag.source import Level, SourceDetails, Status
from ui.action import carried_out
from ui.guard import Visit
from ui.lesson_text import draw_part, parts
from ui.navigation import MATERIAL
from ui.personal_data import draw_personal_data
from ui.pictures import AT_HAND, at_hand
from ui.text import counted, plain
from ui.workshop import done, manuscript_link, show_done

_TYPES = ["pptx", "docx", "pdf", "md"]
_READ, _ROUND = "file_lessons_read", "file_lessons_round"


def draw_file_lessons(visit: Visit, view: ManuscriptView) -> None:
    """The whole way from a file to lessons."""
    module_id = st.query_params.get("modul", "")
    manuscript_link(view.line.title, view.line.id, module=module_id, icon="arrow_back")
    st.title("Lektioner fra en fil")
    show_done()
    if view.line.state not in OPEN:
        st.info("Kladden er ikke åben mere og kan ikke ændres.")
        return
    if not view.content.modules:
        st.info("Kurset har ingen moduler endnu. Lav et modul først, så lektionerne har et sted at stå.")
        return
    st.markdown(
        "Læg en præsentation eller et dokument op. Overskrifter, billeder og tabeller følger med. "
        "Lektionerne er kladder: læs dem igennem, og ret dem, så de kan forstås uden en underviser."
    )
    upload = st.file_uploader(
        "Fil (PowerPoint, Word, PDF eller Markdown, højst 20 MB)",
        type=_TYPES,
        key=f"file_lessons_{st.session_state.get(_ROUND, 0)}",
    )
    if upload is None:
        return
    if st.session_state.get(_READ, ("", None))[0] != upload.file_id:
        st.session_state[_READ] = (upload.file_id, _read(upload.name, upload.getvalue()))
    found: DraftLessons | None = st.session_state[_READ][1]
    if found is None:
        return
    at_hand(found.pictures.values())
    _draw_reading(found)
    if not found.stopped:
        _draw_keeping(visit, view, found, module_id, upload.name, upload.getvalue())


def _read(name: str, data: bytes) -> DraftLessons | None:
    bar = st.progress(0.0, text=f"Læser {plain(name)}")

    def report(share: float) -> None:
        bar.progress(min(share, 1.0), text=f"Læser {plain(name)}")

    try:
        return lessons_of(name, data, report)
    except UnreadableFile as error:
        st.error(f"{plain(name)}: {plain(str(error))}")
        return None
    finally:
        bar.empty()


def _draw_reading(found: DraftLessons) -> None:
    pictures = f" og {counted(len(found.pictures), 'billede', 'billeder')}" if found.pictures else ""
    st.subheader(f"{counted(len(found.lessons), 'lektion', 'lektioner')}{pictures} er læst")
    for warning in found.warnings:
        st.warning(plain(warning))
    draw_personal_data(
        found,
        refused="Filen kan ikke bruges, som den er.",
        doubt="Filen indeholder noget, der ligner {}. Kontrollér, at deltagerne må se det.",
    )


def _draw_keeping(
    visit: Visit, view: ManuscriptView, found: DraftLessons, module_id: str, name: str, data: bytes
) -> None:
    content = view.content
    page_name = "dias" if name.lower().endswith(".pptx") else "side"
    labels = [_label(place, lesson, page_name) for place, lesson in enumerate(found.lessons, 1)]
    shown = st.selectbox("Se en lektion, som deltageren ser den", labels, key="file_lessons_shown")
    lesson = found.lessons[labels.index(shown)]
    pages = parts(lesson.text)
    with st.container(border=True):
        st.markdown(f"### {plain(lesson.title)}")
        page = st.pagination(len(pages), key=f"file_lessons_page_{shown}") if len(pages) > 1 else 1
        draw_part(pages[min(page, len(pages)) - 1])
    st.markdown("#### Læg dem i kladden")
    chosen = st.multiselect(
        "Lektioner", labels, default=labels, key=f"file_lessons_chosen_{len(labels)}", placeholder="Vælg"
    )
    home = _module(content, module_id)
    as_source = st.toggle("Læg også filen op som kilde til assistenten (som udkast)", key="file_lessons_source")
    owner = ""
    if as_source:
        st.caption("Kilden bruges først i svar, når den er godkendt under Materiale.")
        owner = st.text_input("Ejer af kilden (afdeling, ikke person)", "IT & Digitalisering", key="file_lessons_owner")
    if not st.button(
        f"Læg {counted(len(chosen), 'lektion', 'lektioner')} i kladden",
        type="primary",
        icon=":material/playlist_add:",
        disabled=not chosen,
    ):
        return
    wanted = [lesson for label, lesson in zip(labels, found.lessons, strict=True) if label in chosen]
    lessons = [_lesson(lesson) for lesson in wanted]
    pictures = list(found.pictures.values())
    if not carried_out(lambda: visit.services.manuscripts.add(visit.person, view.line.id, lessons, home, pictures)):
        return
    said = f"{counted(len(lessons), 'lektion er', 'lektioner er')} lagt i kladden."
    if as_source:
        said += f" {_as_source(visit, found.title, owner, name, data)}"
    done(said)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    del st.session_state[_READ], st.session_state[AT_HAND]
    st.rerun()


def _module(content: Manuscript, module_id: str) -> str:
    titles = {module.id: module.title for module in content.modules}
    places = [*titles]
    return st.selectbox(
        "Modul",
        places,
        index=places.index(module_id) if module_id in titles else 0,
        format_func=titles.__getitem__,
        key="file_lessons_module",
        required=True,
    )


def _label(place: int, lesson: DraftLesson, page_name: str) -> str:
    first, last = lesson.first_page, lesson.last_page
    where = "" if first is None else f" ({page_name} {first})" if first == last else f" ({page_name} {first}-{last})"
    return f"{place}. {lesson.title}{where}"


def _lesson(draft: DraftLesson) -> Lesson:
    key = key_of(draft.title)[:60].strip("-_") or "lektion"
    return Lesson(id=key, title=draft.title, minutes=draft.minutes, text=draft.text)


def _as_source(visit: Visit, title: str, owner: str, name: str, data: bytes) -> str:
    """Lays the file up as a draft of a source, read as every source is; gives what came of it, in Danish."""
    sources = visit.services.sources
    values = {
        "id": slug(title),
        "title": title,
        "summary": "",
        "level": Level.LOCAL,
        "publisher": "Randers Kommune",
        "owner": owner,
        "version": "1.0",
        "valid_from": today(),
        "valid_to": None,
        "review_by": None,
        "source_address": None,
        "status": Status.DRAFT,
    }
    try:
        draft = sources.read_upload(visit.person, name, data, lambda _share: None)
        sources.publish(visit.person, draft, SourceDetails.parse(values, "kilden"), is_new=True, invented="")
    except (RagError, PeopleError, UnreadableFile) as error:
        return f"Filen er ikke lagt op som kilde. {error}"
    return f"Filen er også lagt op som kilde. Den skal godkendes under {MATERIAL.title}."
