"""Follow-up questions: what "og i skolen?" means after the question before it.

A question is a follow-up when it leans on something it does not name: it begins like a continuation, it points back
("den", "det", "så"), or it is too short to stand alone. It is then understood as the earlier question and itself together.
"""

import re
from collections.abc import Sequence

from rag import danish

_CONTINUES = re.compile(r"^\W*(og|men|eller|hvad (så )?med|hvad så|så|også|heller ikke)\b")
_POINTS_BACK = re.compile(
    r"\b(den|dem|denne|dette|disse|de regler|den slags|det samme|den ene|den anden|det også|også det)\b"
)
_POINTS_AT_ALL = re.compile(
    r"^\W*(gælder|skal|må|kan|er|kræver|bestemmer|(hvem|hvornår|hvor|hvordan) \w+) (det|den|de)\b"
)
_NAMED = re.compile(r"\b(den|det|de) (nationale|gratis|offentlige|danske|rigtige|nye|fælles|her|der|fire|tre|ni)\b")
_INSIDE = re.compile(r"\b(en|et) \w+, (fordi|når|hvis|som|der|og|så) (den|det)\b")  # "en klage, fordi den …"
_DEFINES = re.compile(r"^\W*hvad (er|betyder)\b|^\W*hvordan (skriver|bruger|laver)\b")
ALONE = 3
SEPARATOR = " – "


def understood(question: str, earlier: Sequence[str]) -> str:
    """The question as it is searched for: itself, or the last earlier question that stands alone together with it.

    `earlier` are the questions of the conversation, oldest first.
    """
    if not earlier or not leans(question):
        return question
    before = next((one for one in reversed(earlier) if not leans(one)), earlier[0])
    return f"{before}{SEPARATOR}{question}"


def leans(question: str) -> bool:
    """Whether a question can only be understood together with the one before it."""
    lower = " ".join(question.lower().split())
    if _CONTINUES.search(lower):
        return True
    content = danish.content_words(lower)
    if _DEFINES.search(lower) and content:
        return False
    pointing = _NAMED.sub(" ", _INSIDE.sub(" ", lower))
    if _POINTS_BACK.search(pointing) or _POINTS_AT_ALL.search(pointing):
        return len(content) <= 2 * ALONE
    return len(content) < ALONE - 1 and len(lower.split()) <= ALONE
