"""Coverage: how much of what a question asks about stands in a text."""

from dataclasses import dataclass

from rag import danish
from rag.glossary import Glossary
from rag.lexical import LexicalIndex

LEAST_SHARE = 0.4


@dataclass(frozen=True)
class _Word:
    rarity: float
    stems: frozenset[str]
    grams: tuple[str, ...]


class Asked:
    """The content words of a question, made ready once to be looked for in many texts."""

    def __init__(self, question: str, lexical: LexicalIndex, glossary: Glossary) -> None:
        self._words = [
            _Word(
                lexical.rarity(word),
                frozenset(danish.stem(form) for form in {word} | glossary.synonyms_in([word])),
                danish.grams(word),
            )
            for word in dict.fromkeys(danish.content_words(question))
        ]
        self._total = sum(word.rarity for word in self._words)

    def found_in(self, text: str) -> float:
        """Share (0..1) of the words, weighted by rarity, that stand in `text`.

        A word stands there by its stem or that of a synonym, or in part when enough of its character grams do:
        that is how a compound and a typing error are seen.
        """
        if not self._total:
            return 0.0
        present = set(danish.content_words(text))
        stems = {danish.stem(word) for word in present}
        missing = [word for word in self._words if not word.stems & stems]
        found = self._total - sum(word.rarity for word in missing)
        if missing:
            grams = {gram for word in present for gram in danish.grams(word)}
            for word in missing:
                share = sum(gram in grams for gram in word.grams) / len(word.grams)
                found += word.rarity * share if share >= LEAST_SHARE else 0.0
        return found / self._total
