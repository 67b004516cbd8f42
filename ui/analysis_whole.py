"""Draws the figures of a whole quiz: results, how they spread, and how far they can be trusted."""

import streamlit as st

from courses.item_findings import CORRELATION_FROM, FACILITY_FROM
from courses.item_report import BINS, QuizReport
from ui.analysis_charts import draw_spread
from ui.analysis_words import FEW, decimal, interval_text, percent
from ui.text import counted, number


def draw_whole(report: QuizReport) -> None:
    """Results and how far they can be trusted."""
    whole = report.whole
    if whole.mean is None:
        st.info(f"Tallene om hele prøven kommer, når {FACILITY_FROM} personer har afleveret den.")
        return
    with st.container(horizontal=True):
        st.metric("Gennemsnit", percent(whole.mean), help=_HELP["Gennemsnit"])
        st.metric("Median", percent(whole.median), help=_HELP["Median"])
        st.metric("Spredning", _points(whole.sd), help=_HELP["Spredning"])
        st.metric("Pålidelighed", decimal(whole.consistency) or FEW, help=_HELP["Pålidelighed"])
        st.metric("Usikkerhed", _points(whole.standard_error) or FEW, help=_HELP["Usikkerhed"])
    st.markdown(_verdict(report))
    st.subheader("Resultaterne fordelt")
    draw_spread(report.spread)
    rows = [
        {
            "Resultat": f"{number(place * 100 / BINS)} til {number((place + 1) * 100 / BINS)} %",
            "Personer": number(count),
        }
        for place, count in enumerate(report.spread)
    ]
    st.table(rows, hide_index=True, alt="Antal personer med resultater i hver tiendedel")
    with st.expander("Flere tal om prøven", icon=":material/functions:"):
        st.table(_more(report), hide_index=True, alt="Flere tal om prøven, hver med en forklaring")


_HELP = {
    "Gennemsnit": "Hvor stor en del af pointene folk får. I et kursus, hvor alle skal kunne stoffet, er et højt gennemsnit godt.",
    "Median": "Halvdelen får mere end dette, og halvdelen får mindre.",
    "Spredning": "Hvor langt resultaterne typisk ligger fra gennemsnittet, i procentpoint (standardafvigelsen).",
    "Pålidelighed": (
        "Cronbachs alfa: hvor godt spørgsmålene trækker samme vej. 1 er det højeste. Fra 0,75 er godt, og under 0,64 er lavt. "
        "Når næsten alle kan det hele, bliver tallet lavt, uden at der er noget galt."
    ),
    "Usikkerhed": "Så meget kan en persons resultat svinge ved et tilfælde, i procentpoint (standardfejlen).",
}
_SKEWNESS = "Under 0: de fleste ligger højt, og nogle få lavt. Over 0: omvendt."
_KURTOSIS = "Over 0: nogle få ligger langt fra de andre. Under 0: resultaterne er jævnt fordelt."
_ERROR = "Hvor stor en del af spredningen der skyldes tilfældigheder."


def _points(value: float | None) -> str:
    return "" if value is None else f"{number(value * 100, 1)} point"


def _verdict(report: QuizReport) -> str:
    alpha = report.whole.consistency
    if alpha is None:
        return f"Pålideligheden kommer, når {CORRELATION_FROM} personer har afleveret prøven med lige mange point."
    if alpha >= 0.75:
        return "Spørgsmålene trækker samme vej. Resultatet siger noget pålideligt om, hvem der kan stoffet."
    if alpha >= 0.64:
        return "Spørgsmålene trækker nogenlunde samme vej. Flere spørgsmål gør resultatet mere pålideligt."
    if (report.whole.mean or 0.0) >= 0.85:
        return (
            "Næsten alle klarer prøven godt. Så kan den ikke skelne mellem folk, og pålideligheden bliver lav. "
            "Det er i orden, når alle skal kunne stoffet."
        )
    return "Spørgsmålene trækker i hver sin retning. Se på dem, der skelner dårligst."


def _more(report: QuizReport) -> list[dict[str, str]]:
    whole = report.whole
    alpha = (
        f"{decimal(whole.consistency)} ({interval_text(whole.consistency_interval)})"
        if whole.consistency is not None
        else FEW
    )
    based = (
        "Det sande tal ligger i parentesen 95 ud af 100 gange. Regnet på "
        f"{counted(whole.consistency_count, 'forsøg', 'forsøg')} med lige mange point."
    )
    return [
        {
            "Tal": "Pålidelighed (Cronbachs alfa)",
            "Værdi": FEW if whole.consistency is None else alpha,
            "Hvad siger det": based,
        },
        {"Tal": "Fejlandel", "Værdi": percent(whole.error_ratio) or FEW, "Hvad siger det": _ERROR},
        {"Tal": "Skævhed", "Værdi": decimal(whole.skewness) or "–", "Hvad siger det": _SKEWNESS},
        {"Tal": "Topstejlhed", "Værdi": decimal(whole.kurtosis) or "–", "Hvad siger det": _KURTOSIS},
    ]
