"""From lines of a PDF to headings, paragraphs, list items and tables."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import quantiles

from rag.readers.blocks import Draft
from rag.readers.cleaning import BULLET, NUMBERED, breaks_early, ends_sentence, join_lines
from rag.readers.pdf_lines import Line, Page

MARGIN = 0.12  # of the page height, at the top and at the bottom
REPEATED_ON = 0.4  # of the pages; odd and even pages may have different headers
PAGE_NUMBER = re.compile(
    r"^(?:[-–|\s]*)(?:side|s\.|page|p\.)?\s*\d{1,4}\s*(?:(?:af|ud af|of|/|\|)\s*\d{1,4})?(?:[-–|\s]*)$", re.IGNORECASE
)
CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$")
SAME_COLUMN = 2.5  # points
COLUMN_GAP = 0.8  # of the font size; gaps between words of justified text stay below
LARGER = 1.12  # times the body size makes a heading
HEADING_CHARACTERS = 200
BOLD_HEADING_CHARACTERS = 120


@dataclass
class _Chunk:
    lines: list[Line]
    table: bool = False
    continues: bool = False
    """True after a new page or column, where a paragraph may go on."""
    text: str = field(default="", init=False)


@dataclass(frozen=True)
class _Measures:
    """The document's ordinary text: font size and line distance in points, width in characters, left edge."""

    size: float
    leading: float
    width: float
    left: float
    bold: bool


def remove_running_lines(pages: Sequence[Page]) -> None:
    """Take repeated headers and footers, page numbers and tables of contents out of the pages, in place."""
    seen: Counter[tuple[str, bool]] = Counter()
    sizes: Counter[float] = Counter()
    for page in pages:
        for key in {_running_key(line) for line in page.lines if _in_margin(line)}:
            seen[key] += 1
        for line in page.lines:
            sizes[line.size] += len(line.text)
    needed = max(3, int(len(pages) * REPEATED_ON))
    body = sizes.most_common(1)[0][0] if sizes else 0.0

    def running(line: Line) -> bool:
        if CONTENTS_LINE.search(line.text):
            return True
        if not _in_margin(line):
            return False
        # "1. Formål", "2. Regler" at the top of each page differ by a number only, but are set larger.
        numbered = str(line.page) in re.findall(r"\d+", line.text) and line.size > body * LARGER
        return PAGE_NUMBER.match(line.text) is not None or (seen[_running_key(line)] >= needed and not numbered)

    for page in pages:
        page.lines = [line for line in page.lines if not running(line)]


def _in_margin(line: Line) -> bool:
    return line.height < MARGIN or line.height > 1 - MARGIN


def _running_key(line: Line) -> tuple[str, bool]:
    text = re.sub(rf"(?<!\d){line.page}(?!\d)", "#", line.text)
    return text.casefold(), line.height > 0.5


def add_blocks(draft: Draft, pages: Sequence[Page], outline: Mapping[tuple[int, str], int]) -> None:
    """Add the blocks of pages in reading order.

    ``outline`` gives the level of a heading (1-6) by its page and its ``outline_key``.
    """
    measures = _measure(pages)
    chunks = _flowing(_chunks(pages, measures))
    levels = _levels(chunks, measures, outline)
    for chunk, level in zip(chunks, levels, strict=True):
        page = chunk.lines[0].page
        item = BULLET.sub("", chunk.text)
        number = NUMBERED.match(item)
        if chunk.table:
            draft.add_table(_rows(chunk.lines), page)
        elif level:
            draft.add("heading", chunk.text, level, page)
        elif item != chunk.text or number:
            draft.add("list_item", NUMBERED.sub("", item), page=page, number=number[0].strip() if number else "")
        else:
            draft.add("paragraph", chunk.text, page=page)


