"""The trainer's views of participants: assignments, answers to mark, marking again, certificates."""

import streamlit as st

from courses.errors import CourseError
from courses.written import LONGEST_REASON
from people.roles import Permission
from ui.action import perform
from ui.courses import percent
from ui.guard import Visit
from ui.paging import paged
from ui.text import counted, danish_date, danish_moment, number, paragraphs, parsed_date, plain

_SAID = "teaching_said"


def draw_participants(visit: Visit) -> None:
    """Assign a course to people, and see who has it."""
    _say()
    courses = {version.course.id: version for version in visit.services.courses.courses()}
    if not courses:
        st.info("Der er ingen kurser endnu.")
        return
    course_id = st.selectbox(
        "Kursus", list(courses), format_func=lambda key: courses[key].course.title, key="kursus", bind="query-params"
    )
    wanted = st.text_input("Søg efter navn eller enhed", key="participants_search")
    people, total = paged(
        lambda count, skip: visit.services.teaching.participants(visit.person, course_id, wanted, count, skip),
        "participants_sheet",
        (course_id, wanted),
    )
    st.caption(counted(total, "person", "personer"))
    with st.form("assign", border=False):
        for one in people:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.checkbox(f"{one.name}, {one.unit}", key=f"pick_{one.person_id}")
                if one.assignment_id:
                    due = f", frist {danish_date(one.due_on)}" if one.due_on else ""
                    st.badge(f"Tildelt{due}", icon=":material/assignment_ind:", color="blue")
                if one.version_number:
                    st.badge(f"I gang med udgave {one.version_number}", color="gray")
                if one.extra_percent:
                    st.badge(f"{one.extra_percent} % ekstra tid", icon=":material/timer:", color="gray")
        st.text_input("Frist (fx 2. december 2027, tom for ingen)", key="assign_due")
        st.form_submit_button(
            "Tildel til de valgte",
            type="primary",
            icon=":material/assignment_add:",
            on_click=perform,
            args=(Permission.MANAGE_COURSES, _assign, course_id, tuple(one.person_id for one in people)),
        )
    chosen = st.selectbox(
        "Mere om en person",
        [one.person_id for one in people],
        index=None,
        format_func=lambda key: next((one.name for one in people if one.person_id == key), key),
        placeholder="Vælg en person",
        key="participant",
    )
    if picked := next((one for one in people if one.person_id == chosen), None):
        with st.container(border=True):
            if picked.assignment_id:
                with st.form("end_assignment", border=False):
                    st.text_input("Hvorfor tages tildelingen tilbage?", key="end_reason", max_chars=500)
                    st.form_submit_button(
                        "Tag tildelingen tilbage",
                        on_click=perform,
                        args=(Permission.MANAGE_COURSES, _end, picked.assignment_id),
                    )
            with st.form("extra_time", border=False):
                st.number_input(
                    "Ekstra tid ved prøver (%)", 0, 200, picked.extra_percent, 5, key=f"extra_{picked.person_id}"
                )
                st.form_submit_button(
                    "Gem ekstra tid",
                    on_click=perform,
                    args=(Permission.MANAGE_COURSES, _extra, picked.person_id),
                )
                st.caption("Skriv ikke hvorfor. Ekstra tid gælder fra næste prøve.")
            if picked.version_number:
                st.button(
                    "Giv et forsøg mere ved den afsluttende prøve",
                    key="give_attempt",
                    on_click=perform,
                    args=(Permission.MANAGE_COURSES, _give_attempt, picked.person_id, course_id),
                )
            if picked.version_number and picked.version_number < courses[course_id].number:
                st.button(
                    "Flyt til den nyeste udgave",
                    key="move_person",
                    on_click=perform,
                    args=(Permission.MANAGE_COURSES, _move, picked.person_id, course_id),
                )


def draw_marking(visit: Visit) -> None:
    """Essays that wait for a mark."""
    _say()
    waiting, total = paged(
        lambda count, skip: visit.services.teaching.waiting(visit.person, count, skip), "marking_sheet", ()
    )
    if not waiting:
        st.info("Der er ingen svar, der venter på vurdering.")
        return
    st.caption(f"{counted(total, 'svar venter', 'svar venter')}, ældste først. Navne vises ikke.")
    for one in waiting:
        with st.form(f"mark_{one.item_id}"):
            st.caption(f"{plain(one.course_title)}. Afleveret {danish_moment(one.submitted_at)}.")
            st.markdown(one.question.text)
            st.markdown(paragraphs(one.response))
            for criterion in one.question.rubric:
                st.number_input(
                    f"{criterion.text} (0 til {number(criterion.points, 0 if criterion.points % 1 == 0 else 1)} point)",
                    0.0,
                    criterion.points,
                    None,
                    0.5,
                    key=f"points_{one.item_id}_{criterion.id}",
                )
            st.text_area("Kommentar til deltageren", key=f"comment_{one.item_id}", max_chars=500)
            st.form_submit_button(
                "Gem vurderingen",
                icon=":material/check:",
                on_click=perform,
                args=(Permission.MANAGE_COURSES, _mark, one.item_id, tuple(c.id for c in one.question.rubric)),
            )


