"""Documents as draft lessons: what an author sees of an uploaded presentation, Word document, PDF or Markdown file."""

import base64
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches

from courses.authoring.documents import DraftLessons, lessons_of
from courses.course import Lesson
from courses.picture import named_in
from rag.readers import (
    DamagedFile,
    EmptyFile,
    Limits,
    ProtectedFile,
    TookTooLong,
    TooLarge,
    UnreadableFile,
    UnsupportedFile,
)
from tests.unit import test_readers_hostile as hostile
from tests.unit.document_files import (
    add_picture,
    add_sections,
    deck,
    pdf_with_pictures,
    picture,
    saved,
    slide,
    word,
)
from tests.unit.reader_files import SENTENCE, entry_of, pdf, pdf_with_table, rewritten, scanned_pdf, slides, word_file

EMF = b"\x01\x00\x00\x00" + b"\x00" * 36 + b" EMF" + b"\x00" * 100
NO_RECOGNITION = hostile.NoRecognition()


def read(name: str, data: bytes) -> DraftLessons:
    """The draft, checked for what holds for every draft."""
    draft = lessons_of(name, data, recognition=NO_RECOGNITION)
    shown = {sha for lesson in draft.lessons for sha in named_in(lesson.text)}
    assert shown == set(draft.pictures)
    for number, lesson in enumerate(draft.lessons):
        Lesson(id=f"lektion-{number}", title=lesson.title, minutes=lesson.minutes, text=lesson.text)
    return draft


def told(draft: DraftLessons, *words: str) -> bool:
    return any(all(word in warning for word in words) for warning in draft.warnings)


# --- Presentations -----------------------------------------------------------------------------------------------------


def test_a_section_header_begins_a_lesson():
    file = deck()
    slide(file, "AI i hjemmeplejen", "Kursus for assistenter", layout=0)
    slide(file, "Program", "Først\nSå")
    slide(file, "Hvad er AI?", "Første del", layout=2)
    slide(file, "Eksempler", "Et\nTo")
    draft = read("kursus.pptx", saved(file))
    assert draft.title == "AI i hjemmeplejen"
    assert [(one.title, one.first_page, one.last_page) for one in draft.lessons] == [
        ("AI i hjemmeplejen", 1, 2),
        ("Hvad er AI?", 3, 4),
    ]
    assert draft.lessons[0].text == "Kursus for assistenter\n\n## Program\n\n- Først\n- Så"
    assert draft.lessons[1].text == "Første del\n\n## Eksempler\n\n- Et\n- To"


def test_the_sections_of_a_file_come_first():
    file = deck()
    for number in range(1, 7):
        slide(file, f"Emne {number}", "Et\nTo", layout=2 if number == 4 else 1)
    add_sections(file, [("Standardsektion", 2), ("Regler", 4)])
    draft = read("kursus.pptx", saved(file))
    assert [(one.title, one.first_page, one.last_page) for one in draft.lessons] == [("Emne 1", 1, 2), ("Regler", 3, 6)]
    assert draft.lessons[1].text.startswith("## Emne 3\n\n- Et")


def test_without_sections_slides_are_parted_in_even_runs():
    file = deck()
    for number in range(1, 21):
        slide(file, f"Emne {number}", SENTENCE)
    lessons = read("kursus.pptx", saved(file)).lessons
    assert [(one.first_page, one.last_page) for one in lessons] == [(1, 7), (8, 13), (14, 20)]
    assert [one.title for one in lessons] == ["Emne 1", "Emne 8", "Emne 14"]


def test_levels_numbers_notes_and_slides_without_a_title():
    file = deck()
    made = slide(file, "Trin", "Fjern navne\nogså initialer\nSkriv")
    made.placeholders[1].text_frame.paragraphs[1].level = 1
    made.notes_slide.notes_text_frame.text = "Spørg først.\nVent lidt."
    numbered = slide(file, None)
    box = numbered.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame
    box.text = "Gem"
    box.add_paragraph().text = "Luk"
    for paragraph in box.paragraphs:
        paragraph._p.get_or_add_pPr().append(
            paragraph._p.makeelement(
                "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum",
                {"type": "arabicPeriod", "startAt": "4"},
            )
        )
    (lesson,) = read("kursus.pptx", saved(file)).lessons
    assert lesson.text == (
        "## Trin\n\n- Fjern navne\n  - også initialer\n- Skriv\n\n> **Noter:** Spørg først.\n>\n> Vent lidt.\n\n"
        "## Dias 2\n\n4. Gem\n5. Luk"
    )


