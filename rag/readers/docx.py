"""Word documents: body order, headings by style, lists, tables; tracked deletions are left out."""

import io
import re
from collections.abc import Iterator
from typing import Any

from rag.readers.blocks import BlockKind, Draft
from rag.readers.limits import Watch

Element = Any  # an lxml element; lxml comes without types

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted and moved-away text, and the older copy of a shape that is also given in the newer form.
LEFT_OUT = {f"{WORD}del", f"{WORD}moveFrom", f"{WORD}instrText", f"{WORD}txbxContent", FALLBACK}
WRAPPERS = {f"{WORD}sdt", f"{WORD}sdtContent", f"{WORD}ins", f"{WORD}moveTo", f"{WORD}customXml", f"{WORD}smartTag"}
HEADING_NAME = re.compile(r"^(?:heading|overskrift)\s*(\d)")
LIST_NAME = re.compile(r"^(?:list|opstilling|punktopstilling)")
CONTENTS_NAME = re.compile(r"^(?:toc|indholdsfortegnelse)\b")
MAX_STYLE_DEPTH = 10
FOOTNOTES = "Dokumentet har fodnoter, som ikke er læst med. Skriv vigtigt indhold fra dem ind i selve teksten."


def read_docx(data: bytes, watch: Watch) -> Draft:
    """Read a Word document that ``check_archive`` has accepted."""
    import docx

    document = docx.Document(io.BytesIO(data))
    draft = Draft()
    styles = _Styles(document)
    children = list(document.element.body)
    for number, element in enumerate(children):
        watch.report(number / len(children))
        _add(draft, element, styles, watch)
    if any(relation.reltype.endswith("/footnotes") for relation in document.part.rels.values()) and any(
        True for _ in document.element.body.iter(f"{WORD}footnoteReference")
    ):
        draft.warnings.append(FOOTNOTES)
    titles = [block.text for block in draft.blocks if block.kind == "heading" and block.level == 1]
    draft.title = titles[0] if titles else (document.core_properties.title or "")
    return draft


class _Styles:
    """What each paragraph style means: ("heading", level), ("list_item", 0), ("skip", 0) or ("paragraph", 0)."""

    def __init__(self, document: Any) -> None:
        self._elements: dict[str, Element] = {}
        self._default = ""
        for style in document.styles.element.iterchildren(f"{WORD}style"):
            if style.get(f"{WORD}type") == "paragraph":
                identifier = style.get(f"{WORD}styleId") or ""
                self._elements[identifier] = style
                if style.get(f"{WORD}default") in {"1", "true"}:
                    self._default = identifier
        self._known: dict[str, tuple[str, int]] = {}

    def meaning(self, identifier: str | None) -> tuple[str, int]:
        key = identifier or self._default
        if key not in self._known:
            self._known[key] = self._look_up(key)
        return self._known[key]

    def _look_up(self, identifier: str) -> tuple[str, int]:
        # A style inherits from its base style, so a house style "Randers H1" is found through "heading 1".
        for _ in range(MAX_STYLE_DEPTH):
            style = self._elements.get(identifier)
            if style is None:
                break
            name = (_value(style, "name") or identifier).lower()
            if heading := HEADING_NAME.match(name):
                return "heading", max(1, int(heading.group(1)))
            if name in {"title", "titel"}:
                return "heading", 1
            if CONTENTS_NAME.match(name):
                return "skip", 0
            properties = style.find(f"{WORD}pPr")
            level = _outline_level(properties)
            if level is not None:
                return "heading", level
            if LIST_NAME.match(name) or _numbered(properties):
                return "list_item", 0
            identifier = _value(style, "basedOn") or ""
        return "paragraph", 0


