"""A document that was read, with its damaged text mended and the text as it was read kept beside it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rag.mending import mend, shows_no_danish_letters
from rag.readers import Block, Document
from rag.vocabulary import Vocabulary

MANY_UNKNOWN = 0.05  # share of words in no list from which somebody should look at the text; 0 to 2 % is usual


@dataclass(frozen=True)
class RepairedWord:
    """A word of a document as it was read and as it was mended, and how many times."""

    read: str
    mended: str
    times: int


@dataclass(frozen=True)
class MendedDocument:
    """`document` holds the mended text, `as_read` the same document before; they are one when nothing was mended."""

    document: Document
    as_read: Document
    words: tuple[RepairedWord, ...] = ()

    @property
    def count(self) -> int:
        """Number of mended words, every time they occur."""
        return sum(word.times for word in self.words)


def mended(document: Document, published: Callable[[], Iterable[str]]) -> MendedDocument:
    """Mend a document. `published` gives texts that are read as they should be; it is called only for a damaged document."""
    texts = [document.title, *(block.text for block in document.blocks)]
    if not shows_no_danish_letters(texts):
        return MendedDocument(document, document)
    outcome = mend(texts, Vocabulary(published()))
    if not outcome.repaired:
        return MendedDocument(document, document)
    title, *bodies = outcome.texts
    warnings = document.warnings
    if outcome.unknown > MANY_UNKNOWN * outcome.words:
        warnings = (*warnings, _many_unknown(outcome.unknown, outcome.words))
    blocks = tuple(
        _block(block, body.text) if body.repairs else block for block, body in zip(document.blocks, bodies, strict=True)
    )
    found = Counter((repair.original, repair.mended) for body in bodies for repair in body.repairs)
    words = tuple(RepairedWord(read, better, times) for (read, better), times in found.most_common())
    better = replace(document, title=title.text, blocks=blocks, warnings=warnings)
    return MendedDocument(better, replace(document, warnings=warnings), words)


def _block(block: Block, text: str) -> Block:
    return replace(block, text=text, as_read=block.text)


def _many_unknown(unknown: int, words: int) -> str:
    share = f"{100 * unknown / words:.0f}"
    return (
        f"{share} % af ordene kendes ikke, heller ikke efter rettelse. Kontrollér teksten, "
        "eller scan papiret igen med dansk tekstgenkendelse."
    )


def marked(as_read: str, text: str) -> list[tuple[str, bool]]:
    """`as_read` in pieces, each with whether `text` has something else there. The pieces joined are `as_read`."""
    before, after = re.split(r"(?<=\s)(?=\S)", as_read), re.split(r"(?<=\s)(?=\S)", text)
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        (piece, kind != "equal")
        for kind, start, end, _, _ in found
        for piece in (before[start:end] if kind != "equal" else ["".join(before[start:end])])
    ]
