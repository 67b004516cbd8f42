"""Pieces of a document in reading order, cut into lessons and written as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from courses.authoring.markdown_writing import Item, heading, item_list
from rag.readers.document import first_title

MOST_LESSONS = 25
INTRODUCTION_WORDS = 60
MOST_CHARACTERS = 400_000  # of a lesson's text
MARGIN = 50  # characters, more than the indent of the deepest item
LOWEST_HEADING = 4
INTRODUCTION = "Indledning"


@dataclass(frozen=True)
class Piece:
    """A heading, paragraph, list item, table or picture.

    `plain` is what it says without marks. `markdown` is how a lesson shows it, not used for headings, whose mark depends on
    the lesson. `level` is 1-9 of a heading and 0 or more of an item, `label` the "3." of an item. `page` is the slide or page.
    `picture` is the name of a picture, and `needs_words` tells that nobody has written what it shows. `notes` are footnotes.
    """

    kind: Literal["heading", "text", "item", "table", "picture"]
    plain: str
    markdown: str = ""
    level: int = 0
    label: str = ""
    page: int | None = None
    picture: str = ""
    needs_words: bool = False
    notes: tuple["Piece", ...] = ()


@dataclass(frozen=True)
class Chunk:
    """What becomes one lesson."""

    title: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def pages(self) -> tuple[int | None, int | None]:
        """The first and the last page or slide; None where the format has none."""
        numbers = [piece.page for piece in self.pieces if piece.page is not None]
        return (min(numbers), max(numbers)) if numbers else (None, None)


def cut_by_headings(pieces: Sequence[Piece], title: str) -> list[Chunk]:
    """Cut at the highest level of headings that gives between 2 and `MOST_LESSONS` lessons; otherwise one lesson.

    A short text before the first heading goes with the first lesson, a longer one is a lesson of its own.
    """
    level = next((level for level in range(1, 10) if _fits(pieces, level)), None)
    if level is None:
        named = bool(pieces) and pieces[0].kind == "heading" and pieces[0].plain == title
        return [Chunk(title, list(pieces[1:] if named else pieces))]
    chunks = [Chunk("")]
    for piece in pieces:
        if piece.kind == "heading" and piece.level <= level:
            chunks.append(Chunk(piece.plain))
        else:
            chunks[-1].pieces.append(piece)
    return _introduced(chunks, title)


def _fits(pieces: Sequence[Piece], level: int) -> bool:
    count = sum(piece.kind == "heading" and piece.level == level for piece in pieces)
    above = sum(piece.kind == "heading" and piece.level < level for piece in pieces)
    # One heading above them is the title of the document.
    return 2 <= count <= MOST_LESSONS and count + above <= MOST_LESSONS + 1


def _introduced(chunks: list[Chunk], title: str) -> list[Chunk]:
    opening: list[Piece] = []
    while len(chunks) > 1 and chunks[0].title in ("", title) and (not chunks[0].title or _is_short(chunks[0])):
        first = chunks.pop(0)
        if not _is_short(first):
            return [Chunk(INTRODUCTION, opening + first.pieces), *chunks]
        opening += first.pieces
    chunks[0].pieces[:0] = opening
    return chunks


def _is_short(chunk: Chunk) -> bool:
    words = sum(len(piece.plain.split()) for piece in chunk.pieces)
    return words < INTRODUCTION_WORDS and all(piece.kind in ("text", "picture") for piece in chunk.pieces)


def split_if_long(chunk: Chunk) -> list[Chunk]:
    """The chunk, or as many as it takes for each to fit into a lesson."""
    parts: list[Chunk] = [Chunk(chunk.title)]
    size = 0
    for piece in (part for whole in chunk.pieces for part in _pieces_of(whole)):
        # Room for marks and indents, for backslashes in a heading, and for the notes, which are written at the end.
        length = len(piece.markdown) + 2 * len(piece.plain if piece.kind == "heading" else "")
        length += MARGIN * (piece.markdown.count("\n") + 2) + sum(len(note.markdown) + MARGIN for note in piece.notes)
        if parts[-1].pieces and size + length > MOST_CHARACTERS:
            parts.append(Chunk(f"{chunk.title} (del {len(parts) + 1})"))
            size = 0
        parts[-1].pieces.append(piece)
        size += length
    return parts


def _pieces_of(piece: Piece) -> list[Piece]:
    """A piece cut at lines or blanks until each part is short; a table of thousands of rows is the usual case."""
    longest = MOST_CHARACTERS // 4
    if len(piece.markdown) <= longest:
        return [piece]
    lines = piece.markdown.split("\n")
    head = lines[:2] if piece.kind == "table" else []
    units = lines[len(head) :] if len(lines) > 1 else piece.markdown.split(" ")
    glue = "\n" if len(lines) > 1 else " "
    texts: list[list[str]] = [[*head]]
    size = 0
    for unit in units:
        for start in range(0, max(len(unit), 1), longest):
            part = unit[start : start + longest]
            if size and size + len(part) > longest:
                texts.append([*head])
                size = 0
            texts[-1].append(part)
            size += len(part) + 1
    first, *others = (glue.join(text) for text in texts)
    whole = Piece(piece.kind, piece.plain, first, piece.level, piece.label, piece.page, notes=piece.notes)
    return [whole, *(Piece(piece.kind, "", text, piece.level, piece.label, piece.page) for text in others)]


def written(chunk: Chunk) -> str:
    """The Markdown of a chunk, with its footnotes at the end."""
    notes = [note.markdown for piece in chunk.pieces for note in piece.notes]
    return "\n\n".join(filter(None, [blocks_of(chunk.pieces), *(["**Noter**", *notes] if notes else [])]))


def blocks_of(pieces: Sequence[Piece]) -> str:
    """Pieces as Markdown, headings from level 2 down without gaps."""
    ranks = {level: rank for rank, level in enumerate(sorted({p.level for p in pieces if p.kind == "heading"}), 2)}
    blocks = []
    for is_item, group in groupby(pieces, key=lambda piece: piece.kind == "item"):
        if is_item:
            blocks.append(item_list([Item(piece.level, piece.label, piece.markdown) for piece in group]))
        else:
            blocks += [
                heading(piece.plain, min(ranks[piece.level], LOWEST_HEADING))
                if piece.kind == "heading"
                else piece.markdown
                for piece in group
            ]
    return "\n\n".join(block for block in blocks if block.strip())


def without_empty(chunks: Sequence[Chunk], warnings: list[str]) -> list[Chunk]:
    """The chunks that have text; headings with nothing below them are told of."""
    empty = [chunk.title for chunk in chunks if not written(chunk)]
    if empty:
        shown = ", ".join(f"“{first_title(title)}”" for title in empty[:5]) + (" m.fl." if len(empty) > 5 else "")
        warnings.append(f"Overskrifter uden indhold er ikke blevet til lektioner: {shown}.")
    return [chunk for chunk in chunks if written(chunk)]
