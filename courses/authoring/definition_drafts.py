"""What a term means: a single choice between the source's own explanation and the dictionary's explanations of other terms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courses.authoring.statements import Statement
from rag import danish
from rag.glossary import Term

OTHERS = 3
_CLOSE = re.compile(r"[.\s]+$")
_FORM = (
    r"(?P<article>(?i:en |et ))?(?P<term>(?i:{term})) er "
    r"(?P<meaning>(?:en|et|den|det|at|når|[a-zæøå]+(?:er|e)?,? (?:der|som)|[A-ZÆØÅ]\S+) .+)"
)


@dataclass(frozen=True)
class Definition:
    """The `question` that asks for a term, its `meaning` in the source, and `others` that it does not mean."""

    question: str
    meaning: str
    others: tuple[str, ...]


def definitions(statement: Statement, terms: Sequence[Term]) -> Iterator[Definition]:
    """The terms that a statement explains, where the dictionary has three other meanings that are not about the same things."""
    for place, term in enumerate(terms):
        found = re.fullmatch(_FORM.format(term=re.escape(term.term)), statement.text)
        if found is None:
            continue
        meaning = _closed(found["meaning"])
        ranked = sorted(range(len(terms)), key=lambda other: abs(other - place))
        taken = set(danish.stems(" ".join((term.term, *term.synonyms))))
        others = [
            _closed(terms[other].definition) for other in ranked if other != place and not _about(terms[other], taken)
        ]
        others = [other for other in others if len(meaning) / 2 < len(other) < len(meaning) * 2][:OTHERS]
        if len(others) == OTHERS:
            yield Definition(f"Hvad er {(found['article'] or '').lower()}{term.term}?", meaning, tuple(others))


def _about(term: Term, stems: set[str]) -> bool:
    return bool(stems & set(danish.stems(" ".join((term.term, *term.synonyms, term.definition)))))


def _closed(text: str) -> str:
    bare = _CLOSE.sub("", text)
    return bare[:1].upper() + bare[1:]
