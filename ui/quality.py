"""Draws the figures of the log of questions: refusals, search by words only, feedback and the time each stage takes."""

import streamlit as st

from rag.quality import Quality
from rag.source import VersionView
from ui.guard import Visit
from ui.text import counted, number, plain

PERIODS = {"7 dage": 7, "30 dage": 30, "90 dage": 90}
SOURCES = 10


def draw_quality(visit: Visit) -> None:
    """The figures of a period that the address names."""
    person, house = visit.person, visit.services
    chosen = st.segmented_control(
        "Periode", list(PERIODS), default="30 dage", key="periode", bind="query-params", required=True
    )
    days = PERIODS[chosen]
    if days > house.question_log.keep_days:
        st.caption(f"Loggen gemmes kun i {counted(house.question_log.keep_days, 'dag', 'dage')}.")
    found = house.question_log.quality(person, days)
    helped, not_helped = house.feedback.shares(person, days)
    total = found.total
    if not total.searched and not total.blocked:
        st.info(
            "Ingen har stillet spørgsmål i perioden. Vælg en længere periode, eller stil et spørgsmål på siden Spørg."
        )
        return
    with st.container(horizontal=True):
        st.metric("Spørgsmål", number(total.searched + total.blocked))
        st.metric("Afvist", percent(total.refusal_rate))
        st.metric("Søgt kun på ord", percent(total.words_only_share))
        st.metric("Stoppet", number(total.blocked))
        st.metric("Svaret hjalp", percent(helped / (helped + not_helped) if helped + not_helped else None))
    opinions = counted(helped + not_helped, "tilbagemelding", "tilbagemeldinger")
    st.caption(
        "Andelen af afviste og af søgninger kun på ord er af de spørgsmål, der blev søgt på. Spørgsmål med "
        f"personoplysninger bliver stoppet, før der søges. {opinions} i perioden."
    )
    _draw_weeks(found)
    _draw_stages(found)
    _draw_sources(found, house.search.versions())
    if found.sample < total.searched:
        st.caption(f"Trin og kilder er talt i {number(found.sample)} tilfældigt udvalgte spørgsmål fra perioden.")


def percent(share: float | None) -> str:
    """12,5 %, or a dash when there is nothing to share."""
    return "–" if share is None else f"{number(share * 100, 1)} %"


def _draw_weeks(found: Quality) -> None:
    st.subheader("Afvisninger uge for uge")
    weeks = [week.danish for week in found.weeks]
    rates = [week.tally.refusal_rate for week in found.weeks]
    bars = [
        {"uge": week, "andel": round(rate * 100)} for week, rate in zip(weeks, rates, strict=True) if rate is not None
    ]
    if bars:
        st.vega_lite_chart(
            {
                "data": {"values": bars},
                "height": 300,
                "mark": {"type": "bar", "tooltip": False},
                "encoding": {
                    "x": {"field": "uge", "type": "nominal", "title": "Uge", "scale": {"domain": weeks}},
                    "y": {"field": "andel", "type": "quantitative", "title": "Afvist, %"},
                },
            },
            alt="Søjler med andelen af afviste spørgsmål i hver uge. De samme tal står i tabellen nedenfor.",
        )
    st.table(
        {
            "Uge": weeks,
            "Besvaret": [number(week.tally.answered) for week in found.weeks],
            "Afvist": [number(week.tally.refused) for week in found.weeks],
            "Andel afvist": [percent(rate) for rate in rates],
            "Stoppet": [number(week.tally.blocked) for week in found.weeks],
        },
        hide_index=True,
    )


def _draw_stages(found: Quality) -> None:
    if not found.stages:
        return
    st.subheader("Hvad der tager tid")
    st.table(
        {
            "Trin": [time.stage.danish for time in found.stages],
            "Halvdelen er under": [f"{number(time.p50, 1)} ms" for time in found.stages],
            "95 % er under": [f"{number(time.p95, 1)} ms" for time in found.stages],
            "Målt på": [number(time.count) for time in found.stages],
        },
        hide_index=True,
    )
    st.caption(
        "Langsomste trin øverst. Der søges på ord og betydning samtidig, så trinene kan tilsammen vare længere end det hele."
    )


def _draw_sources(found: Quality, versions: list[VersionView]) -> None:
    sources = found.sources[:SOURCES]
    if not sources:
        return
    titles = {version.source_id: version.title for version in versions}
    st.subheader("Kilder tættest på de afviste spørgsmål")
    st.table(
        {
            "Kilde": [plain(titles.get(use.source_id, use.source_id)) for use in sources],
            "Tæt på afviste": [number(use.nearest) for use in sources],
            "Citeret i svar": [number(use.quoted) for use in sources],
        },
        hide_index=True,
    )
    st.caption("En kilde, der ofte ligger tæt på afviste spørgsmål, mangler måske et afsnit.")
