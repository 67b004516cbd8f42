"""The table of measurements: what was measured, what was asked for, what was found, and whether that holds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEADINGS = ("Mål", "Krav", "Målt", "Opfyldt")
NO_BAR = "–"


@dataclass(frozen=True)
class Bar:
    """What a figure must reach: at most or at least `limit`."""

    limit: float
    at_most: bool

    def holds(self, value: float) -> bool:
        """Whether `value` meets the bar."""
        return value <= self.limit if self.at_most else value >= self.limit


def at_most(limit: float) -> Bar:
    """A bar for figures that should be small."""
    return Bar(limit, at_most=True)


def at_least(limit: float) -> Bar:
    """A bar for figures that should be large."""
    return Bar(limit, at_most=False)


@dataclass(frozen=True)
class Measurement:
    """One row. `value` None means not measured, and `note` says why; otherwise `note` adds what a reader should know.

    `digits` is the number of decimals shown; the JSON keeps the full figure.
    """

    measure: str
    value: float | None
    unit: str = ""
    bar: Bar | None = None
    digits: int = 1
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the bar holds; None without a bar or without a figure."""
        return None if self.bar is None or self.value is None else self.bar.holds(self.value)

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The four cells of the row, in Danish."""
        bar = NO_BAR
        if self.bar is not None:
            bar = f"{'≤' if self.bar.at_most else '≥'} {self._figure(self.bar.limit, short=True)}"
        if self.value is None:
            found = f"ikke målt: {self.note}"
        else:
            found = self._figure(self.value) + (f" ({self.note})" if self.note else "")
        return self.measure, bar, found, {None: NO_BAR, True: "ja", False: "nej"}[self.met]

    def _figure(self, value: float, *, short: bool = False) -> str:
        text = f"{value:,.{self.digits}f}"
        if short and "." in text and text.endswith("0"):
            text = text.rstrip("0").rstrip(".")
        danish = text.translate(str.maketrans(",.", ".,"))
        return f"{danish} {self.unit}" if self.unit else danish


def not_measured(measure: str, reason: str, bar: Bar | None = None, unit: str = "", digits: int = 1) -> Measurement:
    """A row that says why there is no figure."""
    return Measurement(measure, None, unit, bar, digits, reason)


def drawn(rows: Sequence[Measurement]) -> str:
    """The rows as a Markdown table with aligned columns."""
    cells = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def write(path: Path, rows: Sequence[Measurement], machine: dict[str, str | int]) -> None:
    """Write the rows and the machine they were measured on as JSON."""
    found = {"machine": machine, "measurements": [{**asdict(row), "met": row.met} for row in rows]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
