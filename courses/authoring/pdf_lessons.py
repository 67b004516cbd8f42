"""PDF files as draft lessons: headings, text and tables as the reader finds them, the pictures of a page after its text."""

import io
import logging
import re
from collections.abc import Sequence
from typing import Any

from PIL import Image

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Piece, cut_by_headings
from courses.authoring.document_read import ReadFile
from courses.authoring.markdown_writing import Run, escaped, inline, table
from courses.picture import MOST_PIXELS
from rag.readers.blocks import Block
from rag.readers.document import first_title
from rag.readers.errors import TookTooLong
from rag.readers.limits import Watch
from rag.readers.ocr import PageRecognition
from rag.readers.pdf import opened_pdf
from rag.readers.pdf import read_pdf as read_text

logger = logging.getLogger(__name__)

TEXT_SHARE = 0.7  # of the time; the rest goes to the pictures
MOST_ON_A_PAGE = 30  # pictures; more are the strips or dots that a drawing was cut into
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]")


def read_pdf(data: bytes, watch: Watch, name: str, recognition: PageRecognition) -> ReadFile:
    """Read a PDF; scanned pages go through `recognition`. `name` is the title where the file has none.

    Raises UnreadableFile as the reader of texts does.
    """
    draft = read_text(data, watch.part(0.0, TEXT_SHARE), recognition)
    losses = Losses("side")
    for page in sorted(draft.drawn - draft.recognised):
        losses.note(Loss.DRAWING, page)
    pictures = Pictures(losses)
    pieces = [_piece(block) for block in draft.blocks]
    found = _pictures(data, pictures, draft.recognised, watch.part(TEXT_SHARE, 1.0))
    # Stable, so that the order within a page stays and its pictures come last.
    pieces = sorted([*pieces, *found], key=lambda piece: piece.page or 0)
    headings = [piece for piece in pieces if piece.kind == "heading" and piece.level == 1]
    # The first of several headings of level 1 names a part, not the file.
    several = len(headings) > 1 and draft.title == headings[0].plain
    title = first_title("" if several else draft.title, name)
    return ReadFile(title, cut_by_headings(pieces, title), pictures, losses, list(draft.warnings))


def _piece(block: Block) -> Piece:
    if block.kind == "heading":
        return Piece("heading", block.text, level=block.level, page=block.page)
    if block.kind == "table":
        rows = [[escaped(cell) for cell in line.split(" | ")] for line in block.text.split("\n")]
        return Piece("table", block.text, table(rows), page=block.page)
    text = inline([Run(block.text)])
    if block.kind == "list_item":
        number = _NUMBER.fullmatch(block.number)
        return Piece("item", block.text, text, label=f"{number[1]}." if number else block.number, page=block.page)
    return Piece("text", block.text, text, page=block.page)


def _pictures(data: bytes, pictures: Pictures, recognised: frozenset[int], watch: Watch) -> list[Piece]:
    """The pictures of every page but those that are pictures of text, which stands there already."""
    found: list[Piece] = []
    with opened_pdf(data, watch) as (reader, count):
        for number in range(1, count + 1):
            watch.report((number - 1) / count)
            try:
                page = reader.pages[number - 1]
                if _has_links(page):
                    pictures.losses.note(Loss.PDF_LINK, number)
                if number not in recognised:
                    found += _on_page(page, number, pictures, watch)
            except TookTooLong:
                raise
            except Exception as error:  # noqa: BLE001 - pypdf meets broken pages with every kind of error
                logger.warning("Could not read the pictures of PDF page %d: %s", number, type(error).__name__)
                pictures.losses.note(Loss.UNREADABLE, number)
    return found


def _on_page(page: Any, number: int, pictures: Pictures, watch: Watch) -> list[Piece]:
    names: Sequence[Any] = page.images.keys()
    if len(names) > MOST_ON_A_PAGE:
        pictures.losses.note(Loss.DRAWING, number)
        return []
    found = []
    for name in names:
        watch.check()
        try:
            data = page.images[name].data if _is_small_enough(page, name) else None
        except Exception as error:  # noqa: BLE001 - as above
            logger.warning("Could not read a picture of PDF page %d: %s", number, type(error).__name__)
            data = None
        if data is None:
            pictures.losses.note(Loss.UNREADABLE, number)
        elif piece := pictures.piece(data, "", number, f"Billede fra side {number}", number):
            found.append(piece)
    return found


def _is_small_enough(page: Any, name: Any) -> bool:
    """Whether a picture may be unpacked, by the size written beside it, and in it where it is a JPEG."""
    path = [name] if isinstance(name, str) else list(name)
    if path[0].startswith("~"):  # written into the page itself, which is bounded
        return True
    holder = page
    for step in path:
        holder = holder["/Resources"]["/XObject"][step].get_object()
    pixels = int(holder.get("/Width", 0)) * int(holder.get("/Height", 0))
    if holder.get("/Filter") in ("/DCTDecode", "/JPXDecode"):
        with Image.open(io.BytesIO(holder._data), formats=("JPEG", "JPEG2000")) as image:
            pixels = max(pixels, image.width * image.height)
    return pixels <= MOST_PIXELS


def _has_links(page: Any) -> bool:
    marks = page.get("/Annots")
    for mark in marks.get_object() if marks is not None else ():
        action = mark.get_object().get("/A")
        if action is not None and "/URI" in action.get_object():
            return True
    return False
