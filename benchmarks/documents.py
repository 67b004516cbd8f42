"""A presentation and a Word document of 200 pages with pictures and tables, from the bytes to draft lessons."""

import io
import random
import time
from itertools import pairwise
from typing import Any

from benchmarks.corpus import progress
from benchmarks.table import Measurement, at_most
from courses.authoring.documents import DraftLessons, lessons_of

PAGES = 200
PICTURES = 100
TABLES = 50
SECONDS = 20
LONGEST_SILENCE = 2  # seconds between two words on how far it has come
PICTURE_SIZE = (1920, 1080)
ROWS = 6
SENTENCE = "Medarbejdere må kun bruge værktøjer, som kommunen har godkendt, og de skal altid kontrollere svaret selv. "


def measurements() -> list[Measurement]:
    """Seconds from the bytes of each file to its draft lessons, and the longest time without progress."""
    rows: list[Measurement] = []
    for name, label, made in (
        ("kursus.pptx", f"{PAGES} dias", presentation),
        ("vejledning.docx", f"Word, {PAGES} sider", document),
    ):
        progress(f"Måler et dokument som lektioner: {label}")
        data = made()
        taken, silence, found = _timed(name, data)
        size = f"{len(data) / 1e6:.0f} MB, {len(found.pictures)} billeder, {len(found.lessons)} lektioner"
        rows += [
            Measurement(f"{label} til udkast til lektioner", taken, "s", at_most(SECONDS), note=size),
            Measurement(f"Længste stilstand undervejs, {label}", silence, "s", at_most(LONGEST_SILENCE), digits=2),
        ]
    return rows


def _timed(name: str, data: bytes) -> tuple[float, float, DraftLessons]:
    started = time.perf_counter()
    told = [started]
    found = lessons_of(name, data, lambda _: told.append(time.perf_counter()))
    silence = max(later - earlier for earlier, later in pairwise(told))
    return time.perf_counter() - started, silence, found


def presentation() -> bytes:
    """Slides with bullets and notes, a picture on every second and a table on every fourth."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    pictures = _pictures()
    for number in range(PAGES):
        slide = deck.slides.add_slide(deck.slide_layouts[2 if number % 20 == 0 else 1])
        slide.shapes.title.text = f"Emne {number + 1}"
        slide.placeholders[1].text = "\n".join(f"{SENTENCE}({point})" for point in range(5))
        slide.notes_slide.notes_text_frame.text = SENTENCE * 4
        if number % (PAGES // PICTURES) == 0:
            slide.shapes.add_picture(io.BytesIO(pictures.pop()), Inches(1), Inches(3), Inches(4))
        if number % (PAGES // TABLES) == 1:
            table = slide.shapes.add_table(ROWS, 4, Inches(1), Inches(4), Inches(8), Inches(2)).table
            for row in range(ROWS):
                for column in range(4):
                    table.cell(row, column).text = f"Felt {row}.{column}"
    return _saved(deck)


def document() -> bytes:
    """Pages of headings, paragraphs and lists, a picture on every second and a table on every fourth."""
    import docx
    from docx.shared import Cm

    file: Any = docx.Document()
    pictures = _pictures()
    for number in range(PAGES):
        file.add_heading(f"Emne {number + 1}", 1 if number % 20 == 0 else 2)
        for _ in range(4):
            file.add_paragraph(SENTENCE * 4)
        for point in range(4):
            file.add_paragraph(f"{SENTENCE}({point})", style="List Number" if number % 2 else "List Bullet")
        if number % (PAGES // PICTURES) == 0:
            file.add_picture(io.BytesIO(pictures.pop()), width=Cm(12))
        if number % (PAGES // TABLES) == 1:
            # A cell is looked up in the whole table each time it is asked for, so the rows are asked once.
            for row, cells in enumerate(file.add_table(ROWS, 4).rows):
                for column, cell in enumerate(cells.cells):
                    cell.text = f"Felt {row}.{column}"
        file.add_page_break()
    return _saved(file)


def _pictures() -> list[bytes]:
    """Different pictures: photographs as JPEG and drawings as PNG, half of each."""
    from PIL import Image, ImageDraw

    chance = random.Random(7)
    found = []
    for number in range(PICTURES):
        coarse = Image.frombytes("RGB", (64, 36), chance.randbytes(64 * 36 * 3))
        picture = coarse.resize(PICTURE_SIZE, Image.Resampling.BICUBIC)
        if number % 2:
            picture = Image.new("RGB", PICTURE_SIZE, (240, 245, 242))
            drawing = ImageDraw.Draw(picture)
            for _ in range(60):
                corner = (chance.randrange(PICTURE_SIZE[0]), chance.randrange(PICTURE_SIZE[1]))
                drawing.rectangle((*corner, corner[0] + 80, corner[1] + 40), tuple(chance.randbytes(3)))
        stream = io.BytesIO()
        picture.save(stream, "PNG" if number % 2 else "JPEG")
        found.append(stream.getvalue())
    return found


def _saved(file: Any) -> bytes:
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()
