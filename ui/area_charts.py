"""Charts of an area. Each stands beside a table with the same figures, in the colours of the theme."""

from collections.abc import Sequence

import streamlit as st

from courses.steering.area.figures import MonthLine, UnitLine
from courses.steering.area.sheet import month_name, unit_name
from courses.steering.area.standing import State

_SHOWN = (State.FINISHED, State.OVERDUE, State.UNDER_WAY, State.NOT_STARTED)
_STEP = 32
_LONGEST = 34  # characters of a unit's name beside its bar


def draw_units(lines: Sequence[UnitLine]) -> None:
    """A bar a unit, in parts: finished, overdue, under way, not started."""
    names = [_short(unit_name(line)) for line in lines]
    rows = [
        {"enhed": name, "hvad": state.danish, "antal": line.counts.of(state), "plads": place}
        for name, line in zip(names, lines, strict=True)
        for place, state in enumerate(_SHOWN)
    ]
    st.vega_lite_chart(
        {
            "data": {"values": rows},
            "height": {"step": _STEP},
            "mark": {"type": "bar", "tooltip": False},
            "encoding": {
                "y": {"field": "enhed", "type": "nominal", "title": None, "sort": names, "axis": {"labelLimit": 220}},
                "x": {
                    "field": "antal",
                    "type": "quantitative",
                    "stack": "normalize",
                    "title": "Andel af det tildelte",
                    "axis": {"labelExpr": "format(datum.value * 100, 'd') + ' %'"},
                },
                "color": {
                    "field": "hvad",
                    "type": "nominal",
                    "scale": {"domain": [state.danish for state in _SHOWN]},
                    "legend": {"orient": "top", "title": None, "columns": 2, "labelLimit": 200},
                },
                "order": {"field": "plads", "type": "quantitative"},
            },
        },
        alt="Søjler med, hvor stor en del hver enhed har gennemført. De samme tal står i tabellen nedenfor.",
    )


def draw_months(lines: Sequence[MonthLine]) -> None:
    """The share that was finished at the end of each month."""
    names = [month_name(line, newest=line is lines[-1]) for line in lines]
    rows = [
        {"måned": name, "andel": round(line.finished / line.assigned * 100)}
        for name, line in zip(names, lines, strict=True)
        if line.assigned
    ]
    st.vega_lite_chart(
        {
            "data": {"values": rows},
            "height": 260,
            "mark": {"type": "line", "point": {"size": 60}, "tooltip": False},
            "encoding": {
                "x": {
                    "field": "måned",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": names},
                    "axis": {"labelAngle": -45},
                },
                "y": {
                    "field": "andel",
                    "type": "quantitative",
                    "title": "Gennemført, procent",
                    "scale": {"domain": [0, 100]},
                },
            },
        },
        alt="Kurve over, hvor mange procent der var gennemført måned for måned. De samme tal står i tabellen.",
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…"
