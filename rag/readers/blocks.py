"""What a reader finds in a file: blocks in reading order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.readers.cleaning import clean_text, one_line

BlockKind = Literal["heading", "paragraph", "list_item", "table"]


@dataclass(frozen=True)
class Block:
    """One piece of a document in reading order.

    ``text`` is plain text in NFC; a table has one row a line with the cells joined by " | ".
    ``level`` is 1-6 on headings, otherwise 0. ``page`` is the 1-based page or slide where the block
    begins, None where the format has none. ``questions`` is set on headings only: everyday questions
    that the section below answers. ``as_read`` is the text before damaged words were mended, None when none was.
    ``number`` is what an item of a numbered list begins with ("3.", "b)") in formats that write it out.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: int | None = None
    questions: tuple[str, ...] = ()
    as_read: str | None = None
    number: str = ""


@dataclass
class Draft:
    """A reader's result before the checks common to all formats; ``title`` may be empty.

    ``recognised`` are the pages whose text was recognised in a picture, ``drawn`` those with many shapes drawn on them.
    """

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    page_count: int = 0
    warnings: list[str] = field(default_factory=list)
    front_matter: Mapping[str, object] = field(default_factory=dict)
    recognised: frozenset[int] = frozenset()
    drawn: frozenset[int] = frozenset()

    def add(
        self,
        kind: BlockKind,
        text: str,
        level: int = 0,
        page: int | None = None,
        questions: Sequence[str] = (),
        number: str = "",
    ) -> None:
        """Append a block with its text cleaned to one line; text without content is dropped."""
        cleaned = one_line(clean_text(text))
        if cleaned:
            depth = min(max(level, 1), 6) if kind == "heading" else 0
            self.blocks.append(Block(kind, cleaned, depth, page, tuple(questions), number=number))

    def add_table(self, rows: Sequence[Sequence[str]], page: int | None = None) -> None:
        """Append a table; rows without any text are dropped."""
        lines = []
        for row in rows:
            cells = [one_line(clean_text(cell)) for cell in row]
            if any(cells):
                lines.append(" | ".join(cells))
        if lines:
            self.blocks.append(Block("table", "\n".join(lines), 0, page))
