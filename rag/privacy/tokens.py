"""Words of a text with the sentence each stands in."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*'?")
_END = re.compile(r"[.!?]+[\"')»”]*\s|\n")
_ORDINAL = re.compile(r"\d\. $")
_ABBREVIATIONS = frozenset(
    "hr fr frk fru dr st skt sct nr ca kl jf art stk mv bl fx evt tlf mvh pkt vedr inkl ekskl f d s a.p gl sr jr".split()
)


@dataclass(frozen=True)
class Token:
    """A word at characters `start` to `end`. `first` is set on the first word of a sentence."""

    text: str
    start: int
    end: int
    sentence: int
    first: bool

    @property
    def low(self) -> str:
        """In small letters."""
        return self.text.lower()

    @property
    def stem(self) -> str:
        """In small letters without the genitive's mark, but with its s where no apostrophe stands before it."""
        return self.low.removesuffix("'s").removesuffix("'")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


def tokens(text: str) -> list[Token]:
    """The words of folded text in order."""
    found: list[Token] = []
    sentence = 0
    first = True
    place = 0
    for match in _WORD.finditer(text):
        between = text[place : match.start()]
        if found and _ends(found[-1], between):
            sentence, first = sentence + 1, True
        found.append(Token(match.group(), match.start(), match.end(), sentence, first))
        first = False
        place = match.end()
    return found


def _ends(before: Token, between: str) -> bool:
    if not _END.search(between) or _ORDINAL.search(between):
        return False
    abbreviated = between.startswith(".") and (
        before.low in _ABBREVIATIONS or (len(before.text) == 1 and before.capital)
    )
    return not abbreviated or "\n" in between
