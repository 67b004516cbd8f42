"""Sources on both databases: what is stored, what is in force, and who may change it."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError

from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from rag.draft import Draft
from rag.errors import DuplicateSource, InvalidSource, UnknownSource
from rag.source import SourceDetails, Status, VersionView
from rag.source_service import SourceService
from rag.tables import PassageRow, SourceRow, SourceStatusRow, SourceVersionRow
from storage import audit
from storage.audit import AuditEvent
from storage.base import Table
from storage.session import reading
from tests.small_content import COPILOT, guideline

TODAY = date(2026, 6, 1)


@pytest.fixture
def sources(engine: Engine) -> SourceService:
    return SourceService(engine)


def body(rule: str) -> str:
    return f"Teksten er et udkast.\n\n## Regel\n\n{rule}\n\n## Resten\n\nSpørg altid din nærmeste leder først.\n"


def upload(sources: SourceService, person: Person, rule: str, **details: str) -> tuple[Draft, SourceDetails]:
    values = {"key": "regler", "title": "Regler for AI", **details}
    draft = sources.read_upload(person, f"{values['key']}.md", guideline(body=body(rule), **values).encode())
    return draft, SourceDetails.parse(dict(draft.document.front_matter), draft.file_name)


def publish(sources: SourceService, person: Person, rule: str, **details: str) -> VersionView:
    return sources.publish(person, *upload(sources, person, rule, **details), is_new=False)


def rules(sources: SourceService, day: date = TODAY) -> dict[str, str]:
    """Source id -> the rule that is in force."""
    found = {}
    for version in sources.in_force(day):
        (section,) = [item for item in sources.sections(version.id) if item.heading == "Regel"]
        found[version.source_id] = section.passages[0].text
    return found


def rows(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }


# --- shipped files ------------------------------------------------------------------------------------------------


def test_a_shipped_file_is_stored_with_its_sections_and_original(sources: SourceService, content: Path) -> None:
    path = content / "guidelines" / "copilot.md"
    version = sources.ingest_file(path)
    assert version is not None
    assert (version.source_id, version.number, version.version, version.status) == ("copilot", 1, "1.0", Status.DRAFT)
    sections = {section.heading: section for section in sources.sections(version.id)}
    assert list(sections) == ["", "Hvem må bruge Copilot", "Kilder"]
    asked = sections["Hvem må bruge Copilot"]
    assert asked.questions == ("Må jeg bruge Copilot?", "Hvem har adgang til Copilot?")
    assert asked.passages[0].text.startswith("Medarbejdere må bruge Copilot, når nærmeste leder")
    assert not sections["Kilder"].searchable
    assert sources.original(version.id) == path.read_bytes()


def test_loading_again_changes_nothing(sources: SourceService, content: Path, engine: Engine) -> None:
    paths = sorted((content / "guidelines").glob("*.md"))
    assert all(sources.ingest_file(path) for path in paths)
    before, revision = rows(engine), sources.revision()
    assert [sources.ingest_file(path) for path in paths] == [None, None, None]
    assert (rows(engine), sources.revision()) == (before, revision)


def test_a_changed_file_becomes_a_new_version_and_the_old_one_stays(sources: SourceService, content: Path) -> None:
    path = content / "guidelines" / "copilot.md"
    old = sources.ingest_file(path)
    path.write_text(path.read_text("utf-8").replace("90 dage", "30 dage").replace('"1.0"', '"1.1"'), "utf-8")
    new = sources.ingest_file(path)
    assert old is not None
    assert new is not None
    assert [version.version for version in sources.versions("copilot")] == ["1.1", "1.0"]
    assert [version.id for version in sources.in_force(TODAY)] == [new.id]
    kept = "\n".join(passage.text for section in sources.sections(old.id) for passage in section.passages)
    assert "90 dage" in kept
    assert "30 dage" not in kept


def test_a_file_without_front_matter_is_refused_in_danish(sources: SourceService, tmp_path: Path) -> None:
    path = tmp_path / "notat.md"
    path.write_text("# Notat\n\nTekst uden oplysninger.\n", "utf-8")
    with pytest.raises(InvalidSource, match=r"notat\.md mangler oplysninger øverst"):
        sources.ingest_file(path)


def test_wrong_front_matter_names_the_field(sources: SourceService, tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "regler.md"
    path.write_text(guideline("regler", "Regler for AI", body("Ja."), level="kommunal", ejer="x"), "utf-8")
    with pytest.raises(InvalidSource, match=r"“niveau” har en ugyldig værdi.*“ejer” kendes ikke"):
        sources.ingest_file(path)
    assert rows(engine)["source"] == 0


# --- what is in force ---------------------------------------------------------------------------------------------


def test_a_draft_does_not_push_out_approved_text(sources: SourceService, taskforce: Person, trainer: Person) -> None:
    publish(sources, taskforce, "Den godkendte regel gælder.", status="approved")
    draft = publish(sources, trainer, "Et nyt forslag til regel.")
    assert rules(sources) == {"regler": "Den godkendte regel gælder."}
    sources.approve(taskforce, draft.id)
    assert rules(sources) == {"regler": "Et nyt forslag til regel."}


def test_a_draft_is_in_force_as_a_draft_where_nothing_is_approved(sources: SourceService, trainer: Person) -> None:
    publish(sources, trainer, "Første forslag.")
    publish(sources, trainer, "Andet forslag.")
    assert rules(sources) == {"regler": "Andet forslag."}
    assert sources.in_force(TODAY)[0].status is Status.DRAFT


def test_a_retired_version_leaves_and_can_still_be_read(sources: SourceService, taskforce: Person) -> None:
    version = publish(sources, taskforce, "En regel.", status="approved")
    sources.retire(taskforce, version.id)
    assert sources.in_force(TODAY) == []
    assert sources.version(version.id).status is Status.RETIRED
    assert sources.sections(version.id)


def test_validity_is_kept_to_the_day(sources: SourceService, taskforce: Person) -> None:
    publish(sources, taskforce, "Ny regel.", status="approved", valid_from="2026-03-01", valid_to="2026-05-31")
    force = {
        day: bool(sources.in_force(day)) for day in map(date.fromisoformat, ("2026-02-28", "2026-03-01", "2026-05-31"))
    }
    assert list(force.values()) == [False, True, True]
    assert sources.in_force(date(2026, 6, 1)) == []


def test_a_coming_version_waits_and_the_old_one_serves_until_then(sources: SourceService, taskforce: Person) -> None:
    publish(sources, taskforce, "Gammel regel.", status="approved")
    publish(sources, taskforce, "Ny regel.", status="approved", valid_from="2026-07-01")
    assert rules(sources, date(2026, 6, 30)) == {"regler": "Gammel regel."}
    assert rules(sources, date(2026, 7, 1)) == {"regler": "Ny regel."}


def test_law_stands_before_national_before_municipal(sources: SourceService, taskforce: Person) -> None:
    for level in ("local", "municipal", "law", "national"):
        publish(sources, taskforce, f"Regel {level}.", key=level, title=f"Om {level}", level=level)
    assert [version.level.value for version in sources.in_force(TODAY)] == ["law", "national", "municipal", "local"]


# --- uploads ------------------------------------------------------------------------------------------------------


def test_a_file_that_is_there_already_is_recognised(sources: SourceService, trainer: Person, engine: Engine) -> None:
    draft, details = upload(sources, trainer, "En regel.")
    first = sources.publish(trainer, draft, details, is_new=False)
    again, details = upload(sources, trainer, "En regel.")
    assert again.duplicate_of is not None
    assert again.duplicate_of.id == first.id
    before = rows(engine)
    with pytest.raises(DuplicateSource, match=r"Regler for AI.*Der er ikke gemt noget nyt"):
        sources.publish(trainer, again, details, is_new=False)
    assert rows(engine) == before


def test_two_people_who_publish_the_same_file_at_once_store_it_once(
    sources: SourceService, trainer: Person, engine: Engine
) -> None:
    one, other = upload(sources, trainer, "En regel."), upload(sources, trainer, "En regel.")
    outcomes: list[str] = []

    def send(draft: Draft, details: SourceDetails) -> None:
        try:
            sources.publish(trainer, draft, details, is_new=False)
            outcomes.append("stored")
        except DuplicateSource:
            outcomes.append("recognised")

    threads = [threading.Thread(target=send, args=pair) for pair in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["recognised", "stored"]
    assert rows(engine)["source_version"] == 1


CPR_PLACES = {
    "paragraph": body("Borgeren 010190-1234 har søgt om hjælp."),
    "heading": body("Ja.") + "\n## Sagen om 010190 1234\n\nTekst.\n",
    "table": body("Ja.") + "\n## Tabel\n\n| Navn | Nummer |\n|---|---|\n| A | 0101901234 |\n",
    "question": body("Ja.") + "\n## Mere\n\n<!-- spørgsmål\n- Hvad med borger 010190-1234?\n-->\n\nTekst.\n",
}


@pytest.mark.parametrize("place", list(CPR_PLACES))
def test_a_cpr_number_in_an_upload_is_refused_and_nothing_is_stored(
    sources: SourceService, taskforce: Person, engine: Engine, place: str
) -> None:
    data = guideline("sager", "Sager med AI", CPR_PLACES[place]).encode()
    before = rows(engine)
    draft = sources.read_upload(taskforce, "sager.md", data)
    assert draft.findings["cpr"] == 1
    with pytest.raises(InvalidSource, match="CPR-numre"):
        sources.publish(
            taskforce, draft, SourceDetails.parse(dict(draft.document.front_matter), "sager.md"), is_new=False
        )
    assert rows(engine) == before


def test_findings_say_where_and_never_give_the_number_away(sources: SourceService, trainer: Person) -> None:
    text = body("Ja.") + "\n## Sagen\n\nBorgeren 010190-1234 og 020290 2345 har søgt.\n"
    draft = sources.read_upload(trainer, "sager.md", guideline("sager", "Sager med AI", text).encode())
    assert [(spot.kind, spot.place, spot.stops) for spot in draft.spots] == [("cpr", "“Sagen”", True)] * 2
    for spot in draft.spots:
        assert spot.excerpt == "Borgeren 01••••-•••• og 02•••• •••• har søgt."


@pytest.mark.parametrize("reason", ["", "   ", "opdigtet", "x" * 301, "Nummeret tilhører Jens Hansen, der har demens."])
def test_a_reason_that_explains_nothing_does_not_open_the_gate(
    sources: SourceService, taskforce: Person, engine: Engine, reason: str
) -> None:
    data = guideline("sager", "Sager med AI", CPR_PLACES["paragraph"]).encode()
    draft = sources.read_upload(taskforce, "sager.md", data)
    details = SourceDetails.parse(dict(draft.document.front_matter), "sager.md")
    with pytest.raises(InvalidSource):
        sources.publish(taskforce, draft, details, is_new=False, invented=reason)
    assert rows(engine)["source_version"] == 0


def test_whoever_says_that_numbers_are_invented_is_kept_with_the_reason(
    sources: SourceService, trainer: Person, engine: Engine
) -> None:
    data = guideline("sager", "Sager med AI", CPR_PLACES["paragraph"]).encode()
    draft = sources.read_upload(trainer, "sager.md", data)
    details = SourceDetails.parse(dict(draft.document.front_matter), "sager.md")
    reason = "Nummeret er fundet på til kurset i maj."
    stored = sources.publish(trainer, draft, details, is_new=False, invented=reason)
    assert stored.warnings[-1].endswith(reason)
    with reading(engine) as session:
        events = [(event.actor, event.action, event.object_id) for event in session.query(audit.AuditEvent)]
        assert audit.verify(session) is None
    assert (trainer.id, "source.cpr_invented", stored.id) in events


def test_a_number_that_the_text_calls_invented_stops_nothing(sources: SourceService, trainer: Person) -> None:
    draft, details = upload(sources, trainer, "Brug det opdigtede nummer 010190-1234 i testen.")
    assert draft.spots == ()
    assert sources.publish(trainer, draft, details, is_new=False).number == 1


def test_a_cpr_number_in_the_name_of_a_file_is_refused(
    sources: SourceService, taskforce: Person, engine: Engine
) -> None:
    draft = sources.read_upload(taskforce, "sag 010190-1234.md", guideline("sag", "Sagen", body("Ja.")).encode())
    with pytest.raises(InvalidSource, match="CPR-numre"):
        sources.publish(taskforce, draft, SourceDetails.parse(dict(draft.document.front_matter), "x"), is_new=False)
    assert rows(engine)["source_version"] == 0


def test_other_personal_data_is_counted_for_the_trainer_to_decide(sources: SourceService, trainer: Person) -> None:
    draft, details = upload(sources, trainer, "Kontakt it@randers.dk eller 89 15 15 15.")
    assert draft.findings == {"email": 1, "phone": 1}
    assert sources.publish(trainer, draft, details, is_new=False).number == 1


def test_reading_an_upload_stores_nothing(sources: SourceService, trainer: Person, engine: Engine) -> None:
    upload(sources, trainer, "En regel.")
    assert not any(rows(engine).values())


def test_a_file_with_headings_only_is_refused(sources: SourceService, trainer: Person) -> None:
    draft = sources.read_upload(trainer, "tom.md", guideline("tom", "Kun overskrift", "## En\n\n## To\n").encode())
    with pytest.raises(InvalidSource, match="ingen tekst"):
        sources.publish(trainer, draft, SourceDetails.parse(dict(draft.document.front_matter), "tom.md"), is_new=False)


def test_a_publication_that_fails_half_way_leaves_the_state_before(
    sources: SourceService, taskforce: Person, engine: Engine
) -> None:
    publish(sources, taskforce, "Den gamle regel.", status="approved")
    before, revision = rows(engine), sources.revision()
    for key in ("regler", "ny-kilde"):
        draft, details = upload(sources, taskforce, "Den nye regel.", key=key, status="approved")
        section = draft.sections[-1]
        damaged = replace(section, passages=(replace(section.passages[-1], hash=None),))  # type: ignore[arg-type]
        with pytest.raises(IntegrityError):
            sources.publish(taskforce, replace(draft, sections=(*draft.sections[:-1], damaged)), details, is_new=False)
    assert (rows(engine), sources.revision()) == (before, revision)
    assert rules(sources) == {"regler": "Den gamle regel."}


# --- who may do what ----------------------------------------------------------------------------------------------


def test_a_trainer_cannot_approve_in_any_way(sources: SourceService, trainer: Person) -> None:
    draft, details = upload(sources, trainer, "En regel.", status="approved")
    with pytest.raises(NotAllowed):
        sources.publish(trainer, draft, details, is_new=False)
    version = sources.publish(trainer, draft, details.model_copy(update={"status": Status.DRAFT}), is_new=False)
    with pytest.raises(NotAllowed):
        sources.approve(trainer, version.id)
    assert sources.version(version.id).status is Status.DRAFT


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.KEY_PERSON, Role.MANAGER, Role.ADMIN])
def test_others_can_change_nothing(
    sources: SourceService, person: Callable[..., Person], taskforce: Person, engine: Engine, role: Role
) -> None:
    version = publish(sources, taskforce, "En regel.")
    draft, details = upload(sources, taskforce, "En anden regel.")
    before = rows(engine)
    stranger = person("demo-x", role)
    for attempt in (
        lambda: sources.read_upload(stranger, "x.md", b"# X\n\nTekst.\n"),
        lambda: sources.publish(stranger, draft, details, is_new=False),
        lambda: sources.approve(stranger, version.id),
        lambda: sources.retire(stranger, version.id),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert rows(engine) == before


def test_what_does_not_exist_cannot_be_approved_or_read(
    sources: SourceService, taskforce: Person, engine: Engine
) -> None:
    for attempt in (
        lambda: sources.approve(taskforce, "nowhere"),
        lambda: sources.version("nowhere"),
        lambda: sources.versions("nowhere"),
        lambda: sources.original("nowhere"),
    ):
        with pytest.raises(UnknownSource):
            attempt()
    assert rows(engine)["audit_event"] == 0


# --- traces -------------------------------------------------------------------------------------------------------


def test_changes_between_versions_are_found_paragraph_by_paragraph(sources: SourceService, taskforce: Person) -> None:
    old = publish(sources, taskforce, "Du må bruge Copilot til korte tekster.")
    draft, details = upload(sources, taskforce, "Du må ikke bruge Copilot til korte tekster.")
    promised = sources.changes_to(old.id, draft)
    new = sources.publish(taskforce, draft, details, is_new=False)
    assert sources.changes(old.id, new.id) == promised
    (change,) = promised
    assert (change.kind, change.before) == ("changed", "Du må bruge Copilot til korte tekster.")
    assert change.after == "Du må ikke bruge Copilot til korte tekster."


def test_every_step_leaves_an_audit_row_in_one_chain(sources: SourceService, taskforce: Person, engine: Engine) -> None:
    version = publish(sources, taskforce, "En regel.")
    sources.approve(taskforce, version.id)
    sources.retire(taskforce, version.id)
    with reading(engine) as session:
        events = list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
        assert audit.verify(session) is None
        stored = session.scalar(select(SourceVersionRow.sha256))
    assert [event.action for event in events] == ["source.published", "source.approved", "source.retired"]
    assert {(event.actor, event.object_id) for event in events} == {("demo-tina", version.id)}
    assert events[0].after_hash == stored


def test_the_whole_life_of_a_version_is_kept(sources: SourceService, taskforce: Person, engine: Engine) -> None:
    version = publish(sources, taskforce, "En regel.")
    sources.approve(taskforce, version.id)
    sources.retire(taskforce, version.id)
    with reading(engine) as session:
        statuses = list(session.scalars(select(SourceStatusRow.status).order_by(SourceStatusRow.id)))
    assert statuses == ["draft", "approved", "retired"]


def test_every_change_raises_the_revision(sources: SourceService, taskforce: Person) -> None:
    seen = [sources.revision()]
    version = publish(sources, taskforce, "En regel.")
    seen.append(sources.revision())
    sources.approve(taskforce, version.id)
    seen.append(sources.revision())
    assert seen == sorted(set(seen))
    assert seen[0] == 0


def test_a_change_is_numbered_only_when_it_is_its_turn(
    sources: SourceService, taskforce: Person, engine: Engine
) -> None:
    """A number taken early and committed late would be passed by a later one, and the index would never see the change."""
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite lets one writer in at a time")
    pair = upload(sources, taskforce, "En regel.")
    with engine.connect() as first:
        first.execute(text("SELECT pg_advisory_xact_lock(20240319)"))
        thread = threading.Thread(target=sources.publish, args=(taskforce, *pair), kwargs={"is_new": True})
        thread.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        deadline = time.monotonic() + 10
        while not first.execute(waiting).scalar() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert first.execute(waiting).scalar() == 1
        assert first.execute(text("SELECT is_called FROM source_status_id_seq")).scalar() is False
    thread.join()
    assert sources.revision() == 1


def test_passages_carry_their_hash_and_place(sources: SourceService, content: Path, engine: Engine) -> None:
    sources.ingest_file(content / "guidelines" / "copilot.md")
    with reading(engine) as session:
        found = list(session.scalars(select(PassageRow).order_by(PassageRow.start)))
        assert session.scalar(select(func.count()).select_from(SourceRow)) == 1
    assert all(row.end - row.start == len(row.text) for row in found)
    assert all(len(row.hash) == 64 for row in found)
    assert COPILOT.count("90 dage") == sum("90 dage" in row.text for row in found)
