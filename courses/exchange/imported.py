"""What comes of reading and writing a file of questions, in any format."""

from dataclasses import dataclass

from courses.picture import Picture
from courses.question import Question


@dataclass(frozen=True)
class Imported:
    """A question that was read, with the `name` and `category` of the file and the `line` (from 1) it begins at; `warnings` are
    Danish sentences on what was changed or left out, `pictures` those that its texts show."""

    question: Question
    name: str
    category: str
    line: int
    warnings: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A question that was not taken: the `line` (from 1) it begins at, a Danish `reason` with what to do, and how it begins."""

    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True)
class Reading:
    """Everything in a file, in its order; each question is either imported or refused."""

    imported: tuple[Imported, ...]
    refused: tuple[Refused, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions alone."""
        return tuple(one.question for one in self.imported)


@dataclass(frozen=True)
class Written:
    """A file's text; `warnings` are Danish sentences, each beginning with the id of its question."""

    text: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """A file of bytes; `warnings` as in `Written`."""

    data: bytes
    warnings: tuple[str, ...]
