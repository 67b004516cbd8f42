"""The next step of a manuscript: what is missing, sending it to review, reviewing it, publishing it, giving it up."""

from collections.abc import Callable, Sequence

import streamlit as st

from courses.authoring.workshop import OPEN, GateFinding, ManuscriptView, State
from courses.written import LONGEST_REASON
from people.roles import Permission
from ui.action import carried_out, perform
from ui.guard import Visit
from ui.text import counted, plain
from ui.workshop import done, manuscript_link

_READ = "step_read"  # the manuscript and the revision of it that a reviewer was shown last


def draw_next_step(visit: Visit, view: ManuscriptView, findings: Callable[[], Sequence[GateFinding]]) -> None:
    """What can be done with the manuscript now, and by whom; `findings` are those of the quality gate."""
    line = view.line
    if line.state not in OPEN:
        st.info(f"Kladden er {line.state.danish.lower()} og kan ikke ændres mere.")
        return
    if view.outdated:
        _draw_outdated(view)
    if line.state is State.DRAFT:
        _draw_sending(visit, view, findings())
    elif line.state is State.IN_REVIEW:
        _draw_review(visit, view)
    else:
        st.success("Kladden er godkendt. Når du udgiver den, er den kursets nyeste version med det samme.")
        if st.button("Udgiv", type="primary", icon=":material/publish:", key="step_publish") and carried_out(
            lambda: _publish(visit, view)
        ):
            st.rerun()
    _draw_giving_up(visit, view)


def _draw_outdated(view: ManuscriptView) -> None:
    st.warning(
        "Der er udgivet en nyere version af kurset, siden kladden blev begyndt. Se forskellene, før du bygger videre: "
        "det, der står i kladden, erstatter den."
    )
    manuscript_link("Se forskellene", view.line.id, view="Forskelle", icon="difference")
    st.button(
        "Byg videre på den nyeste version",
        key="step_adopt",
        on_click=perform,
        args=(Permission.MANAGE_COURSES, _adopt, view.line.id),
    )


def _draw_sending(visit: Visit, view: ManuscriptView, findings: Sequence[GateFinding]) -> None:
    problems = view.content.problems()
    left = [one for one in findings if one.open]
    if problems:
        with st.container(border=True):
            st.markdown(f"**Før kladden kan sendes til gennemsyn, mangler {counted(len(problems), 'ting', 'ting')}:**")
            st.markdown("\n".join(f"- {plain(one.message)}" for one in problems[:10]))
    if left:
        st.info(
            f"Kvalitetskontrollen har {counted(len(left), 'bemærkning', 'bemærkninger')}, som du skal tage stilling til."
        )
        manuscript_link("Gå til kontrollen", view.line.id, view="Kontrol", icon="fact_check")
    if problems or left:
        return
    if not view.authors:
        st.caption("Kladden er som den udgivne version. Når du har ændret noget, kan du sende den til gennemsyn.")
        return
    with st.form("step_send", border=True):
        st.markdown("**Send til gennemsyn.** En anden end dig gennemser kladden, før den kan udgives.")
        remark = st.text_area("Besked til den, der gennemser (kan være tom)", max_chars=1_000, height=70)
        if st.form_submit_button("Send til gennemsyn", type="primary", icon=":material/send:") and carried_out(
            lambda: visit.services.publishing.send(visit.person, view.line.id, remark)
        ):
            done("Kladden er sendt til gennemsyn. Den står i værkstedet hos alle, der kan gennemse den.")
            st.rerun()


def _draw_review(visit: Visit, view: ManuscriptView) -> None:
    line_id = view.line.id
    if visit.person.id in view.authors:
        st.info("Kladden venter på, at en anden gennemser den. Retter du i den nu, skal den sendes igen.")
        return
    # A form of its own for each revision: a click on what somebody has changed meanwhile decides nothing.
    read = st.session_state.get(_READ, (line_id, view.revision))
    if read[0] == line_id and read[1] != view.revision:
        st.warning("Kladden er rettet, siden du læste den. Læs forskellene igen, før du afgør noget.")
    st.session_state[_READ] = line_id, view.revision
    with st.form(f"step_review_{view.revision}", border=True):
        st.markdown("**Gennemse kladden.** Læs forskellene og bemærkningerne. Godkend den, eller send den tilbage.")
        remark = st.text_area("Din bemærkning", max_chars=1_000, height=70)
        with st.container(horizontal=True, gap="small"):
            approved = st.form_submit_button("Godkend", type="primary", icon=":material/task_alt:")
            returned = st.form_submit_button("Send tilbage", icon=":material/undo:")
    publishing = visit.services.publishing
    if approved and carried_out(lambda: publishing.approve(visit.person, line_id, view.revision, remark)):
        done("Kladden er godkendt og kan udgives.")
        st.rerun()
    if returned and carried_out(lambda: publishing.send_back(visit.person, line_id, remark)):
        done("Kladden er sendt tilbage med din bemærkning.")
        st.rerun()


def _draw_giving_up(visit: Visit, view: ManuscriptView) -> None:
    with st.popover("Kassér kladden", icon=":material/delete:", key="step_giving_up"):
        st.markdown("Kladden bliver ikke vist mere. Udgivne versioner bliver, som de er.")
        why = st.text_input("Hvorfor kasseres den?", max_chars=LONGEST_REASON, key="step_why")
        if st.button("Ja, kassér kladden", key="step_discard") and carried_out(
            lambda: visit.services.publishing.discard(visit.person, view.line.id, why)
        ):
            done("Kladden er kasseret.")
            st.rerun()


def _publish(visit: Visit, view: ManuscriptView) -> None:
    version = visit.services.publishing.publish(visit.person, view.line.id)
    done(f"Version {version.number} af {version.course.title} er udgivet.")


def _adopt(now: Visit, manuscript_id: str) -> None:
    now.services.publishing.adopt_newest(now.person, manuscript_id)
