"""The passages' vectors in a persistent Chroma collection, one collection per embedding model.

Vectors are kept under the hash of the text they were made from: the same text is encoded once, whatever version it
stands in, and vectors of two models can never meet.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings

from rag.embeddings import Encoder

log = logging.getLogger(__name__)
BATCH = 16


class VectorStore:
    """Vectors of one encoder. `path` None keeps them in memory (evaluation)."""

    def __init__(self, path: Path | None, encoder: Encoder) -> None:
        self.encoder = encoder
        settings = ChromaSettings(anonymized_telemetry=False)
        if path is None:
            client = chromadb.EphemeralClient(settings)
        else:
            path.mkdir(parents=True, exist_ok=True)
            client = chromadb.PersistentClient(str(path), settings)
        self._collection = client.get_or_create_collection(
            f"passages-{hashlib.sha256(encoder.name.encode()).hexdigest()[:16]}",
            metadata={"model": encoder.name},
            configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
            embedding_function=None,
        )

    @property
    def model(self) -> str:
        """Name of the model that made the stored vectors."""
        return str(self._collection.metadata["model"])

    def count(self) -> int:
        """How many vectors are stored."""
        return int(self._collection.count())

    def sync(self, texts: Mapping[str, str], progress: Callable[[int, int], None] | None = None) -> None:
        """Hold exactly the vectors of `texts` (hash -> text): encode what is missing, drop what is no longer wanted."""
        stored = set(self._collection.get(include=[])["ids"])
        missing = [key for key in texts if key not in stored]
        for number, batch in enumerate(_batches(missing)):
            vectors = self.encoder.embed_documents([texts[key] for key in batch])
            self._collection.upsert(ids=batch, embeddings=vectors)  # type: ignore[arg-type]
            if progress:
                progress(min((number + 1) * BATCH, len(missing)), len(missing))
        for batch in _batches(sorted(stored - texts.keys())):
            self._collection.delete(ids=batch)

    def clear(self) -> None:
        """Drop all vectors, so that the next `sync` makes them anew."""
        for batch in _batches(list(self._collection.get(include=[])["ids"])):
            self._collection.delete(ids=batch)

    def nearest(self, question: str, count: int) -> dict[str, float]:
        """The `count` nearest texts of a question: hash -> cosine similarity, best first."""
        vector = self.encoder.embed_query(question)
        found = self._collection.query(
            query_embeddings=np.array([vector], np.float32), n_results=count, include=["distances"]
        )
        distances = (found["distances"] or [[]])[0]
        return {key: 1.0 - distance for key, distance in zip(found["ids"][0], distances, strict=True)}


def _batches(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]
