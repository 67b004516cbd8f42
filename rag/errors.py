"""Errors of the rag package; `str(error)` is a Danish sentence for the user.

RagError
├── InvalidSource       front matter or details of a source do not hold
├── DuplicateSource     the same file is already a version of a source
├── UnknownSource       no such source or version
├── InvalidQuestion     empty or too long
├── InvalidFeedback     feedback cannot be sent as it stands
├── EncoderMissing      the embedding model cannot be loaded
├── RerankerMissing     the reranking model cannot be loaded
└── EncoderFailed       a model or the store of vectors does not do its work
    ├── BeingBuilt      another process writes vectors now
    ├── TooSlow         not within the time allowed
    └── PutAside        not asked, because it failed several times in a row
(readers.UnreadableFile stands beside this tree: it belongs to the file, not to the source)
"""


class RagError(Exception):
    """Base of the errors a page may show."""


class InvalidSource(RagError):
    """The details of a source do not hold."""


class DuplicateSource(RagError):
    """The same bytes are already stored as a version."""

    def __init__(self, title: str, version: str, source_id: str) -> None:
        super().__init__(f"Filen findes allerede som “{title}”, version {version}. Der er ikke gemt noget nyt.")
        self.source_id = source_id


class UnknownSource(RagError):
    """No such source or version."""

    def __init__(self) -> None:
        super().__init__(
            "Kilden findes ikke eller er trukket tilbage. Gå til Retningslinjer, og vælg en kilde på listen."
        )


class InvalidQuestion(RagError):
    """The question is empty or too long."""


class InvalidFeedback(RagError):
    """Feedback cannot be sent as it stands."""


class EncoderMissing(RagError):
    """The embedding model cannot be loaded on this machine."""


class RerankerMissing(RagError):
    """The reranking model cannot be loaded on this machine."""


class EncoderFailed(RagError):
    """A model or the store of vectors does not do its work."""


class BeingBuilt(EncoderFailed):
    """Another process writes in the folder of vectors."""

    def __init__(self) -> None:
        super().__init__("En anden proces er ved at bygge vektorer. Vent, til den er færdig, og prøv igen.")


class TooSlow(EncoderFailed):
    """There was no answer within the time allowed."""


class PutAside(EncoderFailed):
    """It is not asked for now, because it failed several times in a row."""
