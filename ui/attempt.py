"""Taking a quiz: a question at a time, saved as it is answered, with a look over all of them before handing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import streamlit as st

from courses.attempt import Attempt, Item, reveals
from courses.course import Policy, Show
from courses.errors import CourseError, InvalidResponse
from courses.grading import Grade, State, grade
from courses.question import Essay, Matching
from courses.response import Response
from people.roles import Permission
from storage.base import now
from ui.action import perform
from ui.courses import course_link, draw_sources, percent, time_left
from ui.frame import STATIC
from ui.guard import Visit, guard, show_notice
from ui.question_key import draw_key, state_badge
from ui.questions import draw_question, draw_text, read_question
from ui.script import run_script
from ui.sign_in.way import UNSAVED
from ui.text import counted, danish_moment, plain

_PLACE = "attempt_place_{}"
_SAID = "attempt_said"
OVERVIEW = 0


@dataclass(frozen=True)
class Held:
    """An answer that the database does not have. `refused`: it will not be taken as it stands."""

    person_id: str
    response: Response
    refused: bool = False


@cache
def _autosave() -> str:
    return (STATIC / "autosave.js").read_text("utf-8")


@st.fragment
def draw_open(attempt_id: str) -> None:
    """The open attempt: the question one has come to, or the look over all. A fragment, so that an answer redraws this alone."""
    visit = guard(Permission.LEARN, notice=False)
    attempt = visit.services.attempts.get(visit.person, attempt_id)
    if attempt.submitted:
        st.rerun()  # the result page says what went wrong with the last answer
    show_notice()
    _save_left_over(visit, attempt)
    key = _PLACE.format(attempt_id)
    if key not in st.session_state:
        first = next((item.ordinal for item in attempt.items if not item.answered), OVERVIEW)
        st.session_state[key] = first
    _draw_head(attempt)
    place = st.session_state[key]
    if place == OVERVIEW:
        _draw_overview(visit, attempt, key)
    else:
        _draw_item(visit, attempt, attempt.items[place - 1], key)


@st.fragment(run_every=20)
def draw_clock(attempt_id: str) -> None:
    """The time that is left; hands in by itself when it is up."""
    visit = guard(Permission.LEARN, notice=False)
    attempt = visit.services.attempts.get(visit.person, attempt_id)
    left = attempt.remaining(now())
    if attempt.submitted:
        st.rerun()
    elif left is not None and attempt.deadline_at is not None:
        text = f"Tid tilbage: {time_left(left)} (til {danish_moment(attempt.deadline_at).split(' kl. ')[1]})"
        if left <= timedelta(minutes=5):
            st.warning(text, icon=":material/timer:")
        else:
            st.caption(f":material/timer: {text}")


def _draw_head(attempt: Attempt) -> None:
    total = len(attempt.items)
    st.progress(
        attempt.answered / total, f"{attempt.answered} af {counted(total, 'spørgsmål', 'spørgsmål')} er besvaret"
    )
    if said := st.session_state.pop(_SAID, None):
        st.caption(f":material/cloud_done: {said}")


def _draw_item(visit: Visit, attempt: Attempt, item: Item, place_key: str) -> None:
    st.subheader(f"Spørgsmål {item.ordinal} af {len(attempt.items)}")
    run_script("autosave", _autosave())
    field = f"item_{item.id}"
    shown = reveals(attempt.policy, item, submitted=False, done=False)

    def changed(key: str) -> None:
        _save(visit, item, key)

    held = _held(visit).get(item.id)
    first = held.response if held else item.response
    response = draw_question(item.question, item.order, first, field, changed, disabled=item.checked)
    if held:
        st.warning("Det, der står her, er ikke gemt. Ret det, så gemmes det.", icon=":material/cloud_off:")
    if shown and item.grade is not None:
        _draw_judged(visit, item, grade(item.question, item.response))
    elif attempt.policy.show is Show.AT_ONCE and not isinstance(item.question, Essay):
        st.button(
            "Tjek svaret",
            icon=":material/fact_check:",
            key=f"check_{item.id}",
            type="primary",
            disabled=response is None,
            on_click=perform,
            args=(Permission.LEARN, _check, item.id),
        )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if item.ordinal > 1:
            _go("Forrige", "arrow_back", place_key, item.ordinal - 1)
        if item.ordinal < len(attempt.items):
            _go(
                "Næste",
                "arrow_forward",
                place_key,
                item.ordinal + 1,
                primary=attempt.policy.show is not Show.AT_ONCE or shown,
            )
        _go("Se alle og aflevér", "checklist", place_key, OVERVIEW, primary=item.ordinal == len(attempt.items))
        if not item.checked:
            label = "Fjern mærket" if item.flagged else "Vend tilbage senere"
            st.button(
                label,
                icon=":material/flag:",
                key=f"flag_{item.id}",
                type="tertiary",
                on_click=perform,
                args=(Permission.LEARN, _flag, item.id, not item.flagged),
            )


def _draw_overview(visit: Visit, attempt: Attempt, place_key: str) -> None:
    st.subheader("Dine svar")
    unsaved = _held(visit)
    blank = len(attempt.items) - attempt.answered
    for item in attempt.items:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            _go(f"Spørgsmål {item.ordinal}", "arrow_forward", place_key, item.ordinal, part=str(item.ordinal))
            if item.id in unsaved:
                st.badge("Ikke gemt", icon=":material/cloud_off:", color="red")
            elif item.answered:
                st.badge("Besvaret", icon=":material/check:", color="green")
            else:
                st.badge("Ikke besvaret", icon=":material/radio_button_unchecked:", color="gray")
            if item.flagged:
                st.badge("Vend tilbage", icon=":material/flag:", color="orange")
    if blank:
        st.warning(
            f"Du mangler at svare på {counted(blank, 'spørgsmål', 'spørgsmål')}. Du kan godt aflevere alligevel."
        )
    st.markdown("Når du har afleveret, kan du ikke ændre dine svar.")
    st.button(
        "Aflevér",
        icon=":material/send:",
        key="attempt_submit",
        type="primary",
        on_click=perform,
        args=(Permission.LEARN, _submit, attempt.id),
    )


def _go(label: str, icon: str, place_key: str, place: int, *, primary: bool = False, part: str = "") -> None:
    def turn() -> None:
        st.session_state[place_key] = place

    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"go_{icon}_{part}",
        type="primary" if primary else "secondary" if not part else "tertiary",
        on_click=turn,
    )


# --- what the buttons and fields do ---------------------------------------------------------------------------------


def _save(visit: Visit, item: Item, key: str) -> None:
    """Save an answer. It is held in the session until the database has it, so that nothing is lost when the sign-in has run out,
    the database is away or the privacy gate stops it."""
    response = read_question(item.question, item.order, key)
    st.session_state.setdefault(UNSAVED, {})[item.id] = Held(visit.person.id, response)
    perform(Permission.LEARN, _keep, item.id, response)


def _keep(now_: Visit, item_id: str, response: Response) -> None:
    try:
        now_.services.attempts.answer(now_.person, item_id, response)
    except InvalidResponse:
        st.session_state[UNSAVED][item_id] = Held(now_.person.id, response, refused=True)
        raise
    except CourseError:
        st.session_state[UNSAVED].pop(item_id, None)
        raise
    st.session_state[UNSAVED].pop(item_id, None)
    st.session_state[_SAID] = "Svaret er gemt."


def _held(visit: Visit) -> dict[str, Held]:
    """The person's answers that are not saved, by item."""
    held: dict[str, Held] = st.session_state.get(UNSAVED, {})
    return {item_id: one for item_id, one in held.items() if one.person_id == visit.person.id}


