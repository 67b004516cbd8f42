"""Retrieval over 5,000 passages: how long a search takes, with meaning and by words alone.

`Retriever.search(question, 10)` is measured as the library page calls it, over 300 questions after a warm-up, in a
process of its own. What a question costs includes encoding it with the real model; see `corpus` for the passages.
"""

from pathlib import Path

from benchmarks.retrieval import Latency, Sizing, sizing
from benchmarks.table import Bar, Measurement, at_most, not_measured

SIZE = 5_000
HYBRID_P50 = 25.0
HYBRID_P95 = 60.0
LEXICAL_P50 = 5.0


def measurements(folder: Path, content: Path) -> list[Measurement]:
    """Latency over 5,000 passages, building time and memory."""
    found = sizing(folder, content, SIZE)
    return [
        *latency_rows("Søgning i 5.000, ord og betydning", found.hybrid, found.problem, HYBRID_P50, HYBRID_P95),
        *latency_rows("Søgning i 5.000, kun ord", found.lexical, "", LEXICAL_P50, None),
        *latency_rows("Heraf indkodning af spørgsmålet", found.encoding, found.problem, None, None),
        *index_rows("5.000", found),
    ]


def latency_rows(
    name: str, found: Latency | None, problem: str, p50: float | None, p95: float | None
) -> list[Measurement]:
    """The median and the slowest twentieth of one kind of search."""
    bars: list[Bar | None] = [None if limit is None else at_most(limit) for limit in (p50, p95)]
    if found is None:
        return [
            not_measured(f"{name}, p50", problem, bars[0], "ms"),
            not_measured(f"{name}, p95", problem, bars[1], "ms"),
        ]
    return [
        Measurement(f"{name}, p50", found.p50, "ms", bars[0]),
        Measurement(f"{name}, p95", found.p95, "ms", bars[1]),
    ]


def index_rows(size: str, found: Sizing) -> list[Measurement]:
    """What it takes to build and to hold an index."""
    rows = [Measurement(f"Ordindeks over {size}, bygget på", found.lexical_seconds, "s")]
    if found.vectors_seconds is None:
        rows.append(not_measured(f"Vektorindeks over {size}, fyldt på", found.problem))
    else:
        note = "uden indkodning"
        rows.append(Measurement(f"Vektorindeks over {size}, fyldt på", found.vectors_seconds, "s", note=note))
    own = found.memory_all - found.memory_empty
    note = f"heraf {own:.0f} MB til indeks og tekst; højest {found.memory_peak:.0f} MB undervejs"
    return [*rows, Measurement(f"Hukommelse med {size}", found.memory_all, "MB", digits=0, note=note)]
