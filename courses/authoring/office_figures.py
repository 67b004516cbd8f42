"""Figures of Office files: the numbers of a chart, the words of SmartArt, and what a picture or shape is called."""

import re
from collections.abc import Iterator
from typing import Any

from courses.authoring.document_pieces import Piece
from courses.authoring.markdown_writing import escaped, table
from rag.readers.cleaning import clean_text, one_line

Element = Any  # an lxml element; lxml comes without types

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
PACKAGE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
MOST_POINTS = 60
MOST_SERIES = 12
MOST_WORDS = 200
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[Ee][-+]?\d+)?")
_SUPERSCRIPT = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")


def parsed(content: bytes) -> Element:
    """The root of an XML part; entities are not expanded and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)


def chart_rows(content: bytes) -> list[list[str]]:
    """The numbers of a chart part as rows with a head: a column a series. Empty where they cannot be shown as a table."""
    root = parsed(content)
    series = list(root.iter(f"{CHART}ser"))
    if not 0 < len(series) <= MOST_SERIES:
        return []
    labels: dict[int, str] = {}
    columns = []
    for one in series:
        labels |= _points(one, "cat", "xVal")
        columns.append(_points(one, "val", "yVal"))
    indexes = sorted(set(labels).union(*columns))
    if not 0 < len(indexes) <= MOST_POINTS or not any(columns):
        return []
    names = ["".join(text.text or "" for text in one.iterfind(f"{CHART}tx//{CHART}v")) for one in series]
    title = "".join(text.text or "" for text in root.iterfind(f"{CHART}chart/{CHART}title//{DRAWING}t"))
    rows = [[title, *(name or "Værdi" for name in names)]]
    return rows + [
        [labels.get(index, str(index + 1)), *(_danish(column.get(index, "")) for column in columns)]
        for index in indexes
    ]


def _points(series: Element, *names: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for name in names:
        for point in series.iterfind(f"{CHART}{name}//{CHART}pt"):
            index, value = point.get("idx") or "", point.findtext(f"{CHART}v")
            if index.isdecimal() and value is not None:
                # A category of several levels names each point several times, the innermost first.
                found.setdefault(int(index), value)
    return found


def _danish(number: str) -> str:
    if not _NUMBER.fullmatch(number):
        return number
    return f"{float(number):.10g}".replace(".", ",")


def smart_art_words(content: bytes) -> list[str]:
    """The texts of a SmartArt part (its data), in the order they were made."""
    points = parsed(content).iter(f"{DIAGRAM}pt")
    texts = (
        " ".join("".join(run.text or "" for run in paragraph.iter(f"{DRAWING}t")) for paragraph in body)
        for point in points
        if point.get("type") in (None, "node", "asst")
        for body in point.iterfind(f"{DIAGRAM}t")
    )
    return [text for text in map(str.strip, texts) if text][:MOST_WORDS]


def table_of_chart(content: bytes, page: int | None = None) -> list[Piece]:
    """The numbers of a chart part as a table, where they can be shown so."""
    rows = chart_rows(content)
    if not rows:
        return []
    cells = [[one_line(clean_text(cell)) for cell in row] for row in rows]
    text = " ".join(cell for row in cells for cell in row)
    return [Piece("table", text, table([[escaped(cell) for cell in row] for row in cells]), page=page)]


def items_of_smart_art(content: bytes, page: int | None = None) -> list[Piece]:
    """The words of a SmartArt part as list items."""
    words = (one_line(clean_text(text)) for text in smart_art_words(content))
    return [Piece("item", text, escaped(text), page=page) for text in words if text]


def description(properties: Element) -> str:
    """What is written about a picture for those who cannot see it."""
    return (properties.get("descr") or properties.get("title") or "") if properties is not None else ""


def is_decorative(properties: Element) -> bool:
    """Whether a picture is marked as one that says nothing."""
    if properties is None:
        return False
    return any(mark.get("val") in ("1", "true") for mark in properties.iter(DECORATIVE))


def crop_of(filled: Element) -> tuple[float, float, float, float] | None:
    """What is cut away of a picture left, top, right and bottom, as fractions; None for nothing (a:srcRect, 1/100,000)."""
    box = filled.find(f"{DRAWING}srcRect") if filled is not None else None
    if box is None:
        return None
    left, top, right, bottom = (_fraction(box.get(side)) for side in "ltrb")
    if left + right >= 1 or top + bottom >= 1 or not (left or top or right or bottom):
        return None
    return left, top, right, bottom


def _fraction(value: str | None) -> float:
    digits = re.fullmatch(r"\d{1,6}", value or "")
    return min(int(digits[0]) / 100_000, 1.0) if digits else 0.0


def raised(text: str, *, up: bool) -> str:
    """Digits set above or below the line as the signs for it (m², CO₂); other text stays."""
    signs = _SUPERSCRIPT if up else _SUBSCRIPT
    return text.translate(signs) if text and all(ord(letter) in signs for letter in text) else text


def math_text(formula: Element) -> str:
    """The letters of a formula in a row."""
    return "".join(text.text or "" for text in formula.iter(f"{MATH}t"))


def outside(root: Element, tag: str, *limits: str) -> Iterator[Element]:
    """Elements with a tag below `root`, not looking into those with the tags `limits`."""
    stack = [root]
    while stack:
        current = stack.pop()
        if current.tag == tag:
            yield current
        stack.extend(child for child in reversed(current) if child.tag not in limits)
