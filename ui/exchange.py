"""Import with a preview and a reason for each thing refused, and export with what the format cannot hold."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from courses.authoring.manuscript import Chapter, Manuscript
from courses.authoring.reading_copy import title
from courses.authoring.workshop import OPEN, ManuscriptView
from courses.course import Module
from courses.errors import CourseError
from courses.exchange import csv_questions
from courses.exchange.formats import EXPORTS, UPLOADS, Export, Format, read_file, write_file
from courses.exchange.imported import Imported, Reading
from courses.question import Kind, Question
from ui.action import carried_out
from ui.guard import Visit
from ui.log import explained
from ui.paging import PER_PAGE, part_of
from ui.pictures import AT_HAND, at_hand
from ui.preview import draw_preview
from ui.text import counted, plain
from ui.workshop import done

_READ = "exchange_read"
_ROUND = "exchange_round"
ALL = ""


@dataclass(frozen=True)
class _Sorted:
    """What a file brings, held against what is there."""

    new: tuple[Imported, ...]
    changed: tuple[Imported, ...]
    same: tuple[Imported, ...]


def draw_import(visit: Visit, view: ManuscriptView, module_id: str) -> None:
    """Choose a file, see what was read and what was not, and take it in."""
    content = view.content
    if view.line.state not in OPEN:
        st.info("Kladden er ikke åben mere og kan ikke ændres.")
        return
    if not content.modules:
        st.info("Kurset har ingen moduler endnu. Lav et modul først, så spørgsmålene har et sted at stå.")
        return
    st.markdown("Hent spørgsmål fra Moodle eller et regneark. Du ser, hvad der er læst, før noget gemmes.")
    st.download_button(
        "Hent skabelon til regneark (CSV)",
        csv_questions.TEMPLATE.encode("utf-8-sig"),
        file_name="spoergsmaal.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    upload = st.file_uploader(
        "Fil: GIFT, Moodle XML, QTI 3.0 (XML eller zip), CSV eller YAML",
        type=list(UPLOADS),
        key=f"exchange_file_{st.session_state.get(_ROUND, 0)}",
    )
    if upload is None:
        return
    if st.session_state.get(_READ, ("", None))[0] != upload.file_id:
        with st.spinner("Læser filen"):
            st.session_state[_READ] = (upload.file_id, _read(upload.name, upload.getvalue()))
    found: tuple[Format, Reading] | str = st.session_state[_READ][1]
    if isinstance(found, str):
        st.error(plain(found))
        return
    form, reading = found
    at_hand(picture for one in reading.imported for picture in one.pictures)
    _draw_reading(form, reading)
    if reading.imported:
        _draw_taking(visit, view, reading, module_id)


def _read(name: str, data: bytes) -> tuple[Format, Reading] | str:
    """What the file holds, or why it cannot be read."""
    try:
        return read_file(name, data)
    except CourseError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001  a file of unknown making; the page stays
        return explained(error)


def _draw_reading(form: Format, reading: Reading) -> None:
    read, refused = len(reading.imported), len(reading.refused)
    st.subheader(f"{counted(read, 'spørgsmål er læst', 'spørgsmål er læst')}, {refused} er ikke læst")
    st.caption(f"Filen er {form.danish}.")
    if refused:
        with st.expander(
            f"Se, hvorfor {counted(refused, 'spørgsmål', 'spørgsmål')} ikke er læst",
            expanded=refused <= PER_PAGE,
            icon=":material/block:",
        ):
            for one in part_of(reading.refused, "exchange_refused"):
                st.markdown(f"**Linje {one.line}:** {plain(one.reason)}  \n:gray[{plain(one.excerpt)}]")
    warned = [one for one in reading.imported if one.warnings]
    if warned:
        with st.expander(
            f"{counted(len(warned), 'spørgsmål', 'spørgsmål')} er læst med bemærkninger", icon=":material/info:"
        ):
            for imported in part_of(warned, "exchange_warned"):
                st.markdown(f"**{plain(title(imported.question))}**")
                st.markdown("\n".join(f"- {plain(told)}" for told in imported.warnings))


def _draw_taking(visit: Visit, view: ManuscriptView, reading: Reading, module_id: str) -> None:
    content = view.content
    held = _sorted(reading, content)
    _draw_preview(reading, content)
    if held.same:
        st.caption(f"{counted(len(held.same), 'spørgsmål', 'spørgsmål')} står allerede i kladden og er uændret.")
    if not held.new and not held.changed:
        st.info("Der er intet nyt i filen at lægge i kladden.")
        return
    st.markdown("#### Læg dem i kladden")
    places = [module.id for module in content.modules]
    titles = {module.id: module.title for module in content.modules}
    home = st.selectbox(
        "Modul til nye spørgsmål",
        places,
        index=places.index(module_id) if module_id in titles else 0,
        format_func=titles.__getitem__,
        key="exchange_module",
    )
    out = st.multiselect(
        "Tag ikke disse med (kan være tom)",
        [one.question.id for one in (*held.new, *held.changed)],
        format_func={one.question.id: title(one.question) for one in reading.imported}.__getitem__,
        key="exchange_out",
        placeholder="Vælg",
    )
    mend = False
    if held.changed:
        known = counted(len(held.changed), "spørgsmål har", "spørgsmål har")
        mend = st.radio(
            f"{known} samme id som et i kladden, men en anden ordlyd. Hvad skal der ske?",
            [True, False],
            format_func={True: "Ret dem, der står i kladden", False: "Læg dem ind som nye spørgsmål"}.__getitem__,
            key="exchange_mend",
        )
    new = [one for one in (held.new if mend else (*held.new, *held.changed)) if one.question.id not in out]
    changed = [one for one in (held.changed if mend else ()) if one.question.id not in out]
    label = f"Læg {counted(len(new) + len(changed), 'spørgsmål', 'spørgsmål')} i kladden"
    if st.button(
        label, type="primary", icon=":material/playlist_add:", disabled=not new and not changed
    ) and carried_out(lambda: _take(visit, view, new, changed, home)):
        done(f"{counted(len(new), 'spørgsmål er', 'spørgsmål er')} lagt i kladden, {len(changed)} er rettet.")
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        del st.session_state[_READ], st.session_state[AT_HAND]
        st.rerun()


def _take(visit: Visit, view: ManuscriptView, new: Sequence[Imported], changed: Sequence[Imported], home: str) -> None:
    manuscripts = visit.services.manuscripts
    manuscripts.take_in(
        visit.person,
        view.line.id,
        [one.question for one in new],
        [one.question for one in changed],
        home,
        [picture for one in (*new, *changed) for picture in one.pictures],
    )


def _sorted(reading: Reading, content: Manuscript) -> _Sorted:
    asked = content.questions
    # A question whose id was taken elsewhere got another one when it came in first: it is known by what it says.
    wordings = {_wording(one) for one in asked.values()}
    same = [one for one in reading.imported if _wording(one.question) in wordings]
    left = [one for one in reading.imported if _wording(one.question) not in wordings]
    return _Sorted(
        tuple(one for one in left if one.question.id not in asked),
        tuple(one for one in left if one.question.id in asked),
        tuple(same),
    )


def _wording(question: Question) -> str:
    return question.model_dump_json(exclude={"id"})


def _draw_preview(reading: Reading, content: Manuscript) -> None:
    questions = {one.question.id: one.question for one in reading.imported}
    with st.expander("Se spørgsmålene, som deltageren ser dem", icon=":material/visibility:"):
        names = {key: f"{title(one)} ({Kind(one.type).danish.lower()})" for key, one in questions.items()}
        shown = st.selectbox("Spørgsmål", [*names], format_func=names.__getitem__, key="exchange_shown")
        if shown in questions:
            draw_preview(questions[shown], content, f"exchange_{shown}")


def draw_export(visit: Visit, modules: Sequence[Module | Chapter], stem: str) -> None:
    """Choose what and in which format, see what it cannot hold, and take the file."""
    titles = {ALL: "Hele kurset"} | {module.id: module.title for module in modules}
    where = st.selectbox("Hvilke spørgsmål?", [*titles], format_func=titles.__getitem__, key="export_where")
    form = st.selectbox("Format", list(EXPORTS), format_func=lambda one: one.danish, key="export_format")
    questions = [one for module in modules if where in (ALL, module.id) for one in module.questions]
    if not questions:
        st.info("Der er ingen spørgsmål at tage med.")
        return
    made: list[Export] = []
    if not carried_out(lambda: made.append(write_file(form, questions, visit.services.pictures.find, stem))):
        return
    export = made[0]
    if export.warnings:
        with st.expander(
            f"{counted(len(export.warnings), 'bemærkning', 'bemærkninger')} om, hvad formatet ikke kan rumme",
            icon=":material/info:",
        ):
            st.markdown("\n".join(f"- {plain(told)}" for told in export.warnings[:200]))
    st.download_button(
        f"Hent {counted(len(questions), 'spørgsmål', 'spørgsmål')}",
        export.data,
        file_name=export.name,
        mime=export.media_type,
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
