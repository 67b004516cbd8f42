"""Sections and passages: how a document is cut before it is stored and searched."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.readers import Block, Document

SMALL = 250
LARGE = 1200
REFERENCE_HEADINGS = frozenset({"kilder", "kildeliste", "referencer", "litteratur"})


def text_hash(text: str) -> str:
    """SHA-256 of the text with white space folded, so that a new line break is no change."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def slug(text: str) -> str:
    """A short ASCII name for addresses: "Må vi? Kan vi?" becomes "maa-vi-kan-vi"."""
    danish = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    plain = unicodedata.normalize("NFKD", danish).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "afsnit"


@dataclass(frozen=True)
class CutPassage:
    """Text that is found and quoted as one: a paragraph, a list with its lead-in, a table.

    `kinds` names the kind of each line of `text` (a table is one line kind for all its rows).
    `as_read` is the text before its damaged words were mended, None when none was. `start` and `end` are characters of
    the version's plain text, which is all passages joined by blank lines.
    """

    text: str
    kinds: tuple[str, ...]
    page: int | None
    start: int
    end: int
    hash: str
    as_read: str | None = None


@dataclass(frozen=True)
class CutSection:
    """A heading with what stands under it. `path` holds the headings above it and its own, outermost first.

    `as_read` is the heading before its damaged words were mended, None when none was.
    """

    heading: str
    anchor: str
    level: int
    path: tuple[str, ...]
    page: int | None
    questions: tuple[str, ...]
    searchable: bool
    passages: tuple[CutPassage, ...]
    as_read: str | None = None


def cut(document: Document) -> list[CutSection]:
    """The sections of a document in reading order; text before the first heading is a section with an empty heading."""
    sections: list[CutSection] = []
    anchors: set[str] = set()
    open_headings: list[tuple[int, str]] = []
    position = 0
    for heading, blocks in _by_heading(document.blocks):
        level = heading.level if heading else 1
        if heading:
            open_headings = [*(pair for pair in open_headings if pair[0] < level), (level, heading.text)]
        passages = []
        for group in _groups(blocks):
            text = "\n".join(_line(block) for block in group)
            kinds = tuple(block.kind for block in group)
            end = position + len(text)
            read = "\n".join(_line(block, as_read=True) for block in group)
            as_read = read if read != text else None
            passages.append(CutPassage(text, kinds, group[0].page, position, end, text_hash(text), as_read))
            position = end + 2
        name = heading.text if heading else ""
        sections.append(
            CutSection(
                heading=name,
                anchor=_unique(slug(name or "indledning"), anchors),
                level=level,
                path=tuple(text for _, text in open_headings) if heading else (),
                page=heading.page if heading else (blocks[0].page if blocks else None),
                questions=heading.questions if heading else (),
                searchable=name.strip().rstrip(":").lower() not in REFERENCE_HEADINGS,
                passages=tuple(passages),
                as_read=heading.as_read if heading else None,
            )
        )
    return sections


def _line(block: Block, *, as_read: bool = False) -> str:
    """A block is one line of its passage; only a table, which stands alone, has several."""
    text = block.as_read if as_read and block.as_read is not None else block.text
    return text if block.kind == "table" else " ".join(text.split())


def _by_heading(blocks: Sequence[Block]) -> Iterator[tuple[Block | None, list[Block]]]:
    heading: Block | None = None
    below: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            if heading or below:
                yield heading, below
            heading, below = block, []
        else:
            below.append(block)
    if heading or below:
        yield heading, below


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Small neighbours are kept together, list items stay with their lead-in; a table stands alone."""
    group: list[Block] = []
    size = 0
    for block in blocks:
        alone = block.kind == "table"
        full = size >= SMALL and block.kind != "list_item"
        if group and (alone or full or size + len(block.text) > LARGE or group[-1].kind == "table"):
            yield group
            group, size = [], 0
        group.append(block)
        size += len(block.text)
    if group:
        yield group


def _unique(anchor: str, taken: set[str]) -> str:
    candidate, number = anchor, 2
    while candidate in taken:
        candidate, number = f"{anchor}-{number}", number + 1
    taken.add(candidate)
    return candidate
