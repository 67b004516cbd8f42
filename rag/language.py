"""Which sentences of a text are Danish, told by the small words of the languages that stand beside it in the sources."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s)[^.!?\n]*)*[.!?]*")
_WORD = re.compile(r"[^\W\d_]+")

# Only words that the other languages do not share, and none with æ, ø or å: the text may have lost them.
_DANISH = frozenset(
    "af at og er til det der den de som ikke med et har kan skal vil ved om fra hvis hvad hvor hvordan efter eller jeg "
    "blev bliver deres denne dette din dit dine sig sin sit være vaere også ogsa når nar mange meget kun nogle noget "
    "hun han hans men i en for vi du".split()
)
_FOREIGN = (
    frozenset(
        # English
        "the of and to is are was were that this these those with by from as it its be been not or you your we our they their "
        "which what when will would can could should must may on in an he she his if all any use using "
        # Swedish
        "och är att inte på för av som en ett med på till från den det ska kan inte eller också finns vara "
        # Norwegian
        "ikke jeg av fra etter eller nå mellom hvordan noen mye bare blir ble være også "
        # German
        "der die das und ist nicht mit von zu den dem ein eine einer für auf auch werden wird sind bei oder durch nach über "
        "sie ich wir dass "
        # French
        "le la les des et est une du que qui dans pour par sur avec pas".split()
    )
    - _DANISH
)


@dataclass(frozen=True)
class Letters:
    """Number of letters, and how many of them are æ, ø or å."""

    all: int
    danish: int


def letters(texts: Iterable[str]) -> Letters:
    """Count the letters of some texts."""
    every = danish = 0
    for text in texts:
        every += sum(map(str.isalpha, text))
        danish += sum(char in "æøåÆØÅ" for char in text)
    return Letters(every, danish)


def danish_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the Danish sentences of a text begin and end. One with no telling word goes with the text it stands in."""
    spans = [found.span() for found in _SENTENCE.finditer(text)]
    balances = [_balance(text[start:end]) for start, end in spans]
    if sum(balances) < 0:
        balances = [balance or -1 for balance in balances]
    yield from (span for span, balance in zip(spans, balances, strict=True) if balance >= 0)


def _balance(sentence: str) -> int:
    words = [word.lower() for word in _WORD.findall(sentence)]
    return sum(word in _DANISH for word in words) - sum(word in _FOREIGN for word in words)
