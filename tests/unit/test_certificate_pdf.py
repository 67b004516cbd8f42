"""A certificate is one page that everybody can read: tagged, searchable, in Danish, and safe whatever a name holds."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.certificate_pdf import LONGEST, Certificate, draw

NUMBER = "0b6f4c1e-6a59-4a5e-9a80-5d2f0c9d7e21"
CERTIFICATE = Certificate(
    number=NUMBER,
    name="Åse Kjærgaard Sørensen",
    course="Nøgleperson for Microsoft 365 Copilot",
    course_version="3",
    modules=("Sådan virker en sprogmodel", "Må, kan og vil", "Kontrol af svar og kilder"),
    issued=date(2025, 12, 2),
    valid_until=date(2027, 12, 2),
    check_url=f"https://ai-univers.example.dk/bevis?nr={NUMBER}",
)


def opened(**changes: Any) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(draw(replace(CERTIFICATE, **changes))))


def text(**changes: Any) -> str:
    """The words of the page in the order they are read, on one line; characters that only allow a line break are left out."""
    (page,) = opened(**changes).pages
    return " ".join(page.extract_text().replace("\u200b", "").split())


def elements(node: Any) -> list[tuple[str, Any]]:
    """Kind and dictionary of every element under `node` of the structure tree, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for child in node for found in elements(child)]
    if not isinstance(node, dict):
        return []
    own = [(str(node["/S"]), node)] if "/S" in node else []
    return own + (elements(node["/K"]) if "/K" in node else [])


def test_it_says_who_passed_what_and_until_when() -> None:
    page = text()
    for said in (
        "Det bekræftes hermed, at Åse Kjærgaard Sørensen har gennemført kurset",
        "Nøgleperson for Microsoft 365 Copilot og bestået den afsluttende prøve.",
        "Kurset omfatter • Sådan virker en sprogmodel • Må, kan og vil • Kontrol af svar og kilder",
        "Udstedt af Randers Kommune, AI-univers",
        "Udstedt 2. december 2025",
        "Gyldigt til og med 2. december 2027",
        "Kursets version 3",
        f"Bevisets nummer {NUMBER}",
    ):
        assert said in page
    assert "".join(CERTIFICATE.check_url.split()) in page.replace(" ", "")


def test_it_says_how_it_was_earned() -> None:
    assert "og bestået den afsluttende prøve." in text()
    assert "genopfriskning" not in text()
    assert "og har holdt sin viden ved lige med genopfriskning." in text(by_reviews=True)


def test_it_is_tagged_danish_and_titled() -> None:
    pdf = opened()
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  (a PDF boolean)
    assert root["/Lang"] == "da-DK"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Bevis: Nøgleperson for Microsoft 365 Copilot"
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata


def test_a_screen_reader_finds_headings_paragraphs_the_list_the_picture_and_the_link() -> None:
    found = elements(opened().root_object["/StructTreeRoot"])
    kinds = [kind for kind, _ in found]
    assert [kind for kind in kinds if kind.startswith("/H")] == ["/H1", "/H2", "/H3"]
    assert kinds.count("/LI") == len(CERTIFICATE.modules)
    assert kinds.count("/P") >= 10
    assert kinds.count("/Link") == 1
    (picture,) = [element for kind, element in found if kind == "/Figure"]
    assert picture["/Alt"] == f"QR-kode med adressen {CERTIFICATE.check_url}"


def test_its_fonts_are_embedded() -> None:
    fonts = opened().pages[0]["/Resources"]["/Font"].values()
    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]
    assert descriptors and all("/FontFile3" in descriptor or "/FontFile2" in descriptor for descriptor in descriptors)


def test_the_code_leads_to_the_check_page_and_so_does_the_link() -> None:
    pdf = draw(CERTIFICATE)
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [CERTIFICATE.check_url]
    (link,) = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Annots"]
    assert link.get_object()["/A"]["/URI"] == CERTIFICATE.check_url


def test_the_code_is_made_of_lines_and_not_of_pixels() -> None:
    assert not list(opened().pages[0].images)


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x") *fed* _kursiv_ $x^2$ @ref',
        r'") #eval("1+1") // \u{41} /* <label> `kode` ~ --- ...',
        "{{name}} ${name} %s {0} &amp; <script>alert(1)</script>",
        "= Overskrift - punkt + tal / term: x",
        'https://example.dk/ Bo O\'Hara "citat" [x](y)',
    ],
)
def test_markup_in_a_name_is_shown_as_it_is_written(name: str) -> None:
    assert name in text(name=name)
    assert name in str(opened(course=name).metadata.title)


def test_a_name_of_two_hundred_characters_is_shown_whole() -> None:
    name = ("Anne-Margrethe Østergaard von Holstein-Rathlou " * 5)[:LONGEST].strip()
    assert name.replace(" ", "") in text(name=name).replace(" ", "")  # a line ends after a hyphen
    assert "W" * LONGEST in text(name="W" * LONGEST).replace(" ", "")


def test_what_is_too_long_is_cut_and_the_page_stays_one() -> None:
    page = text(
        name="W" * 1000,
        course="Æ" * 1000,
        modules=tuple("W" * 500 for _ in range(40)),
        course_version="W" * 500,
        number="W" * 500,
    )
    assert "W" * (LONGEST - 1) + "…" in page.replace(" ", "")
    assert "og 29 moduler mere" in page
    assert "Kontrollér beviset" in page


def test_one_module_and_none_need_no_room() -> None:
    assert "Kurset omfatter • Ét" in text(modules=("Ét",))
    assert "Kurset omfatter" not in text(modules=())


def test_what_has_no_glyph_is_a_square_or_left_out() -> None:
    assert "Bo □□ Li, Ana Ψ" in text(name="Bo \U0001f600李\u202e小\x00 \ud800\ue000Li, \U0001f469\u200d\U0001f467Ana Ψ")


def test_accents_that_no_font_has_with_their_letter_are_left_out() -> None:
    assert "kurset 0 og 0: og bestået" in text(course="0\u0332 og 0:\u07a6")
    assert "Ệva" in text(name="E\u0323\u0302va")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80))
def test_any_name_can_be_drawn(name: str) -> None:
    assert len(opened(name=name, course=name, modules=(name,)).pages) == 1


def test_the_same_certificate_is_the_same_file_also_when_many_are_drawn_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: draw(CERTIFICATE), range(8)))
    assert set(drawn) == {draw(CERTIFICATE)}
    assert len(drawn[0]) < 100_000
