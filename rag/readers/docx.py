"""Word documents: body order, headings by style, lists, tables; tracked deletions are left out."""

import io

from rag.readers.blocks import BlockKind, Draft
from rag.readers.limits import Watch
from rag.readers.word_xml import (
    FALLBACK,
    LEFT_OUT,
    WORD,
    WRAPPERS,
    Element,
    Styles,
    hidden,
    inside,
    numbered,
    outline_level,
    rows_of,
    unwrapped,
    value_of,
)

FOOTNOTES = "Dokumentet har fodnoter, som ikke er læst med. Skriv vigtigt indhold fra dem ind i selve teksten."


def read_docx(data: bytes, watch: Watch) -> Draft:
    """Read a Word document that ``check_archive`` has accepted."""
    import docx

    document = docx.Document(io.BytesIO(data))
    draft = Draft()
    styles = Styles(document)
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


def _add(draft: Draft, element: Element, styles: Styles, watch: Watch) -> None:
    # An explicit stack: content controls nest without bound.
    stack = [element]
    while stack:
        current = stack.pop()
        watch.check()
        if current.tag == f"{WORD}p":
            _add_paragraph(draft, current, styles)
            boxes = [box for box in current.iter(f"{WORD}txbxContent") if not inside(box, current, FALLBACK)]
            stack.extend(child for box in reversed(boxes) for child in reversed(box))
        elif current.tag == f"{WORD}tbl":
            cells = [cell for row in rows_of(current) for cell in unwrapped(row, f"{WORD}tc")]
            # A table of one cell is a frame around text, not a table.
            if len(cells) == 1:
                stack.extend(reversed(cells[0]))
            else:
                draft.add_table(
                    [[_cell_text(cell) for cell in unwrapped(row, f"{WORD}tc")] for row in rows_of(current)]
                )
        elif current.tag in WRAPPERS:
            stack.extend(reversed(current))


def _add_paragraph(draft: Draft, paragraph: Element, styles: Styles) -> None:
    properties = paragraph.find(f"{WORD}pPr")
    meaning, level = styles.meaning(value_of(properties, "pStyle") if properties is not None else None)
    own_level = outline_level(properties)
    kind: BlockKind = "paragraph"
    if meaning == "skip":
        return
    if meaning in {"heading", "title"} or own_level is not None:
        kind, level = "heading", own_level or level
    elif meaning == "list_item" or numbered(properties):
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
        elif current.tag not in LEFT_OUT and current.tag != f"{WORD}pPr" and not hidden(current):
            stack.extend(reversed(current))
    return "".join(pieces)


def _cell_text(cell: Element) -> str:
    return " ".join(_text(paragraph) for paragraph in cell.iter(f"{WORD}p"))
