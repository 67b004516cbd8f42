"""Keeps the index in step with the sources: a snapshot at once, its vectors in the background."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from people.person import Person
from people.roles import Permission
from rag.calendar import today
from rag.embeddings import Encoder, make_encoder
from rag.errors import EncoderMissing, UnknownSource
from rag.extract import Extractor
from rag.glossary import Glossary
from rag.index import IndexedPassage, Snapshot
from rag.retriever import Retriever
from rag.source import VersionView
from rag.source_service import SourceService
from rag.vectors import VectorStore

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexState:
    """For the administrator: how many passages, how many of them encoded, by which model, whether
    meaning is searched too, and what went wrong."""

    sources: int
    passages: int
    encoded: int
    model: str | None
    hybrid: bool
    problem: str | None
    encoding: bool


@dataclass(frozen=True)
class Search:
    """A retriever and an extractor over the same snapshot."""

    retriever: Retriever
    extractor: Extractor


class SearchService:
    """The index of this process. Thread-safe; `current` never waits for the encoder."""

    def __init__(
        self,
        sources: SourceService,
        glossary: Glossary,
        vectors_path: Path,
        embedding_model: str | None,
        make: Callable[[str | None], Encoder] = make_encoder,
    ) -> None:
        """`make` gives the encoder for the name in `embedding_model`; it is called when it is first needed."""
        self._sources = sources
        self._glossary = glossary
        self._path = vectors_path
        self._embedding_model = embedding_model
        self._make_encoder = make
        self._lock = threading.Lock()
        self._encoding = threading.Lock()
        self._search: Search | None = None
        self._store: VectorStore | None = None
        self._problem: str | None = None
        self._versions: list[VersionView] = []
        self._done = 0

    def current(self) -> Search:
        """The index of the sources as they stand now; rebuilt when a source or the day has changed."""
        with self._lock:
            if self._search is None or self._stale(self._search):
                self._search = self._build(self._search)
                threading.Thread(target=self._encode_quietly, name="encode", daemon=True).start()
            return self._search

    def encode(self, progress: Callable[[int, int], None] | None = None, *, anew: bool = False) -> None:
        """Bring the vectors in step and switch meaning on; raises `EncoderMissing`. One call at a time does the work.

        `anew` drops the stored vectors first.
        """
        with self._encoding:
            search = self._search or self._build(None)
            snapshot = search.retriever.snapshot
            self._done = 0
            if self._store is None:
                self._store = VectorStore(self._path, self._make_encoder(self._embedding_model))

            if anew:
                self._store.clear()

            def report(done: int, total: int) -> None:
                self._done = len(snapshot.passages) - total + done
                if progress:
                    progress(done, total)

            self._store.sync(snapshot.texts_to_encode(), report)
            with self._lock:
                if self._search is None or self._search.retriever.snapshot is snapshot:
                    self._search = Search(Retriever(snapshot, self._store), search.extractor)
                self._problem = None

    def rebuild(self, person: Person, progress: Callable[[int, int], None]) -> None:
        """Make all vectors anew at an administrator's wish; raises `EncoderMissing`."""
        person.require(Permission.OPERATE)
        self.encode(progress, anew=True)

    def versions(self) -> list[VersionView]:
        """The versions in force, law first, then by title; those whose text cannot be searched included."""
        self.current()
        return self._versions

    def version_in_force(self, source_id: str) -> VersionView:
        """The version of a source that may be quoted today; raises `UnknownSource`."""
        for version in self.versions():
            if version.source_id == source_id:
                return version
        raise UnknownSource

    def state(self) -> IndexState:
        """How the index is doing."""
        search = self.current()
        passages = search.retriever.snapshot.passages
        return IndexState(
            sources=len({passage.version.source_id for passage in passages}),
            passages=len(passages),
            encoded=self._done if self._encoding.locked() else len(passages) * search.retriever.hybrid,
            model=self._store.model if self._store else None,
            hybrid=search.retriever.hybrid,
            problem=self._problem,
            encoding=self._encoding.locked(),
        )

    def _stale(self, search: Search) -> bool:
        # One small query a call: what a trainer publishes, or another process ingests, is found by the very next question.
        snapshot = search.retriever.snapshot
        return snapshot.revision != self._sources.revision() or snapshot.day != today()

    def _build(self, before: Search | None) -> Search:
        day = today()
        revision = self._sources.revision()
        self._versions = versions = self._sources.in_force(day)
        texts = self._sources.sections_of([version.id for version in versions])
        passages = [
            IndexedPassage(passage, section, version)
            for version in versions
            for section in texts[version.id]
            if section.searchable
            for passage in section.passages
        ]
        snapshot = Snapshot(revision, day, passages, self._glossary)
        # Vectors that are already there serve at once; what is new is found by words until it is encoded.
        store = self._store if before and before.retriever.hybrid else None
        return Search(Retriever(snapshot, store), Extractor(snapshot))

    def _encode_quietly(self) -> None:
        try:
            self.encode()
        except EncoderMissing as error:
            self._problem = str(error)
            log.warning("searching by words only: %s", error)
        except Exception:  # a broken encoder must never take the search down with it
            self._problem = "Indekset til betydning kunne ikke bygges. Se driftsloggen. Der søges kun på ord."
            log.exception("encoding failed; searching by words only")
