"""Keeps the index in step with the sources: a snapshot at once, its vectors in the background."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from people.person import Person
from people.roles import Permission
from rag import refusal
from rag.calendar import COPENHAGEN, today
from rag.encoder import Encoder, make_encoder
from rag.errors import BeingBuilt, EncoderFailed, RagError, UnknownSource
from rag.extract import Extractor
from rag.glossary import Glossary
from rag.guard import Guard, GuardedVectors
from rag.index import IndexedPassage, Snapshot
from rag.reranking import GuardedReranker, Reranker, RerankingRetriever, make_reranker
from rag.retriever import Retriever
from rag.source import VersionView
from rag.source_service import SourceService
from rag.spelling import Spelling

if TYPE_CHECKING:
    from rag.detailed_vectors import DetailedVectors

log = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0  # a question waits no longer than this for meaning; then words alone answer it
RETRY_SECONDS = 5.0


@dataclass(frozen=True)
class IndexState:
    """For the administrator: how many passages, how many of them encoded, by which model, whether
    meaning is searched too, which model reranks, and what went wrong."""

    sources: int
    passages: int
    encoded: int
    model: str | None
    hybrid: bool
    reranker: str | None
    problem: str | None
    encoding: bool


@dataclass(frozen=True)
class Search:
    """Retriever, extractor and spelling of one snapshot; `calibrated` says whether refusal knows the scale of its cosines."""

    retriever: Retriever
    extractor: Extractor
    spelling: Spelling
    calibrated: bool = True


class SearchService:
    """The index of this process. Thread-safe; `current` never waits for the encoder."""

    def __init__(
        self,
        sources: SourceService,
        glossary: Glossary,
        vectors_path: Path,
        embedding_model: str | None,
        make: Callable[[str | None], Encoder] = make_encoder,
        reranker_model: str | None = None,
        make_reranker: Callable[[str], Reranker] = make_reranker,
    ) -> None:
        """`make` gives the encoder for the name in `embedding_model`, `make_reranker` the reranker for `reranker_model`;
        they are called when they are first needed.
        """
        self._sources = sources
        self._glossary = glossary
        self._path = vectors_path
        self._embedding_model = embedding_model
        self._make_encoder = make
        self._reranker_model = reranker_model
        self._make_reranker = make_reranker
        self._lock = threading.Lock()
        self._encoding = threading.Lock()
        self._search: Search | None = None
        self._store: DetailedVectors | None = None
        self._vectors: GuardedVectors | None = None
        self._reranker: GuardedReranker | None = None
        self._problem: str | None = None
        self._reranker_problem: str | None = None
        self._versions: list[VersionView] = []
        self._done = 0

    def current(self) -> Search:
        """The index of the sources as they stand now; rebuilt when a source or the day has changed."""
        with self._lock:
            if self._search is None or self._stale(self._search):
                self._search = self._build(self._search)
                threading.Thread(target=self._encode_quietly, name="encode", daemon=True).start()
            search = self._search
            if self._vectors is not None and self._vectors.guard.aside and search.retriever.hybrid:
                return replace(search, retriever=self._retriever(search.retriever.snapshot, None), calibrated=True)
            return search

    def encode(self, progress: Callable[[int, int], None] | None = None, *, anew: bool = False) -> None:
        """Bring the vectors in step and switch meaning on, and load the reranker. One call at a time does the work.

        `anew` makes all vectors again, with a new encoder where the old one hangs or fails. Raises `EncoderMissing` and
        `EncoderFailed`; words then still answer.
        """
        with self._encoding:
            search = self._search or self._build(None)
            snapshot = search.retriever.snapshot
            self._done = 0

            def report(done: int, total: int) -> None:
                self._done = len(snapshot.passages) - total + done
                if progress:
                    progress(done, total)

            try:
                store = self._opened(anew=anew)
                store.sync(snapshot.texts_to_encode(), report, anew=anew)
                self._problem = None
                self._switch(search, self._vectors)
                store.sync_details(snapshot.details_to_encode(), anew=anew)
            except RagError as error:
                self._problem = self._noted(str(error))
                raise
            except Exception as error:  # the store is native code and its files may be damaged
                log.exception("encoding failed")
                failed = EncoderFailed("Indekset til betydning kunne ikke bygges. Årsagen står i driftsloggen.")
                self._problem = self._noted(str(failed))
                raise failed from error
            finally:
                self._load_reranker()

    def _opened(self, *, anew: bool) -> "DetailedVectors":
        from rag.detailed_vectors import (
            DetailedVectors,
        )  # half a second of chromadb, which the first page need not wait for

        old, vectors = self._store, self._vectors
        if old and vectors and not (anew and (old.encoding.aside or vectors.guard.aside)):
            return old
        store = DetailedVectors(self._path, self._make_encoder(self._embedding_model))
        guard = Guard("Søgning på betydning", ANSWER_SECONDS)
        with self._lock:
            self._store, self._vectors = store, GuardedVectors(store, guard)
        return store

    def _load_reranker(self) -> None:
        if self._reranker_model is None or self._reranker is not None:
            return
        try:
            self._reranker = GuardedReranker(self._make_reranker(self._reranker_model))
        except RagError as error:
            self._reranker_problem = str(error)
            log.warning("answering in fused order: %s", error)
            return
        self._reranker_problem = None
        if self._search is not None:
            self._switch(self._search, self._vectors if self._search.retriever.hybrid else None)

    def _switch(self, search: Search, vectors: GuardedVectors | None) -> None:
        """Let questions be searched with `vectors`, unless the sources have changed meanwhile."""
        with self._lock:
            snapshot = search.retriever.snapshot
            if self._search is None or self._search.retriever.snapshot is snapshot:
                self._search = replace(
                    search, retriever=self._retriever(snapshot, vectors), calibrated=self._calibrated
                )

    @property
    def _calibrated(self) -> bool:
        return self._store is None or self._store.encoder.name == refusal.CALIBRATED_FOR

    def _retriever(self, snapshot: Snapshot, vectors: GuardedVectors | None) -> Retriever:
        return RerankingRetriever(snapshot, vectors, self._reranker) if self._reranker else Retriever(snapshot, vectors)

    def _noted(self, message: str) -> str:
        """A problem as the administrator reads it: what happened, what it means, and when."""
        hybrid = self._search is not None and self._search.retriever.hybrid
        meaning = "Nye tekster findes kun på ord." if hybrid else "Der søges kun på ord."
        parts = [message] if meaning in message else [message, meaning]
        return " ".join([*parts, f"Det skete den {datetime.now(COPENHAGEN):%d.%m.%Y kl. %H.%M}."])

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
            reranker=self._reranker.name if self._reranker else None,
            problem=" ".join(filter(None, self._problems())) or None,
            encoding=self._encoding.locked(),
        )

    def _problems(self) -> list[str | None]:
        found = [self._problem, self._reranker_problem]
        if self._store is not None and self._vectors is not None:
            found += [self._vectors.guard.problem, self._store.encoding.problem]
        if self._reranker is not None:
            found.append(self._reranker.guard.problem)
        return found

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
        vectors = self._vectors if before and before.retriever.hybrid else None
        spelling = Spelling(passage.searched for passage in passages)
        return Search(self._retriever(snapshot, vectors), Extractor(snapshot), spelling, self._calibrated)

    def _encode_quietly(self) -> None:
        while True:
            try:
                self.encode()
            except BeingBuilt:
                time.sleep(RETRY_SECONDS)
            except RagError as error:
                log.warning("searching by words only: %s", error)
                return
            else:
                return
