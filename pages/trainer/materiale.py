"""Material: drop a file, see what was read, say what it is, publish; and look after the versions that are there."""

from typing import Any

import streamlit as st

from people.errors import NotAllowed
from people.roles import Permission
from rag.calendar import today
from rag.draft import LONGEST_REASON, Draft
from rag.errors import DuplicateSource, InvalidSource
from rag.overview import as_csv, overview
from rag.passages import slug
from rag.privacy import masked
from rag.readers import UnreadableFile
from rag.source import Level, SourceDetails, Status, VersionView
from ui.action import perform
from ui.badges import status_badge
from ui.differences import draw_changes
from ui.files import file_button
from ui.guard import Visit, guard
from ui.mended import draw_repairs
from ui.paging import part_of
from ui.personal_data import draw_personal_data
from ui.reader import link_to
from ui.text import counted, danish_date, parsed_date, plain

visit = guard(Permission.MANAGE_SOURCES)
person, house = visit.person, visit.services
TYPES = ["pdf", "docx", "pptx", "md", "html", "htm", "txt"]
NEW = ""


def read(file_name: str, data: bytes) -> Draft | None:
    """Read an upload with progress; a fault is shown and nothing is stored."""
    bar = st.progress(0.0, text=f"Læser {file_name}")
    try:
        return house.sources.read_upload(person, file_name, data, lambda share: bar.progress(min(share, 1.0)))
    except UnreadableFile as error:
        st.error(f"{plain(file_name)}: {plain(str(error))}")
        return None
    finally:
        bar.empty()


def draw_reading(draft: Draft) -> None:
    """What was read: pages, headings, warnings, personal data."""
    paragraphs = draft.paragraphs
    headings = [section.heading for section in draft.sections if section.heading]
    pages = f"{counted(draft.document.page_count, 'side', 'sider')}, " if draft.document.page_count else ""
    st.markdown(
        f"**Læst:** {pages}{counted(len(headings), 'overskrift', 'overskrifter')}, "
        f"{counted(len(paragraphs), 'afsnit', 'afsnit')}."
    )
    for warning in draft.document.warnings:
        st.warning(plain(warning))
    draw_personal_data(
        draft,
        refused="Filen kan ikke udgives, som den er.",
        doubt="Teksten indeholder noget, der ligner {}. Kontrollér, at det må offentliggøres.",
    )
    with st.expander("Se overskrifter og tekst", icon=":material/toc:"):
        for section in draft.sections[:200]:
            st.markdown(f"**{plain(masked(section.heading) or 'Uden overskrift')}**")
            for passage in section.passages[:20]:
                st.caption(plain(masked(passage.text)[:400]))


def draw_form(draft: Draft) -> None:
    """Level, owner, validity; publish."""
    newest = [*house.search.versions(), *house.sources.waiting(today())]
    versions = {version.source_id: version for version in newest}
    target = st.selectbox(
        "Er det en ny kilde eller en ny version?",
        [NEW, *versions],
        format_func=lambda key: f"Ny version af: {versions[key].title}" if key else "Ny kilde",
        key="material_target",
    )
    known = versions.get(target)
    if known and not draft.stopped:  # the differences would show the numbers
        seen = (known.id, draft.document)
        if st.session_state.get("material_changes", (None, None))[0] != seen:
            st.session_state["material_changes"] = (seen, house.sources.changes_to(known.id, draft))
        draw_changes(st.session_state["material_changes"][1], expanded=True)
    levels = list(Level)
    with st.form("material_publish"):
        title = st.text_input("Titel", known.title if known else draft.document.title, max_chars=300)
        level = st.selectbox(
            "Niveau",
            levels,
            index=levels.index(known.level) if known else levels.index(Level.MUNICIPAL),
            format_func=lambda item: item.danish,
        )
        publisher = st.text_input("Udgiver", known.publisher if known else "Randers Kommune", max_chars=200)
        owner = st.text_input(
            "Ejer (afdeling, ikke person)", known.owner if known else "IT & Digitalisering", max_chars=200
        )
        version = st.text_input("Version", f"{known.number + 1}.0" if known else "1.0", max_chars=40)
        valid_from = st.text_input("Gælder fra (dag-måned-år)", f"{today():%d-%m-%Y}")
        valid_to = st.text_input("Gælder til (dag-måned-år, kan være tom)")
        review_by = st.text_input("Gennemses senest (dag-måned-år, kan være tom)")
        source_address = st.text_input(
            "Oprindelig adresse (kan være tom)", (known.source_address or "") if known else "", type="url"
        )
        statuses = [Status.DRAFT, Status.APPROVED] if person.may(Permission.APPROVE_SOURCES) else [Status.DRAFT]
        status = st.selectbox("Status", statuses, format_func=lambda item: item.danish)
        invented = ""
        if draft.stopped:
            invented = st.text_area(
                "Hvis alle CPR-numre i filen er opdigtede: skriv, hvordan du ved det. Dit navn og begrundelsen gemmes.",
                max_chars=LONGEST_REASON,
                key="material_invented",
            )
        published = st.form_submit_button("Udgiv", type="primary", icon=":material/publish:")
    if published:
        publish(
            draft,
            {
                "id": target or slug(title),
                "title": title,
                "summary": known.summary if known else "",
                "level": level,
                "publisher": publisher,
                "owner": owner,
                "version": version,
                "valid_from": parsed_date(valid_from),
                "valid_to": parsed_date(valid_to),
                "review_by": parsed_date(review_by),
                "source_address": source_address or None,
                "status": status,
            },
            is_new=not target,
            invented=invented,
        )


