"""A document recognised with the wrong language: mended when it is read, searched and quoted so, and kept as it was read."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from people.person import Person
from rag.answer import Citation
from rag.draft import Draft
from rag.index import IndexedPassage
from rag.mended_document import marked
from rag.source import Level, SourceDetails, VersionView
from rag.source_service import SourceService
from tests.damage import GUIDELINES, ROOT

READ = (ROOT / "tests" / "data" / "direktionen_2024_genkendt.txt").read_bytes()
RIGHT = (ROOT / "tests" / "data" / "direktionen_2024_rettet.txt").read_bytes()


@pytest.fixture
def sources(engine: Engine) -> SourceService:
    service = SourceService(engine)
    for path in GUIDELINES[:3]:
        service.ingest_file(path)
    return service


def details(key: str = "direktionen") -> SourceDetails:
    return SourceDetails.parse(
        {
            "id": key,
            "title": "Direktionens sag",
            "publisher": "Randers Kommune",
            "level": Level.MUNICIPAL,
            "version": "1.0",
            "valid_from": "2024-06-01",
            "owner": "IT & Digitalisering",
        },
        "sagen",
    )


def publish(sources: SourceService, person: Person, draft: Draft) -> VersionView:
    return sources.publish(person, draft, details(), is_new=True)


def stored(sources: SourceService, version: VersionView) -> str:
    return "\n".join(passage.text for section in sources.sections(version.id) for passage in section.passages)


def test_the_mended_text_is_stored_and_the_text_as_read_is_kept(sources: SourceService, trainer: Person) -> None:
    draft = sources.read_upload(trainer, "sag.txt", READ)
    assert draft.mending is not None
    assert draft.mending.count > 130
    assert {(word.read, word.mended) for word in draft.mending.words} >= {("madet", "mødet"), ("Igses", "løses")}
    version = publish(sources, trainer, draft)
    sections = sources.sections(version.id)
    assert stored(sources, version).split() == stored_right(sources, trainer).split()
    mended = [passage for section in sections for passage in section.passages if passage.as_read is not None]
    assert any("På mødet den 19. marts" in passage.text for passage in mended)
    assert any("Pa madet den 19. marts" in (passage.as_read or "") for passage in mended)
    headings = {section.heading: section.as_read for section in sections}
    assert headings["ØKONOMI"] == "JKONOMI"
    assert headings["Screeningsværktøj"] == "Screeningsveerktgj"
    assert headings["BESLUTNING"] is None
    assert sources.original(version.id) == READ


def stored_right(sources: SourceService, trainer: Person) -> str:
    draft = sources.read_upload(trainer, "ret.txt", RIGHT)
    return "\n".join(draft.paragraphs)


def test_the_trainer_may_keep_the_text_as_it_was_read(sources: SourceService, trainer: Person) -> None:
    version = publish(sources, trainer, sources.read_upload(trainer, "sag.txt", READ).kept_as_read())
    assert "Pa madet den 19. marts" in stored(sources, version)
    passages = [passage for section in sources.sections(version.id) for passage in section.passages]
    assert all(passage.as_read is None for passage in passages)


def test_a_damaged_source_teaches_no_wrong_words(sources: SourceService, trainer: Person, taskforce: Person) -> None:
    before = sources.read_upload(trainer, "sag.txt", READ)
    publish(sources, taskforce, before.kept_as_read())
    after = sources.read_upload(trainer, "sag.txt", READ + b"\n\nEn linje mere.\n")
    assert before.mending is not None
    assert after.mending is not None
    assert after.mending.count == before.mending.count


def test_a_file_from_a_folder_is_mended_too(sources: SourceService, tmp_path: Path) -> None:
    front = "---\nid: sag\ntitle: Sagen\npublisher: Randers Kommune\nlevel: municipal\nversion: 1\n"
    front += "valid_from: 2024-06-01\nowner: IT\n---\n"
    path = tmp_path / "sag.md"
    path.write_text(front + READ.decode(), "utf-8")
    version = sources.ingest_file(path)
    assert version is not None
    assert "På mødet den 19. marts" in stored(sources, version)


def test_healthy_files_are_stored_as_they_are(sources: SourceService, trainer: Person) -> None:
    draft = sources.read_upload(trainer, "ret.txt", RIGHT)
    assert draft.mending is not None
    assert draft.mending.count == 0
    assert draft.document is draft.mending.as_read


def test_a_quote_says_whether_its_words_were_mended(sources: SourceService, trainer: Person) -> None:
    version = publish(sources, trainer, sources.read_upload(trainer, "sag.txt", READ))
    found = [
        IndexedPassage(passage, section, version)
        for section in sources.sections(version.id)
        for passage in section.passages
        if "På sigt" in passage.text or "Godkendt." in passage.text
    ]
    marks = {
        sentence: Citation.of(place, sentence).mended for place in found for sentence in place.passage.text.split("\n")
    }
    assert {mark for sentence, mark in marks.items() if "løses" in sentence} == {True}
    passage = next(place for place in found if "På sigt" in place.passage.text)
    assert Citation.of(passage, "kunstig intelligens").mended is False


def test_a_page_full_of_unknown_words_warns_the_trainer(sources: SourceService, trainer: Person) -> None:
    noise = " ".join(f"qvx{chr(97 + number % 26)}rtz" for number in range(90))
    draft = sources.read_upload(trainer, "sag.txt", READ + f"\n\nog det er {noise}.\n".encode())
    assert any("af ordene kendes ikke" in warning for warning in draft.document.warnings)


def test_marks_stand_on_the_words_that_were_mended() -> None:
    pieces = marked("Pa madet den 19.\nmarts (Al)", "På mødet den 19.\nmarts (AI)")
    assert "".join(piece for piece, _ in pieces) == "Pa madet den 19.\nmarts (Al)"
    assert [piece.strip() for piece, changed in pieces if changed] == ["Pa", "madet", "(Al)"]
