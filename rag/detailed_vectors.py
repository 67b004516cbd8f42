"""Vectors at two depths: passages, found by Chroma's graph, and their sentences and known questions, compared one and all."""

import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.encoder import Encoder
from rag.guard import Guard
from rag.vectors import Progress, Vector, VectorStore


class DetailedVectors:
    """A store of passages whose answers also tell how near every sentence and known question is.

    The vectors of sentences and questions lie in a collection of their own and are held in memory, 1.5 kB each, once
    `sync_details` has encoded them; until then, and where there are none, passages alone answer.
    """

    def __init__(self, path: Path | None, encoder: Encoder) -> None:
        """As `VectorStore`."""
        self._path = path
        self.encoder = encoder
        self._passages = VectorStore(path, encoder)
        self._lock = threading.Lock()
        self._details: tuple[list[str], Vector] | None = None

    @property
    def model(self) -> str:
        """Name of the model that made the stored vectors."""
        return self._passages.model

    @property
    def encoding(self) -> Guard:
        """The guard around the encoding of passages."""
        return self._passages.encoding

    def sync(self, texts: Mapping[str, str], progress: Progress | None = None, *, anew: bool = False) -> None:
        """As `VectorStore.sync`, for the passages."""
        self._passages.sync(texts, progress, anew=anew)

    def sync_details(self, texts: Mapping[str, str], progress: Progress | None = None, *, anew: bool = False) -> None:
        """As `VectorStore.sync`, for sentences and known questions; they count in the answers from now on."""
        details = None
        if texts:
            shelf = VectorStore(self._path, self.encoder, shelf="details")
            shelf.sync(texts, progress, anew=anew)
            details = shelf.rows()
        with self._lock:
            self._details = details

    def nearest(self, question: str, count: int) -> dict[str, float]:
        """The `count` nearest passages and all sentences and known questions: key -> cosine. Raises `EncoderFailed`."""
        vector = self._passages.vector(question)
        found = self._passages.near(vector, count)
        with self._lock:
            details = self._details
        if details is not None:
            keys, rows = details
            for key, similarity in zip(keys, (rows @ np.ravel(vector)).tolist(), strict=True):
                found.setdefault(key, similarity)
        return found
