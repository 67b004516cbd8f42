"""Rules that assign courses: a new one with a look at whom it affects, those that hold, and those that have ended."""

import streamlit as st

from courses.errors import CourseError
from courses.steering.person_choice import PersonChoice
from courses.steering.rule import MOST_DAYS, NEWCOMERS_DAYS, RuleDraft
from courses.steering.rule_service import Preview, RuleLine
from people.roles import Role
from ui.guard import Visit
from ui.paging import paged
from ui.steering import WHOLE, button, done, pick_course, pick_unit, say, shown_error, typed_day
from ui.text import counted, danish_date, number, plain

_NAMES_SHOWN = 10
_WITHIN, _BY, _NEVER = "Et antal dage efter tildelingen", "En bestemt dag", "Ingen frist"
_EVERYBODY = {
    None: "Alle",
    Role.KEY_PERSON: "Alle nøglepersoner",
    Role.MANAGER: "Alle ledere",
    Role.TRAINER: "Alle undervisere",
    Role.TASKFORCE: "Alle i AI-taskforcen",
    Role.ADMIN: "Alle administratorer",
}
_FIELDS = ("rule_course", "rule_unit", "rule_due_on")


def draw_rules(visit: Visit) -> None:
    """A new rule, and the rules there are."""
    say()
    st.markdown(
        "En regel tildeler et kursus til alle med en rolle i en enhed, også dem, der kommer til senere. Den, der forlader "
        "enheden uden at være begyndt, slipper for kurset igen."
    )
    with st.expander("Lav en ny regel", icon=":material/post_add:", key="rule_new"):
        _draw_new(visit)
    st.subheader("Regler")
    ended = st.toggle("Vis afsluttede regler", key="rules_ended")
    lines, total = paged(
        lambda count, skip: visit.services.rules.rules(visit.person, count, skip, ended=ended), "rules_sheet", (ended,)
    )
    if not lines:
        st.info("Ingen regler er afsluttet." if ended else "Der er ingen regler endnu.")
        return
    st.caption(counted(total, "regel", "regler"))
    for line in lines:
        _draw_line(line)


def _draw_new(visit: Visit) -> None:
    course_id = pick_course(visit, "rule_course")
    st.selectbox("Hvem", list(_EVERYBODY), format_func=lambda role: _EVERYBODY[role], key="rule_role")
    pick_unit(visit, "Enhed og alle under den", "rule_unit", WHOLE)
    how = st.radio("Frist", (_WITHIN, _BY, _NEVER), key="rule_how", horizontal=True)
    if how == _WITHIN:
        st.number_input("Antal dage", 1, MOST_DAYS, 60, 1, key="rule_days")
    elif how == _BY:
        st.text_input("Sidste dag (fx 2. december 2027)", key="rule_due_on")
        st.caption(f"Den, der kommer til senere, får mindst {NEWCOMERS_DAYS} dage.")
    if course_id is None:
        st.caption("Vælg et kursus for at se, hvem reglen gælder for.")
        return
    try:
        draft = _draft()
        counts = st.container()
        found = _draw_people(visit, draft)
    except CourseError as error:
        shown_error(error)
        return
    with counts:
        _draw_counts(found)
    label = f"Opret reglen, og tildel til {counted(found.new, 'person', 'personer')}"
    button(label, "assignment_add", "rule_create", _create, primary=True)


def _draw_people(visit: Visit, draft: RuleDraft) -> Preview:
    """A page of those under the rule; what else was seen of them."""
    seen: list[Preview] = []

    def read(count: int, skip: int) -> tuple[list[PersonChoice], int]:
        seen.append(visit.services.rules.preview(visit.person, draft, count, skip))
        return list(seen[-1].people), seen[-1].under

    people, _ = paged(read, "rule_people_sheet", (str(draft),), _NAMES_SHOWN)
    if people:
        st.table([{"Navn": one.name, "Enhed": one.unit} for one in people], hide_index=True)
    return seen[-1]


def _draw_counts(found: Preview) -> None:
    st.markdown(f"**{counted(found.under, 'person', 'personer')}** er omfattet i dag.")
    if not found.under:
        st.caption("Reglen kan oprettes alligevel. Den gælder for dem, der kommer til.")
        return
    st.table(
        [
            {"Af dem": "Får kurset tildelt nu", "Personer": number(found.new)},
            {"Af dem": "Har allerede fået det tildelt", "Personer": number(found.assigned)},
            {"Af dem": "Er begyndt eller færdige", "Personer": number(found.begun)},
            {"Af dem": "Er fritaget", "Personer": number(found.exempt)},
        ],
        hide_index=True,
    )


def _draft() -> RuleDraft:
    """The rule that the fields hold; raises `InvalidAssignment` when the day is none."""
    fields = st.session_state
    how = fields.get("rule_how")
    return RuleDraft(
        fields["rule_course"],
        fields.get("rule_role"),
        fields.get("rule_unit"),
        int(fields.get("rule_days", 60)) if how == _WITHIN else None,
        typed_day("rule_due_on") if how == _BY else None,
    )


def _draw_line(line: RuleLine) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(_sentence(line))}**")
        made = f"Oprettet {danish_date(line.at)} af {plain(line.by)}."
        if line.ended_at is not None:
            st.caption(f"{made} Afsluttet {danish_date(line.ended_at)}.")
            return
        if line.unit_path is None:
            st.warning("Enheden er lukket, så reglen gælder ikke for nogen. Afslut den, eller lav en ny.")
        st.caption(f"{made} {counted(line.people, 'person har', 'personer har')} kurset efter reglen nu.")
        with st.popover("Afslut", icon=":material/block:", key=f"rule_end_open_{line.id}"):
            st.markdown("De, der ikke er begyndt, slipper for kurset. De, der er begyndt, beholder det.")
            button("Afslut reglen", "block", f"rule_end_{line.id}", _end, line.id)


def _sentence(line: RuleLine) -> str:
    """Alle nøglepersoner i Børn og Skole: Copilot-sporet inden 60 dage"""
    draft = line.draft
    where = "en lukket enhed" if line.unit_path is None else line.unit_path or WHOLE.lower()
    due = ""
    if draft.days is not None:
        due = f" inden {counted(draft.days, 'dag', 'dage')}"
    elif draft.due_on is not None:
        due = f" senest {danish_date(draft.due_on)}"
    return f"{_EVERYBODY.get(draft.role, 'Alle')} i {where}: {line.course_title}{due}"


def _create(now: Visit) -> None:
    draft = _draft()
    now.services.rules.create(now.person, draft)
    done("Reglen er oprettet, og kurset er tildelt dem, den gælder for.", *_FIELDS)


def _end(now: Visit, rule_id: str) -> None:
    count = now.services.rules.end(now.person, rule_id)
    done(f"Reglen er afsluttet. {counted(count, 'person slipper', 'personer slipper')} for kurset.")
