"""Presentations as draft lessons: a slide is a part with its title, text, tables, pictures and notes in reading order."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Chunk, Piece, blocks_of
from courses.authoring.document_read import ReadFile
from courses.authoring.markdown_writing import plain
from courses.authoring.office_figures import DRAWING
from courses.authoring.pptx_shapes import Shapes, text_pieces
from courses.authoring.pptx_text import SLIDE, TITLES, Inheritance, TextReader, placeholder
from rag.readers.document import first_title
from rag.readers.errors import TooLarge
from rag.readers.limits import Watch

SECTION = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
UNNAMED_SECTIONS = frozenset(
    {"", "standardsektion", "default section", "sektion uden titel", "untitled section", "ikke-navngivet sektion"}
)
OPENING_LAYOUTS = frozenset({"title", "secHead"})  # ST_SlideLayoutType: title slide and section header
ONE_LESSON = 12  # slides; so few are one lesson when nothing in the file parts them
IN_A_RUN = 8  # slides


@dataclass(frozen=True)
class _Slide:
    """`title` is empty where the slide has none. `opens` tells that its layout is a title slide or a section header."""

    number: int
    title: str
    opens: bool
    pieces: list[Piece]

    @property
    def heading(self) -> Piece:
        title = self.title or f"Dias {self.number}"
        return Piece("heading", title, level=2, page=self.number)


def read_pptx(data: bytes, watch: Watch, name: str) -> ReadFile:
    """Read a presentation that `check_archive` has accepted. `name` is the title where the presentation has none.

    Raises TooLarge for more slides than the limits allow.
    """
    import pptx

    presentation = pptx.Presentation(io.BytesIO(data))
    identifiers = [element.get("id") for element in presentation.slides._sldIdLst]
    if len(identifiers) > watch.limits.max_pages:
        raise TooLarge(
            f"Præsentationen har {len(identifiers)} dias, og grænsen er {watch.limits.max_pages}. "
            "Del den i mindre filer, og prøv igen."
        )
    reader = _Reader(watch)
    slides = []
    for number, slide in enumerate(presentation.slides, start=1):
        watch.report((number - 1) / len(identifiers))
        slides.append(reader.slide(slide, number))
    title = first_title(
        slides[0].title if slides and slides[0].opens else "", presentation.core_properties.title or "", name
    )
    if title.casefold() in ("powerpoint presentation", "powerpoint-præsentation"):
        title = first_title(slides[0].title if slides else "", name)
    chunks = _cut(slides, _sections(presentation.element, identifiers), title)
    return ReadFile(title, chunks, reader.pictures, reader.losses)


class _Reader:
    """Reads slides one by one."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.losses = Losses("dias")
        self.pictures = Pictures(self.losses)
        self._inherited: dict[str, Inheritance] = {}

    def slide(self, slide: Any, number: int) -> _Slide:
        layout = slide.slide_layout
        name = str(layout.part.partname)
        if name not in self._inherited:
            self._inherited[name] = Inheritance(layout)
        if slide.element.get("show") in ("0", "false"):
            self.losses.note(Loss.HIDDEN, number)
        text = TextReader(slide.part, self.losses, number)
        title = _title(slide.element, text)
        shapes = Shapes(text, self.pictures, self._inherited[name], self.watch)
        pieces = shapes.pieces(slide.element.find(f"{SLIDE}cSld/{SLIDE}spTree"))
        if slide.has_notes_slide:
            pieces += _notes(slide.notes_slide, self.losses, number)
        return _Slide(number, title, layout.element.get("type") in OPENING_LAYOUTS, pieces)


def _title(slide: Any, text: TextReader) -> str:
    for shape in slide.iter(f"{SLIDE}sp"):
        place = placeholder(shape)
        body = shape.find(f"{SLIDE}txBody")
        if place and place[0] in TITLES and body is not None:
            lines = (plain(list(text.runs(paragraph))) for paragraph in body.iterchildren(f"{DRAWING}p"))
            return " ".join(filter(None, lines))
    return ""


def _notes(notes: Any, losses: Losses, number: int) -> list[Piece]:
    """The speaker notes as a quotation that says what it is."""
    frame = notes.notes_text_frame
    if frame is None:
        return []
    paragraphs = TextReader(notes.part, losses, number).paragraphs(frame._txBody)
    found = text_pieces(paragraphs, number)
    if not found:
        return []
    if found[0].kind == "text":
        found[0] = replace(found[0], markdown=f"**Noter:** {found[0].markdown}")
    else:
        found.insert(0, Piece("text", "", "**Noter:**"))
    quoted = "\n".join(f"> {line}".rstrip() for line in blocks_of(found).split("\n"))
    return [Piece("text", " ".join(piece.plain for piece in found), quoted, page=number)]


def _sections(presentation: Any, identifiers: Sequence[str]) -> list[tuple[str, list[int]]]:
    """The sections of the file with the places of their slides, from 0; empty unless they part all slides in order."""
    places = {identifier: place for place, identifier in enumerate(identifiers)}
    found = []
    for section in presentation.iter(f"{SECTION}section"):
        slides = [places[one.get("id")] for one in section.iter(f"{SECTION}sldId") if one.get("id") in places]
        if slides:
            found.append((section.get("name") or "", slides))
    in_order = [place for _, slides in found for place in slides] == list(range(len(identifiers)))
    return found if len(found) > 1 and in_order else []


def _cut(slides: Sequence[_Slide], sections: Sequence[tuple[str, list[int]]], title: str) -> list[Chunk]:
    if sections:
        return [_chunk([slides[place] for place in places], name) for name, places in sections]
    starts = [place for place, slide in enumerate(slides) if slide.opens and place] if slides else []
    if starts:
        edges = [0, *starts, len(slides)]
        return [_chunk(slides[start:end], "") for start, end in pairwise(edges)]
    if len(slides) <= ONE_LESSON:
        return [_chunk(slides, title)]
    runs = -(-len(slides) // IN_A_RUN)
    edges = [round(run * len(slides) / runs) for run in range(runs + 1)]
    return [_chunk(slides[start:end], "") for start, end in pairwise(edges)]


def _chunk(slides: Sequence[_Slide], name: str) -> Chunk:
    """Slides as one lesson: a first slide that only opens it gives its title and no part of its own."""
    first = slides[0] if slides else None
    named = "" if name.strip().casefold() in UNNAMED_SECTIONS else name
    title = first_title(named, first.title if first else "", f"Dias {first.number}" if first else "")
    pieces: list[Piece] = []
    for slide in slides:
        opening = slide is first and (slide.title == title or not slide.title) and (slide.opens or not slide.pieces)
        # A slide with nothing on it is no part to read, but its title may be the point of it.
        if (slide.pieces or slide.title) and not opening:
            pieces.append(slide.heading)
        pieces += slide.pieces
    return Chunk(title, pieces)
