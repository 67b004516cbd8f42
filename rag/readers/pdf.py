"""PDF: text with pypdf page by page; pages that are only pictures go to text recognition."""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rag.readers.blocks import Block, Draft
from rag.readers.cleaning import clean_text, one_line
from rag.readers.errors import DamagedFile, EmptyFile, ProtectedFile, TookTooLong, TooLarge
from rag.readers.limits import Watch
from rag.readers.ocr import PageRecognition
from rag.readers.pdf_layout import add_blocks, outline_key, remove_running_lines
from rag.readers.pdf_lines import Page, page_lines
from rag.readers.text import add_plain_text

if TYPE_CHECKING:
    from pypdf import PdfReader

logger = logging.getLogger(__name__)

MAX_PAGE_STREAM = 30_000_000  # bytes of one unpacked stream; a page of text has about 5,000
MAX_PAGE_OPERATIONS = 500_000
MAX_BOOKMARKS = 2_000
BROKEN = "PDF-filen er beskadiget eller ikke hentet færdig. Hent eller gem den igen, og prøv så igen."
SCANNED = (
    "PDF-filen er en indscanning uden tekst, der kan læses. Kør den gennem tekstgenkendelse (OCR), "
    "eller find originalen, og prøv igen."
)


def read_pdf(data: bytes, watch: Watch, recognition: PageRecognition) -> Draft:
    """Read a PDF. One page that fails is a warning; UnreadableFile is raised when none can be read."""
    with opened_pdf(data, watch) as (reader, count):
        draft = Draft(page_count=count)
        pages = _read_pages(reader, count, draft, watch)
        outline, title = _outline(reader), _title(reader)
    remove_running_lines(pages)
    draft.drawn = frozenset(page.number for page in pages if page.drawn)
    texts = _recognise(data, [page for page in pages if not page.lines and page.pictured], draft, watch, recognition)
    draft.recognised = frozenset(texts)
    _add_pages(draft, pages, outline, texts)
    if not draft.blocks and any(page.pictured for page in pages):
        raise EmptyFile(SCANNED)
    top = [block.text for block in draft.blocks if block.kind == "heading" and block.level == 1 and block.page == 1]
    draft.title = top[0] if top else title
    return draft


@contextmanager
def opened_pdf(data: bytes, watch: Watch) -> Iterator[tuple["PdfReader", int]]:
    """A PDF and the number of its pages; while it is open, what one stream may unpack to is bounded.

    Raises DamagedFile, ProtectedFile or TooLarge.
    """
    from pypdf import apply_configuration
    from pypdf.errors import PyPdfError

    with apply_configuration(
        zlib_maximum_output_length=MAX_PAGE_STREAM,
        lzw_maximum_output_length=MAX_PAGE_STREAM,
        run_length_maximum_output_length=MAX_PAGE_STREAM,
        array_based_stream_maximum_output_length=MAX_PAGE_STREAM,
        stream_parsing_work_maximum_count=MAX_PAGE_OPERATIONS,
    ):
        try:
            reader, count = _open(data, watch)
        except PyPdfError as error:
            raise DamagedFile(BROKEN) from error
        yield reader, count


def _open(data: bytes, watch: Watch) -> tuple["PdfReader", int]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise ProtectedFile("PDF-filen er beskyttet med adgangskode. Gem en kopi uden adgangskode, og prøv igen.")
    watch.check()
    count = reader.get_num_pages()
    if count == 0:
        raise DamagedFile(BROKEN)
    if count > watch.limits.max_pages:
        raise TooLarge(
            f"PDF-filen har {count} sider, og grænsen er {watch.limits.max_pages}. "
            "Del den i mindre filer, og prøv igen."
        )
    return reader, count


