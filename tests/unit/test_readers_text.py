"""Cleaning, plain text, Markdown and HTML."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.readers import DamagedFile, Limits, TooLarge, UnreadableFile, read_document
from rag.readers.cleaning import clean_text, join_lines

DECISION = """Brug af kunstig intelligens (AI) i kommunen

RESUME

På baggrund af mødet i DC-forum den 19. marts 2024 om kunstig intelligens har
forvaltningen udarbejdet forslag til tiltag, som fremgår af sagen.

INDSTILLING

Forvaltningen indstiller til direktionen
1. at de beskrevne tiltag igangsættes.

BESLUTNING

Godkendt. De beskrevne tiltag igangsættes.

AI-taskforce.

Der nedsættes en intern taskforce med repræsentanter fra forvaltninger og stabe. Den
bemandes med ledere og medarbejdere, der har stor interesse for emnet og tid til det.

Vurdering af ChatGPT ift. Microsoft Copilot

Siden lanceringen har ChatGPT været det foretrukne værktøj. Derfor igangsættes der en
vurdering af, om Copilot skal være den foretrukne løsning.
"""


def texts(document, kind):
    return [block.text for block in document.blocks if block.kind == kind]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["en databehandler-", "aftale"], "en databehandleraftale"),
        (["en AI-", "taskforce"], "en AI-taskforce"),
        (["covid-", "19"], "covid-19"),
        (["Anne-", "Marie"], "Anne-Marie"),
        (["e-", "mail"], "e-mail"),
        (["børne-", "og ungeområdet"], "børne- og ungeområdet"),
        (["måned -", "år"], "måned - år"),
        (["data\u00ad", "behandler"], "databehandler"),
        (["en  linje", "", "  til "], "en linje til"),
    ],
)
def test_join_lines(lines, joined):
    assert join_lines(lines) == joined


def test_clean_text_on_odd_characters():
    dirty = "e\ufb03cient a\u030a\u202e\u200b\x00 sagsbe\u00adhandling\u00a0her\r\nny\ufeff \uf0b7 punkt"
    assert clean_text(dirty) == "efficient å sagsbehandling her\nny • punkt"


@given(st.text())
def test_clean_text_leaves_nothing_invisible(text):
    cleaned = clean_text(text).replace("\u00ad", "")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"} for char in cleaned)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_encodings(encoding):
    document = read_document("sag.txt", DECISION.encode(encoding))
    assert document.title == "Brug af kunstig intelligens (AI) i kommunen"
    assert "Godkendt. De beskrevne tiltag igangsættes." in texts(document, "paragraph")


def test_utf8_with_a_cut_character_stays_utf8():
    document = read_document("sag.txt", "Æbler på øen. Ærø er åben for både æbler og øl.".encode() + b"\xc3")
    assert document.blocks[0].text.startswith("Æbler på øen.")
    assert len(document.warnings) == 1


def test_text_headings_and_paragraphs():
    document = read_document("sag.txt", DECISION.encode())
    assert texts(document, "heading") == [
        "Brug af kunstig intelligens (AI) i kommunen",
        "RESUME",
        "INDSTILLING",
        "BESLUTNING",
        "AI-taskforce.",
        "Vurdering af ChatGPT ift. Microsoft Copilot",
    ]
    assert texts(document, "list_item") == ["at de beskrevne tiltag igangsættes."]
    assert "kunstig intelligens har forvaltningen udarbejdet" in texts(document, "paragraph")[0]


def test_binary_named_text_is_refused():
    with pytest.raises(DamagedFile, match="tekst"):
        read_document("a.txt", bytes(range(128, 256)) * 40)


MARKDOWN = """---
title: Retningslinje
owner: Digitalisering
review: 2025-12-01
---
# Retningslinje for **AI** {#top}

<!-- spørgsmål
- Må jeg bruge ChatGPT?
- Hvem skal *godkende*?
-->

