"""The one way in: bytes and a file name become a Document, or an error a person can act on."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from rag.readers.archive import check_archive
from rag.readers.blocks import Block, Draft
from rag.readers.cleaning import clean_text, one_line
from rag.readers.docx import read_docx
from rag.readers.errors import DamagedFile, EmptyFile, TooLarge, UnreadableFile
from rag.readers.html import read_html
from rag.readers.limits import Limits, Watch
from rag.readers.markdown import read_markdown
from rag.readers.ocr import PageRecognition, Tesseract
from rag.readers.pdf import read_pdf
from rag.readers.pptx import read_pptx
from rag.readers.signature import Format, identify
from rag.readers.text import read_text

logger = logging.getLogger(__name__)

TITLE_CHARACTERS = 200


@dataclass(frozen=True)
class Document:
    """A file as text.

    ``blocks`` are in reading order and never empty. ``page_count`` is 0 where the format has no pages.
    ``warnings`` are Danish sentences for the trainer who uploads. ``front_matter`` is the YAML mapping
    at the top of a Markdown file, otherwise empty.
    """

    title: str
    blocks: tuple[Block, ...]
    page_count: int
    warnings: tuple[str, ...]
    front_matter: Mapping[str, object]


def read_document(
    name: str,
    data: bytes,
    limits: Limits = Limits(),  # noqa: B008 - frozen, so one shared default is safe
    progress: Callable[[float], None] | None = None,
    *,
    recognition: PageRecognition | None = None,
) -> Document:
    """Read a PDF, docx, pptx, Markdown, HTML or text file.

    ``name`` decides the format together with the content, which must agree. ``progress`` is called with
    rising fractions, 1.0 last. ``recognition`` reads scanned pages, by default Tesseract in Danish.
    Raises UnreadableFile (one of errors.py) with a Danish message, whatever is wrong with the file.
    """
    kind = admitted(name, data, limits)
    watch = Watch(limits, progress)
    watch.report(0.0)
    with told_as_damage(kind):
        draft = _read(kind, data, watch, recognition or Tesseract())
    if not draft.blocks:
        raise EmptyFile("Filen har ingen tekst. Kontrollér indholdet, og prøv igen med en fil med tekst i.")
    watch.report(1.0)
    return Document(
        title=_title(draft, name),
        blocks=tuple(draft.blocks),
        page_count=draft.page_count,
        warnings=tuple(draft.warnings),
        front_matter=draft.front_matter,
    )


def admitted(name: str, data: bytes, limits: Limits) -> Format:
    """The format of a file that may be read on: not empty, not too large, what its name says, and harmless to unpack.

    Raises UnreadableFile.
    """
    if not data:
        raise EmptyFile("Filen er tom. Kontrollér, at det er den rigtige fil, og prøv igen.")
    if len(data) > limits.max_bytes:
        raise TooLarge(
            f"Filen fylder {_megabytes(len(data))} MB, og grænsen er {_megabytes(limits.max_bytes)} MB. "
            "Del den i mindre filer, eller gem den uden billeder, og prøv igen."
        )
    kind = identify(name, data)
    if kind in ("docx", "pptx"):
        check_archive(data, kind, limits)
    return kind


@contextmanager
def told_as_damage(kind: Format) -> Iterator[None]:
    """Whatever a parser of a foreign format fails with inside becomes DamagedFile; UnreadableFile passes."""
    try:
        yield
    except UnreadableFile:
        raise
    except Exception as error:
        # Parsers of foreign formats fail in every way there is.
        # A message may quote the file, so only the kind of error and its place are logged.
        logger.warning("Could not read a %s file: %s at %s", kind, type(error).__name__, _place(error))
        raise DamagedFile(
            "Filen kan ikke læses; den er sandsynligvis beskadiget. "
            "Åbn den i sit program, gem den igen, og prøv så igen."
        ) from error


def _read(kind: Format, data: bytes, watch: Watch, recognition: PageRecognition) -> Draft:
    if kind == "pdf":
        return read_pdf(data, watch, recognition)
    if kind == "markdown":
        return read_markdown(data, watch)
    if kind == "html":
        return read_html(data, watch)
    if kind == "text":
        return read_text(data, watch)
    return read_docx(data, watch) if kind == "docx" else read_pptx(data, watch)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "unknown"


def _title(draft: Draft, name: str) -> str:
    headings = (block.text for block in draft.blocks if block.kind == "heading")
    return first_title(draft.title, next(headings, ""), stem_of(name))


def first_title(*candidates: str) -> str:
    """The first candidate that has text, on one line and not too long."""
    titles = filter(None, (one_line(clean_text(candidate)) for candidate in candidates))
    return next(titles, "Uden titel")[:TITLE_CHARACTERS]


def stem_of(name: str) -> str:
    """A file name as a title: without folders and ending."""
    return PurePosixPath(name.replace("\\", "/")).stem.replace("_", " ")


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0")