def _read_pages(reader: "PdfReader", count: int, draft: Draft, watch: Watch) -> list[Page]:
    pages: list[Page] = []
    failed: list[int] = []
    for number in range(1, count + 1):
        watch.report(0.8 * (number - 1) / count)
        try:
            pages.append(page_lines(reader.pages[number - 1], number, watch))
        except TookTooLong:
            raise
        except Exception as error:  # noqa: BLE001 - pypdf meets broken pages with every kind of error
            logger.warning("Could not read PDF page %d: %s", number, type(error).__name__)
            failed.append(number)
    if len(failed) == count:
        raise DamagedFile(BROKEN)
    if failed:
        draft.warnings.append(f"Side {page_ranges(failed)} er beskadiget og er sprunget over.")
    return pages


def _recognise(
    data: bytes, silent: Sequence[Page], draft: Draft, watch: Watch, recognition: PageRecognition
) -> dict[int, str]:
    """Return the recognised text by page number, and warn about each page whatever became of it."""
    texts: dict[int, str] = {}
    unread = [page.number for page in silent]
    if unread and recognition.available():
        for done, number in enumerate(unread[: watch.limits.max_ocr_pages]):
            watch.report(0.8 + 0.2 * done / len(unread))
            try:
                texts[number] = recognition.page_text(data, number, watch)
            except TookTooLong:
                raise
            except Exception as error:  # noqa: BLE001 - one page that cannot be recognised is a warning
                logger.warning("Could not recognise PDF page %d: %s", number, type(error).__name__)
        texts = {number: text for number, text in texts.items() if text.strip()}
        unread = [number for number in unread if number not in texts]
    if texts:
        draft.warnings.append(
            f"Side {page_ranges(sorted(texts))} er læst med tekstgenkendelse (OCR). Kontrollér teksten for fejl."
        )
    if unread:
        draft.warnings.append(
            f"Side {page_ranges(unread)} har ingen tekst, der kan læses (sandsynligvis en indscanning), "
            "og er ikke med. Kør filen gennem tekstgenkendelse (OCR), hvis siderne er vigtige."
        )
    return texts


def _add_pages(draft: Draft, pages: Sequence[Page], outline: dict[tuple[int, str], int], texts: dict[int, str]) -> None:
    add_blocks(draft, [page for page in pages if page.lines], outline)
    if texts:
        for number, text in texts.items():
            add_plain_text(draft, text, number)
        draft.blocks.sort(key=_page_of)  # stable, so the order within a page stays


def _page_of(block: Block) -> int:
    return block.page or 0


def _outline(reader: "PdfReader") -> dict[tuple[int, str], int]:
    """Bookmark levels by page and text; a broken outline is no outline."""
    found: dict[tuple[int, str], int] = {}
    try:
        stack: list[tuple[Any, int]] = [(entry, 1) for entry in reversed(reader.outline)]
        while stack and len(found) < MAX_BOOKMARKS:
            entry, level = stack.pop()
            if isinstance(entry, list):
                stack.extend((child, level + 1) for child in reversed(entry))
            elif (page := reader.get_destination_page_number(entry)) is not None and entry.title:
                found.setdefault((page + 1, outline_key(clean_text(entry.title))), min(level, 6))
    except Exception as error:  # noqa: BLE001 - the text is worth reading without its bookmarks
        logger.warning("Could not read the PDF outline: %s", type(error).__name__)
    return found


def _title(reader: "PdfReader") -> str:
    """The title in the file's properties, unless a program put its own name or a file name there."""
    try:
        title = one_line(clean_text(str(reader.metadata.title or ""))) if reader.metadata else ""
    except Exception as error:  # noqa: BLE001 - as above
        logger.warning("Could not read the PDF properties: %s", type(error).__name__)
        return ""
    lowered = title.lower()
    useless = lowered.startswith(("microsoft ", "untitled", "unavngivet", "powerpoint-", "dokument1"))
    return "" if useless or lowered.endswith((".doc", ".docx", ".pdf", ".pptx", ".html")) else title


def page_ranges(numbers: Sequence[int]) -> str:
    """Return rising page numbers in words: [2, 3, 4, 7] is "2-4 og 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return " og ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
