"""Material: drop a file, see what was read, say what it is, publish; and look after the versions that are there."""

from datetime import date
from typing import Any

import streamlit as st

from people.errors import NotAllowed
from people.roles import Permission
from rag.changes import Change
from rag.errors import DuplicateSource, InvalidSource, UnknownSource
from rag.overview import as_csv, overview
from rag.passages import slug
from rag.privacy import NAMES
from rag.readers import UnreadableFile
from rag.source import Level, SourceDetails, Status, VersionView
from rag.source_service import Draft
from ui.badges import status_badge
from ui.guard import guard
from ui.reader import link_to
from ui.text import counted, danish_date, number, parsed_date, plain

visit = guard(Permission.MANAGE_SOURCES)
person, house = visit.person, visit.services
TYPES = ["pdf", "docx", "pptx", "md", "html", "htm", "txt"]
NEW = ""
SHOWN_CHANGES = 50


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
    if draft.findings:
        kinds = ", ".join(f"{number(found)} {NAMES[kind]}" for kind, found in draft.findings.items())
        st.warning(
            f"Teksten indeholder noget, der ligner personoplysninger ({kinds}). Kontrollér, at de må offentliggøres."
        )
    with st.expander("Se overskrifter og tekst", icon=":material/toc:"):
        for section in draft.sections[:200]:
            st.markdown(f"**{plain(section.heading or 'Uden overskrift')}**")
            for passage in section.passages[:20]:
                st.caption(plain(passage.text[:400]))


def draw_changes(found: list[Change]) -> None:
    """Paragraph differences to the version that is there."""
    if not found:
        st.info("Ingen afsnit er ændret i forhold til den seneste version.")
        return
    with st.expander(
        f"{counted(len(found), 'afsnit er ændret', 'afsnit er ændret')} siden seneste version", expanded=True
    ):
        for change in found[:SHOWN_CHANGES]:
            if change.kind == "added":
                st.markdown(f":green-badge[Nyt] {plain(change.after or '')}")
            elif change.kind == "removed":
                st.markdown(f":red-badge[Fjernet] {plain(change.before or '')}")
            else:
                st.markdown(
                    f":orange-badge[Ændret] Før: {plain(change.before or '')}  \nNu: {plain(change.after or '')}"
                )
        if len(found) > SHOWN_CHANGES:
            st.caption(f"Viser de første {SHOWN_CHANGES}.")


def draw_form(draft: Draft) -> None:
    """Level, owner, validity; publish."""
    versions = {version.source_id: version for version in house.search.versions()}
    target = st.selectbox(
        "Er det en ny kilde eller en ny version?",
        [NEW, *versions],
        format_func=lambda key: f"Ny version af: {versions[key].title}" if key else "Ny kilde",
        key="material_target",
    )
    known = versions.get(target)
    if known:
        draw_changes(house.sources.changes_to(known.id, draft))
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
        valid_from = st.text_input("Gælder fra (dag-måned-år)", f"{date.today():%d-%m-%Y}")  # noqa: DTZ011  local calendar
        valid_to = st.text_input("Gælder til (dag-måned-år, kan være tom)")
        review_by = st.text_input("Gennemses senest (dag-måned-år, kan være tom)")
        source_address = st.text_input(
            "Oprindelig adresse (kan være tom)", (known.source_address or "") if known else "", type="url"
        )
        statuses = [Status.DRAFT, Status.APPROVED] if person.may(Permission.APPROVE_SOURCES) else [Status.DRAFT]
        status = st.selectbox("Status", statuses, format_func=lambda item: item.danish)
        published = st.form_submit_button("Udgiv", type="primary", icon=":material/publish:")
    if published:
        publish(
            draft,
            {
                "id": target or slug(title),
                "title": title,
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
        )


def publish(draft: Draft, values: dict[str, Any]) -> None:
    """Store the version, or say why not."""
    taken = any(version.source_id == values["id"] for version in house.search.versions())
    if taken and not st.session_state["material_target"]:
        st.error("Der findes allerede en kilde med den titel. Vælg den under “ny version”, eller ret titlen.")
        return
    try:
        stored = house.sources.publish(person, draft, SourceDetails.parse(values, "kilden"))
    except (InvalidSource, DuplicateSource, NotAllowed) as error:
        st.error(plain(str(error)))
        return
    st.session_state["material_done"] = stored
    st.session_state["material_round"] = st.session_state.get("material_round", 0) + 1
    st.rerun()


def change(action: str, version_id: str) -> None:
    """Approve or retire a version."""
    try:
        getattr(house.sources, action)(person, version_id)
    except (NotAllowed, UnknownSource) as error:
        st.session_state["material_fault"] = str(error)


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
                st.button("Godkend", key=f"approve_{version.id}", on_click=change, args=("approve", version.id))
            st.button("Træk tilbage", key=f"retire_{version.id}", on_click=change, args=("retire", version.id))


st.title("Materiale")
st.markdown(
    "Læg en fil op, kontrollér hvad der er læst, og udgiv den som kilde. Nye kilder er udkast, til de er godkendt."
)
if fault := st.session_state.pop("material_fault", None):
    st.error(plain(fault))
if done := st.session_state.pop("material_done", None):
    st.success(f"{plain(done.title)} er udgivet og kan findes med det samme.")
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
        draw_reading(draft)
        if draft.duplicate_of:
            st.info(
                str(DuplicateSource(draft.duplicate_of.title, draft.duplicate_of.version, draft.duplicate_of.source_id))
            )
        else:
            draw_form(draft)

if waiting := house.sources.waiting(date.today()):  # noqa: DTZ011  local calendar
    st.subheader("Venter på godkendelse eller på at gælde")
    st.caption("Disse versioner bruges ikke i svar endnu.")
    for version in waiting:
        draw_version(version)

st.subheader("Kilder, der gælder nu")
PER_PAGE = 10
current = house.search.versions()
st.download_button(
    "Hent oversigten (CSV)",
    lambda: as_csv(overview([*current, *waiting])),
    file_name="kilder.csv",
    mime="text/csv",
    icon=":material/download:",
    on_click="ignore",
)
pages = max((len(current) + PER_PAGE - 1) // PER_PAGE, 1)
page = st.pagination(pages, key="material_page") if pages > 1 else 1
for version in current[(page - 1) * PER_PAGE : page * PER_PAGE]:
    draw_version(version)
