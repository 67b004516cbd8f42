"""Word documents as draft lessons: headings, lists with their numbers, tables, pictures in place, footnotes at the end."""

import io
import re
from collections.abc import Iterator
from typing import Any

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Piece, cut_by_headings
from courses.authoring.document_read import ReadFile
from courses.authoring.docx_figures import figure_pieces
from courses.authoring.docx_numbering import Numbering
from courses.authoring.docx_runs import Figure, Footnote, Runs
from courses.authoring.markdown_writing import Run, escaped, inline, one_line_of, plain, table
from courses.authoring.office_figures import Element, parsed
from rag.readers.document import first_title
from rag.readers.limits import Watch
from rag.readers.word_xml import (
    FALLBACK,
    WORD,
    WRAPPERS,
    Styles,
    inside,
    numbered,
    outline_level,
    rows_of,
    switched_on,
    unwrapped,
    value_of,
)

WIDEST_SPAN = 63  # columns that Word allows
_STYLE_LEVEL = re.compile(r"(\d)\s*$")


def read_docx(data: bytes, watch: Watch, name: str) -> ReadFile:
    """Read a Word document that `check_archive` has accepted. `name` is the title where the document has none."""
    import docx

    document = docx.Document(io.BytesIO(data))
    reader = _Reader(document, watch)
    children = list(document.element.body)
    for number, element in enumerate(children):
        watch.report(number / max(len(children), 1))
        reader.add(element)
    headings = [piece for piece in reader.pieces if piece.kind == "heading" and piece.level == 1]
    only = headings[0].plain if len(headings) == 1 else ""
    title = first_title(reader.title, only, document.core_properties.title or "", name)
    return ReadFile(title, cut_by_headings(reader.pieces, title), reader.pictures, reader.losses)


class _Reader:
    """One pass over the body in reading order."""

    def __init__(self, document: Any, watch: Watch) -> None:
        self.watch = watch
        self.losses = Losses()
        self.pictures = Pictures(self.losses)
        self.pieces: list[Piece] = []
        self.title = ""
        self.place = ""
        self.styles = Styles(document)
        self.numbering = Numbering(document)
        self.part = document.part
        self.runs = Runs(document, self.losses)
        self.notes = _Notes(document, self.runs)

    def add(self, element: Element) -> None:
        # An explicit stack: content controls nest without bound.
        stack = [element]
        while stack:
            current = stack.pop()
            self.watch.check()
            if current.tag == f"{WORD}p":
                self._paragraph(current)
                stack.extend(child for box in reversed(_boxes(current)) for child in reversed(box))
            elif current.tag == f"{WORD}tbl":
                cells = [cell for row in rows_of(current) for cell in unwrapped(row, f"{WORD}tc")]
                # A table of one cell is a frame around text, not a table.
                if len(cells) == 1:
                    stack.extend(reversed(cells[0]))
                else:
                    self._table(current)
            elif current.tag in WRAPPERS:
                stack.extend(reversed(current))

    def _paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find(f"{WORD}pPr")
        style = value_of(properties, "pStyle") if properties is not None else None
        meaning, level = self.styles.meaning(style)
        level = outline_level(properties) or level
        if meaning == "skip":
            return
        if meaning == "title" and not self.title and not self.pieces:
            self.title = plain(self._text_of(paragraph))
            self.pieces += self._figures_of(paragraph)
        elif level:
            self._heading(paragraph, level)
        elif meaning == "list_item" or numbered(properties):
            self._body(paragraph, "item", *self._item_place(properties, style))
        else:
            self._body(paragraph, "text", 0, "")

    def _heading(self, paragraph: Element, level: int) -> None:
        text = plain(self._text_of(paragraph))
        if text:
            self.place = text
            self.pieces.append(Piece("heading", text, level=level, notes=tuple(self._notes_of(paragraph))))
        self.pieces += self._figures_of(paragraph)

    def _item_place(self, properties: Element, style: str | None) -> tuple[int, str]:
        own = properties.find(f"{WORD}numPr") if properties is not None else None
        found = own if own is not None else self.styles.numbering(style)
        level, label = self.numbering.place(found) if found is not None else (0, "")
        # "List Bullet 2" is a list of its own at level 0 that only looks indented.
        named = _STYLE_LEVEL.search(self.styles.name(style))
        return level or (int(named[1]) - 1 if named else 0), label

    def _body(self, paragraph: Element, kind: Any, level: int, label: str) -> None:
        runs: list[Run] = []
        notes: list[Piece] = []

        def end() -> None:
            nonlocal kind
            if text := inline(runs):
                piece = Piece(kind, plain(runs), text, level if kind == "item" else 0, label, notes=tuple(notes))
                self.pieces.append(piece)
                kind = "text"
            runs.clear()
            notes.clear()

        for part in self.runs.of(paragraph, self.part, self.place):
            if isinstance(part, Run):
                runs.append(part)
            elif isinstance(part, Footnote):
                runs.append(self.notes.mark(part))
                notes += self.notes.pieces(part, self.place)
            else:
                found = self._figure(part)
                if found:
                    end()
                self.pieces += found
        end()

    def _text_of(self, paragraph: Element) -> list[Run]:
        return [part for part in self.runs.of(paragraph, self.part, self.place) if isinstance(part, Run)]

    def _notes_of(self, paragraph: Element) -> list[Piece]:
        marks = [part for part in self.runs.of(paragraph, self.part, self.place) if isinstance(part, Footnote)]
        for mark in marks:
            self.notes.mark(mark)
        return [piece for mark in marks for piece in self.notes.pieces(mark, self.place)]

    def _figures_of(self, paragraph: Element) -> list[Piece]:
        parts = self.runs.of(paragraph, self.part, self.place)
        return [piece for part in parts if isinstance(part, Figure) for piece in self._figure(part)]

    def _figure(self, figure: Figure) -> list[Piece]:
        return figure_pieces(figure.element, self.part, self.pictures, self.place)

    def _table(self, element: Element) -> None:
        rows, figures, notes = [], [], []
        texts = []
        for row in rows_of(element):
            self.watch.check()
            cells = [""] * _span(row.find(f"{WORD}trPr/{WORD}gridBefore"), 0)
            for cell in unwrapped(row, f"{WORD}tc"):
                markdown, text, inner, noted = self._cell(cell)
                cells += [markdown, *[""] * (self._width(cell) - 1)]
                texts.append(text)
                figures += inner
                notes += noted
            rows.append(cells)
        if markdown := table(rows, _has_header(element)):
            text = " | ".join(filter(None, texts))
            self.pieces.append(Piece("table", text, markdown, notes=tuple(notes)))
        self.pieces += figures

    def _width(self, cell: Element) -> int:
        properties = cell.find(f"{WORD}tcPr")
        if properties is None:
            return 1
        span = _span(properties.find(f"{WORD}gridSpan"), 1)
        if span > 1 or properties.find(f"{WORD}vMerge") is not None:
            self.losses.note(Loss.MERGED, self.place)
        return max(span, 1)

    def _cell(self, cell: Element) -> tuple[str, str, list[Piece], list[Piece]]:
        """The Markdown and the plain text of a cell, the figures in it, and its footnotes."""
        merged = cell.find(f"{WORD}tcPr/{WORD}vMerge")
        if merged is not None and merged.get(f"{WORD}val") != "restart":
            return "", "", [], []
        if next(cell.iter(f"{WORD}tbl"), None) is not None:
            self.losses.note(Loss.NESTED, self.place)
        runs: list[Run] = []
        figures: list[Piece] = []
        notes: list[Piece] = []
        for paragraph in cell.iter(f"{WORD}p"):
            if inside(paragraph, cell, FALLBACK):
                continue
            runs += [Run("\n")] if runs else []
            runs += self._label_in_cell(paragraph)
            for part in self.runs.of(paragraph, self.part, self.place):
                if isinstance(part, Run):
                    runs.append(part)
                elif isinstance(part, Footnote):
                    runs.append(self.notes.mark(part))
                    notes += self.notes.pieces(part, self.place)
                else:
                    figures += self._figure(part)
        return one_line_of(runs), plain(runs), figures, notes

    def _label_in_cell(self, paragraph: Element) -> list[Run]:
        properties = paragraph.find(f"{WORD}pPr")
        style = value_of(properties, "pStyle") if properties is not None else None
        if not numbered(properties) and self.styles.meaning(style)[0] != "list_item":
            return []
        _, label = self._item_place(properties, style)
        return [Run(f"{label} ")] if label else []