def _add(draft: Draft, element: Element, styles: _Styles, watch: Watch) -> None:
    # An explicit stack: content controls nest without bound.
    stack = [element]
    while stack:
        current = stack.pop()
        watch.check()
        if current.tag == f"{WORD}p":
            _add_paragraph(draft, current, styles)
            boxes = [box for box in current.iter(f"{WORD}txbxContent") if not _inside(box, current, FALLBACK)]
            stack.extend(child for box in reversed(boxes) for child in reversed(box))
        elif current.tag == f"{WORD}tbl":
            cells = [cell for row in _rows(current) for cell in _unwrapped(row, f"{WORD}tc")]
            # A table of one cell is a frame around text, not a table.
            if len(cells) == 1:
                stack.extend(reversed(cells[0]))
            else:
                draft.add_table([[_cell_text(cell) for cell in _unwrapped(row, f"{WORD}tc")] for row in _rows(current)])
        elif current.tag in WRAPPERS:
            stack.extend(reversed(current))


def _add_paragraph(draft: Draft, paragraph: Element, styles: _Styles) -> None:
    properties = paragraph.find(f"{WORD}pPr")
    meaning, level = styles.meaning(_value(properties, "pStyle") if properties is not None else None)
    own_level = _outline_level(properties)
    kind: BlockKind = "paragraph"
    if meaning == "skip":
        return
    if meaning == "heading" or own_level is not None:
        kind, level = "heading", own_level or level
    elif meaning == "list_item" or _numbered(properties):
        kind = "list_item"
    draft.add(kind, _text(paragraph), level)


def _text(element: Element) -> str:
    """The visible text below an element; hyperlinks and insertions count, deletions do not."""
    pieces: list[str] = []
    stack = [element]
    while stack:
        current = stack.pop()
        if current.tag == f"{WORD}t":
            pieces.append(current.text or "")
        elif current.tag in {f"{WORD}tab", f"{WORD}br", f"{WORD}cr", f"{WORD}ptab"}:
            pieces.append(" ")
        elif current.tag == f"{WORD}noBreakHyphen":
            pieces.append("-")
        elif current.tag not in LEFT_OUT and current.tag != f"{WORD}pPr" and not _hidden(current):
            stack.extend(reversed(current))
    return "".join(pieces)


def _hidden(element: Element) -> bool:
    properties = element.find(f"{WORD}rPr") if element.tag == f"{WORD}r" else None
    vanish = properties.find(f"{WORD}vanish") if properties is not None else None
    return vanish is not None and vanish.get(f"{WORD}val") not in {"0", "false"}


def _cell_text(cell: Element) -> str:
    return " ".join(_text(paragraph) for paragraph in cell.iter(f"{WORD}p"))


def _rows(table: Element) -> list[Element]:
    rows = _unwrapped(table, f"{WORD}tr")
    return [row for row in rows if row.find(f"{WORD}trPr/{WORD}del") is None]


def _unwrapped(parent: Element, tag: str) -> Iterator[Element]:
    """Children with a tag, also those inside content controls."""
    stack = list(reversed(parent))
    while stack:
        current = stack.pop()
        if current.tag == tag:
            yield current
        elif current.tag in WRAPPERS:
            stack.extend(reversed(current))


def _inside(element: Element, limit: Element, tag: str) -> bool:
    parent = element.getparent()
    while parent is not None and parent is not limit:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def _value(parent: Element, name: str) -> str | None:
    child = parent.find(f"{WORD}{name}")
    return child.get(f"{WORD}val") if child is not None else None


def _outline_level(properties: Element) -> int | None:
    """Heading level 1-6 from w:outlineLvl, which counts from 0; 9 means body text."""
    value = _value(properties, "outlineLvl") if properties is not None else None
    return int(value) + 1 if value is not None and value.isdecimal() and int(value) < 9 else None


def _numbered(properties: Element) -> bool:
    # numId 0 takes the numbering of the style away again (ISO 29500-1, 17.9.18).
    number = properties.find(f"{WORD}numPr/{WORD}numId") if properties is not None else None
    return number is not None and number.get(f"{WORD}val") != "0"
