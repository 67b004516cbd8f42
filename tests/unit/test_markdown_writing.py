"""Text of a document as Markdown: whatever it holds, it is shown as it was and becomes nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from courses.authoring.markdown_writing import Item, Run, address, heading, inline, item_list, one_line_of, plain, table
from rag.readers.markdown import plain_inline

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
SIGNS = st.text("ab1æ *_~`[]()<>!#|\\$:&;-+=.\n/\"'{}^@", max_size=40)
RUNS = st.lists(st.builds(Run, SIGNS, st.booleans(), st.booleans(), st.booleans()), max_size=5)


def shown(markdown: str) -> tuple[str, set[str]]:
    """The text that a reader of Markdown shows, white space as one blank, and the kinds of marks in it."""
    words: list[str] = []
    kinds: set[str] = set()
    stack = list(READER.parse(markdown))
    for token in stack:
        kinds.add(token.type)
        for child in token.children or []:
            kinds.add(child.type)
            if child.type in ("text", "code_inline"):
                words.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                words.append(" ")
    return " ".join("".join(words).split()), kinds


@given(RUNS)
def test_runs_show_their_text_and_become_only_emphasis(runs):
    text, kinds = shown(inline(runs))
    assert text == " ".join("".join(run.text for run in runs).split())
    assert kinds <= {
        "paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak", "strong_open", "strong_close",
        "em_open", "em_close", "s_open", "s_close", "text_special", "link_open", "link_close",
    }  # fmt: skip


@given(st.text(max_size=60))
def test_any_text_is_one_paragraph(text):
    _, kinds = shown(inline([Run(text)]))
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "link_open", "link_close"}


@given(st.lists(st.lists(RUNS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_table_keeps_every_cell_in_its_place(rows):
    cells = [[one_line_of(cell) for cell in row] for row in rows]
    markdown = table(cells, header=True)
    if not any(cell for row in cells for cell in row):
        assert markdown == ""
        return
    tokens = READER.parse(markdown)
    found = [token.type for token in tokens if token.type in ("th_open", "td_open")]
    kept = [row for row in cells if any(row)]
    assert len(found) == len(kept) * max(map(len, cells))
    assert tokens[0].type == "table_open" and tokens[-1].type == "table_close"


@given(SIGNS)
def test_a_heading_is_one_heading(text):
    words = plain([Run(text)])
    if words:
        found, kinds = shown(heading(words, 2))
        assert found == words
        assert {"heading_open", "heading_close"} <= kinds and "paragraph_open" not in kinds


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["", "1.", "3.", "12.", "b)"]), SIGNS), min_size=1, max_size=8
    )
)
def test_items_stay_items(items):
    made = [Item(level, label, inline([Run(text)]) or "x") for level, label, text in items]
    tokens = [token.type for token in READER.parse(item_list(made))]
    assert tokens.count("list_item_open") == len(made)


@given(SIGNS)
def test_the_search_reads_the_same_text(text):
    line = " ".join(text.replace("~", "").split())
    if "http" not in line and not re.search(r"^[#>]|[*_`]", line):
        assert " ".join(plain_inline(inline([Run(line)])).split()) == line


def test_emphasis_and_links_that_are_safe_are_kept():
    runs = [
        Run("Læs "),
        Run("hele", bold=True),
        Run(" vejledningen", italic=True),
        Run(" på "),
        Run("Broen", link="https://broen.dk/a b"),
    ]
    assert inline(runs) == "Læs **hele** *vejledningen* på Broen"
    assert inline([Run("Broen", link="https://broen.dk/æ")]) == "[Broen](<https://broen.dk/%C3%A6>)"
    assert inline([Run("Se https://broen.dk/a_b.")]) == "Se <https://broen.dk/a_b>."
    assert inline([Run("Udgår", struck=True)]) == "~~Udgår~~"


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "\\\\server\\x", "", "#afsnit"]
)
def test_other_addresses_are_no_links(target):
    assert address(target) == ""
    assert inline([Run("klik", link=target)]) == "klik"


def test_text_of_a_document_is_no_callout_picture_or_icon():
    lines = [
        "> [!husk] Gør det",
        "![x](picture:" + "a" * 64 + ")",
        ":material/home: og :red[rød]",
        "<script>x</script>",
    ]
    assert [inline([Run(line)]) for line in lines] == [
        "\\> \\[!husk\\] Gør det",
        "!\\[x\\](picture:" + "a" * 64 + ")",
        "\\:material/home: og \\:red\\[rød\\]",
        "\\<script>x\\</script>",
    ]


def test_lists_are_nested_and_go_on_counting():
    items = [Item(0, "", "a"), Item(1, "1.", "b"), Item(1, "2.", "c  \nd"), Item(0, "", "e"), Item(0, "b)", "f")]
    assert item_list(items) == "- a\n  1. b\n  2. c  \n     d\n- e\n- b) f"
    assert item_list([Item(0, "3.", "c"), Item(0, "4.", "d")]) == "3. c\n4. d"


def test_cells_lose_line_breaks_and_keep_bars():
    cell = one_line_of([Run("Læs | ret\nog godkend.\nFærdig")])
    assert cell == "Læs \\| ret; og godkend. Færdig"
    assert table([["A", "B"], [cell]]) == f"| A | B |\n| --- | --- |\n| {cell} |  |"
    assert table([["1", "2"]], header=False) == "|  |  |\n| --- | --- |\n| 1 | 2 |"
