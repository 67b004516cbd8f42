"""Word and PowerPoint."""

import io

import docx

from rag.readers import read_document
from tests.unit.reader_files import entry_of, rewritten, slides, word_file


def test_word_file_in_body_order():
    document = read_document("retningslinje.docx", word_file())
    assert document.title == "Retningslinje for AI"
    assert document.page_count == 0
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "Retningslinje for AI"),
        ("heading", 1, "Persondata"),
        ("paragraph", 0, "Skriv aldrig CPR-numre i en chat. Læs vejledningen"),
        ("heading", 2, "Kontrol"),
        ("list_item", 0, "Kontrollér tal"),
        ("list_item", 0, "Kontrollér navne"),
        ("table", 0, "Værktøj | Status\nCopilot | Godkendt"),
        ("paragraph", 0, "Efter tabellen."),
    ]
    assert {block.page for block in document.blocks} == {None}


def test_danish_and_inherited_heading_styles():
    file = docx.Document()
    style = file.styles.add_style("Randers afsnit", 1)
    style.base_style = file.styles["Heading 3"]
    file.add_paragraph("Et afsnit", style=style)
    overskrift = file.styles.add_style("Overskrift 2", 1)
    file.add_paragraph("Endnu et afsnit", style=overskrift)
    file.add_paragraph("Brødtekst.")
    stream = io.BytesIO()
    file.save(stream)
    blocks = read_document("a.docx", stream.getvalue()).blocks
    assert [(block.kind, block.level) for block in blocks] == [("heading", 3), ("heading", 2), ("paragraph", 0)]


def test_content_controls_text_boxes_and_hidden_text():
    data = word_file()
    control = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>I et felt.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr>"
        "<w:t>Skjult.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>Uden om.</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>I en boks.</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>"
    )
    body = entry_of(data, "word/document.xml").replace(b"<w:body>", b"<w:body>" + control.encode(), 1)
    blocks = read_document("a.docx", rewritten(data, {"word/document.xml": body})).blocks
    assert [block.text for block in blocks[:3]] == ["I et felt.", "Uden om.", "I en boks."]


def test_slides():
    document = read_document("kursus.pptx", slides())
    assert document.title == "AI i hverdagen"
    assert document.page_count == 3
    assert [(block.kind, block.level, block.page, block.text) for block in document.blocks] == [
        ("heading", 2, 1, "AI i hverdagen"),
        ("list_item", 0, 1, "Spørg først"),
        ("list_item", 0, 1, "Tjek svaret"),
        ("paragraph", 0, 1, "Noter: Husk pausen."),
        ("heading", 2, 2, "Værktøjer"),
        ("paragraph", 0, 2, "Tekst i en gruppe"),
        ("table", 0, 2, "Navn | Må bruges\nCopilot | Ja"),
    ]
    assert document.warnings == ("Dias 3 har ingen tekst (måske kun billeder) og er ikke læst.",)
