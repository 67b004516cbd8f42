"""The passages' vectors in a persistent Chroma collection, one collection per embedding model.

Vectors are kept under the hash of the text they were made from: the same text is encoded once, whatever version it
stands in, and vectors of two models can never meet. The collection's metadata keep the vector of one sentence: a model
that gives another vector for it is another model, even under the same name or in the same folder.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from rag.encoder import Encoder
from rag.errors import BeingBuilt, EncoderFailed
from rag.guard import Guard

log = logging.getLogger(__name__)
BATCH = 16
BATCH_SECONDS = 300.0
PROBE = "Kommunen skal sikre, at der er hjemmel til at behandle personoplysninger, før en ny løsning tages i brug."
SAME_MODEL = 0.999  # cosine; another processor or number of threads changes the sixth decimal
PATIENCE = 5.0  # seconds to wait for another process that writes in the same folder

Vector = NDArray[np.float32]
Progress = Callable[[int, int], None]


class VectorStore:
    """Vectors of one encoder. `path` None keeps them in memory (evaluation).

    Several processes may use one folder: all may search it, one at a time writes.
    """

    def __init__(
        self, path: Path | None, encoder: Encoder, patience: float = PATIENCE, shelf: str = "passages"
    ) -> None:
        """Opens or makes the collection; those of different shelves never meet. Raises `EncoderFailed` when the encoder fails at
        the first sentence, and `BeingBuilt` when another process writes for longer than `patience` seconds.
        """
        self.encoder = encoder
        self.encoding = Guard("Modellen til søgning på betydning", BATCH_SECONDS)
        settings = ChromaSettings(anonymized_telemetry=False)
        self._dimensions: int | None = None
        self._probe = self._checked(lambda: [encoder.embed_query(PROBE)], 1)[0]
        self._dimensions = self._probe.size
        self._name = f"{shelf}-{hashlib.sha256(encoder.name.encode()).hexdigest()[:16]}"
        self._lock: FileLock | None = None
        if path is None:
            self._client = chromadb.EphemeralClient(settings)
        else:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path / "writing.lock", timeout=patience)
            with self._alone():
                self._client = chromadb.PersistentClient(str(path), settings)
        with self._alone():
            self._collection = self._opened()

    @property
    def model(self) -> str:
        """Name of the model that made the stored vectors."""
        return str(self._collection.metadata["model"])

    def count(self) -> int:
        """How many vectors are stored."""
        return int(self._collection.count())

    def sync(self, texts: Mapping[str, str], progress: Progress | None = None, *, anew: bool = False) -> None:
        """Hold exactly the vectors of `texts` (hash -> text): encode what is missing, drop what is no longer wanted.

        `anew` makes all of them again in a collection that takes the place of the old one when it is whole: searches go on
        meanwhile, a failure leaves the old one, and the graph is free of the holes that deletions leave in it.
        Raises `EncoderFailed`, `BeingBuilt` where another process writes.
        """
        with self._alone():
            self._collection = self._opened()
            if anew:
                self._renew(texts, progress)
                return
            stored = set(self._collection.get(include=[])["ids"])
            self._add(self._collection, {key: text for key, text in texts.items() if key not in stored}, progress)
            for batch in _batches(sorted(stored - texts.keys())):
                self._collection.delete(ids=batch)

    def nearest(self, question: str, count: int) -> dict[str, float]:
        """The `count` nearest texts of a question: hash -> cosine similarity, best first. Raises `EncoderFailed`."""
        return self.near(self.vector(question), count)

    def vector(self, question: str) -> Vector:
        """The vector of a question, one row of unit length. Raises `EncoderFailed`."""
        return self._whole([self.encoder.embed_query(question)], 1)

    def near(self, vector: Vector, count: int) -> dict[str, float]:
        """As `nearest`, of a question's vector."""
        try:
            found = self._found(vector, count)
        except ChromaError:  # another process may have put a new collection in the place of this one
            collection = self._existing()
            if collection is None or collection.id == self._collection.id:
                raise
            self._collection = collection
            found = self._found(vector, count)
        distances = (found["distances"] or [[]])[0]
        return {key: 1.0 - distance for key, distance in zip(found["ids"][0], distances, strict=True)}

    def rows(self) -> tuple[list[str], Vector]:
        """All keys, and their vectors as rows in the same order."""
        found = self._collection.get(include=["embeddings"])
        return list(found["ids"]), np.array(found["embeddings"], np.float32)

    def _found(self, vector: Vector, count: int) -> Any:
        return self._collection.query(query_embeddings=vector, n_results=count, include=["distances"])

    def _renew(self, texts: Mapping[str, str], progress: Progress | None) -> None:
        building, leaving = f"{self._name}-building", f"{self._name}-leaving"
        self._drop(building)
        self._drop(leaving)
        collection = self._made(building)
        self._add(collection, texts, progress)
        # Another process holds the old one by its number and looks for the name only when that is gone.
        self._collection.modify(name=leaving)
        collection.modify(name=self._name)
        self._collection = collection
        self._drop(leaving)

    def _add(self, collection: Any, texts: Mapping[str, str], progress: Progress | None) -> None:
        for number, batch in enumerate(_batches(list(texts))):
            vectors = self._checked(partial(self.encoder.embed_documents, [texts[key] for key in batch]), len(batch))
            collection.upsert(ids=batch, embeddings=vectors)
            if progress:
                progress(min((number + 1) * BATCH, len(texts)), len(texts))

    def _opened(self) -> Any:
        """The collection of this model; what another model of the same name left is dropped."""
        collection = self._existing()
        if collection is None:
            self._drop(self._name)
            collection = self._made(self._name)
        return collection

    def _existing(self) -> Any | None:
        try:
            collection = self._client.get_collection(self._name, embedding_function=None)
        except NotFoundError:
            return None
        probe = np.array(json.loads((collection.metadata or {}).get("probe", "[]")), np.float32)
        if probe.shape == self._probe.shape and float(probe @ self._probe) >= SAME_MODEL:
            return collection
        log.warning("the vectors of %s were made by other weights", self.encoder.name)
        return None

    def _made(self, name: str) -> Any:
        probe = json.dumps([round(float(value), 6) for value in self._probe])
        return self._client.create_collection(
            name,
            metadata={"model": self.encoder.name, "probe": probe},
            configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            embedding_function=None,
        )

    def _drop(self, name: str) -> None:
        try:
            self._client.delete_collection(name)
        except NotFoundError:
            return

    def _checked(self, encode: Callable[[], list[list[float]]], count: int) -> Vector:
        return self._whole(self.encoding.run(encode), count)

    def _whole(self, vectors: list[list[float]], count: int) -> Vector:
        """The vectors as `count` rows of unit length; a model that gives anything else does not do its work."""
        try:
            found = np.array(vectors, np.float32).reshape(count, -1)
        except (TypeError, ValueError) as error:
            raise EncoderFailed(_WRONG) from error
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        if not np.isfinite(found).all() or not lengths.all() or self._dimensions not in (None, found.shape[1]):
            raise EncoderFailed(_WRONG)
        return np.asarray(found / lengths, np.float32)

    def _alone(self) -> AbstractContextManager[object]:
        return nullcontext() if self._lock is None else _held(self._lock)


_WRONG = (
    "Modellen til søgning på betydning giver tal, der ikke kan bruges. Ret EMBEDDING_MODEL, eller fjern indstillingen."
)


@contextmanager
def _held(lock: FileLock) -> Iterator[None]:
    try:
        lock.acquire()
    except Timeout as error:
        raise BeingBuilt from error
    try:
        yield
    finally:
        lock.release()


def _batches(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
