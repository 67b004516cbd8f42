"""Pictures, charts, SmartArt and objects of a Word document as pieces of a lesson."""

from typing import Any

from courses.authoring.document_losses import Loss
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Piece
from courses.authoring.office_figures import (
    CHART,
    COMPATIBILITY,
    DIAGRAM,
    DRAWING,
    PACKAGE,
    Element,
    crop_of,
    description,
    is_decorative,
    items_of_smart_art,
    outside,
    table_of_chart,
)
from rag.readers.cleaning import clean_text, one_line
from rag.readers.word_xml import FALLBACK, WORD

PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SHAPE = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}wsp"
VML = "{urn:schemas-microsoft-com:vml}"
OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"
BOX = f"{WORD}txbxContent"
NEWER_CHART = "http://schemas.microsoft.com/office/drawing/2014/chartex"


def figure_pieces(element: Element, part: Any, pictures: Pictures, place: str) -> list[Piece]:
    """The pieces of one figure; `part` of the package holds its pictures. What is in text boxes is not among them."""
    reader = _Figure(part, pictures, place)
    if element.tag != f"{COMPATIBILITY}AlternateContent":
        return reader.pieces(element)
    choice = element.find(f"{COMPATIBILITY}Choice")
    found = reader.pieces(choice) if choice is not None else []
    # The older form is often a picture of what only newer programs can draw.
    fallback = element.find(FALLBACK)
    if not found and fallback is not None and next(element.iter(BOX), None) is None:
        found = reader.pieces(fallback)
    return found


class _Figure:
    def __init__(self, part: Any, pictures: Pictures, place: str) -> None:
        self.part, self.pictures, self.losses, self.place = part, pictures, pictures.losses, place

    def pieces(self, root: Element) -> list[Piece]:
        placed = [child for tag in ("inline", "anchor") for child in root.iter(f"{PLACED}{tag}")]
        properties = next((one.find(f"{PLACED}docPr") for one in placed), None)
        if is_decorative(properties):
            return []
        found = [
            piece for filled in outside(root, f"{PICTURE}pic", BOX, FALLBACK) for piece in self._pic(filled, properties)
        ]
        found += [piece for chart in outside(root, f"{CHART}chart", BOX, FALLBACK) for piece in self._chart(chart)]
        found += [piece for art in outside(root, f"{DIAGRAM}relIds", BOX, FALLBACK) for piece in self._smart_art(art)]
        found += [piece for old in outside(root, f"{VML}imagedata", BOX) for piece in self._old(old)]
        for data in outside(root, f"{DRAWING}graphicData", BOX, FALLBACK):
            if data.get("uri") == NEWER_CHART:
                self.losses.note(Loss.CHART, self.place)
        for _ in outside(root, OLE, BOX, FALLBACK):
            self.losses.note(Loss.EMBEDDED, self.place)
        for shape in outside(root, SHAPE, BOX, FALLBACK):
            if next(shape.iter(BOX), None) is None:
                self.losses.shape(self.place)
        return found

    def _pic(self, pic: Element, properties: Element) -> list[Piece]:
        own = pic.find(f"{PICTURE}nvPicPr/{PICTURE}cNvPr")
        filled = pic.find(f"{PICTURE}blipFill")
        blip = filled.find(f"{DRAWING}blip") if filled is not None else None
        if blip is None or is_decorative(own):
            return []
        words = description(properties) or description(own)
        return self._picture(blip.get(f"{PACKAGE}embed"), blip.get(f"{PACKAGE}link"), words, crop_of(filled))

    def _old(self, image: Element) -> list[Piece]:
        shape = image.getparent()
        words = (shape.get("alt") or "") if shape is not None else ""
        return self._picture(image.get(f"{PACKAGE}id"), image.get(f"{PACKAGE}href"), words, None)

    def _picture(self, embedded: str | None, linked: str | None, words: str, crop: Any) -> list[Piece]:
        data = self._blob(embedded)
        if data is None:
            if embedded or linked:
                self.losses.note(Loss.LINKED, self.place)
            return []
        heading = one_line(clean_text(self.place))
        stand_in = f"Billede fra afsnittet {heading}" if heading else "Billede fra dokumentet"
        piece = self.pictures.piece(data, words, self.place, stand_in, crop=crop)
        return [piece] if piece else []

    def _chart(self, chart: Element) -> list[Piece]:
        self.losses.note(Loss.CHART, self.place)
        data = self._blob(chart.get(f"{PACKAGE}id"))
        return table_of_chart(data) if data else []

    def _smart_art(self, art: Element) -> list[Piece]:
        self.losses.note(Loss.SMART_ART, self.place)
        data = self._blob(art.get(f"{PACKAGE}dm"))
        return items_of_smart_art(data) if data else []

    def _blob(self, identifier: str | None) -> bytes | None:
        """The bytes a relation leads to, inside the file only."""
        relation = self.part.rels.get(identifier or "")
        return bytes(relation.target_part.blob) if relation is not None and not relation.is_external else None
