"""The check of what a language model wrote: a quote or nothing, sentence by sentence.

A written sentence is shown only when its quote is an exact piece of a passage that the model was given, and the whole
sentence of the source around that quote supports every word (`rag.claims`). The citation is always whole sentences of the
source in its own characters, so that a quote cut out of "du må ikke …" cannot say the opposite.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from rag import claims
from rag.answer import AnswerSentence, Citation, quoted
from rag.index import IndexedPassage
from rag.sentences import Sentence, sentences
from rag.source import Status

MOST = 6
SHORTEST_QUOTE = 20
QUOTE_WORDS = 3
QUOTED_SENTENCES = 2
SHORTEST = 15
LONGEST = 300
_INSIDE_WORD = r"[\w-]"
_MARKUP = re.compile(r"[<>\[\]{}|`*_#\\~^=@]|https?:|www\.|\n|!|\b\w+\.(?:com|dk|net|org|eu|io)\b", re.IGNORECASE)
_ENDS = (".", "?", ".”", '."')


class Written(BaseModel):
    """One sentence as the model wrote it: its own words, the label of a passage, and a quote from that passage."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    passage: str
    quote: str


@dataclass(frozen=True)
class Checked:
    """What may be shown, and why the rest may not: reason -> count. `own` counts the sentences in the model's own words."""

    sentences: tuple[AnswerSentence, ...]
    faults: Mapping[str, int]
    own: int


def check(written: Sequence[Written], given: Mapping[str, IndexedPassage]) -> Checked:
    """The sentences that hold, in the model's order, at most `MOST`.

    A sentence with a good quote whose own words are not supported gives way to the quoted sentence of the source. One
    without a good quote is left out. When the first one is left out, nothing is shown: it is the answer itself, and the
    explanations after it could mislead.
    """
    shown: dict[str, AnswerSentence] = {}
    faults: Counter[str] = Counter()
    own = 0
    for place, item in enumerate(written[:MOST]):
        indexed = given.get(item.passage)
        pieces = located(item.quote, indexed) if indexed else []
        if indexed is None or not pieces:
            faults["passage" if indexed is None else "quote"] += 1
            if place == 0:
                break
            continue
        text = " ".join(item.text.split())
        fault = _form_fault(text)
        sentence = None if fault else _supported(text, indexed, pieces)
        if sentence is not None:
            own += text not in shown
            shown.setdefault(text, sentence)
            continue
        faults[fault or _fault(text, indexed, pieces)] += 1
        for piece in pieces:
            exact = quoted(indexed, piece)
            if exact is not None and _stands_alone(indexed, piece):
                shown.setdefault(exact.text, exact)
    return Checked(tuple(shown.values())[:MOST], dict(faults), own)


def located(quote: str, indexed: IndexedPassage) -> list[Sentence]:
    """The whole sentences of the passage that `quote` is an exact piece of, white space aside; empty when it is none.

    Too short a piece, half a word, more than two sentences, and any piece of a retired source count as none.
    """
    words = quote.split()
    if indexed.version.status is Status.RETIRED or len(words) < QUOTE_WORDS or len(" ".join(words)) < SHORTEST_QUOTE:
        return []
    text = indexed.passage.text
    exact = r"\s+".join(re.escape(word) for word in words)
    match = re.search(rf"(?<!{_INSIDE_WORD}){exact}(?!{_INSIDE_WORD})", text)
    if match is None:
        return []
    touched = [piece for piece in sentences(text) if piece.start < match.end() and match.start() < piece.end]
    return touched if len(touched) <= QUOTED_SENTENCES else []


def _supported(text: str, indexed: IndexedPassage, pieces: Sequence[Sentence]) -> AnswerSentence | None:
    for piece in pieces:
        lead = _lead_in(indexed, piece)
        whole = [lead, piece] if lead else [piece]
        if (lead or _stands_alone(indexed, piece)) and _claim_fault(text, whole) is None:
            return AnswerSentence(text=text, citations=tuple(Citation.of(indexed, p.text, p.note) for p in whole))
    return None


def _fault(text: str, indexed: IndexedPassage, pieces: Sequence[Sentence]) -> str:
    faults = [_claim_fault(text, [piece]) for piece in pieces]
    return str(next((fault for fault in faults if fault), "fragment"))


def _claim_fault(text: str, whole: Sequence[Sentence]) -> claims.Fault | None:
    return claims.fault(text, " ".join(piece.text for piece in whole))


def _lead_in(indexed: IndexedPassage, piece: Sentence) -> Sentence | None:
    """The words that a list item or a row of a table hangs on: "Du må ikke:" turns every item under it."""
    before = [other for other in sentences(indexed.passage.text) if other.end <= piece.start]
    if "table" in indexed.passage.kinds:
        return before[0] if before else None
    return next((other for other in reversed(before) if other.text.endswith(":")), None)


def _stands_alone(indexed: IndexedPassage, piece: Sentence) -> bool:
    return piece.text[:1].isupper() and _lead_in(indexed, piece) is None and not piece.text.endswith((":", "?"))


def _form_fault(text: str) -> str | None:
    """What is wrong with the look of a sentence: nothing but one plain, short line is let through."""
    if not SHORTEST <= len(text) <= LONGEST:
        return "length"
    if _MARKUP.search(text) or any(unicodedata.category(character)[0] == "C" for character in text):
        return "markup"
    return None if text.endswith(_ENDS) and len(sentences(text)) == 1 else "form"