def draw_regrade(visit: Visit) -> None:
    """Grade submitted answers again by the newest wording of a question, after a look at what would change."""
    _say()
    st.markdown(
        "Når en nøgle var forkert, og spørgsmålet er rettet, kan afleverede svar vurderes igen. De gamle vurderinger bevares, og "
        "deltagerne ser din begrundelse."
    )
    known = sorted({key for version in visit.services.courses.courses() for key in version.course.questions})
    question_id = st.selectbox("Spørgsmål", known, index=None, placeholder="Vælg et spørgsmål", key="regrade_question")
    if question_id is None:
        return
    try:
        plan = visit.services.teaching.regrade_plan(visit.person, question_id)
    except CourseError as error:
        st.warning(str(error))
        return
    st.markdown(f"{counted(plan.answers, 'afleveret svar', 'afleverede svar')}.")
    better = sum(change.after is not None and change.after > change.before for change in plan.changes)
    worse = sum(change.after is not None and change.after < change.before for change in plan.changes)
    st.table(
        [
            {"Ændring": "Får flere point", "Svar": better},
            {"Ændring": "Får færre point", "Svar": worse},
            {"Ændring": "Passer ikke til den nye udgave og bliver, som de er", "Svar": plan.unfit},
        ],
        hide_index=True,
    )
    if better + worse == 0:
        st.info("Ingen vurderinger bliver anderledes.")
        return
    with st.form("regrade", border=False):
        st.text_input("Begrundelse, som deltagerne ser", key="regrade_reason", max_chars=500)
        st.form_submit_button(
            "Vurdér igen",
            icon=":material/published_with_changes:",
            on_click=perform,
            args=(Permission.MANAGE_COURSES, _regrade, question_id),
        )


def draw_certificates(visit: Visit) -> None:
    """Issued certificates, and revoking one."""
    _say()
    wanted = st.text_input("Søg efter kursus eller bevisnummer", key="certificates_search")
    issued, total = paged(
        lambda count, skip: (
            visit.services.certification.issued(visit.person, wanted, count, skip),
            visit.services.certification.count_issued(visit.person, wanted),
        ),
        "certificates_sheet",
        (wanted,),
    )
    if not issued:
        st.info("Der er ingen beviser at vise.")
        return
    st.caption(counted(total, "bevis", "beviser"))
    for one in issued:
        with st.container(border=True):
            st.markdown(f"**{plain(one.course_title)}**  \n{plain(one.holder) or 'Navnet er slettet'}. Nummer {one.id}")
            st.caption(
                f"Udstedt {danish_date(one.issued_at)}. Gælder til og med {danish_date(one.valid_until)}. {one.status.danish}."
            )
            if not one.revocable:
                st.caption(f"Tilbagekaldt: {plain(one.reason) or 'begrundelsen er slettet'}")
                continue
            with st.popover("Tilbagekald", icon=":material/block:", key=f"revoke_open_{one.id}"):
                st.markdown("Et tilbagekaldt bevis kan ikke komme til at gælde igen. Personen kan tage prøven på ny.")
                with st.form(f"revoke_{one.id}", border=False):
                    st.text_input(
                        "Hvorfor tilbagekaldes beviset?", key=f"revoke_reason_{one.id}", max_chars=LONGEST_REASON
                    )
                    st.form_submit_button(
                        "Tilbagekald beviset",
                        on_click=perform,
                        args=(Permission.MANAGE_COURSES, _revoke, one.id),
                    )


def _say() -> None:
    if said := st.session_state.pop(_SAID, None):
        st.success(said)


def _assign(now: Visit, course_id: str, shown: tuple[str, ...]) -> None:
    chosen = [key for key in shown if st.session_state.get(f"pick_{key}")]
    due = parsed_date(st.session_state.get("assign_due", ""))
    new = now.services.teaching.assign(now.person, chosen, course_id, due)
    for key in chosen:
        st.session_state[f"pick_{key}"] = False
    st.session_state[_SAID] = f"Kurset er tildelt. {counted(new, 'person er ny', 'personer er nye')} på kurset."


def _end(now: Visit, assignment_id: str) -> None:
    now.services.teaching.end_assignment(now.person, assignment_id, st.session_state.get("end_reason", ""))
    st.session_state[_SAID] = "Tildelingen er taget tilbage."


def _extra(now: Visit, person_id: str) -> None:
    now.services.teaching.give_extra_time(now.person, person_id, int(st.session_state.get(f"extra_{person_id}", 0)))
    st.session_state[_SAID] = "Ekstra tid er gemt."


def _give_attempt(now: Visit, person_id: str, course_id: str) -> None:
    now.services.teaching.give_attempt(now.person, person_id, course_id)
    st.session_state[_SAID] = "Personen har fået et forsøg mere."


def _move(now: Visit, person_id: str, course_id: str) -> None:
    now.services.learning.move_person(now.person, person_id, course_id)
    st.session_state[_SAID] = "Personen er flyttet til den nyeste udgave."


def _mark(now: Visit, item_id: str, criteria: tuple[str, ...]) -> None:
    given = {key: st.session_state.get(f"points_{item_id}_{key}") for key in criteria}
    points = {key: float(value) for key, value in given.items() if value is not None}
    now.services.teaching.mark(now.person, item_id, points, st.session_state.get(f"comment_{item_id}", ""))
    st.session_state[_SAID] = "Vurderingen er gemt."


def _regrade(now: Visit, question_id: str) -> None:
    plan = now.services.teaching.regrade(now.person, question_id, st.session_state.get("regrade_reason", ""))
    changed = sum(change.after is not None for change in plan.changes)
    st.session_state[_SAID] = (
        f"{counted(changed, 'svar er vurderet', 'svar er vurderet')} igen ({percent(changed / max(plan.answers, 1))})."
    )


def _revoke(now: Visit, certificate_id: str) -> None:
    now.services.certification.revoke(
        now.person, certificate_id, st.session_state.get(f"revoke_reason_{certificate_id}", "")
    )
    st.session_state[_SAID] = "Beviset er tilbagekaldt."
