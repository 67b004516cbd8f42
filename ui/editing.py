"""Editing one part of a manuscript: what the address names, its fields, a preview beside them, and saving.

What is typed is kept for the session when somebody leaves the page before saving, until it is saved or given up.
"""

from typing import Any

import streamlit as st

from courses.authoring.manuscript import Heading, Manuscript, Part, Settings, name_of
from courses.authoring.reading_copy import fingerprint, title
from courses.authoring.workshop import OPEN, ManuscriptView
from courses.authoring.written_parts import Sort, written
from courses.course import Lesson
from courses.errors import InvalidContent
from courses.exchange.keys import key_of
from courses.picture import Picture, prepared
from courses.question import Kind, SourceRef
from ui.action import carried_out
from ui.editor_fields import forget
from ui.guard import Visit
from ui.part_editor import ACTIVITY_FIELDS, course_fields, module_fields
from ui.preview import draw_preview
from ui.question_editor import question_fields
from ui.source_editor import source_fields
from ui.text import plain
from ui.workshop import done, manuscript_link, show_done

_NEW = {
    "module": "Nyt modul",
    "lesson": "Ny lektion",
    "quiz": "Ny prøve",
    "practice": "Ny promptøvelse",
    "question": "Nyt spørgsmål",
}
_PICTURES = ["png", "jpg", "jpeg", "webp", "gif"]
_EDIT = "edit_"  # begins the key of every field; an editor's own key ends with a full stop, which no id has
_SEEN, _TYPED, _SAVE = "seen", "typed", "save"
_ROUNDS = "rounds_of_"


def draw_editing(visit: Visit, view: ManuscriptView) -> None:
    """The fields of the part that the address names (`del`), or of a new one (`ny`)."""
    named, new = st.query_params.get("del", ""), st.query_params.get("ny", "")
    module = st.query_params.get("modul", "")
    known = view.content.find(named) if named else None
    if known is None and (named or new not in _NEW):
        st.title("Rediger")
        st.warning(
            "Denne del af kurset findes ikke længere. Er den slettet ved en fejl, kan den hentes tilbage under Historik."
            if named
            else "Her kan du ikke begynde. Vælg i kladden, hvad du vil rette eller tilføje."
        )
        manuscript_link("Gå til kladden", view.line.id)
        return
    home = module or _home(view.content, named)
    manuscript_link(view.line.title, view.line.id, module=home, icon="arrow_back")
    st.title(plain(title(known)) if known is not None else _NEW[new])
    show_done()
    if view.line.state not in OPEN:
        st.info("Kladden er ikke åben mere og kan ikke ændres.")
        return
    editor = f"{_EDIT}{view.line.id}_{named or f'{new}-{home}'}."
    key = f"{editor}{st.session_state.get(_ROUNDS + editor, 0)}."
    seen = _begun(known, key)
    left, right = st.columns([3, 2], gap="large")
    with left:
        sort, fields = _draw_fields(visit, view, known, new, key)
        part, fault = _checked(sort, fields, new=known is None)
        typed = part != known if known is not None else bool(fields.get("title") or fields.get("text"))
        st.session_state[key + _TYPED] = typed
        if fault:
            st.caption(f":material/info: {plain(fault)}")
        with st.container(horizontal=True, gap="small"):
            saved = st.button("Gem", type="primary", icon=":material/save:", key=key + _SAVE)
            if typed:
                st.button(
                    "Kassér mine rettelser",
                    icon=":material/undo:",
                    type="tertiary",
                    key=f"{key}give_up",
                    on_click=_begin_anew,
                    args=(editor,),
                )
        _draw_state(known, typed, fault)
    with right, st.container(border=True):
        st.caption("Sådan ser deltageren det. Det, du svarer her, gemmes ikke.")
        if part is not None:
            draw_preview(part, view.content, key)
        else:
            st.markdown("Udfyld felterne for at se det her.")
    if not saved:
        return
    if part is None:
        with left:
            st.error(plain(fault))
        return
    with left:
        _save(visit, view, known, part, home, seen, editor)


def _begin_anew(editor: str) -> None:
    """Fill all fields from what is stored. They are new fields, for a browser goes on showing what was typed in the old ones."""
    forget(editor)
    st.session_state[_ROUNDS + editor] = st.session_state.get(_ROUNDS + editor, 0) + 1


def _begun(known: Part | None, key: str) -> str:
    """Fingerprint of the wording that the fields were filled from.

    Whoever opens a part without having typed in it sees it as it is stored now; what was typed and not saved stays.
    """
    state = st.session_state
    if key + _SAVE not in state:  # no run of this visit has drawn the page yet
        for name in [str(name) for name in state if str(name).startswith(_EDIT) and str(name).endswith(f".{_SEEN}")]:
            opened = name.removesuffix(_SEEN)
            if not state.get(opened + _TYPED, False):
                forget(opened)
    seen: str = state.setdefault(key + _SEEN, fingerprint(known) if known is not None else "")
    if known is not None and seen != fingerprint(known):
        st.warning(
            "Delen er rettet, siden du begyndte på den, af en anden eller under Historik. Det, du har skrevet, er ikke gemt. "
            "Kopiér det, du vil beholde, vælg “Kassér mine rettelser”, og skriv det ind i den nye tekst."
        )
    return seen


