"""Lines of a PDF page with their place, size and weight, gathered while pypdf draws the text."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rag.readers.cleaning import clean_text, one_line
from rag.readers.limits import Watch

BOLD_FONT = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
BARE_MARKER = re.compile(r"^(?:[•●○▪■◦‣⁃·*–—-]|\(?\d{1,3}[.)]|\(?[a-zæøå][.)]|\d{1,2}(?:\.\d{1,2})+\.?)$")
CELL_GAP = 0.3  # of the font size; about a space, so a cell is only a candidate for a column
NARROW, WIDE = frozenset("iljtfrI.,;:'|!()[] -"), frozenset("mwMW%@—")
PICTURE_OPERATORS = frozenset({b"Do", b"INLINE IMAGE"})
PATH_OPERATORS = frozenset({b"f", b"F", b"f*", b"B", b"B*"})
OUTLINED_TEXT_PATHS = 50  # letters drawn as shapes take at least this many on a page


@dataclass(frozen=True)
class Line:
    """One line of text. ``x``, ``y`` (from the bottom) and ``size`` are in points; ``starts`` belong to ``cells``."""

    text: str
    page: int
    x: float
    y: float
    size: float
    bold: bool
    height: float
    """Height above the page's bottom as a fraction of the page, 0.0-1.0."""
    cells: tuple[str, ...]
    starts: tuple[float, ...]
    gaps: tuple[float, ...]
    """White space before each cell in font sizes, estimated; infinite before the first."""


@dataclass
class Page:
    """What one page holds; ``pictured`` is True when something other than text is drawn on it, ``drawn`` when it is shapes."""

    number: int
    lines: list[Line] = field(default_factory=list)
    pictured: bool = False
    drawn: bool = False


def page_lines(page: Any, number: int, watch: Watch) -> Page:
    """Read one pypdf page (``number`` is 1-based). Raises what pypdf raises."""
    bottom, top = float(page.mediabox.bottom), float(page.mediabox.top)
    collector = _Collector(number, bottom, max(top - bottom, 1.0), watch)
    page.extract_text(visitor_operand_before=collector.operator, visitor_text=collector.text)
    collector.end_line()
    drawn = collector.paths >= OUTLINED_TEXT_PATHS
    return Page(number, collector.lines, collector.pictures > 0 or drawn, drawn)


@dataclass
class _Piece:
    text: str
    x: float
    y: float
    size: float
    bold: bool


class _Collector:
    """Receives pypdf's callbacks. Work inside a page can be stopped, because the watch is asked here."""

    def __init__(self, number: int, bottom: float, height: float, watch: Watch) -> None:
        self.number, self.bottom, self.height, self.watch = number, bottom, height, watch
        self.lines: list[Line] = []
        self.pieces: list[_Piece] = []
        self.operators = self.pictures = self.paths = 0

    def operator(self, operator: bytes, _operands: Any, _cm: Any, _tm: Any) -> None:
        self.operators += 1
        if self.operators % 500 == 0:
            self.watch.check()
        self.pictures += operator in PICTURE_OPERATORS
        self.paths += operator in PATH_OPERATORS

    def text(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, font_size: float) -> None:
        if not text:
            return
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            # The square root of the determinant is the scale of a matrix whatever its rotation.
            scale = abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5
            name = str(font.get("/BaseFont", "")) if font is not None else ""
            size = abs(float(font_size)) * scale
            self.pieces.append(_Piece(text.strip("\n"), x, y, size or 1.0, BOLD_FONT.search(name) is not None))
        elif self.pieces and "\n" not in text:
            self.pieces[-1].text += " "
        if "\n" in text:
            self.end_line()

    def end_line(self) -> None:
        pieces, self.pieces = self.pieces, []
        if not pieces:
            return
        cells, starts, gaps = _cells(pieces)
        if not cells:
            return
        # The size and weight that most of the letters have; a footnote mark must not decide.
        sizes: dict[float, int] = {}
        for piece in pieces:
            rounded = round(piece.size * 2) / 2
            sizes[rounded] = sizes.get(rounded, 0) + len(piece.text.strip())
        letters = sum(len(piece.text.strip()) for piece in pieces)
        bold = sum(len(piece.text.strip()) for piece in pieces if piece.bold)
        first = pieces[0]
        self.lines.append(
            Line(
                text=" ".join(cells),
                page=self.number,
                x=first.x,
                y=first.y,
                size=max(sizes, key=lambda size: sizes[size]),
                bold=bold >= 0.9 * letters,
                height=(first.y - self.bottom) / self.height,
                cells=tuple(cells),
                starts=tuple(starts),
                gaps=tuple(gaps),
            )
        )


def _cells(pieces: Sequence[_Piece]) -> tuple[list[str], list[float], list[float]]:
    """Part a line where the white space is wider than between words."""
    cells: list[str] = []
    starts: list[float] = []
    gaps: list[float] = []
    end = 0.0
    for piece in pieces:
        gap = (piece.x - end) / piece.size if cells else math.inf
        if gap <= CELL_GAP:
            cells[-1] += piece.text
        else:
            cells.append(piece.text)
            starts.append(piece.x)
            gaps.append(gap)
        end = piece.x + _width(piece.text) * piece.size
    tidy = [(_tidy(cell), start, gap) for cell, start, gap in zip(cells, starts, gaps, strict=True)]
    tidy = [(cell, start, gap) for cell, start, gap in tidy if cell.strip()]
    # A bullet or number stands apart from its text without being a column.
    if len(tidy) > 1 and BARE_MARKER.match(tidy[0][0]):
        tidy[:2] = [(f"{tidy[0][0]} {tidy[1][0]}", *tidy[0][1:])]
    return [cell for cell, _, _ in tidy], [start for _, start, _ in tidy], [gap for _, _, gap in tidy]


def _tidy(text: str) -> str:
    """One line of cleaned text; a soft hyphen at its end is kept for the joining of lines."""
    cleaned = clean_text(text)
    divided = cleaned.rstrip().endswith("\u00ad")
    return one_line(cleaned) + ("\u00ad" if divided else "")


def _width(text: str) -> float:
    """Estimated width in font sizes: pypdf does not tell where a piece of text ends.

    The four values are averages of Arial's advance widths; Times and Calibri come out ten per cent narrower.
    """
    width = 0.0
    for char in text.strip():
        width += 0.28 if char in NARROW else 0.85 if char in WIDE else 0.68 if char.isupper() else 0.54
    return width