def test_bold_links_and_odd_addresses_on_a_slide():
    file = deck()
    frame = slide(file, "Links").shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame
    for text, address in (
        ("Læs på ", None),
        ("Broen", "https://broen.dk/ai"),
        (" eller ", None),
        ("her", "file:///c:/x"),
    ):
        run = frame.paragraphs[0].add_run()
        run.text = text
        if address:
            run.hyperlink.address = address
    frame.paragraphs[0].runs[0].font.bold = True
    draft = read("kursus.pptx", saved(file))
    assert draft.lessons[0].text == "## Links\n\n**Læs på** [Broen](<https://broen.dk/ai>) eller her"
    assert told(draft, "Links", "på dias 1")


def test_tables_of_slides():
    file = deck()
    table = slide(file, "Værktøjer").shapes.add_table(3, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for row, texts in enumerate((("Navn", "Til"), ("Copilot", "Møder | noter\nog mail"), ("Flettet", ""))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(2, 0).merge(table.cell(2, 1))
    draft = read("kursus.pptx", saved(file))
    assert draft.lessons[0].text == (
        "## Værktøjer\n\n| Navn | Til |\n| --- | --- |\n| Copilot | Møder \\| noter; og mail |\n| Flettet |  |"
    )
    assert told(draft, "flettede celler", "på dias 1")


def test_pictures_stand_in_place_with_their_words():
    file = deck()
    made = slide(file, "Skærmen")
    add_picture(made, picture("A"), "Et skærmbillede af [chatten]")
    add_picture(made, picture("B"))
    add_picture(made, picture("C"), "billede1.png")
    add_picture(made, picture("D"), "Pynt", decorative=True)
    add_picture(made, picture("E", size=(20, 20)))
    draft = read("kursus.pptx", saved(file))
    lines = draft.lessons[0].text.split("\n\n")
    assert [line.partition("](")[0] for line in lines[1:]] == [
        "![Et skærmbillede af chatten",
        "![Billede fra dias 1",
        "![Billede fra dias 1",
    ]
    assert len(draft.pictures) == 3
    assert told(draft, "2 billeder mangler", "beskrivelse")


def test_a_logo_on_many_slides_is_kept_once():
    file = deck()
    for number in range(5):
        made = slide(file, f"Emne {number}", SENTENCE)
        add_picture(made, picture("Logo"), "Logo")
        if number in (1, 2):
            add_picture(made, picture("To gange"), "Figur")
    draft = read("kursus.pptx", saved(file))
    text = draft.lessons[0].text
    assert text.count("![Logo]") == 1 and text.count("![Figur]") == 2
    assert told(draft, "gentages")


def test_what_is_cut_away_from_a_picture_is_not_kept():
    image = Image.new("RGB", (400, 200), "red")
    image.paste((0, 0, 255), (200, 0, 400, 200))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    file = deck()
    add_picture(slide(file, "Udsnit"), stream.getvalue(), "Rød").crop_right = 0.5
    (kept,) = read("kursus.pptx", saved(file)).pictures.values()
    found = Image.open(io.BytesIO(kept.data)).convert("RGB")
    assert found.size == (200, 200) and found.getcolors() == [(40_000, (255, 0, 0))]


def test_a_wide_photograph_is_made_smaller_and_upright():
    image = Image.new("RGB", (2_000, 3_000), "red")
    told_by_camera = Image.Exif()
    told_by_camera[0x0112] = 6  # turned a quarter
    told_by_camera[0x010F] = "Kamera"
    stream = io.BytesIO()
    image.save(stream, "JPEG", exif=told_by_camera)
    file = deck()
    add_picture(slide(file, "Foto"), stream.getvalue(), "Et rødt felt")
    (kept,) = read("kursus.pptx", saved(file)).pictures.values()
    found = Image.open(io.BytesIO(kept.data))
    assert found.size == (1_600, 1_067) and kept.media_type == "image/jpeg" and not found.getexif()


def test_charts_become_tables_and_are_told_of():
    file = deck()
    numbers = CategoryChartData()
    numbers.categories = ["Maj", "Juni"]
    numbers.add_series("Brugere", (12, 19.5))
    chart = (XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(5), Inches(3))
    slide(file, "Brug").shapes.add_chart(*chart, numbers)
    draft = read("kursus.pptx", saved(file))
    assert "| Maj | 12 |\n| Juni | 19,5 |" in draft.lessons[0].text
    assert told(draft, "Diagrammer", "på dias 1", "billede")


def test_drawings_linked_vector_and_broken_pictures_are_told_of_by_slide():
    file = deck()
    arrows = slide(file, "Pile")
    for number in range(3):
        arrows.shapes.add_connector(1, Inches(1), Inches(1), Inches(2), Inches(2 + number))
    add_picture(slide(file, "Vektor"), picture("emf"))
    add_picture(slide(file, "Defekt"), picture("defekt"))
    linked = add_picture(slide(file, "Uden for filen"), picture("linket"))
    blip = linked._element.blipFill.find("{*}blip")
    relation = linked.part.relate_to("https://eksempel.dk/x.png", blip.getroottree().getroot().tag, is_external=True)
    blip.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed", relation)
    slide(file, "Skjult", SENTENCE).element.set("show", "0")
    data = saved(file)
    media = {picture("emf"): EMF, picture("defekt"): picture("defekt")[:200]}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        changed = {
            name: media[content]
            for name in archive.namelist()
            if name.startswith("ppt/media/") and (content := archive.read(name)) in media
        }
    assert len(changed) == 2
    draft = read("kursus.pptx", rewritten(data, changed))
    assert draft.pictures == {}
    assert told(draft, "Pile", "på dias 1")
    assert told(draft, "EMF", "på dias 2")
    assert told(draft, "beskadigede", "på dias 3")
    assert told(draft, "uden for filen", "på dias 4")
    assert told(draft, "skjulte dias", "på dias 5")
    assert "## Skjult" in draft.lessons[0].text


def test_a_formula_on_a_slide_is_text_and_a_picture():
    file = deck()
    made = slide(file, "Formel")
    add_picture(made, picture("formel"), "x er lig 1")
    shown = made.shapes._spTree[-1]
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    alternatives = parse_xml(
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"><mc:Choice Requires="a14"><p:sp><p:nvSpPr>'
        '<p:cNvPr id="9" name="f"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a14:m>'
        f"<m:oMath {math}><m:r><m:t>x=1</m:t></m:r></m:oMath></a14:m></a:p></p:txBody></p:sp></mc:Choice><mc:Fallback/>"
        "</mc:AlternateContent>"
    )
    made.shapes._spTree.append(alternatives)
    alternatives[-1].append(shown)
    draft = read("kursus.pptx", saved(file))
    assert draft.lessons[0].text.startswith("## Formel\n\nx=1\n\n![x er lig 1](picture:")
    assert told(draft, "Formler", "på dias 1")


def test_a_picture_bomb_is_left_out_and_the_rest_is_read():
    stream = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(stream, "PNG")
    file = deck()
    made = slide(file, "Bombe", SENTENCE)
    add_picture(made, stream.getvalue())
    add_picture(made, picture())
    draft = read("kursus.pptx", saved(file))
    assert len(draft.pictures) == 1 and SENTENCE.strip() in draft.lessons[0].text
    assert told(draft, "for store", "på dias 1")


def test_more_pictures_than_the_limit_are_counted():
    file = deck()
    for number in range(210):
        if number % 10 == 0:
            made = slide(file, f"Emne {number}")
        add_picture(made, picture(str(number), size=(64, 64)), "Figur")
    draft = read("kursus.pptx", saved(file))
    assert len(draft.pictures) == 200
    assert told(draft, "10 mangler")


# --- Word documents ----------------------------------------------------------------------------------------------------


def test_word_is_cut_at_the_highest_heading_with_several():
    file = word()
    file.add_paragraph("Vejledning i AI", style="Title")
    file.add_paragraph("Gælder fra oktober.")
    for part in ("Formål", "Regler"):
        file.add_heading(part, 1)
        file.add_paragraph(SENTENCE)
        file.add_heading(f"Mere om {part.lower()}", 3)
        file.add_paragraph("Tekst.")
    draft = read("vejledning.docx", saved(file))
    assert draft.title == "Vejledning i AI"
    assert [one.title for one in draft.lessons] == ["Formål", "Regler"]
    assert draft.lessons[0].text == f"Gælder fra oktober.\n\n{SENTENCE.strip()}\n\n## Mere om formål\n\nTekst."
    assert draft.lessons[0].first_page is None


@pytest.mark.parametrize(
    ("levels", "titles"),
    [
        ([1, 2, 2], ["A1", "A2"]),  # one heading of level 1 is the title of the document
        ([1] * 26, ["vejledning"]),
        ([], ["vejledning"]),
    ],
)
def test_how_many_lessons_a_document_gives(levels, titles):
    file = word()
    for number, level in enumerate(levels):
        file.add_heading(f"A{number}", level)
        file.add_paragraph("Tekst.")
    if not levels:
        file.add_paragraph("Tekst.")
    found = [one.title for one in read("vejledning.docx", saved(file)).lessons]
    assert found == titles


def test_lists_pictures_and_tables_of_word_in_place():
    file = word()
    file.add_paragraph("Skriv aldrig CPR-numre", style="List Bullet")
    file.add_paragraph("heller ikke i noter", style="List Bullet 2")
    file.add_paragraph("Fjern navne", style="List Number")
    file.add_picture(io.BytesIO(picture()))
    file.add_paragraph("Skriv", style="List Number")
    table = file.add_table(2, 2)
    for row, texts in zip(table.rows, (("Type", "Må"), ("Referat", "Ja | nej\nLæs")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 0).paragraphs[0].add_run().add_picture(io.BytesIO(picture("I en celle")))
    draft = read("vejledning.docx", saved(file))
    first, second = draft.pictures
    assert draft.lessons[0].text == (
        "- Skriv aldrig CPR-numre\n  - heller ikke i noter\n1. Fjern navne\n\n"
        f"![Billede fra dokumentet](picture:{first})\n\n2. Skriv\n\n"
        "| Type | Må |\n| --- | --- |\n| Referat | Ja \\| nej; Læs |\n\n"
        f"![Billede fra dokumentet](picture:{second})"
    )


def test_word_emphasis_links_formulas_and_text_boxes():
    data = word_file()
    added = (
        '<w:p xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
        "<w:r><w:rPr><w:b/></w:rPr><w:t>Fed</w:t></w:r>"
        "<w:r><w:t xml:space='preserve'> og m</w:t></w:r>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://randers.dk" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>Randers</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>I en boks.</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    body = entry_of(data, "word/document.xml").replace(b"<w:body>", b"<w:body>" + added.encode(), 1)
    draft = read("a.docx", rewritten(data, {"word/document.xml": body}))
    text = "\n\n".join(one.text for one in draft.lessons)
    assert "**Fed** og m²[Randers](<https://randers.dk>) x=1\n\nI en boks." in text
    assert "Skriv aldrig CPR-numre i en chat." in text and "navne CPR" not in text  # a tracked deletion is gone
    assert told(draft, "Formler", "før første overskrift")


def test_footnotes_stand_at_the_end_of_their_lesson():
    file = word()
    for part in ("Formål", "Regler"):
        file.add_heading(part, 1)
        file.add_paragraph(f"Tekst om {part.lower()}.")
    data = saved(file)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f'<w:footnotes {space}><w:footnote w:id="2"><w:p><w:r><w:t>Se loven.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    mark = b'<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    body = entry_of(data, "word/document.xml").replace(b"</w:t></w:r></w:p>", b"</w:t></w:r>" + mark, 2)
    relations = entry_of(data, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rIdF" Target="footnotes.xml" Type='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/></Relationships>',
    )
    types = entry_of(data, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/></Types>',
    )
    changed = {
        "word/document.xml": body,
        "word/footnotes.xml": notes.encode(),
        "word/_rels/document.xml.rels": relations,
        "[Content_Types].xml": types,
    }
    first, second = read("a.docx", rewritten(data, changed)).lessons
    assert first.text == "Tekst om formål.\\[1\\]\n\n**Noter**\n\n\\[1\\] Se loven."
    assert "Noter" not in second.text


def test_text_of_a_document_stays_text():
    file = word()
    for line in ("> [!husk] Gør det", "# Ikke en overskrift", "1. maj", "![x](picture:" + "a" * 64 + ")", "<b>$5$</b>"):
        file.add_paragraph(line)
    draft = read("a.docx", saved(file))
    assert draft.lessons[0].text.split("\n\n") == [
        "\\> \\[!husk\\] Gør det",
        "\\# Ikke en overskrift",
        "1\\. maj",
        "!\\[x\\](picture:" + "a" * 64 + ")",
        "\\<b>\\$5\\$\\</b>",
    ]
    assert draft.pictures == {}


def test_a_text_box_in_two_forms_is_read_once():
    data = word_file()
    box = "<w:txbxContent><w:p><w:r><w:t>I en boks.</w:t></w:r></w:p></w:txbxContent>"
    drawing = (
        '<w:p xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:r><mc:AlternateContent><mc:Choice '
        'Requires="wps"><w:drawing><wp:anchor><wp:docPr id="1" name="x"/><a:graphic><a:graphicData uri="x"><wps:wsp>'
        f"<wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    body = entry_of(data, "word/document.xml").replace(b"<w:sectPr", drawing.encode() + b"<w:sectPr", 1)
    draft = read("a.docx", rewritten(data, {"word/document.xml": body}))
    assert "\n\n".join(one.text for one in draft.lessons).count("I en boks.") == 1


def test_smart_art_of_word_becomes_a_list():
    data = word_file()
    name = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
    drawing = (
        '<w:p xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:r><w:drawing><wp:inline>'
        f'<wp:docPr id="1" name="x"/><a:graphic><a:graphicData uri="{name}"><dgm:relIds xmlns:dgm="{name}" r:dm="rIdD"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    points = "".join(
        f"<dgm:pt{kind}><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        for kind, text in (("", "Spørg"), (' type="node"', "Tjek *alt*"), (' type="pres"', "Pynt"))
    )
    model = (
        f'<dgm:dataModel xmlns:dgm="{name}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f"<dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
    )
    changed = {
        "word/document.xml": entry_of(data, "word/document.xml").replace(
            b"<w:sectPr", drawing.encode() + b"<w:sectPr", 1
        ),
        "word/diagrams/data1.xml": model.encode(),
        "word/_rels/document.xml.rels": entry_of(data, "word/_rels/document.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rIdD" Target="diagrams/data1.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
            b'2006/relationships/diagramData"/></Relationships>',
        ),
        "[Content_Types].xml": entry_of(data, "[Content_Types].xml").replace(
            b"</Types>",
            b'<Override PartName="/word/diagrams/data1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            b'drawingml.diagramData+xml"/></Types>',
        ),
    }
    draft = read("a.docx", rewritten(data, changed))
    text = draft.lessons[-1].text
    assert text.endswith("- Spørg\n- Tjek \\*alt\\*") and "Pynt" not in text
    assert told(draft, "SmartArt", "under “Kontrol”")


# --- PDF ---------------------------------------------------------------------------------------------------------------


def test_pdf_keeps_headings_numbers_and_pictures_of_its_pages():
    draft = read("regler.pdf", pdf_with_pictures())
    assert [(one.title, one.first_page, one.last_page) for one in draft.lessons] == [
        ("Del 1 om regler", 1, 1),
        ("Del 2 om regler", 2, 2),
    ]
    text = draft.lessons[0].text
    assert "1. Punkt 1 i listen.\n2. Punkt 2 i listen.\n3. Punkt 3 i listen.\n\n![Billede fra side 1]" in text
    assert len(draft.pictures) == 2


def test_pdf_tables_and_scanned_pages():
    draft = read("a.pdf", pdf_with_table([("Navn", "Må bruges"), ("Copilot", "Ja"), ("ChatGPT", "Nej")]))
    assert "| Navn | Må bruges |\n| --- | --- |\n| Copilot | Ja |\n| ChatGPT | Nej |" in draft.lessons[0].text
    mixed = read("b.pdf", scanned_pdf(text_pages=1, scanned_pages=1))
    assert told(mixed, "Side 2", "indscanning") and len(mixed.pictures) == 1
    with pytest.raises(EmptyFile, match="indscanning"):
        read("c.pdf", scanned_pdf())


def test_a_picture_bomb_in_a_pdf_is_never_unpacked():
    data = pdf_with_pictures(pages=1)
    assert b"/Width 320" in data
    draft = read("a.pdf", data.replace(b"/Width 320", b"/Width 3200000"))
    assert draft.pictures == {} and told(draft, "for store", "på side 1")
    assert "Punkt 3 i listen." in draft.lessons[0].text


class Recognised:
    """Text recognition that reads one sentence on every page."""

    def available(self) -> bool:
        return True

    def page_text(self, pdf, page, watch) -> str:
        return SENTENCE


def test_a_page_that_was_recognised_is_text_and_no_picture():
    draft = lessons_of("a.pdf", scanned_pdf(text_pages=1), recognition=Recognised())
    assert draft.pictures == {} and draft.lessons[0].text.count("Medarbejdere må kun") >= 4
    assert told(draft, "tekstgenkendelse", "Side 2")


# --- Markdown ----------------------------------------------------------------------------------------------------------


def test_markdown_is_cut_at_its_first_level_and_kept_as_written():
    text = (
        "---\ntitle: Kursus i AI\n---\nIndledning.\n\n# Formål\n\n> [!husk]\n> Læs **alt**.\n\n## Mere\n\n- a\n  - b\n\n"
        "```\n# ikke en overskrift <b>\n```\n\nRegler\n======\n\nSe [Broen](https://broen.dk) og [filen](side2.md).\n"
    )
    draft = read("kursus.md", text.encode())
    assert draft.title == "Kursus i AI"
    assert [one.title for one in draft.lessons] == ["Formål", "Regler"]
    assert draft.lessons[0].text == (
        "Indledning.\n\n> [!husk]\n> Læs **alt**.\n\n## Mere\n\n- a\n  - b\n\n```\n# ikke en overskrift <b>\n```"
    )
    assert draft.lessons[1].text == "Se [Broen](https://broen.dk) og filen."
    assert told(draft, "Links", "under “Regler”")


def test_markdown_without_html_scripts_and_foreign_pictures():
    inside = base64.b64encode(picture()).decode()
    text = (
        f"# A\n\n![Et skema](data:image/png;base64,{inside})\n\n![Udenfor](https://eksempel.dk/a.png)\n\n"
        "Kort <b>tekst</b><script>alert(1)</script><!-- skjult --> og `<div>` x<scr<b>ipt>y <https://randers.dk>\n\n"
        "[klik](javascript:alert(1)) ![kendt](picture:" + "a" * 64 + ")\n"
    )
    draft = read("a.md", text.encode())
    shown = draft.lessons[0].text
    assert shown.startswith("![Et skema](picture:") and "\n\nUdenfor\n\n" in shown
    assert "Kort tekst" in shown and "alert" not in shown and "skjult" not in shown and "`<div>`" in shown
    assert "<scr" not in shown.replace("\\<scr", "") and "<https://randers.dk>" in shown and "javascript" not in shown
    assert told(draft, "HTML") and told(draft, "2 billeder") and len(draft.pictures) == 1


# --- All formats -------------------------------------------------------------------------------------------------------


def test_personal_data_is_found_in_text_titles_notes_and_words_of_pictures():
    file = deck()
    made = slide(file, "Sagen", "Hanne Jensen har CPR-nummer 010190-1234\nHun venter")
    made.notes_slide.notes_text_frame.text = "Ring på 23 45 67 89."
    add_picture(made, picture(), "Skærmbillede med nummer 020280-4321")
    draft = read("kursus.pptx", saved(file))
    assert draft.findings["cpr"] == 2 and draft.findings["phone"] == 1
    assert draft.stopped and draft.stopping_places == "dias 1, “Sagen”"
    assert "010190" not in " ".join(spot.excerpt for spot in draft.spots)
    hidden = read("a.md", b"Nummer 010190\\-1234 og [mail](mailto:hanne.jensen@privat.dk).")
    assert hidden.findings == {"cpr": 1, "email": 1}


def test_reading_time_and_progress():
    file = word()
    for _ in range(40):
        file.add_paragraph(SENTENCE)
    steps: list[float] = []
    draft = lessons_of("a.docx", saved(file), steps.append)
    assert draft.lessons[0].minutes == round(40 * len(SENTENCE.split()) / 180)
    assert steps[0] == 0.0 and steps[-1] == 1.0 and steps == sorted(steps) and len(set(steps)) > 20


def test_a_text_too_long_for_one_lesson_is_parted():
    file = word()
    file.add_paragraph("ord " * 150_000)
    table = file.add_table(1, 2)
    table.cell(0, 0).text = "Hoved"
    draft = read("a.docx", saved(file))
    assert len(draft.lessons) > 1 and draft.lessons[1].title.endswith("(del 2)")
    assert sum(one.text.count("ord") for one in draft.lessons) == 150_000
    with pytest.raises(TooLarge, match="alt for meget tekst"):
        read("a.md", b"ord " * 1_100_000)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.docx", b"", EmptyFile),
        ("a.docx", saved(word()), EmptyFile),
        ("a.pptx", saved(deck()), EmptyFile),
        ("a.txt", b"tekst", UnsupportedFile),
        ("a.html", b"<p>tekst</p>", UnsupportedFile),
        ("a.docx", hostile.PDF, UnsupportedFile),
        ("a.pptx", hostile.DOCX, UnsupportedFile),
        ("a.docm", hostile.DOCX, UnsupportedFile),
        ("a.docx", rewritten(hostile.DOCX, {"word/vbaProject.bin": b"x"}), UnsupportedFile),
        ("a.docx", rewritten(hostile.DOCX, {"word/media/a.png": b"\x00" * 30_000_000}), TooLarge),
        ("a.docx", rewritten(hostile.DOCX, {"../../etc/passwd": b"x"}), DamagedFile),
        ("a.docx", hostile.DOCX[: len(hostile.DOCX) // 2], DamagedFile),
        ("a.pptx", hostile.PPTX[: len(hostile.PPTX) // 2], DamagedFile),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
         + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le"), ProtectedFile),
    ],
)  # fmt: skip
def test_what_is_refused(name, data, error):
    with pytest.raises(error):
        read(name, data)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/numbering.xml"])
def test_entities_are_refused_in_every_part(part):
    declaration = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    content = entry_of(hostile.DOCX, part).split(b"?>", 1)[1]
    with pytest.raises(DamagedFile):
        read("a.docx", rewritten(hostile.DOCX, {part: declaration + content}))


def test_limits_and_time():
    with pytest.raises(TooLarge, match="3 dias"):
        lessons_of("a.pptx", slides(), limits=Limits(max_pages=2))
    with pytest.raises(TookTooLong):
        lessons_of("a.docx", hostile.DOCX, limits=Limits(max_seconds=0))


def read_or_refuse(name: str, data: bytes) -> None:
    try:
        draft = lessons_of(name, data, limits=Limits(max_seconds=20), recognition=NO_RECOGNITION)
    except UnreadableFile as error:
        assert str(error).endswith(".") and len(str(error)) > 30
    else:
        assert draft.lessons and all(one.text.strip() and one.title for one in draft.lessons)


RICH = {
    "a.pptx": slides(),
    "a.docx": word_file(),
    "a.pdf": pdf([[("h1", "Titel"), ("p", SENTENCE)]]),
    "a.md": b"# A\n\n<b>x</b> ![y](data:image/png;base64,AAAA) [z](http://a.dk)\n\n# B\n\nTekst",
}
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(
    st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml"]),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_changed_bytes_inside_word(part, changes):
    data = bytearray(entry_of(RICH["a.docx"], part))
    for place, value in changes:
        data[int(place * len(data))] = value
    read_or_refuse("a.docx", rewritten(RICH["a.docx"], {part: bytes(data)}))


@FUZZ
@given(
    st.sampled_from(["ppt/slides/slide1.xml", "ppt/slides/slide2.xml", "ppt/presentation.xml"]),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_changed_bytes_inside_slides(part, changes):
    data = bytearray(entry_of(RICH["a.pptx"], part))
    for place, value in changes:
        data[int(place * len(data))] = value
    read_or_refuse("a.pptx", rewritten(RICH["a.pptx"], {part: bytes(data)}))


@FUZZ
@given(
    st.sampled_from(sorted(RICH)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_changed_bytes_of_whole_files(name, changes):
    data = bytearray(RICH[name])
    for place, value in changes:
        data[int(place * len(data))] = value
    read_or_refuse(name, bytes(data))


@FUZZ
@given(st.text("-#*_`[]()<>!|:\\ \n\tab1.~={}&;/", max_size=400))
def test_random_markdown_holds_no_tag(text):
    read_or_refuse("a.md", f"x {text}".encode())
