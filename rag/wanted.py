"""What a question asks for: names that must be known, and whether it is after one fact."""

import re
from collections.abc import Sequence

from rag import danish

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_TOKEN = re.compile(r"[^\W_][\w'’-]*")
_COMMON = frozenset({"ai", "i", "de", "jeg"})
_TIME = re.compile(r"\b(hvornår|hvilken dato|hvilket år|hvor længe|hvor lang tid|fra hvilken dato|frist(en)?)\b")
_AMOUNT = re.compile(r"\b(hvor (mange|meget|stor|stort|gammel)|hvad koster|hvad betaler|pris(en)?|procent|koster)\b")
_PERSON = re.compile(r"\bhvem\b|\bhvad he(d|dder)\b|\bhvilke[nt]? (firma|leverandør|virksomhed|person)\b")
_REASON = re.compile(r"\bhvorfor\b")


def names(question: str) -> list[str]:
    """Words (lower case) written with a capital inside a sentence, or with several: most often names."""
    found = []
    for sentence in _SENTENCE.split(question):
        for match in _TOKEN.finditer(sentence):
            word = match.group()
            inside = match.start() > 0 and word[0].isupper()
            if inside or sum(letter.isupper() for letter in word) > 1:
                found += danish.words(word)[:1]
    return [name for name in dict.fromkeys(found) if name not in _COMMON]


def strangers(question: str, texts: Sequence[str]) -> float:
    """Share (0..1) of the question's names that stand in no single one of the texts; inflection and compounds are seen."""
    wanted = names(question)
    if not wanted:
        return 0.0
    most = 0
    for text in texts:
        grams = {gram for word in danish.words(text) for gram in danish.grams(word)}
        most = max(most, sum(_stands(name, grams) for name in wanted))
    return 1 - most / len(wanted)


def fact(question: str) -> bool:
    """Whether the question asks for one fact: a time, an amount, a person or a name, a reason why something happened."""
    lower = question.lower()
    return any(kind.search(lower) for kind in (_TIME, _AMOUNT, _PERSON, _REASON))


def _stands(name: str, grams: set[str]) -> bool:
    own = danish.grams(name)
    return sum(gram in grams for gram in own) >= 0.6 * len(own)
