"""Builds presentations, Word documents and PDF files with figures for the tests of draft lessons."""

import io
from collections.abc import Sequence
from typing import Any

import docx
import pptx
from docx.oxml import parse_xml
from fpdf import FPDF
from PIL import Image, ImageDraw
from pptx.util import Inches

from tests.unit.reader_files import SENTENCE

SECTIONS = (
    '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main">'
    '<p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
    '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">%s</p14:sectionLst>'
    "</p:ext></p:extLst>"
)
DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


def picture(text: str = "Figur", size: tuple[int, int] = (320, 180), kind: str = "PNG") -> bytes:
    """A picture with a text on it; another text makes another picture."""
    image = Image.new("RGB", size, (240, 245, 242))
    ImageDraw.Draw(image).text((20, 20), text, fill=0)
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def saved(file: Any) -> bytes:
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def deck() -> Any:
    return pptx.Presentation()


def slide(presentation: Any, title: str | None, body: str | None = None, layout: int | None = None) -> Any:
    """A slide; layouts of the default template: 0 title, 1 content, 2 section header, 5 title only, 6 blank."""
    number = layout if layout is not None else 6 if title is None else 5 if body is None else 1
    made = presentation.slides.add_slide(presentation.slide_layouts[number])
    if title is not None:
        made.shapes.title.text = title
    if body is not None:
        made.placeholders[1].text = body
    return made


def add_picture(made: Any, data: bytes, words: str = "", decorative: bool = False) -> Any:
    shape = made.shapes.add_picture(io.BytesIO(data), Inches(1), Inches(2))
    properties = shape._element.nvPicPr.cNvPr
    properties.set("descr", words)
    if decorative:
        properties.append(parse_xml(DECORATIVE))
    return shape


def add_sections(presentation: Any, sections: Sequence[tuple[str, int]]) -> None:
    """Part the slides into sections of so many each."""
    identifiers = [element.get("id") for element in presentation.slides._sldIdLst]
    parts = []
    for name, count in sections:
        slides, identifiers = identifiers[:count], identifiers[count:]
        entries = "".join(f'<p14:sldId id="{identifier}"/>' for identifier in slides)
        parts.append(
            f'<p14:section name="{name}" id="{{00000000-0000-0000-0000-000000000000}}"><p14:sldIdLst>{entries}'
            "</p14:sldIdLst></p14:section>"
        )
    presentation.element.append(parse_xml(SECTIONS % "".join(parts)))


def word() -> Any:
    return docx.Document()


def pdf_with_pictures(pages: int = 2) -> bytes:
    """Pages with a heading, a sentence, a numbered list and a picture of its own each."""
    file = FPDF()
    for number in range(1, pages + 1):
        file.add_page()
        file.set_font("Helvetica", "B", 18)
        file.cell(0, 10, f"Del {number} om regler", new_x="LMARGIN", new_y="NEXT")
        file.set_font("Helvetica", "", 11)
        file.multi_cell(0, 6, SENTENCE * 3, new_x="LMARGIN", new_y="NEXT")
        for point in (1, 2, 3):
            file.cell(0, 6, f"{point}. Punkt {point} i listen.", new_x="LMARGIN", new_y="NEXT")
        file.ln(5)
        file.image(io.BytesIO(picture(f"Figur {number}")), w=80)
    return bytes(file.output())
