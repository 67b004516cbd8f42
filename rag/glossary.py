"""The AI dictionary: terms, their synonyms and one-line explanations. It widens queries and is a page of its own."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rag import danish

SYNONYM_WEIGHT = 0.5


class Term(BaseModel):
    """One entry. `synonyms` are equivalents for search; `source` is the id of a guideline that says more."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    term: str = Field(min_length=1)
    synonyms: tuple[str, ...] = ()
    definition: str = Field(min_length=1)
    source: str | None = None


class Glossary(BaseModel):
    """All terms, sorted as they stand in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    terms: tuple[Term, ...]

    @classmethod
    def load(cls, content_dir: Path) -> "Glossary":
        """Read `glossary.yaml` of the content folder."""
        return cls.model_validate(yaml.safe_load((content_dir / "glossary.yaml").read_text("utf-8")))

    @cached_property
    def _forms(self) -> dict[tuple[str, ...], frozenset[str]]:
        """Stemmed phrase of every form -> the content words of the other forms of the same term."""
        forms: dict[tuple[str, ...], frozenset[str]] = {}
        for term in self.terms:
            names = (term.term, *term.synonyms)
            every = frozenset(word for name in names for word in danish.content_words(name))
            for name in names:
                key = tuple(danish.stems(name))
                if key:
                    forms[key] = forms.get(key, frozenset()) | every
        return forms

    @cached_property
    def _longest(self) -> int:
        return max((len(key) for key in self._forms), default=0)

    def widen(self, question: str) -> dict[str, float]:
        """The words of a query with weights: 1.0 for what the person wrote, less for what the glossary adds."""
        written = danish.content_words(question)
        query = dict.fromkeys(written, 1.0)
        for word in self.synonyms_in(written):
            query.setdefault(word, SYNONYM_WEIGHT)
        return query

    def synonyms_in(self, written: Sequence[str]) -> set[str]:
        """Words of other forms of the terms that stand in `written` (content words in order)."""
        stems = [danish.stem(word) for word in written]
        found: set[str] = set()
        for start in range(len(stems)):
            for length in range(1, min(self._longest, len(stems) - start) + 1):
                found |= self._forms.get(tuple(stems[start : start + length]), frozenset())
        return found