class _Notes:
    """Footnotes and endnotes, numbered as they are met."""

    def __init__(self, document: Any, runs: Runs) -> None:
        self._runs = runs
        self._numbers: dict[Footnote, int] = {}
        self._elements: dict[Footnote, tuple[Element, Any]] = {}
        for relation in document.part.rels.values():
            kind = relation.reltype.rpartition("/")[2]
            if kind in ("footnotes", "endnotes") and not relation.is_external:
                part = relation.target_part
                for note in parsed(part.blob):
                    self._elements[Footnote(kind, note.get(f"{WORD}id") or "")] = note, part

    def mark(self, note: Footnote) -> Run:
        """The number in the text that leads to the note."""
        return Run(f"[{self._number(note)}]") if note in self._elements else Run("")

    def pieces(self, note: Footnote, place: str) -> Iterator[Piece]:
        """The note as a paragraph."""
        if note in self._elements:
            element, part = self._elements[note]
            runs = [
                run
                for paragraph in element.iter(f"{WORD}p")
                for run in self._runs.of(paragraph, part, place)
                if isinstance(run, Run)
            ]
            yield Piece("text", plain(runs), f"{escaped(f'[{self._number(note)}]')} {one_line_of(runs)}")

    def _number(self, note: Footnote) -> int:
        return self._numbers.setdefault(note, len(self._numbers) + 1)


def _boxes(paragraph: Element) -> list[Element]:
    """The text boxes that hang on a paragraph, in the newer of their two forms."""
    boxes = paragraph.iter(f"{WORD}txbxContent")
    return [box for box in boxes if not any(inside(box, paragraph, tag) for tag in (FALLBACK, f"{WORD}txbxContent"))]


def _has_header(element: Element) -> bool:
    """Whether the first row is a head; Word says so in w:tblHeader and w:tblLook, and the latter is usually set."""
    look = element.find(f"{WORD}tblPr/{WORD}tblLook")
    first = next(iter(rows_of(element)), None)
    properties = first.find(f"{WORD}trPr") if first is not None else None
    if properties is not None and switched_on(properties, "tblHeader"):
        return True
    if look is None:
        return True
    if look.get(f"{WORD}firstRow") is not None:
        return look.get(f"{WORD}firstRow") not in ("0", "false", "off")
    value = look.get(f"{WORD}val") or ""
    return not re.fullmatch(r"[0-9A-Fa-f]{4}", value) or bool(int(value, 16) & 0x20)  # ISO 29500-1, 17.4.56


def _span(element: Element, otherwise: int) -> int:
    value = element.get(f"{WORD}val") if element is not None else None
    return min(int(value), WIDEST_SPAN) if value is not None and value.isdecimal() and len(value) < 6 else otherwise