def publish(draft: Draft, values: dict[str, Any], *, is_new: bool, invented: str) -> None:
    """Store the version, or say why not."""
    try:
        stored = house.sources.publish(
            person, draft, SourceDetails.parse(values, "kilden"), is_new=is_new, invented=invented
        )
    except (InvalidSource, DuplicateSource, NotAllowed) as error:
        st.error(plain(str(error)))
        return
    st.session_state["material_done"] = stored
    st.session_state["material_round"] = st.session_state.get("material_round", 0) + 1
    st.rerun()


def approve(now: Visit, version_id: str) -> None:
    """Approve a draft."""
    now.services.sources.approve(now.person, version_id)


def retire(now: Visit, version_id: str) -> None:
    """Take a version out."""
    now.services.sources.retire(now.person, version_id)


def draw_version(version: VersionView) -> None:
    """One source with what can be done to it."""
    with st.container(border=True):
        link_to(version.title, version.source_id, version.id)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            status_badge(version.status)
            st.caption(
                f"Version {plain(version.version)}, {version.level.danish.lower()}, gælder fra {danish_date(version.valid_from)}"
            )
        with st.container(horizontal=True, gap="small"):
            if version.status is Status.DRAFT and person.may(Permission.APPROVE_SOURCES):
                st.button(
                    "Godkend",
                    key=f"approve_{version.id}",
                    on_click=perform,
                    args=(Permission.APPROVE_SOURCES, approve, version.id),
                )
            if version.status is Status.DRAFT or person.may(Permission.APPROVE_SOURCES):
                with st.popover("Træk tilbage"):
                    st.markdown("Versionen bliver ikke længere brugt i svar. Den kan stadig læses fra gamle svar.")
                    st.button(
                        "Ja, træk tilbage",
                        key=f"retire_{version.id}",
                        on_click=perform,
                        args=(Permission.MANAGE_SOURCES, retire, version.id),
                    )


st.title("Materiale")
st.markdown(
    "Læg en fil op, kontrollér hvad der er læst, og udgiv den som kilde. Nye kilder er udkast, til de er godkendt."
)
if done := st.session_state.pop("material_done", None):
    quoted = any(version.id == done.id for version in house.search.versions())
    when = "kan findes med det samme" if quoted else "bruges i svar, når den er godkendt og er begyndt at gælde"
    st.success(f"{plain(done.title)} er udgivet og {when}.")
    link_to(f"Læs {done.title}", done.source_id, done.id)

uploads = st.file_uploader(
    "Filer (PDF, Word, PowerPoint, Markdown, HTML eller tekst, højst 20 MB)",
    type=TYPES,
    accept_multiple_files=True,
    key=f"material_files_{st.session_state.get('material_round', 0)}",
)
if uploads:
    names = [upload.name for upload in uploads]
    chosen = uploads[names.index(st.selectbox("Fil", names, key="material_chosen"))] if len(uploads) > 1 else uploads[0]
    if st.session_state.get("material_read", ("", None))[0] != chosen.file_id:
        st.session_state["material_read"] = (chosen.file_id, read(chosen.name, chosen.getvalue()))
    draft = st.session_state["material_read"][1]
    if draft:
        st.subheader(plain(chosen.name))
        if draft.mending and draft.mending.count and draw_repairs(draft.mending, chosen.file_id):
            draft = draft.kept_as_read()
        draw_reading(draft)
        if draft.duplicate_of:
            twin = draft.duplicate_of
            st.info(plain(str(DuplicateSource(twin.title, twin.version, twin.source_id))))
        else:
            draw_form(draft)

if waiting := house.sources.waiting(today()):
    st.subheader("Venter på godkendelse eller på at gælde")
    st.caption("Disse versioner bruges ikke i svar endnu.")
    for version in waiting:
        draw_version(version)

st.subheader("Kilder, der gælder nu")
PER_PAGE = 10
current = house.search.versions()
file_button(
    visit,
    Permission.MANAGE_SOURCES,
    "Hent oversigten (CSV)",
    lambda _then: as_csv(overview([*current, *waiting])),
    "kilder.csv",
    mime="text/csv",
)
for version in part_of(current, "material_page", PER_PAGE):
    draw_version(version)
