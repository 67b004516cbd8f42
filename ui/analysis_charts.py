"""Charts of the analysis. Each is drawn beside a table with the same figures, in the colours of the theme, with Danish commas."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from courses.distractors import OptionFigures
from courses.item_findings import LOW_FACILITY
from courses.item_report import BINS, ItemReport

_FINE, _LOOK = "Ingen bemærkninger", "Bør ses efter"
_RIGHT, _PARTLY, _WRONG = "Rigtigt svar", "Delvist rigtigt", "Forkert svar"
_COMMA = "replace(format(datum.value, '.1f'), '.', ',')"
_STEP = 28
_LEGEND = {"orient": "top", "title": None, "labelLimit": 300}


def draw_facility(items: Sequence[ItemReport]) -> None:
    """Bars of the facility of each question, with a line where it is low."""
    rows = [
        {"spm": _name(item), "andel": round((item.facility or 0.0) * 100, 1), "hvad": _LOOK if item.findings else _FINE}
        for item in items
    ]
    bars = {
        "mark": {"type": "bar", "tooltip": False},
        "encoding": {
            "y": _names(rows),
            "x": {"field": "andel", "type": "quantitative", "title": "Procent", "scale": {"domain": [0, 100]}},
            "color": {"field": "hvad", "type": "nominal", "scale": {"domain": [_FINE, _LOOK]}, "legend": _LEGEND},
        },
    }
    st.vega_lite_chart(
        {"data": {"values": rows}, "height": {"step": _STEP}, "layer": [bars, _line(LOW_FACILITY * 100)]},
        alt="Søjler med løsningsprocenten for hvert spørgsmål. De samme tal står i tabellen nedenfor.",
    )


def draw_discrimination(items: Sequence[ItemReport]) -> None:
    """The discrimination of each question as a point on its interval, with a line at 0."""
    rows = [
        {
            "spm": _name(item),
            "tal": round(item.discrimination or 0.0, 2),
            "fra": round(item.interval.low if item.interval else item.discrimination or 0.0, 2),
            "til": round(item.interval.high if item.interval else item.discrimination or 0.0, 2),
            "hvad": _LOOK if item.findings else _FINE,
        }
        for item in items
    ]
    colour = {"field": "hvad", "type": "nominal", "scale": {"domain": [_FINE, _LOOK]}, "legend": _LEGEND}
    axis = {"values": [-1, -0.5, 0, 0.5, 1], "labelExpr": _COMMA}
    across = {"type": "quantitative", "title": "Skelneevne", "scale": {"domain": [-1, 1]}, "axis": axis}
    ranges = {
        "mark": {"type": "rule", "tooltip": False, "strokeWidth": 2},
        "encoding": {"y": _names(rows), "x": {"field": "fra", **across}, "x2": {"field": "til"}, "color": colour},
    }
    points = {
        "mark": {"type": "point", "tooltip": False, "filled": True, "size": 90, "opacity": 1},
        "encoding": {"y": _names(rows), "x": {"field": "tal", **across}, "color": colour},
    }
    st.vega_lite_chart(
        {"data": {"values": rows}, "height": {"step": _STEP}, "layer": [_line(0), ranges, points]},
        alt="Skelneevnen for hvert spørgsmål med sit interval. Tallene står i tabellen nedenfor.",
    )


def draw_options(options: Sequence[OptionFigures], names: Sequence[str]) -> None:
    """Bars of how many choose each option; `names` are their letters."""
    rows = [
        {"valg": name, "andel": round(option.share * 100, 1), "hvad": _worth(option)}
        for name, option in zip(names, options, strict=True)
    ]
    domain = [one for one in (_RIGHT, _WRONG, _PARTLY) if one != _PARTLY or any(row["hvad"] == one for row in rows)]
    st.vega_lite_chart(
        {
            "data": {"values": rows},
            "height": {"step": _STEP},
            "mark": {"type": "bar", "tooltip": False},
            "encoding": {
                "y": {"field": "valg", "type": "nominal", "title": None, "sort": list(names)},
                "x": {
                    "field": "andel",
                    "type": "quantitative",
                    "title": "Valgt af, procent",
                    "scale": {"domain": [0, 100]},
                },
                "color": {"field": "hvad", "type": "nominal", "scale": {"domain": domain}, "legend": _LEGEND},
            },
        },
        alt="Søjler med, hvor mange der vælger hver mulighed. De samme tal står i tabellen nedenfor.",
    )


def draw_spread(counts: Sequence[int]) -> None:
    """How many results lie in each tenth."""
    names = [f"{place * 100 // BINS}–{(place + 1) * 100 // BINS}" for place in range(len(counts))]
    rows = [{"resultat": name, "personer": count} for name, count in zip(names, counts, strict=True)]
    st.vega_lite_chart(
        {
            "data": {"values": rows},
            "height": 260,
            "mark": {"type": "bar", "tooltip": False},
            "encoding": {
                "x": {
                    "field": "resultat",
                    "type": "nominal",
                    "title": "Resultat, procent af pointene",
                    "sort": names,
                    "axis": {"labelAngle": -45},
                },
                "y": {
                    "field": "personer",
                    "type": "quantitative",
                    "title": "Personer",
                    "axis": {"tickMinStep": 1, "format": "d"},
                },
            },
        },
        alt="Søjler med antal personer i hver tiendedel af resultaterne. De samme tal står i tabellen nedenfor.",
    )


def _name(item: ItemReport) -> str:
    return f"Nr. {item.place}" if item.newest else f"Nr. {item.place} (før)"


def _names(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"field": "spm", "type": "nominal", "title": None, "sort": [row["spm"] for row in rows]}


def _line(at: float) -> dict[str, Any]:
    """A dashed line across the chart."""
    return {
        "data": {"values": [{"ved": at}]},
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": "gray", "tooltip": False},
        "encoding": {"x": {"field": "ved", "type": "quantitative"}},
    }


def _worth(option: OptionFigures) -> str:
    return _RIGHT if option.right else _WRONG if option.wrong else _PARTLY
