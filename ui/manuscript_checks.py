"""What the quality gate finds in a manuscript, what is different from the published version, and its history."""

from collections.abc import Callable, Sequence

import streamlit as st

from courses.authoring.differences import Difference, Kind, LineChange, differences
from courses.authoring.manuscript import Manuscript
from courses.authoring.reading_copy import title
from courses.authoring.workshop import OPEN, GateFinding, ManuscriptView
from courses.written import LONGEST_REASON
from people.roles import Permission
from ui.action import carried_out, perform
from ui.guard import Visit
from ui.paging import part_of
from ui.text import counted, danish_moment, paragraphs, plain
from ui.workshop import editing_link

_COLOURS = {Kind.ADDED: "green", Kind.REMOVED: "red", Kind.CHANGED: "orange", Kind.MOVED: "blue"}
_ICONS = {Kind.ADDED: "add", Kind.REMOVED: "remove", Kind.CHANGED: "edit", Kind.MOVED: "swap_vert"}


def draw_gate(visit: Visit, view: ManuscriptView, findings: Callable[[], Sequence[GateFinding]]) -> None:
    """What must be mended, what somebody must judge, and what was judged."""
    st.markdown(
        "Kontrollen ser på det, der er nyt eller ændret i kladden, og på det, svarene siger om resten. "
        "Den finder fejl i formen. Om et spørgsmål spørger om det rigtige, afgør den, der gennemser."
    )
    found = findings()
    left, settled = [one for one in found if one.open], [one for one in found if not one.open]
    if not left:
        st.success("Der er ingen bemærkninger at tage stilling til.", icon=":material/task_alt:")
    for one in part_of(left, "gate_page"):
        _draw_finding(visit, view, one)
    if settled:
        with st.expander(
            f"{counted(len(settled), 'bemærkning', 'bemærkninger')} er afgjort", icon=":material/done_all:"
        ):
            for one in settled[:100]:
                st.markdown(
                    f"**{plain(one.finding.rule.danish)}**, {plain(_called(view, one.finding.part))}: "
                    f"{plain(one.reason)} ({plain(one.accepted_by)})"
                )


def _part(finding_part: str) -> str:
    """The manuscript's name of what a finding is about."""
    return finding_part.replace("lesson:", "activity:", 1) if finding_part.startswith("lesson:") else finding_part


def _called(view: ManuscriptView, finding_part: str) -> str:
    part = view.content.find(_part(finding_part))
    return title(part) if part is not None else finding_part


def _draw_finding(visit: Visit, view: ManuscriptView, one: GateFinding) -> None:
    finding = one.finding
    stops = finding.severity == "stop"
    with st.container(border=True):
        colour, icon = ("red", "block") if stops else ("orange", "visibility")
        st.markdown(
            f":{colour}-badge[:material/{icon}: {'Skal rettes' if stops else 'Tag stilling'}] **{finding.rule.danish}**"
        )
        editing_link(_called(view, finding.part), view.line.id, icon="edit", **{"del": _part(finding.part)})
        st.markdown(plain(finding.message))
        st.caption(plain(finding.advice))
        if stops:
            return
        with st.popover("Lad det stå", key=f"gate_open_{finding.key}"):
            why = st.text_input(
                "Hvorfor kan det blive stående?", max_chars=LONGEST_REASON, key=f"gate_why_{finding.key}"
            )
            if st.button("Gem begrundelsen", key=f"gate_{finding.key}") and carried_out(
                lambda: visit.services.publishing.accept(visit.person, view.line.id, finding.key, why)
            ):
                st.rerun()


def draw_differences(visit: Visit, view: ManuscriptView) -> None:
    """Part by part, before and now."""
    newest = None
    if view.line.base_number is not None:
        newest = visit.services.courses.newest(view.line.course_id)
    found = differences(Manuscript.of(newest.course) if newest else None, view.content)
    if not found:
        st.info("Kladden er som den version, der er udgivet nu.")
        return
    against = f"version {newest.number}" if newest else "ingenting, for kurset er nyt"
    st.markdown(f"{counted(len(found), 'del', 'dele')} er anderledes, sammenlignet med {against}.")
    for one in part_of(found, "difference_page"):
        _draw_difference(view, one)


def _draw_difference(view: ManuscriptView, one: Difference) -> None:
    with st.container(border=True):
        st.markdown(
            f":{_COLOURS[one.kind]}-badge[:material/{_ICONS[one.kind]}: {one.kind.danish}] **{plain(one.title)}**"
        )
        draw_lines(one.lines, new=one.kind is Kind.ADDED)
        if one.kind is not Kind.REMOVED and view.line.state in OPEN:
            editing_link("Åbn", view.line.id, icon="open_in_new", **{"del": one.part})


def draw_lines(lines: Sequence[LineChange], *, new: bool = False) -> None:
    """Lines before and now; of something new only what it is."""
    if len(lines) > 12:
        with st.expander(f"Se {counted(len(lines), 'linje', 'linjer')}"):
            _draw_lines(lines, new)
    else:
        _draw_lines(lines, new)


def _draw_lines(lines: Sequence[LineChange], new: bool) -> None:
    for line in lines:
        if new:
            st.markdown(f"**{plain(line.label)}:** {_text(line.after)}")
        else:
            st.markdown(
                f"**{plain(line.label)}**  \n:red[Før:] {_text(line.before)}  \n:green[Nu:] {_text(line.after)}"
            )


def _text(text: str | None) -> str:
    return paragraphs(text).replace("\n\n", "  \n") if text else "–"


def draw_history(visit: Visit, view: ManuscriptView) -> None:
    """Steps and changes, the newest first; each change can be taken back."""
    steps = visit.services.publishing.steps(visit.person, view.line.id)
    for step in steps:
        said = f"  \n“{plain(step.remark)}”" if step.remark else ""
        st.markdown(f"{plain(danish_moment(step.at))}: **{plain(step.by)}** {step.step.danish}.{said}")
    changes = visit.services.manuscripts.history(visit.person, view.line.id)
    if not changes and not steps:
        st.info("Der er ikke ændret noget i kladden endnu.")
    for change in part_of(changes, "history_page"):
        with st.container(border=True):
            st.markdown(f"{plain(danish_moment(change.at))}: **{plain(change.by)}**. {plain(change.summary)}.")
            draw_lines(change.lines, new=all(line.before is None for line in change.lines))
            if change.can_go_back and view.line.state in OPEN:
                st.button(
                    "Fortryd denne ændring",
                    key=f"restore_{change.id}",
                    icon=":material/undo:",
                    on_click=perform,
                    args=(Permission.MANAGE_COURSES, _restore, view.line.id, change.id),
                )


def _restore(now: Visit, manuscript_id: str, change_id: int) -> None:
    now.services.manuscripts.restore(now.person, manuscript_id, change_id)
