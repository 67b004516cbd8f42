"""The shapes of a slide as pieces of a lesson, in the order a screen reader takes them."""

from collections.abc import Iterator, Sequence

from courses.authoring.document_losses import Loss
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Piece
from courses.authoring.markdown_writing import Run, inline, one_line_of, plain, table
from courses.authoring.office_figures import (
    CHART,
    COMPATIBILITY,
    DIAGRAM,
    DRAWING,
    MATH,
    PACKAGE,
    Element,
    crop_of,
    description,
    is_decorative,
    items_of_smart_art,
    table_of_chart,
)
from courses.authoring.pptx_text import SLIDE, TITLES, Inheritance, Paragraph, TextReader, placeholder
from rag.readers.limits import Watch

LEFT_OUT = TITLES | {"dt", "ftr", "sldNum", "hdr"}  # the title is the heading; the others repeat on every slide
OLE = "http://schemas.openxmlformats.org/presentationml/2006/ole"
_MEDIA = ("videoFile", "audioFile", "wavAudioFile", "quickTimeFile", "audioCd")
_FRAMES = (f"{DRAWING}tbl", f"{CHART}chart", f"{DIAGRAM}relIds")


class Shapes:
    """Reads the shapes of one slide."""

    def __init__(self, text: TextReader, pictures: Pictures, inherited: Inheritance, watch: Watch) -> None:
        self.text, self.pictures, self.inherited, self.watch = text, pictures, inherited, watch
        self.losses, self.number, self.part = text.losses, text.place, text.part

    def pieces(self, tree: Element) -> list[Piece]:
        """The pieces of a tree of shapes; groups are taken apart."""
        found: list[Piece] = []
        stack = list(reversed(tree)) if tree is not None else []
        while stack:
            element = stack.pop()
            self.watch.check()
            if element.tag == f"{SLIDE}grpSp":
                stack.extend(reversed(element))
            elif element.tag == f"{COMPATIBILITY}AlternateContent":
                found += self._alternatives(element)
            else:
                found += self._shape(element)
        return found

    def _shape(self, element: Element) -> list[Piece]:
        if element.tag == f"{SLIDE}sp":
            return self._text_shape(element)
        if element.tag == f"{SLIDE}pic":
            return self._picture(element)
        if element.tag == f"{SLIDE}graphicFrame":
            return self._frame(element)
        if element.tag == f"{SLIDE}cxnSp":
            self.losses.shape(self.number)
        return []

    def _alternatives(self, element: Element) -> list[Piece]:
        """What newer programs draw from the choice, older ones from the fallback, which often is a picture of it."""
        choice = element.find(f"{COMPATIBILITY}Choice")
        fallback = element.find(f"{COMPATIBILITY}Fallback")
        found = self.pieces(choice)
        if choice is not None and next(choice.iter(f"{SLIDE}graphicFrame"), None) is not None and not found:
            self.losses.note(
                Loss.DRAWING if next(choice.iter(f"{CHART}chart"), None) is None else Loss.CHART, self.number
            )
        formula = choice is not None and next(choice.iter(f"{MATH}oMath"), None) is not None
        if fallback is not None and (not found or formula):
            found += [piece for piece in self.pieces(fallback) if piece.kind == "picture" or not found]
        return found

    def _text_shape(self, shape: Element) -> list[Piece]:
        place = placeholder(shape)
        if place and place[0] in LEFT_OUT:
            return []
        body = shape.find(f"{SLIDE}txBody")
        inherited = self.inherited.lists(*place) if place else None
        paragraphs = self.text.paragraphs(body, inherited) if body is not None else []
        found = text_pieces(paragraphs, self.number)
        filled = shape.find(f"{SLIDE}spPr/{DRAWING}blipFill")
        if filled is not None:
            found += self._image(filled, shape.find(f"{SLIDE}nvSpPr/{SLIDE}cNvPr"))
        elif not found and not place:
            self.losses.shape(self.number)
        return found

    def _picture(self, element: Element) -> list[Piece]:
        properties = element.find(f"{SLIDE}nvPicPr/{SLIDE}cNvPr")
        extra = element.find(f"{SLIDE}nvPicPr/{SLIDE}nvPr")
        if extra is not None and any(extra.find(f"{DRAWING}{name}") is not None for name in _MEDIA):
            self.losses.note(Loss.MEDIA, self.number)
        filled = element.find(f"{SLIDE}blipFill")
        return self._image(filled, properties) if filled is not None else []

    def _image(self, filled: Element, properties: Element) -> list[Piece]:
        blip = filled.find(f"{DRAWING}blip")
        if blip is None or is_decorative(properties):
            return []
        data = self._blob(blip.get(f"{PACKAGE}embed"))
        if data is None:
            if blip.get(f"{PACKAGE}embed") or blip.get(f"{PACKAGE}link"):
                self.losses.note(Loss.LINKED, self.number)
            return []
        piece = self.pictures.piece(
            data, description(properties), self.number, f"Billede fra dias {self.number}", self.number, crop_of(filled)
        )
        return [piece] if piece else []

    def _frame(self, frame: Element) -> list[Piece]:
        data = frame.find(f"{DRAWING}graphic/{DRAWING}graphicData")
        if data is None:
            return []
        grid, chart, art = (data.find(tag) for tag in _FRAMES)
        if grid is not None:
            return self._table(grid)
        if chart is not None:
            self.losses.note(Loss.CHART, self.number)
            content = self._blob(chart.get(f"{PACKAGE}id"))
            return table_of_chart(content, self.number) if content else []
        if art is not None:
            self.losses.note(Loss.SMART_ART, self.number)
            content = self._blob(art.get(f"{PACKAGE}dm"))
            return items_of_smart_art(content, self.number) if content else []
        if data.get("uri") == OLE:
            self.losses.note(Loss.EMBEDDED, self.number)
            preview = next(data.iter(f"{SLIDE}pic"), None)
            return self._picture(preview) if preview is not None else []
        return []

    def _table(self, grid: Element) -> list[Piece]:
        rows: list[list[str]] = []
        texts: list[str] = []
        for row in grid.iterchildren(f"{DRAWING}tr"):
            self.watch.check()
            cells = []
            for cell in row.iterchildren(f"{DRAWING}tc"):
                if any(cell.get(name) not in (None, "0", "1", "false") for name in ("gridSpan", "rowSpan")):
                    self.losses.note(Loss.MERGED, self.number)
                body = cell.find(f"{DRAWING}txBody")
                runs = list(_cell_runs(self.text.paragraphs(body))) if body is not None else []
                cells.append(one_line_of(runs))
                texts.append(plain(runs))
            rows.append(cells)
        properties = grid.find(f"{DRAWING}tblPr")
        header = properties is not None and properties.get("firstRow") in ("1", "true")
        markdown = table(rows, header)
        return [Piece("table", " | ".join(filter(None, texts)), markdown, page=self.number)] if markdown else []

    def _blob(self, identifier: str | None) -> bytes | None:
        """The bytes a relation leads to, inside the file only."""
        relation = self.part.rels.get(identifier or "")
        return bytes(relation.target_part.blob) if relation is not None and not relation.is_external else None


def text_pieces(paragraphs: Sequence[Paragraph], number: int) -> list[Piece]:
    """Paragraphs of a slide as texts and list items."""
    found = []
    for paragraph in paragraphs:
        markdown = inline(paragraph.runs)
        if not markdown:
            continue
        if paragraph.level is None:
            found.append(Piece("text", plain(paragraph.runs), markdown, page=number))
        else:
            found.append(Piece("item", plain(paragraph.runs), markdown, paragraph.level, paragraph.label, page=number))
    return found


def _cell_runs(paragraphs: Sequence[Paragraph]) -> Iterator[Run]:
    for place, paragraph in enumerate(paragraphs):
        if place:
            yield Run("\n")
        if paragraph.label:
            yield Run(f"{paragraph.label} ")
        yield from paragraph.runs
