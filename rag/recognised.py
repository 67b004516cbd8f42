"""The words of a recognised text that may be mended: no addresses, no codes, and only in Danish sentences."""

import re
from dataclasses import dataclass

from rag.language import danish_sentences

_SKIPPED = re.compile(r"`[^`]*`|\S*(?:://|www\.)\S*|\S+@\S*\.\S+|\S*\w\.(?:dk|com|eu|org|net|gov)\b\S*|[@#]\w+(?=\s*:)")
_TOKEN = re.compile(r"[@|]?[^\W\d_]+(?:[@¢©®|][^\W\d_]+)*[@¢©®]?")


@dataclass(frozen=True)
class Token:
    """A word at characters `start` to `end` of text number `text`. `first` in its sentence, where every word has a capital."""

    text: int
    start: int
    end: int
    word: str
    first: bool

    @property
    def name_or_code(self) -> bool:
        """Whether no list can be expected to hold the word."""
        return is_code(self.word) or (self.word[0].isupper() and not self.first)


def tokens_of(number: int, text: str) -> list[Token]:
    """The words of text `number`, in order."""
    skipped = [found.span() for found in _SKIPPED.finditer(text)]
    tokens: list[Token] = []
    for start, end in danish_sentences(text):
        first = True
        for found in _TOKEN.finditer(text, start, end):
            inside = any(a < found.end() and found.start() < b for a, b in skipped)
            if not inside and not _glued(text, found.start(), found.end()):
                tokens.append(Token(number, found.start(), found.end(), found.group(), first))
            first = False
    return tokens


def is_code(word: str) -> bool:
    """Abbreviations (KL, GDPR) and names with capitals inside (ChatGPT); an I inside a word may be an l."""
    if word.isupper():
        return len(word) <= 4
    return any(char.isupper() and char != "I" for char in word[1:])


def shaped(word: str, lower: str) -> str:
    """`lower` with the capitals of `word`."""
    if word.isupper() and len(word) > 1:
        return lower.upper()
    was_l = word[0] in "I|" and lower[0] == "l"
    capital = (word[0].isupper() and not was_l) or word[0] == "@"
    return lower[0].upper() + lower[1:] if capital else lower


def _glued(text: str, start: int, end: int) -> bool:
    """Whether a digit or underscore makes the word part of a code."""
    around = text[max(start - 1, 0) : start] + text[end : end + 1]
    return any(char.isdigit() or char == "_" for char in around)
