"""Import of people and units: choose a file, see what it would do and why rows cannot be used, and confirm."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bootstrap import assign_by_rules
from people.organisation.import_service import PastImport, Progress
from people.organisation.plan_file import plan_file
from people.organisation.safety_net import unusual
from people.organisation.staff_plan import Outcome, StaffPlan
from people.organisation.staff_shapes import StaffKind
from rag.calendar import today
from ui.action import carried_out
from ui.guard import Visit
from ui.paging import paged
from ui.text import danish_moment, number, plain

_ROUND, _SEEN, _SAID = "staff_round", "staff_seen", "staff_said"
_FIND_OUT = "Find selv ud af det"
_SHOWN = [outcome for outcome in Outcome if outcome not in (Outcome.UNCHANGED, Outcome.UNIT_UNCHANGED)]
_NOT_RULED = "Kurser og roller efter reglerne kunne ikke gives lige nu. Det bliver prøvet igen inden for et døgn."
_HELP = (
    "Filen kan være Excel (.xlsx) eller CSV, og kolonnerne kan hedde, som de gør i Delta, SD, Skole-AD og Entra. Indlæs enheder "
    "først og så personer. Filer med CPR-numre afvises. Telefonnumre og fødselsdage gemmes ikke."
)


def draw_import(visit: Visit) -> None:
    """The steps of an import; nothing is stored before it is confirmed."""
    if said := st.session_state.pop(_SAID, None):
        st.success(said)
    st.markdown(_HELP)
    upload = st.file_uploader(
        "Fil med enheder eller personer",
        type=["csv", "txt", "xlsx"],
        key=f"staff_file_{st.session_state.get(_ROUND, 0)}",
    )
    if upload is None:
        return
    kinds = {_FIND_OUT: None} | {kind.danish[:1].upper() + kind.danish[1:]: kind for kind in StaffKind}
    kind = kinds[st.selectbox("Hvad er filen?", list(kinds), key="staff_kind")]
    complete = st.checkbox(
        "Filen er hele listen: dem, der mangler i den, er fratrådt eller lukket",
        key="staff_complete",
        help="Sæt kun flueben, når filen har alle fra det system, den kommer fra. Historikken bevares.",
    )
    plan = _plan(visit, upload.file_id, upload.getvalue(), kind, complete)
    if plan is None:
        return
    _draw_plan(plan)
    _draw_confirm(visit, upload.getvalue(), kind, complete, plan)


def draw_past(visit: Visit) -> None:
    """The last imports."""
    past = visit.services.staff_import.last_imports(visit.person)
    if not past:
        st.info("Der er ikke indlæst noget endnu.")
        return
    st.table(
        {
            "Tid": [danish_moment(one.at) for one in past],
            "Fil": [_file(one) for one in past],
            "Ændringer": [_counts(one) for one in past],
        },
        hide_index=True,
    )


def _plan(visit: Visit, file_id: str, data: bytes, kind: StaffKind | None, complete: bool) -> StaffPlan | None:
    """The preview of this file and these choices, made once."""
    about = (file_id, kind, complete)
    if st.session_state.get(_SEEN, (None, None))[0] != about:
        found: list[StaffPlan] = []
        bar = st.progress(0.0, text="Læser filen")
        carried_out(
            lambda: found.append(
                visit.services.staff_import.preview(
                    visit.person,
                    data,
                    today(),
                    kind=kind,
                    complete=complete,
                    progress=_watched(bar),
                )
            )
        )
        bar.empty()
        if not found:
            return None
        st.session_state[_SEEN] = (about, found[0])
    plan: StaffPlan = st.session_state[_SEEN][1]
    return plan


def _draw_plan(plan: StaffPlan) -> None:
    st.subheader("Det sker der")
    st.caption(f"Filen er læst som {plan.kind.danish}.")
    with st.expander("Sådan er kolonnerne forstået", icon=":material/view_column:"):
        st.table(
            {
                "Kolonne i filen": [plain(column.heading) or "(uden overskrift)" for column in plan.columns],
                "Bruges som": [column.field.danish if column.field else column.told for column in plan.columns],
            },
            hide_index=True,
        )
    outcomes = [outcome for outcome in Outcome if plan.count(outcome)]
    st.table(
        {
            "Hvad": [outcome.danish for outcome in outcomes],
            "Antal": [number(plan.count(outcome)) for outcome in outcomes],
        },
        hide_index=True,
    )
    if not plan.lines:
        return
    there = [outcome for outcome in _SHOWN if plan.count(outcome)]
    chosen = st.selectbox("Se hver enkelt", there, format_func=lambda one: one.danish, key="staff_outcome")
    lines = plan.of(chosen)
    rows, _ = paged(lambda count, skip: (lines[skip : skip + count], len(lines)), "staff_lines", (chosen,))
    st.table(
        {
            "Linje": [str(line.line or "–") for line in rows],
            "Hvem": [plain(line.who) or "–" for line in rows],
            "Forklaring": [plain(line.told) or "–" for line in rows],
        },
        hide_index=True,
    )
    st.download_button(
        "Hent det hele som regneark (CSV)",
        plan_file(plan),
        file_name="forhaandsvisning.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _draw_confirm(visit: Visit, data: bytes, kind: StaffKind | None, complete: bool, plan: StaffPlan) -> None:
    if not plan.writes.any():
        st.info("Alt i filen er allerede i organisationen. Der er intet at gemme.")
        return
    told = unusual(plan)
    sure = False
    if told:
        st.warning(f"{told}. Så mange plejer det ikke at være. Er filen hele listen?", icon=":material/warning:")
        sure = st.checkbox("Ja, filen er hele listen, og det er rigtigt", key="staff_sure")
    if plan.count(Outcome.REFUSED):
        st.caption("Rækker, der ikke kan bruges, springes over. Ret dem i filen, og indlæs den igen.")
    if not st.button(
        "Indlæs", type="primary", icon=":material/upload:", key="staff_go", disabled=bool(told) and not sure
    ):
        return
    bar = st.progress(0.0, text="Læser filen")
    done = carried_out(
        lambda: visit.services.staff_import.carry_out(
            visit.person,
            data,
            today(),
            kind=kind,
            complete=complete,
            seen=plan.fingerprint(),
            many_leave=sure,
            progress=_watched(bar),
        )
    )
    bar.empty()
    st.session_state.pop(_SEEN, None)
    if done:
        ruled = carried_out(lambda: assign_by_rules(visit.services))
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        st.session_state[_SAID] = "Filen er indlæst." if ruled else f"Filen er indlæst. {_NOT_RULED}"
        st.rerun()


def _watched(bar: DeltaGenerator) -> Progress:
    def report(text: str, share: float) -> None:
        bar.progress(share, text=text)

    return report


def _file(one: PastImport) -> str:
    danish = one.kind.danish
    return danish[:1].upper() + danish[1:]


def _counts(one: PastImport) -> str:
    told = [
        f"{outcome.danish}: {number(one.counts[outcome.value])}" for outcome in Outcome if one.counts.get(outcome.value)
    ]
    return ". ".join(told) or "Ingen"