def _home(content: Manuscript, named: str) -> str:
    if named.startswith("module:"):
        return named.partition(":")[2]
    return content.home(named) if named.startswith(("activity:", "question:")) else ""


def _draw_fields(
    visit: Visit, view: ManuscriptView, known: Part | None, new: str, key: str
) -> tuple[Sort, dict[str, Any]]:
    if isinstance(known, Settings):
        return "course", course_fields(known, view.content, key)
    if isinstance(known, Heading) or new == "module":
        heading = known if isinstance(known, Heading) else Heading.model_construct(id="", title="", summary="")
        return "module", module_fields(heading, view.content, key)
    if new == "question" or (known is not None and name_of(known).startswith("question:")):
        return "question", _draw_question(visit, known, key)
    return "activity", _draw_activity(visit, view, known, new, key)


def _draw_question(visit: Visit, known: Part | None, key: str) -> dict[str, Any]:
    held: dict[str, Any]
    if known is not None:
        held = known.model_dump()
    else:
        kind = Kind(
            st.selectbox(
                "Slags",
                [*Kind],
                format_func=lambda one: one.danish,
                key=f"{key}_sort",
                required=True,
                persist_state="session",
            )
        )
        held = {"type": kind.value, "id": ""}
    sources = [SourceRef.model_validate(one) for one in held.get("sources", ())]
    _draw_picture_upload(visit, key)
    fields = question_fields(held, key)
    return {**fields, "sources": source_fields(sources, visit.services.courses.shelf(), f"{key}_sources")}


def _draw_activity(visit: Visit, view: ManuscriptView, known: Part | None, new: str, key: str) -> dict[str, Any]:
    held: dict[str, Any] = known.model_dump() if known is not None else {"kind": new, "id": ""}
    kind = held["kind"]
    if kind == "lesson":
        _draw_picture_upload(visit, key)
    fields = ACTIVITY_FIELDS[kind](held, view.content, key)
    if kind == "lesson":
        sources = known.sources if isinstance(known, Lesson) else ()
        fields["sources"] = source_fields(sources, visit.services.courses.shelf(), f"{key}_sources")
    return fields


def _draw_picture_upload(visit: Visit, key: str) -> None:
    """Lays a picture up and gives the line that shows it."""
    with st.popover("Indsæt billede", icon=":material/image:"):
        upload = st.file_uploader("Billede (PNG eller JPEG, højst 10 MB)", type=_PICTURES, key=f"{key}_picture")
        words = st.text_input(
            "Hvad viser billedet? (læses højt for dem, der ikke kan se det)", key=f"{key}_picture_words", max_chars=300
        )
        if upload is None:
            return
        if not words.strip():
            st.caption("Skriv først, hvad billedet viser.")
            return
        held, picture = st.session_state.get(f"{key}_laid_up", ("", None))
        if held != upload.file_id:
            laid: list[Picture] = []
            if not carried_out(lambda: laid.append(_laid_up(visit, upload.getvalue()))):
                return
            picture = laid[0]
            st.session_state[f"{key}_laid_up"] = upload.file_id, picture
        st.caption("Kopiér linjen, og sæt den ind i teksten, hvor billedet skal stå:")
        st.code(picture.markdown(words), language=None, wrap_lines=True)


def _laid_up(visit: Visit, data: bytes) -> Picture:
    picture = prepared(data)
    visit.services.manuscripts.keep_pictures(visit.person, [picture])
    return picture


def _checked(sort: Sort, fields: dict[str, Any], *, new: bool) -> tuple[Part | None, str]:
    """The part, or what does not hold. What is new gets an id from its title or text."""
    named = {**fields, "id": _new_id(fields)} if new else fields
    try:
        return written(sort, named), ""
    except InvalidContent as error:
        return None, str(error)


def _new_id(fields: dict[str, Any]) -> str:
    words = str(fields.get("title") or fields.get("text") or "")
    return key_of(" ".join(words.split()[:8]))[:60].strip("-_") or "ny"


def _draw_state(known: Part | None, typed: bool, fault: str) -> None:
    if known is not None and not typed:
        st.caption(":material/cloud_done: Alt er gemt.")
    elif not fault:
        st.caption(":material/edit: Ikke gemt endnu.")


def _save(
    visit: Visit, view: ManuscriptView, known: Part | None, part: Part, home: str, seen: str, editor: str
) -> None:
    manuscripts = visit.services.manuscripts
    if known is not None:
        if carried_out(lambda: manuscripts.save(visit.person, view.line.id, part, seen)):
            _begin_anew(editor)
            done("Gemt.")
            st.rerun()
        return
    given: list[str] = []
    if carried_out(lambda: given.extend(manuscripts.add(visit.person, view.line.id, [part], home))):
        _begin_anew(editor)
        done("Gemt i kladden.")
        st.query_params.from_dict({"kladde": view.line.id, "del": given[0]})
        st.rerun()
