"""The searchable state of all sources in force: one immutable snapshot, lexical at once, vectors when they arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from rag.glossary import Glossary
from rag.lexical import LexicalIndex
from rag.passages import text_hash
from rag.sentences import Sentence, sentences, without_notes
from rag.source import PassageView, SectionView, VersionView

# Every sentence and known question of so many passages is encoded, too; their vectors are held in memory.
MOST_DETAILED = 4000


@dataclass(frozen=True)
class IndexedPassage:
    """A passage with where it stands."""

    passage: PassageView
    section: SectionView
    version: VersionView

    @property
    def place(self) -> tuple[str, str]:
        """The section it stands in: version and anchor."""
        return self.version.id, self.section.anchor

    @property
    def body(self) -> str:
        """What is searched: the text without source remarks."""
        return without_notes(self.passage.text)

    @property
    def fields(self) -> dict[str, str]:
        """Field name -> text, as `LexicalIndex` wants it."""
        return {
            "title": self.version.title,
            "headings": " ".join(self.section.path),
            "questions": " ".join(self.section.questions),
            "body": self.body,
        }

    @cached_property
    def searched(self) -> str:
        """All fields in one text."""
        return " ".join(self.fields.values())

    @property
    def to_encode(self) -> str:
        """What the encoder reads: headings give a short paragraph its context."""
        return f"{self.version.title}. {' '.join(self.section.path[-1:])}. {self.body}"

    @property
    def vector_key(self) -> str:
        """Key of the passage's vector."""
        return text_hash(self.to_encode)

    @cached_property
    def sentences(self) -> list[tuple[str, Sentence]]:
        """The sentences with the keys of their vectors."""
        return [(text_hash(sentence.text), sentence) for sentence in sentences(self.passage.text)]

    @cached_property
    def question_keys(self) -> list[str]:
        """Keys of the vectors of the everyday questions that the section says it answers."""
        return [text_hash(question) for question in self.section.questions]


@dataclass(frozen=True)
class Snapshot:
    """All passages that may be quoted, indexed together. `revision` and `day` say when it must be rebuilt."""

    revision: int
    day: date
    passages: Sequence[IndexedPassage]
    glossary: Glossary
    lexical: LexicalIndex = field(init=False)
    rows_by_key: Mapping[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lexical", LexicalIndex([passage.fields for passage in self.passages]))
        rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            rows.setdefault(passage.vector_key, []).append(row)
        object.__setattr__(self, "rows_by_key", rows)

    def texts_to_encode(self) -> dict[str, str]:
        """Vector key -> text of every passage."""
        return {passage.vector_key: passage.to_encode for passage in self.passages}

    def details_to_encode(self) -> dict[str, str]:
        """Vector key -> text of every sentence and known question; nothing where there are too many passages for that."""
        if len(self.passages) > MOST_DETAILED:
            return {}
        found: dict[str, str] = {}
        for indexed in self.passages:
            found.update((key, sentence.text) for key, sentence in indexed.sentences)
            found.update(zip(indexed.question_keys, indexed.section.questions, strict=True))
        return found
