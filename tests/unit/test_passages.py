"""How a document is cut into sections and passages."""

import string

from hypothesis import given
from hypothesis import strategies as st

from rag.passages import LARGE, cut, slug, text_hash
from rag.readers import Block, Document

WORD = st.text(alphabet=string.ascii_lowercase + "æøå .,", min_size=1, max_size=400).filter(str.strip)
BLOCKS = st.lists(
    st.builds(Block, st.sampled_from(["paragraph", "list_item"]), WORD)
    | st.builds(Block, st.just("table"), st.lists(WORD, min_size=1, max_size=4).map("\n".join))
    | st.builds(Block, st.just("heading"), WORD, st.integers(1, 6)),
    max_size=25,
)


def document(blocks: list[Block]) -> Document:
    return Document("Titel", tuple(blocks), 0, (), {})


@given(BLOCKS)
def test_no_text_is_lost_or_invented(blocks: list[Block]) -> None:
    sections = cut(document(blocks))
    body = " ".join(passage.text for section in sections for passage in section.passages).split()
    assert body == " ".join(block.text for block in blocks if block.kind != "heading").split()
    headings = [section.heading for section in sections if section.heading]
    assert headings == [block.text for block in blocks if block.kind == "heading"]


@given(BLOCKS)
def test_spans_point_into_the_plain_text(blocks: list[Block]) -> None:
    passages = [passage for section in cut(document(blocks)) for passage in section.passages]
    plain = "\n\n".join(passage.text for passage in passages)
    for passage in passages:
        assert plain[passage.start : passage.end] == passage.text


@given(BLOCKS)
def test_passages_stay_short_enough_for_the_encoder(blocks: list[Block]) -> None:
    for section in cut(document(blocks)):
        for passage in section.passages:
            assert len(passage.kinds) == 1 or len(passage.text) <= LARGE + len(passage.kinds)


@given(BLOCKS)
def test_anchors_are_unique_and_fit_in_an_address(blocks: list[Block]) -> None:
    anchors = [section.anchor for section in cut(document(blocks))]
    assert len(set(anchors)) == len(anchors)
    assert all(set(anchor) <= set(string.ascii_lowercase + string.digits + "-") for anchor in anchors)


@given(BLOCKS)
def test_a_table_stands_alone(blocks: list[Block]) -> None:
    for section in cut(document(blocks)):
        for passage in section.passages:
            assert "table" not in passage.kinds or passage.kinds == ("table",)


def test_a_list_stays_with_its_lead_in() -> None:
    lead = Block("paragraph", "Du skal gøre tre ting, før du bruger AI. " * 8)
    items = [Block("list_item", f"Punkt {number}.") for number in range(3)]
    (section,) = cut(document([Block("heading", "Trin", 2), lead, *items]))
    (passage,) = section.passages
    assert passage.text.split("\n")[1:] == ["Punkt 0.", "Punkt 1.", "Punkt 2."]


def test_a_long_list_is_cut_between_its_items() -> None:
    items = [Block("list_item", f"Punkt {number} om reglerne. " * 8) for number in range(20)]
    (section,) = cut(document([Block("heading", "Trin", 2), *items]))
    assert len(section.passages) > 2
    assert all(len(passage.text) <= LARGE + len(passage.kinds) for passage in section.passages)


def test_the_path_follows_the_levels() -> None:
    headings = [Block("heading", text, level) for text, level in [("A", 1), ("B", 2), ("C", 3), ("D", 2), ("E", 1)]]
    paths = [section.path for section in cut(document(headings))]
    assert paths == [("A",), ("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_the_list_of_sources_is_not_searched() -> None:
    blocks = [Block("heading", name, 2) for name in ("Kilder", "Kilder:", "Kilder til støj")]
    assert [section.searchable for section in cut(document(blocks))] == [False, False, True]


def test_an_empty_document_has_no_sections() -> None:
    assert cut(document([])) == []


def test_slug_spells_danish_letters_out() -> None:
    assert slug("Må vi? Kan vi?") == "maa-vi-kan-vi"
    assert slug("Ærø & Øst") == "aeroe-oest"
    assert slug("???") == "afsnit"


def test_the_hash_ignores_line_breaks_and_sees_every_digit() -> None:
    assert text_hash("Efter 90\ndage") == text_hash("Efter  90 dage")
    assert text_hash("Efter 90 dage") != text_hash("Efter 91 dage")
