"""An uploaded file before it is stored: what was read, what was mended, what looks like personal data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag import privacy
from rag.errors import InvalidSource
from rag.mended_document import MendedDocument
from rag.passages import CutSection, cut
from rag.privacy import Spot
from rag.readers import Document
from rag.source import SourceDetails, VersionView

SHORTEST_REASON = 10
LONGEST_REASON = 300


@dataclass(frozen=True)
class Draft(privacy.Screened):
    """A file that has been read but not stored.

    `duplicate_of` is the stored version with the same bytes. `spots` are the places that look like personal data, in the
    text as it was read as well as in the mended text. `mending` is what was mended in the file; `document` and
    `sections` hold its result, or the text as it was read.
    """

    file_name: str
    data: bytes
    document: Document
    sections: tuple[CutSection, ...]
    duplicate_of: VersionView | None
    spots: tuple[Spot, ...]
    mending: MendedDocument | None = None

    @property
    def paragraphs(self) -> list[str]:
        """Every block of text in reading order."""
        return [line for section in self.sections for passage in section.passages for line in passage.text.split("\n")]

    def kept_as_read(self) -> "Draft":
        """The same file with no word mended."""
        document = self.mending.as_read if self.mending else self.document
        return replace(self, document=document, sections=tuple(cut(document)))


def screened(file_name: str, document: Document, sections: Sequence[CutSection]) -> tuple[Spot, ...]:
    """Screens everything that is kept of a file: its name, front matter, headings, questions and text, mended and as read."""
    parts = [privacy.Part("filens navn", file_name)]
    parts += [privacy.Part("oplysningerne øverst", str(value)) for value in document.front_matter.values()]
    for section in sections:
        heading = privacy.cleaned(section.heading) or "uden overskrift"
        texts = [section.heading, section.as_read, *section.questions]
        parts += [privacy.Part(_place(heading, section.page), text) for text in texts if text]
        for passage in section.passages:
            texts = [passage.text, passage.as_read]
            parts += [privacy.Part(_place(heading, passage.page), text) for text in texts if text]
    return privacy.screen(parts)


def names_cpr(details: SourceDetails) -> bool:
    """Whether what is told about a source holds what looks like a CPR number."""
    return any(
        "cpr" in privacy.count(text) for text in (details.title, details.summary, details.owner, details.publisher)
    )


def check_reason(draft: Draft, reason: str) -> None:
    """Raises `InvalidSource` unless the reason is one that somebody else can judge, without personal data of its own."""
    if not reason:
        raise InvalidSource(
            f"Filen indeholder noget, der ligner CPR-numre ({draft.stopping_places}). Fjern dem, og læg filen op igen. "
            "Er de opdigtede, så skriv, hvordan du ved det."
        )
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise InvalidSource(
            f"Begrundelsen skal være på mellem {SHORTEST_REASON} og {LONGEST_REASON} tegn. "
            "Skriv, hvordan du ved, at tallene er opdigtede."
        )
    if privacy.find(reason):
        raise InvalidSource("Begrundelsen indeholder noget, der ligner personoplysninger. Fjern dem, og prøv igen.")


def _place(heading: str, page: int | None) -> str:
    return f"side {page}, “{heading}”" if page else f"“{heading}”"
