"""Draws the analysis of a quiz: which quiz, its questions, those to look at first, and one of them in full."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import streamlit as st

from courses.analysis_service import AnalysedQuiz
from courses.item_csv import as_csv
from courses.item_findings import CORRELATION_FROM, FACILITY_FROM, FEWEST
from courses.item_report import ItemReport, QuizReport
from people.roles import Permission
from ui.analysis_charts import draw_discrimination, draw_facility
from ui.analysis_question import draw_question, label
from ui.analysis_words import FEW, HELP, decimal, percent
from ui.files import file_button
from ui.guard import Visit
from ui.paging import part_of
from ui.text import counted, number, plain

PER_PAGE = 10
EVERY_VERSION = "Alle"
ALL, WITH_FINDINGS = "Alle", "Kun dem, der bør ses efter"
Value = TypeVar("Value")


def choose_quiz(visit: Visit) -> QuizReport | None:
    """The report of the quiz that the address names; None, with the reason shown, where there is nothing to show."""
    service, person = visit.services.analysis, visit.person
    quizzes = service.quizzes(person)
    if not quizzes:
        st.info("Der er ingen kurser med prøver endnu.")
        return None
    chosen = _chosen_quiz(quizzes)
    with st.spinner("Regner på svarene"):
        report = service.of_quiz(person, chosen.course_id, chosen.quiz)
    if len(report.versions) > 1:
        versions = {EVERY_VERSION: None, **{str(number): number for number in report.versions}}
        version = st.segmented_control(
            "Udgave af kurset",
            list(versions),
            default=EVERY_VERSION,
            key="udgave",
            bind="query-params",
            required=True,
            help="“Alle” lægger svar på den samme ordlyd sammen. En ny ordlyd står for sig selv.",
        )
        if versions[version] is not None:
            report = service.of_quiz(person, chosen.course_id, chosen.quiz, versions[version])
    if report.people is None:
        st.info(
            f"Færre end {FEWEST} personer har afleveret prøven. Tallene kommer, når flere har taget den, så ingen kan kendes."
        )
        return None
    waiting = (
        f" {counted(report.waiting, 'svar', 'svar')} venter på vurdering og er ikke med." if report.waiting else ""
    )
    st.caption(
        f"{counted(report.people, 'person', 'personer')}, hver med sit første afleverede forsøg. "
        f"Forsøg af undervisere er ikke med.{waiting}"
    )
    return report


def _chosen_quiz(quizzes: Sequence[AnalysedQuiz]) -> AnalysedQuiz:
    """The quiz that the address names by titles; at first the one that most people have taken."""
    most = max(quizzes, key=lambda one: one.people or 0)
    courses = labelled((one.course_title, one.course_id) for one in quizzes)
    course = courses[_select("Kursus", courses, most.course_id, "kursus")]
    of_course = [one for one in quizzes if one.course_id == course]
    titles = labelled((one.title, one.quiz) for one in of_course)
    most = max(of_course, key=lambda one: one.people or 0)
    quiz = titles[_select("Prøve", titles, most.quiz, "proeve")]
    return next(one for one in of_course if one.quiz == quiz)


def _select(name: str, options: dict[str, str], default: str, key: str) -> str:
    chosen = st.selectbox(
        name, list(options), index=list(options.values()).index(default), key=key, bind="query-params"
    )
    return str(chosen)


def labelled(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Values by their labels, each once; labels that stand there twice are numbered, since the address holds them."""
    found: dict[str, Value] = {}
    for text, value in pairs:
        if value in found.values():
            continue
        name, count = text, 1
        while name in found:
            count += 1
            name = f"{text} ({count})"
        found[name] = value
    return found


# --- the questions --------------------------------------------------------------------------------------------------


def draw_questions(visit: Visit, report: QuizReport) -> None:
    """The questions, those to look at first: figures, charts, a table, and one question in full."""
    bad = [item for item in report.items if item.findings]
    if bad:
        st.warning(
            f"{counted(len(bad), 'spørgsmål', 'spørgsmål')} bør ses efter. De står først.",
            icon=":material/troubleshoot:",
        )
    elif any(item.discrimination is not None for item in report.items):
        st.success("Ingen spørgsmål falder igennem.", icon=":material/check_circle:")
    shown = report.items
    if bad and len(bad) < len(shown):
        wanted = st.segmented_control(
            "Hvilke spørgsmål", [ALL, WITH_FINDINGS], default=ALL, key="hvilke", bind="query-params", required=True
        )
        shown = tuple(bad) if wanted == WITH_FINDINGS else shown
    part = part_of(shown, "side", PER_PAGE, "query-params")
    _draw_charts(part)
    _draw_table(part)
    file_button(
        visit,
        Permission.MANAGE_COURSES,
        "Hent alle tal (CSV)",
        lambda _then: as_csv(report.items),
        "analyse.csv",
        mime="text/csv",
    )
    _draw_explanation()
    st.subheader("Se nærmere på et spørgsmål")
    options = labelled((label(item), item) for item in shown)
    first = part[0] if part else shown[0]
    names = list(options)
    chosen = st.selectbox(
        "Spørgsmål", names, index=list(options.values()).index(first), key="spoergsmaal", bind="query-params"
    )
    draw_question(options[str(chosen)])


def _draw_charts(items: Sequence[ItemReport]) -> None:
    seen = [item for item in items if item.facility is not None]
    if not seen:
        st.info(f"Ingen spørgsmål her har {FACILITY_FROM} svar endnu. Så mange skal der til, før tallene siger noget.")
        return
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("Løsningsprocent", help=HELP["Løsningsprocent"])
        draw_facility(seen)
    with right:
        st.subheader("Skelneevne", help=HELP["Skelneevne"])
        compared = [item for item in seen if item.discrimination is not None]
        if compared:
            draw_discrimination(compared)
        else:
            st.info(f"Skelneevnen kommer, når {CORRELATION_FROM} personer har svaret på et spørgsmål.")


def _draw_table(items: Sequence[ItemReport]) -> None:
    rows = [
        {
            "Spørgsmål": plain(label(item)),
            "Svar": FEW if item.answers is None else number(item.answers),
            "Løst": percent(item.facility) or FEW,
            "Skelneevne": decimal(item.discrimination) or _without_discrimination(item),
            "Ses efter": ", ".join(dict.fromkeys(finding.kind.danish for finding in item.findings)).capitalize() or "–",
        }
        for item in items
    ]
    st.table(rows, hide_index=True, alt="Spørgsmålene, dem der bør ses efter først")


def _without_discrimination(item: ItemReport) -> str:
    enough = item.answers is not None and item.answers >= CORRELATION_FROM
    return "–" if enough else FEW


def _draw_explanation() -> None:
    with st.expander("Sådan læses tallene", icon=":material/help:"):
        st.markdown("\n".join(f"- **{name}:** {text}" for name, text in HELP.items()))
        st.markdown(
            f"Løsningsprocenten vises fra {FACILITY_FROM} svar og skelneevnen fra {CORRELATION_FROM}. Der vises intet om et "
            f"spørgsmål, hvis det kan bruges til at regne ud, hvad færre end {FEWEST} personer har svaret. Tallene "
            "regnes som i Moodle. Der er én forskel: Moodle sammenligner "
            "spørgsmål fra en pulje med hele prøven, også spørgsmålet selv. Her sammenlignes med resten af prøven."
        )
