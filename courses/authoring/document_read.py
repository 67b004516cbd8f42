"""What a format's module makes of a file."""

from dataclasses import dataclass, field

from courses.authoring.document_losses import Losses
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Chunk


@dataclass
class ReadFile:
    """A file cut into what becomes lessons, its pictures, and what was lost."""

    title: str
    chunks: list[Chunk]
    pictures: Pictures
    losses: Losses
    warnings: list[str] = field(default_factory=list)
