"""Draws one question of an analysis: its text and key, what should be looked at, its figures, and what its options do."""

import streamlit as st

from courses.distractors import OptionFigures
from courses.item_findings import CORRELATION_FROM, FACILITY_FROM, FEWEST
from courses.item_report import ItemReport
from courses.question import Matching, MultipleChoice, Ordering, SingleChoice
from ui.analysis_charts import draw_options
from ui.analysis_words import FEW, HELP, decimal, interval_text, percent
from ui.question_key import draw_key
from ui.questions import draw_text
from ui.text import number, plain

_LONGEST = 70
GOOD_DISCRIMINATION, NEARLY_ALL = 0.3, 0.9


def label(item: ItemReport) -> str:
    """3. Hvad er en prompt?"""
    text = " ".join(item.question.text.split())
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    return f"{item.place}. {text}" + ("" if item.newest else " (tidligere ordlyd)")


def draw_question(item: ItemReport) -> None:
    """Everything there is to say about a question."""
    with st.container(border=True):
        draw_text(item.question)
        if not item.newest:
            st.caption("En tidligere ordlyd, som ikke stilles længere.")
        with st.expander("Se facit og forklaring", icon=":material/key:"):
            draw_key(item.question, _order(item), None, None)
    _draw_verdict(item)
    if item.answers is not None:
        _draw_figures(item, item.answers)
    if item.options:
        _draw_options(item.options)


def _order(item: ItemReport) -> list[str]:
    question = item.question
    if isinstance(question, SingleChoice | MultipleChoice):
        return [option.id for option in question.options]
    if isinstance(question, Matching):
        return list(question.choices)
    return [one.id for one in question.items] if isinstance(question, Ordering) else []


def _draw_verdict(item: ItemReport) -> None:
    if item.findings:
        lines = [plain(finding.text) for finding in item.findings]
        st.warning(
            lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines), icon=":material/troubleshoot:"
        )
        return
    if item.answers is None:
        st.info("Der er for få svar til at vise tal, uden at nogen kan kendes.")
    elif item.facility is None:
        st.info(f"Der er {number(item.answers)} svar. Tallene kommer fra {FACILITY_FROM} svar.")
    elif item.discrimination is not None and item.discrimination >= GOOD_DISCRIMINATION:
        st.success("Spørgsmålet virker: De, der klarer sig godt i resten af prøven, klarer sig også godt her.")
    elif item.facility >= NEARLY_ALL:
        st.success("Næsten alle får alle point. Det er godt, når alle skal kunne stoffet.")
    elif item.discrimination is None:
        st.info(f"Løsningsprocenten ser fin ud. Skelneevnen kommer fra {CORRELATION_FROM} svar.")
    else:
        st.info("Der er ikke noget galt at se. Spørgsmålet skelner ikke meget mellem folk.")


def _draw_figures(item: ItemReport, answers: int) -> None:
    missing = "–" if answers >= CORRELATION_FROM else FEW
    figures = {
        "Løsningsprocent": percent(item.facility) or FEW,
        "Skelneevne": decimal(item.discrimination) or missing,
        "Udnyttet skelneevne": percent(item.efficiency) or missing,
        "Ved gæt": percent(item.guess) or "–",
        "Tiltænkt vægt": percent(item.intended_weight) or "–",
        "Faktisk vægt": "–" if item.negative else percent(item.effective_weight) or missing,
    }
    with st.container(horizontal=True):
        st.metric("Svar", number(answers))
        for name, value in figures.items():
            st.metric(name, value, help=HELP[name])
    if item.interval is not None:
        st.caption(f"Skelneevnen ligger et sted fra {interval_text(item.interval)} (95 % sikkert).")
    if item.negative:
        st.caption("Spørgsmålet trækker modsat resten af prøven og har derfor ingen faktisk vægt.")
    if item.drawn and item.whole_discrimination is not None:
        st.caption(
            "Spørgsmålet trækkes fra en pulje. Moodle ville vise skelneevnen "
            f"{decimal(item.whole_discrimination)}, fordi spørgsmålet dér også sammenlignes med sig selv."
        )


def _draw_options(options: tuple[OptionFigures, ...]) -> None:
    st.subheader("Svarmulighederne")
    names = [chr(ord("A") + place) for place in range(len(options))]
    draw_options(options, names)
    st.table(
        [
            {
                "Valg": name,
                "Svar": plain(option.text),
                "Facit": "rigtigt" if option.right else "forkert" if option.wrong else "delvist",
                "Valgt af": percent(option.share),
                "Sammenhæng": decimal(option.point_biserial) or ("–" if option.count >= CORRELATION_FROM else FEW),
            }
            for name, option in zip(names, options, strict=True)
        ],
        hide_index=True,
        alt="Svarmulighederne med, hvor mange der vælger dem",
    )
    st.caption(
        "“Sammenhæng” viser, om de, der vælger svaret, klarer sig bedre (over 0) eller dårligere (under 0) end de andre i resten "
        "af prøven. Det rigtige svar bør ligge over 0, og de forkerte under. Den, der ikke har svaret, tæller med som en, der "
        f"ikke har valgt svaret. Tallet vises, når mindst {FEWEST} har valgt svaret, og mindst {FEWEST} har ladet være."
    )
