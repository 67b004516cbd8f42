"""The life of a source: nothing unapproved pushes out approved text, and what has been taken out stays out."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from people.errors import NotAllowed
from people.person import Person
from rag.calendar import today
from rag.errors import InvalidSource
from rag.source import SourceDetails, Status, VersionView
from rag.source_service import SourceService
from tests.small_content import guideline


@pytest.fixture
def sources(engine: Engine) -> SourceService:
    return SourceService(engine)


def publish(sources: SourceService, person: Person, rule: str, **details: str) -> VersionView:
    """A version of the source `regler` with one rule."""
    values = {"key": "regler", "title": "Regler for AI", **details}
    body = f"Teksten er et udkast.\n\n## Regel\n\n{rule}\n"
    draft = sources.read_upload(person, "regler.md", guideline(body=body, **values).encode())
    parsed = SourceDetails.parse(dict(draft.document.front_matter), "regler.md")
    return sources.publish(person, draft, parsed, is_new=False)


def numbers(sources: SourceService, day: date | None = None) -> list[int]:
    """Number of the version in force, if any."""
    return [version.number for version in sources.in_force(day or today())]


def test_rejecting_a_waiting_draft_leaves_the_approved_text(
    sources: SourceService, trainer: Person, taskforce: Person
) -> None:
    first = publish(sources, taskforce, "Første regel.")
    sources.approve(taskforce, first.id)
    second = publish(sources, trainer, "Anden regel.")
    assert [version.id for version in sources.waiting(today())] == [second.id]
    sources.retire(trainer, second.id)
    assert numbers(sources) == [1]
    assert sources.waiting(today()) == []


def test_a_trainer_cannot_take_approved_text_out(sources: SourceService, trainer: Person, taskforce: Person) -> None:
    first = publish(sources, taskforce, "Første regel.")
    sources.approve(taskforce, first.id)
    with pytest.raises(NotAllowed):
        sources.retire(trainer, first.id)
    assert numbers(sources) == [1]


def test_taking_out_what_is_in_force_takes_the_older_ones_along(sources: SourceService, taskforce: Person) -> None:
    for rule in ("Første regel.", "Anden regel."):
        sources.approve(taskforce, publish(sources, taskforce, rule).id)
    sources.retire(taskforce, sources.in_force(today())[0].id)
    assert numbers(sources) == []


def test_a_retired_version_cannot_be_approved_by_a_stale_page(sources: SourceService, taskforce: Person) -> None:
    version = publish(sources, taskforce, "Første regel.")
    sources.retire(taskforce, version.id)
    with pytest.raises(InvalidSource, match="Kun et udkast"):
        sources.approve(taskforce, version.id)
    assert numbers(sources) == []


def test_a_file_that_was_taken_out_can_be_published_again(sources: SourceService, taskforce: Person) -> None:
    sources.retire(taskforce, publish(sources, taskforce, "Første regel.").id)
    assert publish(sources, taskforce, "Første regel.").number == 2
    assert numbers(sources) == [2]


def test_a_version_that_ends_does_not_bring_its_predecessor_back(sources: SourceService, taskforce: Person) -> None:
    sources.approve(taskforce, publish(sources, taskforce, "Første regel.", valid_from="2024-01-01").id)
    ending = publish(sources, taskforce, "Anden regel.", valid_from="2024-06-01", valid_to="2025-01-01")
    sources.approve(taskforce, ending.id)
    assert numbers(sources, date(2024, 3, 1)) == [1]
    assert numbers(sources, date(2024, 7, 1)) == [2]
    assert numbers(sources, date(2025, 6, 1)) == []


def test_a_new_source_cannot_take_the_name_of_another(sources: SourceService, taskforce: Person) -> None:
    first = publish(sources, taskforce, "Første regel.")
    draft = sources.read_upload(taskforce, "andet.md", b"# Regler\n\nNoget helt andet.\n")
    details = SourceDetails(
        id="regler", title="Regler", publisher="PP", level=first.level, version="1", valid_from=today(), owner="IT"
    )
    with pytest.raises(InvalidSource, match="findes allerede"):
        sources.publish(taskforce, draft, details, is_new=True)
    assert len(sources.versions("regler")) == 1


def test_a_cpr_number_in_the_title_is_refused(sources: SourceService, taskforce: Person) -> None:
    with pytest.raises(InvalidSource, match="CPR"):
        publish(sources, taskforce, "En regel.", title="Sagen om 010190-1234")


def test_shipped_files_do_not_bring_a_retired_source_back(
    sources: SourceService, taskforce: Person, tmp_path: Path
) -> None:
    path = tmp_path / "regler.md"
    path.write_text(guideline("regler", "Regler for AI", "Tekst.\n\n## Regel\n\nFørste regel.\n"), "utf-8")
    version = sources.ingest_file(path)
    assert version is not None
    sources.retire(taskforce, version.id)
    assert sources.ingest_file(path) is None
    path.write_text(guideline("regler", "Regler for AI", "Tekst.\n\n## Regel\n\nAnden regel.\n"), "utf-8")
    with pytest.raises(InvalidSource, match="trukket tilbage"):
        sources.ingest_file(path)
    assert sources.version(version.id).status is Status.RETIRED
    assert numbers(sources) == []
