"""Hostile and broken uploads, offered as the page offers them: refused in Danish within seconds, and nothing is changed."""

import re
import resource
import time
from collections.abc import Callable
from functools import cache

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import Engine, func, select

from courses.authoring.documents import lessons_of
from courses.authoring.manuscript_service import MOST_QUESTIONS
from courses.authoring.tables import ManuscriptChangeRow, ManuscriptRow, PictureRow
from courses.errors import InvalidContent
from courses.exchange.formats import read_file
from courses.exchange.imported import Imported, Reading
from courses.exchange.markdown_html import html
from courses.question import Option, SingleChoice
from people.person import Person
from people.roles import Role
from rag.readers import UnreadableFile
from storage.session import reading
from tests.hostile_files import HARMLESS, REFUSED, laughs, png_header, zipped
from tests.integration.test_workshop import Workshop
from tests.unit.reader_files import pdf, rewritten, slides, word_file

SECONDS = 10.0  # of a processor, however busy the machine is
MEMORY = 1_000_000  # KB by which the process may grow; the files themselves are up to 52 MB
_ENGLISH = re.compile(
    r"\b(the|and|not|invalid|error|expected|failed|unable|cannot|with|unexpected|exception|found|should|must|line)\b"
)
_ADVICE = re.compile(
    r"\b(prøv|gem|del|eksportér|vælg|skriv|ret|slet|fjern|hent|pak|brug|gør|flyt|læg|kontrollér|undvær|tag|se|undgå|åbn)\b"
)


def check_reason(reason: str) -> None:
    """A Danish sentence that says what to do."""
    told = re.sub(r"[»“].*?[«”]|<[^<>]*>", "", reason).lower()
    assert reason.endswith("."), reason
    assert not _ENGLISH.search(told), reason
    assert _ADVICE.search(told), reason
    assert len(reason) < 400, reason


@cache
def offered(kind: str) -> tuple[tuple[Imported, ...], tuple[str, ...]]:
    """What is read of a file, and why the rest is not; within bounds of time and memory."""
    name, make = REFUSED.get(kind) or HARMLESS[kind]
    data = make()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        _, read = read_file(name, data)
    except InvalidContent as error:
        read, reasons = Reading((), ()), [str(error)]
    else:
        reasons = [one.reason for one in read.refused]
    assert time.process_time() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEMORY
    return read.imported, tuple(dict.fromkeys(reasons))


@pytest.fixture
def workshop(engine: Engine, trainer: Person, person: Callable[..., Person]) -> Workshop:
    return Workshop(engine, trainer, person("demo-tina", Role.TASKFORCE))


def kept(engine: Engine) -> tuple[object, ...]:
    """Everything that an upload could change."""
    with reading(engine) as session:
        rows = session.execute(
            select(ManuscriptRow.id, ManuscriptRow.revision, ManuscriptRow.state, ManuscriptRow.changed_at)
        )
        counts = [
            session.scalar(select(func.count()).select_from(table)) for table in (ManuscriptChangeRow, PictureRow)
        ]
        return (*map(tuple, rows), *counts)


def take(workshop: Workshop, trainer: Person, draft: str, read: tuple[Imported, ...]) -> list[str]:
    """Take in what was read, as the page does it."""
    module = workshop.manuscripts.read(trainer, draft).content.modules[0].id
    pictures = [picture for one in read for picture in one.pictures]
    return workshop.manuscripts.take_in(trainer, draft, [one.question for one in read], [], module, pictures)


@pytest.mark.parametrize("kind", REFUSED)
def test_hostile_files_are_refused_in_danish(kind: str) -> None:
    read, reasons = offered(kind)
    assert read == ()
    assert reasons
    for reason in reasons:
        check_reason(reason)


def test_hostile_files_change_nothing(engine: Engine, workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    before = kept(engine)
    for kind in REFUSED:
        read, _ = offered(kind)
        assert take(workshop, trainer, draft, read) == [], kind
        assert kept(engine) == before, kind


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_is_taken_holds_nothing_that_runs(kind: str) -> None:
    read, reasons = offered(kind)
    assert read and not reasons
    for one in read[:50]:
        for text in (one.question.text, one.question.feedback, *(option.text for option in _options(one))):
            shown = BeautifulSoup(html(text), "html.parser")
            assert not shown.find(["script", "iframe", "object", "style", "img"])
            assert not [name for tag in shown.find_all(True) for name in tag.attrs if name.startswith("on")]


def _options(one: Imported) -> tuple[Option, ...]:
    return one.question.options if isinstance(one.question, SingleChoice) else ()


def test_more_questions_than_a_course_holds_are_refused_whole(
    engine: Engine, workshop: Workshop, trainer: Person
) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    before = kept(engine)
    read, _ = offered("10,000 questions")
    assert len(read) > MOST_QUESTIONS
    start = time.process_time()
    with pytest.raises(InvalidContent) as caught:
        take(workshop, trainer, draft, read)
    assert time.process_time() - start < SECONDS
    check_reason(str(caught.value))
    assert kept(engine) == before


def test_thousands_of_questions_do_not_keep_others_waiting(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    read, _ = offered("10,000 questions")
    start = time.process_time()
    assert len(take(workshop, trainer, draft, read[:2_000])) == 2_000
    assert time.process_time() - start < SECONDS


DOCUMENTS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "entities in Word": ("a.docx", lambda: rewritten(word_file(), {"word/document.xml": laughs()})),
    "entities in PowerPoint": ("a.pptx", lambda: rewritten(slides(), {"ppt/presentation.xml": laughs()})),
    "zip slip in Word": ("a.docx", lambda: rewritten(word_file(), {"../../a": b"x"})),
    "a bomb in Word": ("a.docx", lambda: rewritten(word_file(), {"word/media/a.png": bytes(60_000_000)})),
    "a bomb in PowerPoint": ("a.pptx", lambda: rewritten(slides(), {"ppt/slides/slide1.xml": b" " * 80_000_000})),
    "deep XML in Word": ("a.docx", lambda: rewritten(word_file(), {"word/document.xml": b"<w>" * 100_000})),
    "half a Word file": ("a.docx", lambda: (whole := word_file())[: len(whole) // 2]),
    "half a PDF": ("a.pdf", lambda: (whole := pdf([[("p", "Tekst")]]))[: len(whole) // 3]),
    "a PDF without pages": ("a.pdf", lambda: b"%PDF-1.7\n" + b"1 0 obj<</Kids[1 0 R]>>endobj\n" * 1_000),
    "a zip called Word": ("a.docx", lambda: zipped(("a.xml", b"<a/>"))),
    "a photo called PDF": ("a.pdf", lambda: png_header(9, 9)),
    "an empty file": ("a.md", lambda: b""),
    "Markdown with NUL": ("a.md", lambda: b"# a\0b"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_hostile_documents_are_refused_in_danish(kind: str) -> None:
    name, make = DOCUMENTS[kind]
    data = make()
    start = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        lessons_of(name, data)
    assert time.process_time() - start < SECONDS
    check_reason(str(caught.value))
