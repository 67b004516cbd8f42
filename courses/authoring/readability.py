"""Readability: LIX, the readability index of C. H. Björnsson (Läsbarhet, 1968), as it is used on Danish texts.

LIX = words / sentences + 100 · long words / words, where a long word has more than six letters. A heading, an item of a list and
a cell of a table end a sentence, for a reader stops there. Signs of Markdown, pictures and gaps are no text and are left out.
"""

import re
from dataclasses import dataclass

from courses.question import GAP
from rag.sentences import sentences

LONG = 6  # letters; longer words are long
_PICTURE = re.compile(r"!\[[^\]]*\]\((?:[^()\n]|\([^()\n]*\))*\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_ADDRESS = re.compile(r"https?://\S+")
_COMMENT = re.compile(r"<!--.*?-->|</?\w[^>\n]*>", re.DOTALL)
_FENCE = re.compile(r"^```.*?^```\s*?$", re.DOTALL | re.MULTILINE)
_RULE = re.compile(r"^[ \t]*[|:\-\s]{3,}$", re.MULTILINE)
_LINE_START = re.compile(
    r"^[ \t]*(?:>[ \t]?)*(?:\[![^\]\n]*\])?[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,3}[.)][ \t]+)?", re.MULTILINE
)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_COLON = re.compile(r"(?<=:)\s")


@dataclass(frozen=True)
class Readability:
    """How a text is counted: its words, its sentences, and its words of more than six letters."""

    words: int
    sentences: int
    long_words: int

    @property
    def lix(self) -> float:
        """The index; 0 for a text without words."""
        return self.words / self.sentences + 100 * self.long_words / self.words if self.words else 0.0

    @property
    def danish(self) -> str:
        """What the index means, in Björnsson's five classes."""
        return next(name for limit, name in _CLASSES if self.lix < limit)


_CLASSES = (
    (25, "meget let, som en børnebog"),
    (35, "let, som en roman eller et ugeblad"),
    (45, "middel, som en avis"),
    (55, "svær, som en fagbog eller et brev fra det offentlige"),
    (float("inf"), "meget svær, som en lovtekst eller en afhandling"),
)


def readability(markdown: str) -> Readability:
    """The count of a Markdown text."""
    lines = [_COLON.split(sentence.text) for sentence in sentences(plain(markdown))]
    counted = [words for line in lines for part in line if (words := _WORD.findall(part))]
    every = [word for words in counted for word in words]
    return Readability(len(every), len(counted), sum(_letters(word) > LONG for word in every))


def plain(markdown: str) -> str:
    """The text of a Markdown text as it is read, a line for each paragraph, item and cell."""
    text = _COMMENT.sub(" ", _FENCE.sub("", markdown))
    text = _LINK.sub(r"\1", _PICTURE.sub("", text))
    text = _RULE.sub("", GAP.sub(" ", _ADDRESS.sub("", text)))
    text = _EMPHASIS.sub("", _LINE_START.sub("", text))
    return re.sub(r"[ \t]*\|[ \t]*", "\n", text).strip()


def _letters(word: str) -> int:
    return sum(letter.isalpha() for letter in word)
