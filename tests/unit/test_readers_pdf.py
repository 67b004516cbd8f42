"""PDF reading: pages, headings, mended lines, tables, scans, and pages that fail."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from rag.readers import DamagedFile, EmptyFile, Limits, ProtectedFile, Tesseract, TookTooLong, TooLarge, read_document
from rag.readers.pdf import page_ranges
from tests.unit.reader_files import (
    SENTENCE,
    many_pages_pdf,
    pdf,
    pdf_with_bookmarks,
    pdf_with_table,
    scanned_pdf,
)


class NoRecognition:
    """A machine without Tesseract."""

    def available(self) -> bool:
        return False

    def page_text(self, pdf, page, watch) -> str:
        raise AssertionError("must not be asked")


class DictatedRecognition:
    """Recognition that knows the answer, and fails on page 3."""

    def available(self) -> bool:
        return True

    def page_text(self, pdf, page, watch) -> str:
        if page == 3:
            raise RuntimeError("no answer")
        return f"Indscannet tekst på side {page} om brug af kunst-\nig intelligens i kommunen."


def kinds(document):
    return [(block.kind, block.level, block.page, block.text) for block in document.blocks]


def test_headings_paragraphs_and_pages():
    data = pdf([[("h1", "Retningslinje for AI"), ("p", SENTENCE * 3)], [("h2", "Persondata"), ("p", SENTENCE)]])
    document = read_document("retningslinje.pdf", data)
    assert document.title == "Retningslinje for AI"
    assert document.page_count == 2
    assert kinds(document) == [
        ("heading", 1, 1, "Retningslinje for AI"),
        ("paragraph", 0, 1, (SENTENCE * 3).strip()),
        ("heading", 2, 2, "Persondata"),
        ("paragraph", 0, 2, SENTENCE.strip()),
    ]
    assert document.warnings == ()


def test_bold_line_in_body_size_is_a_heading_below_the_larger_ones():
    data = pdf(
        [[("h1", "Titel på papiret"), ("bold", "Ansvar"), ("p", SENTENCE), ("bold", "Bemærk:"), ("p", SENTENCE)]]
    )
    headings = [(block.text, block.level) for block in read_document("a.pdf", data).blocks if block.kind == "heading"]
    assert headings == [("Titel på papiret", 1), ("Ansvar", 2)]


def test_words_divided_at_line_ends():
    text = (
        "Der skal altid indgås en klar og skriftlig databehandler-\naftale, før kommunens nye AI-\n"
        "taskforce kan godkende brug af kunstig intelligens på børne-\nog ungeområdet i kommunen."
    )
    (block,) = read_document("a.pdf", pdf([[("p", text)]])).blocks
    assert "databehandleraftale," in block.text
    assert "AI-taskforce" in block.text
    assert "børne- og ungeområdet" in block.text


def test_headers_footers_and_page_numbers_go_but_numbered_headings_stay():
    pages = [[("h1", f"{n}. Afsnit"), ("p", f"Afsnit nummer {n} handler om emnet. " * 5)] for n in range(1, 6)]
    document = read_document("a.pdf", pdf(pages, footer=True, header="Randers Kommune - internt"))
    text = "\n".join(block.text for block in document.blocks)
    assert "Side" not in text and "internt" not in text
    assert [block.text for block in document.blocks if block.kind == "heading"] == [f"{n}. Afsnit" for n in range(1, 6)]


def test_paragraph_over_a_page_break_is_one_block_on_its_first_page():
    pages = [[("p", "Afsnittet begynder på den første side, og det fortsætter")], [("p", "på den næste side.")]]
    (block,) = read_document("a.pdf", pdf(pages)).blocks
    assert block.text == "Afsnittet begynder på den første side, og det fortsætter på den næste side."
    assert block.page == 1


def test_table_rows_keep_their_cells():
    rows = [("Værktøj", "Status", "Ejer"), ("Copilot", "Godkendt", "IT"), ("ChatGPT", "Ikke godkendt", "Ingen")]
    document = read_document("a.pdf", pdf_with_table(rows))
    assert [block.kind for block in document.blocks] == ["paragraph", "table"]
    assert document.blocks[1].text.split("\n") == [" | ".join(row) for row in rows]


def test_bookmarks_make_headings():
    blocks = read_document("a.pdf", pdf_with_bookmarks()).blocks
    assert [(b.text, b.level, b.page) for b in blocks if b.kind == "heading"] == [
        ("Formål", 1, 1),
        ("Afgrænsning", 2, 2),
    ]


def test_bullets_and_numbers_are_list_items():
    text = "Det gælder altid:\n1. Spørg din leder først\n2. Tjek svaret bagefter"
    blocks = read_document("a.pdf", pdf([[("p", text)]])).blocks
    assert [(b.kind, b.text) for b in blocks] == [
        ("paragraph", "Det gælder altid:"),
        ("list_item", "Spørg din leder først"),
        ("list_item", "Tjek svaret bagefter"),
    ]


def test_scanned_pages_without_recognition_are_named():
    document = read_document("a.pdf", scanned_pdf(1, 3), recognition=NoRecognition())
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("Side 2-4 har ingen tekst")
    assert {block.page for block in document.blocks} == {1}


def test_scan_without_recognition_is_refused():
    with pytest.raises(EmptyFile, match=r"indscanning.*OCR"):
        read_document("a.pdf", scanned_pdf(), recognition=NoRecognition())


def test_recognised_pages_take_their_place_and_a_failing_one_is_named():
    document = read_document("a.pdf", scanned_pdf(1, 3), recognition=DictatedRecognition())
    assert [block.page for block in document.blocks] == [1, 2, 4]
    assert "kunstig intelligens" in document.blocks[1].text
    assert any(w.startswith("Side 2 og 4 er læst med tekstgenkendelse") for w in document.warnings)
    assert any(w.startswith("Side 3 har ingen tekst") for w in document.warnings)


def test_recognition_stops_at_its_page_limit():
    document = read_document("a.pdf", scanned_pdf(0, 2), Limits(max_ocr_pages=1), recognition=DictatedRecognition())
    assert [block.page for block in document.blocks] == [1]


@pytest.mark.skipif(not Tesseract().available(), reason="tesseract with the Danish model is not installed")
def test_tesseract_reads_a_scan():
    document = read_document("a.pdf", scanned_pdf())
    assert "aldrig" in document.blocks[0].text
    assert "OCR" in document.warnings[0]


def test_tesseract_is_unavailable_for_a_language_nobody_installed():
    assert Tesseract(language="xx-unknown").available() is False


def test_password_is_refused_but_an_empty_one_is_tried():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[("p", SENTENCE)]]))))
    writer.encrypt(user_password="hemmelig", algorithm="AES-256")
    locked = io.BytesIO()
    writer.write(locked)
    with pytest.raises(ProtectedFile, match="adgangskode"):
        read_document("a.pdf", locked.getvalue())
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[("p", SENTENCE)]]))))
    writer.encrypt(user_password="", owner_password="ejer", algorithm="AES-256")
    open_for_all = io.BytesIO()
    writer.write(open_for_all)
    assert read_document("a.pdf", open_for_all.getvalue()).blocks[0].text == SENTENCE.strip()


def test_three_thousand_pages_are_refused():
    with pytest.raises(TooLarge, match=r"3000 sider.*1000"):
        read_document("a.pdf", many_pages_pdf(3000))


def test_truncated_pdf_is_refused_or_read_but_never_crashes():
    data = pdf([[("p", SENTENCE * 10)]])
    with pytest.raises(DamagedFile, match="beskadiget"):
        read_document("a.pdf", data[: len(data) // 4])


def test_one_exploding_page_is_a_warning():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([[("p", SENTENCE)], [("p", "Side to.")]]))))
    stream = DecodedStreamObject()
    stream.set_data(b" " * 40_000_000 + b"BT ET")
    writer.pages[1][NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    bomb = io.BytesIO()
    writer.write(bomb)
    assert len(bomb.getvalue()) < 100_000
    document = read_document("a.pdf", bomb.getvalue())
    assert document.warnings == ("Side 2 er beskadiget og er sprunget over.",)
    assert document.blocks[0].text == SENTENCE.strip()


def test_time_limit_and_progress():
    data = pdf([[("p", SENTENCE)]] * 3)
    with pytest.raises(TookTooLong, match="sekunder"):
        read_document("a.pdf", data, Limits(max_seconds=0.0))
    seen: list[float] = []
    read_document("a.pdf", data, progress=seen.append)
    assert seen == sorted(seen) and seen[0] == 0.0 and seen[-1] == 1.0 and len(seen) >= 4


@pytest.mark.parametrize(
    ("numbers", "words"), [([4], "4"), ([2, 3, 4], "2-4"), ([2, 3, 4, 7], "2-4 og 7"), ([1, 3, 5, 6], "1, 3 og 5-6")]
)
def test_page_ranges(numbers, words):
    assert page_ranges(numbers) == words
