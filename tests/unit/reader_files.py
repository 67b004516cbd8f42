"""Builds small real files for the readers' tests."""

import io
import zipfile

import docx
import pptx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont
from pptx.util import Inches

SENTENCE = "Medarbejdere må kun bruge værktøjer, som kommunen har godkendt, og de skal altid kontrollere svaret selv. "


def pdf(pages: list[list[tuple[str, str]]], footer: bool = False, header: str = "") -> bytes:
    """A PDF from ("h1" | "h2" | "bold" | "p", text) parts; "\\n" in a text is a line's end."""
    file = FPDF()
    file.set_auto_page_break(False)
    for number, parts in enumerate(pages, start=1):
        file.add_page()
        if header:
            file.set_font("Helvetica", "", 9)
            file.set_xy(10, 5)
            file.cell(0, 5, header)
        file.set_xy(10, 45)
        for kind, text in parts:
            style, size = {"h1": ("B", 20), "h2": ("B", 15), "bold": ("B", 11), "p": ("", 11)}[kind]
            file.set_font("Helvetica", style, size)
            file.multi_cell(0, size / 2, text, new_x="LMARGIN", new_y="NEXT", align="L")
            file.ln(4)
        if footer:
            file.set_font("Helvetica", "", 9)
            file.set_xy(10, 285)
            file.cell(0, 5, f"Side {number} af {len(pages)}", align="C")
    return bytes(file.output())


def pdf_with_table(rows: list[tuple[str, ...]]) -> bytes:
    file = FPDF()
    file.add_page()
    file.set_font("Helvetica", "", 11)
    file.cell(0, 8, "Oversigt over værktøjer i kommunen.", new_x="LMARGIN", new_y="NEXT")
    file.ln(6)
    for row in rows:
        for cell in row:
            file.cell(60, 8, cell)
        file.ln(8)
    return bytes(file.output())


def pdf_with_bookmarks() -> bytes:
    """Body text and headings in one size and weight, told apart by bookmarks only."""
    file = FPDF()
    file.set_font("Helvetica", "", 11)
    for title, level in (("Formål", 0), ("Afgrænsning", 1)):
        file.add_page()
        file.start_section(title, level=level)
        file.cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
        file.ln(8)
        file.multi_cell(0, 6, SENTENCE * 3)
    return bytes(file.output())


def scan(text: str | None = "Indtast aldrig CPR-numre i ChatGPT.") -> bytes:
    """A picture of a page with the text in large letters."""
    image = Image.new("L", (1240, 700), 255)
    if text:
        font = ImageFont.load_default(size=56)
        ImageDraw.Draw(image).text((80, 200), text, fill=0, font=font)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def scanned_pdf(text_pages: int = 0, scanned_pages: int = 1) -> bytes:
    """Pages of text followed by pages that are pictures of text."""
    file = FPDF()
    for _ in range(text_pages):
        file.add_page()
        file.set_font("Helvetica", "", 11)
        file.multi_cell(0, 6, SENTENCE * 3)
    for _ in range(scanned_pages):
        file.add_page()
        file.image(io.BytesIO(scan()), x=10, y=20, w=190)
    return bytes(file.output())


def many_pages_pdf(count: int) -> bytes:
    file = FPDF()
    file.set_font("Helvetica", "", 11)
    for number in range(count):
        file.add_page()
        file.cell(0, 8, f"Tekst {number}")
    return bytes(file.output())


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph("Retningslinje for AI", style="Title")
    document.add_heading("Persondata", 1)
    paragraph = document.add_paragraph("Skriv aldrig ")
    _tracked(paragraph, "w:del", "navne ")
    _tracked(paragraph, "w:ins", "CPR-numre ")
    paragraph.add_run("i en chat. Læs ")
    link = OxmlElement("w:hyperlink")
    link.append(_run("vejledningen"))
    paragraph._p.append(link)
    document.add_heading("Kontrol", 2)
    document.add_paragraph("Kontrollér tal", style="List Bullet")
    document.add_paragraph("Kontrollér navne", style="List Number")
    table = document.add_table(2, 2)
    for row, texts in zip(table.rows, (("Værktøj", "Status"), ("Copilot", "Godkendt")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("Efter tabellen.")
    return _saved(document)


def _run(text: str, tag: str = "w:t"):
    return parse_xml(f'<w:r {nsdecls("w")}><{tag} xml:space="preserve">{text}</{tag}></w:r>')


def _tracked(paragraph, tag: str, text: str) -> None:
    change = OxmlElement(tag)
    change.append(_run(text, "w:delText" if tag == "w:del" else "w:t"))
    paragraph._p.append(change)


def slides() -> bytes:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "AI i hverdagen"
    slide.placeholders[1].text = "Spørg først\nTjek svaret"
    slide.notes_slide.notes_text_frame.text = "Husk pausen."
    second = presentation.slides.add_slide(presentation.slide_layouts[5])
    second.shapes.title.text = "Værktøjer"
    group = second.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1))
    box.text_frame.text = "Tekst i en gruppe"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table
    for row, texts in enumerate((("Navn", "Må bruges"), ("Copilot", "Ja"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    presentation.slides.add_slide(presentation.slide_layouts[6])
    return _saved(presentation)


def _saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rewritten(data: bytes, changed: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same zip with some entries replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", compression) as new:
        for entry in old.infolist():
            if entry.filename not in changed:
                new.writestr(entry.filename, old.read(entry))
        for name, content in changed.items():
            new.writestr(name, content)
    return stream.getvalue()


def entry_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