def outline_key(text: str) -> str:
    """Text by which a line and a bookmark are compared: letters and digits only."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _measure(pages: Sequence[Page]) -> _Measures:
    lines = [line for page in pages for line in page.lines]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    body = [line for line in lines if line.size == size]
    gaps = [
        above.y - below.y
        for page in pages
        for above, below in pairwise(page.lines)
        if above.size == below.size == size and 0.9 * size < above.y - below.y < 2.5 * size
    ]
    # The lower quartile: gaps between paragraphs are among the rest.
    leading = quantiles(gaps, n=4)[0] if len(gaps) > 1 else 1.3 * size
    left = min((line.x for line in body), default=0.0)
    lengths = sorted(len(line.text) + (line.x - left) / (0.5 * size) for line in body)
    return _Measures(
        size=size,
        leading=leading,
        width=lengths[int(len(lengths) * 0.9)] if lengths else 0.0,
        left=left,
        bold=sum(len(line.text) for line in body if line.bold) > sum(len(line.text) for line in body) / 2,
    )


def _chunks(pages: Sequence[Page], measures: _Measures) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    for page in pages:
        tables = _table_lines(page.lines)
        for number, line in enumerate(page.lines):
            above = page.lines[number - 1] if number else None
            in_table = number in tables
            if above is None:
                chunks.append(_Chunk([line], in_table, continues=True))
            elif in_table != ((number - 1) in tables):
                chunks.append(_Chunk([line], in_table))
            elif in_table:
                chunks[-1].lines.append(line)
            elif line.y > above.y + 0.5 * line.size:
                chunks.append(_Chunk([line], continues=True))
            elif _starts_new(above, line, chunks[-1], measures):
                chunks.append(_Chunk([line]))
            else:
                chunks[-1].lines.append(line)
    for chunk in chunks:
        chunk.text = join_lines([line.text for line in chunk.lines])
    return [chunk for chunk in chunks if chunk.text]


def _starts_new(above: Line, line: Line, chunk: _Chunk, measures: _Measures) -> bool:
    """True when a line begins a new paragraph, heading or list item on the same page."""
    first = chunk.lines[0].text
    in_list = BULLET.match(first) is not None or NUMBERED.match(first) is not None
    if abs(line.size - above.size) > 0.08 * max(line.size, above.size) or line.bold != above.bold:
        return True
    if BULLET.match(line.text):
        return True
    if above.y - line.y > 1.3 * measures.leading * max(line.size / measures.size, 1.0):
        return True
    ended = ends_sentence(above.text)
    indent = (above.x - measures.left) / (0.5 * measures.size)
    early = line.size == measures.size and breaks_early(above.text, line.text, measures.width, indent)
    if NUMBERED.match(line.text) and (ended or early or in_list):
        return True
    # A first-line indent, unless it is the hanging text of a list item.
    if ended and not in_list and line.x - above.x > 0.8 * line.size:
        return True
    return early and not line.text[0].islower()


def _flowing(chunks: Sequence[_Chunk]) -> list[_Chunk]:
    """Put the halves of a paragraph together that a new page or column divides."""
    joined: list[_Chunk] = []
    for chunk in chunks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and chunk.continues
            and not chunk.table
            and not last.table
            and not ends_sentence(last.text)
            and chunk.text[0].islower()
            and chunk.lines[0].size == last.lines[-1].size
            and chunk.lines[0].bold == last.lines[-1].bold
        ):
            last.lines.extend(chunk.lines)
            last.text = join_lines([line.text for line in last.lines])
        else:
            joined.append(chunk)
    return joined


def _levels(chunks: Sequence[_Chunk], measures: _Measures, outline: Mapping[tuple[int, str], int]) -> list[int]:
    """The heading level of each chunk, 0 for no heading.

    Bookmarks say it best; otherwise each larger font size is a level of its own, largest first, and
    bold lines in body size come below them.
    """
    larger = [_larger(chunk, measures) for chunk in chunks]
    sizes = sorted({chunk.lines[0].size for chunk, big in zip(chunks, larger, strict=True) if big}, reverse=True)
    bold_level = min(max(len(sizes) + 1, 2), 6)
    levels = []
    for number, (chunk, big) in enumerate(zip(chunks, larger, strict=True)):
        marked = outline.get((chunk.lines[0].page, outline_key(chunk.text)), 0)
        followed = number + 1 < len(chunks)
        if chunk.table or BULLET.match(chunk.text):
            levels.append(0)
        elif marked:
            levels.append(marked)
        elif big:
            levels.append(min(sizes.index(chunk.lines[0].size) + 1, 6))
        else:
            levels.append(bold_level if followed and _bold_heading(chunk, measures) else 0)
    return levels


def _larger(chunk: _Chunk, measures: _Measures) -> bool:
    text = chunk.text
    if chunk.table or len(text) > HEADING_CHARACTERS or not re.search(r"[^\W\d_]{2}", text):
        return False
    return chunk.lines[0].size >= LARGER * measures.size and not BULLET.match(text)


def _bold_heading(chunk: _Chunk, measures: _Measures) -> bool:
    line, text = chunk.lines[0], chunk.text
    if measures.bold or not line.bold or line.size < 0.95 * measures.size or len(chunk.lines) > 2:
        return False
    return len(text) <= BOLD_HEADING_CHARACTERS and not text.endswith((".", ",", ";", ":", "!"))


def _table_lines(lines: Sequence[Line]) -> set[int]:
    """Positions of lines that stand in a table: neighbours whose cells begin at the same two places."""
    found: set[int] = set()
    for number, (above, below) in enumerate(pairwise(lines)):
        if len(above.cells) < 2 or len(below.cells) < 2 or below.y > above.y:
            continue
        shared = [
            max(above_gap, below_gap)
            for a, above_gap in zip(above.starts, above.gaps, strict=True)
            for b, below_gap in zip(below.starts, below.gaps, strict=True)
            if abs(a - b) <= SAME_COLUMN
        ]
        if len(shared) >= 2 and any(COLUMN_GAP <= gap < math.inf for gap in shared):
            found |= {number, number + 1}
            # Column heads are often centred, so they align with nothing below them.
            before = lines[number - 1] if number else None
            if before is not None and len(before.cells) == len(above.cells) and before.y > above.y:
                found.add(number - 1)
    return found


def _rows(lines: Sequence[Line]) -> list[list[str]]:
    """The cells of a table's lines; a narrow gap parts cells only where another line has a column."""
    columns = [start for line in lines for start, gap in zip(line.starts, line.gaps, strict=True) if gap >= COLUMN_GAP]
    rows = []
    for line in lines:
        row: list[str] = []
        for cell, start in zip(line.cells, line.starts, strict=True):
            if row and not any(abs(start - column) <= SAME_COLUMN for column in columns):
                row[-1] += f" {cell}"
            else:
                row.append(cell)
        rows.append(row)
    return rows
