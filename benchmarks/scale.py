"""Retrieval over 100,000 passages, against the bar of 5,000: twenty times the text may take three times as long.

The 5,000 are measured in the same run, so that the ratio holds on a slow or busy machine, too.
"""

from pathlib import Path

from benchmarks.retrieval import sizing
from benchmarks.speed import HYBRID_P50, SIZE, index_rows, latency_rows
from benchmarks.table import Measurement

LARGE = 100_000
TIMES = 3


def measurements(folder: Path, content: Path) -> list[Measurement]:
    """Latency over 100,000 passages, its ratio to 5,000, building time and memory."""
    small, large = sizing(folder, content, SIZE), sizing(folder, content, LARGE)
    rows = latency_rows("Søgning i 100.000, ord og betydning", large.hybrid, large.problem, TIMES * HYBRID_P50, None)
    rows += latency_rows("Søgning i 100.000, kun ord", large.lexical, "", None, None)
    if small.hybrid and large.hybrid:
        rows.append(
            Measurement("100.000 mod 5.000, ord og betydning, p50", large.hybrid.p50 / small.hybrid.p50, "gange")
        )
    rows.append(Measurement("100.000 mod 5.000, kun ord, p50", large.lexical.p50 / small.lexical.p50, "gange"))
    return rows + index_rows("100.000", large)
