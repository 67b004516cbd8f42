"""An uploaded PDF, Word, PowerPoint or Markdown file as draft lessons, with its headings, pictures and tables."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from courses.authoring.document_pictures import without_logos
from courses.authoring.document_pieces import Chunk, split_if_long, without_empty, written
from courses.authoring.document_read import ReadFile
from courses.authoring.docx_lessons import read_docx
from courses.authoring.markdown_lessons import read_markdown
from courses.authoring.pdf_lessons import read_pdf
from courses.authoring.pptx_lessons import read_pptx
from courses.picture import Picture, named_in
from rag import privacy
from rag.privacy import Spot
from rag.readers import EmptyFile, Limits, PageRecognition, Tesseract, TooLarge, UnsupportedFile
from rag.readers.document import admitted, first_title, stem_of, told_as_damage
from rag.readers.limits import Watch
from rag.readers.signature import Format

WORDS_A_MINUTE = 180
MOST_MINUTES = 600
MOST_CHARACTERS = 4_000_000  # of all lessons
_MAIL = re.compile(r"<mailto:([^<>]+)>")
READING_SHARE = 0.85  # of the time; the rest goes to the search for personal data


@dataclass(frozen=True)
class DraftLesson:
    """A lesson that somebody must read before it is used. `text` is Markdown of at most 400,000 characters; `minutes` is how
    long it takes to read. `first_page` and `last_page` are the pages or slides it comes from, None where there are none."""

    title: str
    text: str
    minutes: int
    first_page: int | None
    last_page: int | None


@dataclass(frozen=True)
class DraftLessons(privacy.Screened):
    """What a file became. `pictures` are those that the texts name, by their name. `warnings` are Danish sentences that tell
    what was lost or must be looked at. `spots` are the places that look like personal data."""

    title: str
    lessons: tuple[DraftLesson, ...]
    pictures: Mapping[str, Picture]
    warnings: tuple[str, ...]
    spots: tuple[Spot, ...]


def lessons_of(
    name: str,
    data: bytes,
    progress: Callable[[float], None] | None = None,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen, so one shared default is safe
    recognition: PageRecognition | None = None,
) -> DraftLessons:
    """Read a file into draft lessons.

    `name` decides the format together with the content, which must agree. `progress` is called with rising fractions, 1.0 last.
    `recognition` reads scanned pages, by default Tesseract in Danish. Nothing the file points to is fetched.
    Raises `rag.readers.UnreadableFile` with a Danish message, whatever is wrong with the file.
    """
    kind = admitted(name, data, limits)
    watch = Watch(limits, progress)
    watch.report(0.0)
    with told_as_damage(kind):
        read = _read(kind, name, data, watch.part(0.0, READING_SHARE), recognition or Tesseract())
    warnings = [*read.warnings, *read.losses.warnings()]
    chunks = without_logos(without_empty(read.chunks, warnings), warnings)
    if not chunks:
        raise EmptyFile("Filen har ingen tekst. Kontrollér indholdet, og prøv igen med en fil med tekst i.")
    warnings += read.pictures.warnings(chunks)
    parts = [part for chunk in chunks for part in split_if_long(chunk)]
    lessons = tuple(_lesson(part, read.title) for part in parts)
    if sum(len(lesson.text) for lesson in lessons) > MOST_CHARACTERS:
        raise TooLarge("Filen har alt for meget tekst til ét kursus. Del den i mindre filer, og prøv igen.")
    spots = _spots(name, read.title, chunks, "dias" if kind == "pptx" else "side", watch.part(READING_SHARE, 1.0))
    watch.report(1.0)
    shown = {picture for lesson in lessons for picture in named_in(lesson.text)}
    pictures = {sha: picture for sha, picture in read.pictures.kept.items() if sha in shown}
    return DraftLessons(read.title, lessons, pictures, tuple(warnings), spots)


def _read(kind: Format, name: str, data: bytes, watch: Watch, recognition: PageRecognition) -> ReadFile:
    title = first_title(stem_of(name))
    if kind == "pdf":
        return read_pdf(data, watch, title, recognition)
    if kind == "docx":
        return read_docx(data, watch, title)
    if kind == "pptx":
        return read_pptx(data, watch, title)
    if kind == "markdown":
        return read_markdown(data, watch, title)
    raise UnsupportedFile(
        "Lektioner kan laves af PDF, Word (.docx), PowerPoint (.pptx) og Markdown (.md). "
        "Åbn filen i Word, gem den som .docx, og prøv igen."
    )


def _lesson(chunk: Chunk, title: str) -> DraftLesson:
    words = sum(len(piece.plain.split()) for piece in chunk.pieces)
    minutes = min(max(round(words / WORDS_A_MINUTE), 1), MOST_MINUTES)
    first, last = chunk.pages
    return DraftLesson(first_title(chunk.title, title), written(chunk), minutes, first, last)


def _spots(name: str, title: str, chunks: Sequence[Chunk], unit: str, watch: Watch) -> tuple[Spot, ...]:
    """Screens everything that is kept: the name of the file, titles, text, words of pictures and notes."""
    spots = privacy.screen([privacy.Part("filens navn", name), privacy.Part("titlen", title)])
    for number, chunk in enumerate(chunks):
        watch.report(number / len(chunks))
        for part in _screened_parts(chunk, unit):
            watch.check()
            spots += privacy.screen([part])
    return spots


def _screened_parts(chunk: Chunk, unit: str) -> list[privacy.Part]:
    """The text of a chunk, one part a heading and page."""
    found: list[tuple[str, list[str]]] = [(_place(chunk.title, None, unit), [chunk.title])]
    under = chunk.title
    for piece in chunk.pieces:
        under = piece.plain if piece.kind == "heading" else under
        place = _place(under, piece.page, unit)
        if place != found[-1][0]:
            found.append((place, []))
        found[-1][1].extend([piece.plain, *_MAIL.findall(piece.markdown)])
        found[-1][1].extend(note.plain for note in piece.notes)
    return [privacy.Part(place, "\n".join(texts)) for place, texts in found]


def _place(heading: str, page: int | None, unit: str) -> str:
    shown = privacy.cleaned(heading) or "uden overskrift"
    return f"{unit} {page}, “{shown}”" if page else f"“{shown}”"