Et afsnit over
to linjer med [et link](https://example.org/a_(b)) og `kode_her`.
<!-- en note -->

## Lister

- Første punkt
  fortsætter her
- Andet _punkt_
1. Nummereret

| Værktøj | Må |
|---------|----|
| **Copilot** | ja |

> Et citat med ![et billede](x.png)
"""


def test_markdown():
    document = read_document("a.md", MARKDOWN.encode())
    assert document.title == "Retningslinje"
    assert document.front_matter["owner"] == "Digitalisering"
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "Retningslinje for AI"),
        ("paragraph", 0, "Et afsnit over to linjer med et link og kode_her."),
        ("heading", 2, "Lister"),
        ("list_item", 0, "Første punkt fortsætter her"),
        ("list_item", 0, "Andet punkt"),
        ("list_item", 0, "Nummereret"),
        ("table", 0, "Værktøj | Må\nCopilot | ja"),
        ("paragraph", 0, "Et citat med et billede"),
    ]
    assert document.blocks[0].questions == ("Må jeg bruge ChatGPT?", "Hvem skal godkende?")
    assert document.blocks[2].questions == ()


def test_markdown_table_header_alone_swallows_nothing():
    document = read_document("a.md", b"| A | B |\n|---|---|\nTekst efter.\n")
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("table", "A | B"),
        ("paragraph", "Tekst efter."),
    ]


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("title: a\nowner: [b", "fejl i linje [34]"),
        ("- a\n- b", "navn: værdi"),
        ("a: &x [1]\nb: *x", "henvisninger"),
        ("date: 2025-13-45", "ugyldig værdi"),
    ],
)
def test_broken_front_matter_is_explained(front, message):
    with pytest.raises(DamagedFile, match=message):
        read_document("a.md", f"---\n{front}\n---\n# Titel\n\nTekst.".encode())


def test_front_matter_without_end():
    with pytest.raises(DamagedFile, match="ikke afsluttet"):
        read_document("a.md", b"---\ntitle: a\n\nTekst.")


PAGE = """<!DOCTYPE html><html><head><title>AI i Randers</title><style>p{}</style></head><body>
<nav><a href="/">Forside</a></nav><h1>Regler</h1><script>alert(1)</script>
<p>Brug <b>kun</b> godkendte&nbsp;værktøjer.</p><p hidden>Skjult</p><div style="display: none">Skjult</div>
<ul><li>Spørg først<ul><li>din leder</li></ul></li></ul>
<div>Løs tekst<br>på to linjer</div>
<table><tr><th>Navn</th><th>Status</th></tr><tr><td>Copilot</td><td>ja</td></tr></table><!-- note -->
</body></html>"""


def test_html():
    document = read_document("a.html", PAGE.encode())
    assert document.title == "AI i Randers"
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("heading", 1, "Regler"),
        ("paragraph", 0, "Brug kun godkendte værktøjer."),
        ("list_item", 0, "Spørg først"),
        ("list_item", 0, "din leder"),
        ("paragraph", 0, "Løs tekst"),
        ("paragraph", 0, "på to linjer"),
        ("table", 0, "Navn | Status\nCopilot | ja"),
    ]


@pytest.mark.parametrize("start", ["<!--", "<a ", "<p a='"])
def test_unfinished_html_does_not_take_minutes(start):
    with pytest.raises(DamagedFile, match="ikke hentet færdig"):
        read_document("a.html", b"<p>Tekst</p>" + start.encode() * 50_000)


def test_nested_tables_are_layout():
    page = b"<table><tr><td>Ramme<table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    blocks = read_document("a.html", page).blocks
    assert [(block.kind, block.text) for block in blocks] == [("paragraph", "Ramme"), ("table", "a | b")]


@pytest.mark.parametrize("data", [b"<table><tr><td>" * 20_000 + b"x", b"<div>" * 20_000 + b"x"])
def test_deep_nesting_is_read_in_time(data):
    assert read_document("a.html", data, Limits(max_seconds=10)).blocks[0].text == "x"


def test_front_matter_of_brackets_is_refused_in_time():
    with pytest.raises(DamagedFile, match="for langt"):
        read_document("a.md", b"---\na: " + b"[" * 20_000 + b"\n---\nx")


def test_long_runs_of_spaces_and_hyphens_are_read_in_time():
    line = b"# a" + b" " * 200_000 + b"b\n\n" + b"ord der deles-\n" * 50_000
    assert read_document("a.md", line, Limits(max_seconds=10)).blocks[0].text == "a b"


def test_huge_html():
    with pytest.raises(TooLarge):
        read_document("a.html", b"<p>a</p>" * 100, Limits(max_tags=100))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", "\u200b\u200b"])
def test_nothing_to_read_is_refused(name, content):
    with pytest.raises(UnreadableFile):
        read_document(name, content.encode())


def test_our_own_guidelines_can_be_read():
    """Every Markdown file in content/guidelines is one the reader takes, with headings in it."""
    for path in sorted((Path(__file__).parents[2] / "content" / "guidelines").glob("**/*.md")):
        document = read_document(path.name, path.read_bytes())
        assert any(block.kind == "heading" for block in document.blocks), path.name
