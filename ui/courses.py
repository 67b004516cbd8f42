"""Pieces shared by the course pages: links, steps, deadlines, and the text of a policy."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from courses.course import Activity, Policy, Quiz, Scoring
from courses.errors import CourseError
from courses.learning_service import Learning
from courses.progress import Step
from courses.question import SourceRef
from people.roles import Permission
from rag.calendar import today
from rag.errors import UnknownSource
from ui.action import perform
from ui.guard import Visit
from ui.navigation import ATTEMPT, COURSE
from ui.reader import link_to
from ui.text import counted, danish_date, number, plain

_STEP_ICONS = {
    Step.LOCKED: ("lock", "gray"),
    Step.OPEN: ("radio_button_unchecked", "gray"),
    Step.BEGUN: ("timelapse", "orange"),
    Step.DONE: ("check_circle", "green"),
}
KIND_ICONS = {"lesson": "menu_book", "quiz": "quiz", "practice": "edit_note"}
KIND_NAMES = {"lesson": "Lektion", "quiz": "Prøve", "practice": "Promptøvelse"}
_SCORING = {
    Scoring.BEST: "Dit bedste forsøg tæller.",
    Scoring.LAST: "Dit seneste forsøg tæller.",
    Scoring.FIRST: "Dit første forsøg tæller.",
    Scoring.AVERAGE: "Gennemsnittet af dine forsøg tæller.",
}


def course_link(label: str, course_id: str, activity: str = "", *, icon: str = "school") -> None:
    """A link to a course, or to one part of it."""
    query = {"kursus": course_id, "del": activity}
    st.page_link(
        COURSE.path,
        label=plain(label),
        icon=f":material/{icon}:",
        query_params={name: value for name, value in query.items() if value},
    )


def step_badge(step: Step) -> None:
    """How far one is with a part, in words, icon and colour."""
    icon, colour = _STEP_ICONS[step]
    st.badge(step.danish, icon=f":material/{icon}:", color=colour)  # type: ignore[arg-type]


def due_badge(due_on: date | None) -> None:
    """The deadline of a course that is not finished."""
    if due_on is None:
        return
    left = (due_on - today()).days
    if left < 0:
        st.badge(f"Frist overskredet {danish_date(due_on)}", icon=":material/error:", color="red")
    else:
        near = left <= 14
        text = f"Frist {danish_date(due_on)}"
        st.badge(text, icon=":material/event:", color="orange" if near else "gray")


def draw_sources(visit: Visit, refs: Sequence[SourceRef]) -> None:
    """What a key or a lesson rests on: the quotes that stand in their sources, each with the way there.

    A source that is gone is left out; one that is changed is named without the quote.
    """
    for ref in refs:
        try:
            version = visit.services.search.version_in_force(ref.source)
        except UnknownSource:
            continue
        if not visit.services.watch.stands(ref):
            link_to(f"Kilden er ændret siden: {version.title}", ref.source, version.id, icon="menu_book")
            continue
        st.markdown(f"“{plain(ref.quote)}”")
        link_to(f"Kilde: {version.title}", ref.source, version.id, ref.section, quote=ref.quote, icon="menu_book")


def percent(share: float) -> str:
    """75 %"""
    return f"{number(share * 100)} %"


def policy_lines(quiz: Quiz, policy: Policy, extra_percent: int = 0) -> list[str]:
    """The rules of a quiz in sentences."""
    count = sum(slot.pool.count if slot.pool else 1 for slot in quiz.slots)
    lines = [f"{counted(count, 'spørgsmål', 'spørgsmål')}. Du består med {percent(policy.pass_at)} af pointene."]
    if policy.minutes:
        minutes = policy.minutes * (100 + extra_percent) / 100
        lines.append(
            f"Du har {number(minutes)} minutter. Uret går, også hvis du lukker siden. Når tiden er gået, afleveres dine svar."
        )
    else:
        lines.append("Der er ingen tidsgrænse. Du kan holde pause og fortsætte senere.")
    if policy.attempts:
        lines.append(f"Du har {counted(policy.attempts, 'forsøg', 'forsøg')}. {_SCORING[policy.scoring]}")
        if policy.wait_hours:
            lines.append(f"Der skal gå {_hours(policy.wait_hours)} mellem to forsøg.")
    else:
        lines.append("Du kan prøve, så mange gange du vil.")
    lines.append("Hvert svar gemmes, så snart du giver det.")
    return lines


def _hours(hours: float) -> str:
    whole = hours == int(hours)
    return counted(int(hours), "time", "timer") if whole else counted(round(hours * 60), "minut", "minutter")


def time_left(left: timedelta) -> str:
    """Tid tilbage in whole minutes, in seconds under the last two."""
    seconds = int(left.total_seconds())
    return counted(seconds, "sekund", "sekunder") if seconds < 120 else f"{number(seconds // 60)} minutter"


def begin_quiz(learning: Learning, quiz: Quiz, visit: Visit) -> None:
    """Begin or resume a quiz and leave for it; what stands in the way is shown."""
    try:
        attempt_id = visit.services.attempts.start(visit.person, learning.version.course.id, quiz.id)
    except CourseError as error:
        st.warning(str(error))
        return
    st.switch_page(ATTEMPT.path, query_params={"forsoeg": attempt_id})


def begin_course(course_id: str) -> None:
    """Begin a course (a callback)."""
    perform(Permission.LEARN, _begin, course_id)


def _begin(now: Visit, course_id: str) -> None:
    now.services.learning.begin(now.person, course_id)


def activity_line(activity: Activity) -> str:
    """Lektion, 5 minutter"""
    return f"{KIND_NAMES[activity.kind]}, {counted(activity.minutes, 'minut', 'minutter')}"
