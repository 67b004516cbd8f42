"""Files that are not what they say, or are made to do harm; and files broken at random."""

import io
import subprocess
import sys
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.readers import (
    DamagedFile,
    Document,
    EmptyFile,
    Limits,
    ProtectedFile,
    TooLarge,
    UnreadableFile,
    UnsupportedFile,
    read_document,
)
from tests.unit.reader_files import SENTENCE, entry_of, pdf, rewritten, slides, word_file

EXTENSIONS = [".pdf", ".docx", ".pptx", ".md", ".html", ".txt"]
PDF = pdf([[("h1", "Titel"), ("p", SENTENCE)], [("p", SENTENCE)]])
DOCX = word_file()
PPTX = slides()
VALID = {"a.pdf": PDF, "a.docx": DOCX, "a.pptx": PPTX, "a.md": b"# Titel\n\nTekst.", "a.html": b"<p>Tekst</p>"}


class NoRecognition:
    def available(self) -> bool:
        return False

    def page_text(self, pdf, page, watch) -> str:
        raise AssertionError("must not be asked")


def test_empty_and_oversized():
    with pytest.raises(EmptyFile, match="tom"):
        read_document("a.pdf", b"")
    with pytest.raises(TooLarge, match=r"grænsen er 20 MB"):
        read_document("a.txt", b"a" * (20 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.docx", PDF, "indholdet er en PDF"),
        ("a.pdf", DOCX, "indholdet er en pakket fil"),
        ("a.pdf", b"MZ\x90\x00" + b"\x00" * 200, "indholdet er et program"),
        ("a.txt", b"MZ\x90\x00" + b"\x00" * 200, "indholdet er et program"),
        ("a.md", PDF, "indholdet er en PDF"),
        ("a.pdf", b"bare tekst", "almindelig tekst"),
        ("a.pptx", DOCX, "Word-dokument.*endelsen .docx"),
        ("a.docx", PPTX, "PowerPoint-præsentation.*endelsen .pptx"),
        ("a.txt", b"<!doctype html><p>hej</p>", "hjemmeside"),
        ("a.docm", DOCX, r"makroer.*\.docx"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, r"gem som \.docx"),
        ("a.exe", b"MZ", "kendes ikke"),
        ("uden-endelse", b"tekst", "kendes ikke"),
    ],
)
def test_disguised_and_unsupported(name, data, message):
    with pytest.raises(UnsupportedFile, match=message):
        read_document(name, data)


def test_office_file_with_password():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(ProtectedFile, match="adgangskode"):
        read_document("a.docx", data)


def test_macros_inside_a_docx():
    with pytest.raises(UnsupportedFile, match="makroer"):
        read_document("a.docx", rewritten(DOCX, {"word/vbaProject.bin": b"x"}))


def test_zip_that_is_no_office_file():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("hej.txt", "hej")
    with pytest.raises(UnsupportedFile, match="ikke et Word-dokument"):
        read_document("a.docx", stream.getvalue())


def test_compression_bomb():
    with pytest.raises(TooLarge, match="pakket unaturligt tæt"):
        read_document("a.docx", rewritten(DOCX, {"word/media/a.png": b"\x00" * 30_000_000}))
    with pytest.raises(TooLarge, match="fylder alt for meget"):
        read_document("a.docx", DOCX, Limits(max_unpacked_bytes=10_000))
    with pytest.raises(TooLarge, match="dele indeni"):
        read_document("a.docx", DOCX, Limits(max_entries=3))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:/windows/a", "word\\..\\..\\a"])
def test_entry_names_that_leave_the_archive(name):
    with pytest.raises(DamagedFile, match="ulovligt navn"):
        read_document("a.docx", rewritten(DOCX, {name: b"x"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml"])
def test_document_type_definition_is_refused(encoding, part):
    declaration = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    content = entry_of(DOCX, part).decode().split("?>", 1)[1]
    data = rewritten(DOCX, {part: (declaration + content).encode(encoding)})
    with pytest.raises(DamagedFile, match="ikke skal indeholde"):
        read_document("a.docx", data)


def test_unusual_xml_encoding_is_refused():
    content = b'<?xml version="1.0" encoding="UTF-7"?>' + entry_of(DOCX, "word/document.xml").split(b"?>", 1)[1]
    with pytest.raises(DamagedFile):
        read_document("a.docx", rewritten(DOCX, {"word/document.xml": content}))


@pytest.mark.parametrize("name", ["a.docx", "a.pptx"])
def test_truncated_office_file(name):
    with pytest.raises(DamagedFile, match="beskadiget"):
        read_document(name, VALID[name][: len(VALID[name]) // 2])


def test_the_log_holds_no_content(caplog):
    broken = rewritten(DOCX, {"word/document.xml": b"<hemmeligt>"})
    with pytest.raises(UnreadableFile) as caught:
        read_document("a.docx", broken)
    assert "Could not read a docx file" in caplog.text
    assert "hemmeligt" not in caplog.text + str(caught.value)


def test_importing_the_readers_is_light():
    heavy = "pypdf docx pptx bs4 lxml yaml PIL pypdfium2 pytesseract streamlit langchain chromadb"
    code = f"import sys, rag.readers; print([m for m in {heavy.split()!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def read_or_refuse(name: str, data: bytes) -> None:
    """A document with text or a Danish sentence; any other exception fails the test."""
    try:
        document = read_document(name, data, Limits(max_seconds=20), recognition=NoRecognition())
    except UnreadableFile as error:
        assert str(error).endswith(".") and len(str(error)) > 30
    else:
        assert isinstance(document, Document)
        assert document.title and document.blocks and all(block.text for block in document.blocks)


FUZZ = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(
    st.sampled_from(EXTENSIONS),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"---\n", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf"]),
    st.binary(max_size=2000),
)
def test_random_bytes(extension, start, data):
    read_or_refuse(f"a{extension}", start + data)


@FUZZ
@given(st.sampled_from([".md", ".html", ".txt"]), st.text(max_size=2000))
def test_random_text(extension, text):
    read_or_refuse(f"a{extension}", text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(st.sampled_from([".md", ".html"]), st.text("-#*_`[]()<>!|:\\ \n\tab1.~={}&;/", max_size=400))
def test_random_markup(extension, text):
    read_or_refuse(f"a{extension}", text.encode())


@FUZZ
@given(st.sampled_from(sorted(VALID)), st.floats(0, 1))
def test_truncations_of_valid_files(name, part):
    data = VALID[name]
    read_or_refuse(name, data[: int(part * len(data))])


@FUZZ
@given(
    st.sampled_from(sorted(VALID)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=20),
)
def test_changed_bytes_of_valid_files(name, changes):
    data = bytearray(VALID[name])
    for place, value in changes:
        data[int(place * len(data))] = value
    read_or_refuse(name, bytes(data))


@FUZZ
@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=5))
def test_changed_bytes_inside_word_xml(changes):
    data = bytearray(entry_of(DOCX, "word/document.xml"))
    for place, value in changes:
        data[int(place * len(data))] = value
    read_or_refuse("a.docx", rewritten(DOCX, {"word/document.xml": bytes(data)}))