def _save_left_over(visit: Visit, attempt: Attempt) -> None:
    """Try again what could not be saved; what was refused waits until the person has changed it."""
    own = {item.id for item in attempt.items}
    again = {key: one for key, one in _held(visit).items() if key in own and not one.refused}
    for item_id, one in again.items():
        perform(Permission.LEARN, _keep, item_id, one.response)
    if again and not again.keys() & _held(visit).keys():
        st.rerun()
    elif again:
        show_notice()


def _flag(now_: Visit, item_id: str, flagged: bool) -> None:
    now_.services.attempts.flag(now_.person, item_id, flagged=flagged)


def _check(now_: Visit, item_id: str) -> None:
    now_.services.attempts.check(now_.person, item_id)


def _submit(now_: Visit, attempt_id: str) -> None:
    now_.services.attempts.submit(now_.person, attempt_id)


# --- afterwards -----------------------------------------------------------------------------------------------------


def draw_submitted(visit: Visit, attempt: Attempt, title: str, *, done: bool) -> None:
    """A handed-in attempt: the result, and what may be shown of key and explanations. It reads the same for ever."""
    result = attempt.result
    st.title(plain(title))
    if attempt.submitted_at is not None:
        how = "Tiden var gået, så dine svar blev afleveret" if attempt.by_time else "Afleveret"
        st.caption(f"Forsøg {attempt.number}. {how} {danish_moment(attempt.submitted_at)}.")
    if result.pending:
        st.info(
            f"{counted(result.pending, 'svar', 'svar')} bliver vurderet af en underviser. Resultatet står her bagefter.",
            icon=":material/hourglass_top:",
        )
    elif result.passed:
        st.success(f"Du har bestået med {percent(result.share)}.", icon=":material/check_circle:")
    else:
        st.warning(f"Du fik {percent(result.share)}. Der skal {percent(attempt.policy.pass_at)} til at bestå.")
    shown = [item for item in attempt.items if reveals(attempt.policy, item, submitted=True, done=done)]
    if not shown:
        _draw_without_key(attempt.items, attempt.policy)
    for item in shown:
        given = item.grade or Grade(0.0, State.BLANK)
        with st.expander(f"Spørgsmål {item.ordinal}: {given.state.danish}", expanded=given.state is not State.CORRECT):
            draw_text(item.question)
            _draw_judged(visit, item, _with_comments(item, given))
    course_link("Tilbage til forløbet", attempt.course_id, icon="arrow_back")


def _with_comments(item: Item, given: Grade) -> Grade:
    """The stored grade with the comments of the frozen question; the stored one decides, also after a regrade."""
    fresh = grade(item.question, item.response)
    return Grade(given.fraction, given.state, fresh.comments, fresh.parts)


def _draw_without_key(items: Sequence[Item], policy: Policy) -> None:
    later = "Facit vises, når du har bestået eller brugt dine forsøg. " if policy.show is Show.WHEN_DONE else ""
    st.markdown(f"{later}Sådan gik det:")
    for item in items:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"Spørgsmål {item.ordinal}")
            state_badge((item.grade or Grade(0.0, State.BLANK)).state)


def _draw_judged(visit: Visit, item: Item, given: Grade) -> None:
    draw_key(item.question, item.order, item.response, given)
    if item.reason:
        st.caption(
            f"Vurderet igen: {plain(item.reason)}" if not isinstance(item.question, Essay) else plain(item.reason)
        )
    if isinstance(item.question, Matching):
        st.caption("Hvert rigtigt par giver point.")
    draw_sources(visit, item.question.sources)
