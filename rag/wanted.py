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
_PRICE = re.compile(r"\b(hvad koster|hvor meget koster|hvor dyrt?|pris(en)?|kontingent|betaler)\b")
_COUNT = re.compile(r"\bhvor mange (?P<unit>\w+)")
_SIZE = re.compile(r"\bhvor (lang|længe|stor|stort|gammel|meget)\b")
_DATE = re.compile(r"\bhvornår\b|\bhvilken dato\b|\bhvilket år\b|\bfrist(en)?\b")
_NUMBER = re.compile(r"\b(sags|journal|telefon|cvr|versions)nummer")
_MONEY = re.compile(r"\b(kr|kroner|gratis|euro)\b|betal|€")
_FIGURE = re.compile(r"\d|\b(en|et|to|tre|fire|fem|seks|syv|otte|ni|ti|elleve|tolv|begge|ingen)\b")
_MOMENT = re.compile(r"\d{4}|\b(dage|uger|timer|måneder|år|døgn|før|inden|når)\b")
_REFERENCE = re.compile(r"\d{2,}-\d|\d{4,}")


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


def untold(question: str, texts: Sequence[str]) -> bool:
    """Whether a fact of a known form (price, count, size, time, reference number) is asked for that none of the texts has."""
    lower = question.lower()
    lowered = [text.lower() for text in texts]
    if count := _COUNT.search(lower):
        unit = danish.stem(count["unit"])
        return not any(_FIGURE.search(text) and unit in danish.stems(text) for text in lowered)
    for kind, form in ((_PRICE, _MONEY), (_SIZE, _FIGURE), (_DATE, _MOMENT), (_NUMBER, _REFERENCE)):
        if kind.search(lower):
            return not any(form.search(text) for text in lowered)
    return False


def _stands(name: str, grams: set[str]) -> bool:
    own = danish.grams(name)
    return sum(gram in grams for gram in own) >= 0.6 * len(own)
