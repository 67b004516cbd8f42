"""One's own data: all of it, nothing of anybody else, no keys, and what may be deleted goes and the rest stays."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update

from courses.course import Show
from courses.issuing import Issuer
from courses.steering.area.standing_service import StandingService
from courses.steering.evidence.evidence import Line
from courses.steering.evidence.evidence_service import EvidenceService
from courses.tables import AttemptRow, CertificateRevocationRow, PromptTryRow
from governance.data_rights_deletion import KEPT, Deletable
from governance.data_rights_page_words import PAGE_WORDS
from governance.data_rights_places import AUTHORS, EXEMPT, PLACES
from governance.data_rights_service import DataRightsService
from governance.errors import InvalidChoice
from people.errors import NotAllowed
from people.organisation.tables import EmploymentRow, LookRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from rag.calendar import today
from rag.tables import FeedbackRow, TurnRow
from storage import audit
from storage.base import Table, new_id, now
from storage.session import reading, transaction
from tests.all_tables import register_tables
from tests.certified_house import RIGHT, WRONG, House, course
from tests.lives import COURSE, OFFICE, live, units

LATELY = now() - timedelta(hours=1)
PLACED = {place.table for place in PLACES}


@pytest.fixture
def house(engine: Engine, tmp_path: Path, person: Callable[..., Person]) -> House:
    """Two people who have done everything, and their boss."""
    made = House(engine, tmp_path, person("maja"), person("other"), person("boss", Role.MANAGER))
    units(engine)
    for key in ("maja", "other"):
        live(made, person(key), LATELY, boss=person("boss"), over=False)
    return made


@pytest.fixture
def maja(person: Callable[..., Person]) -> Person:
    return person("maja")


def rights(house: House) -> DataRightsService:
    return DataRightsService(house.engine, house.courses, house.attempts)


def export(house: House, person: Person) -> dict[str, Any]:
    return dict(json.loads(rights(house).export(person)))


def rows(document: dict[str, Any], table: str) -> list[dict[str, Any]]:
    (section,) = (one for one in document["oplysninger"].values() if one["tabel"] == table)
    return list(section["rækker"])


def about_people() -> set[str]:
    """The tables that point at a person, or at a row of a table that does, as deep as it goes."""
    found = {"person"}
    while True:
        more = {
            table.name
            for table in Table.metadata.sorted_tables
            for column in table.columns
            if column.name not in AUTHORS
            and (column.name == "person_id" or any(key.column.table.name in found for key in column.foreign_keys))
        }
        if more <= found:
            return found
        found |= more


# --- whole ------------------------------------------------------------------------------------------------------


def test_every_table_about_people_is_in_the_export_or_exempt_with_a_reason() -> None:
    register_tables()
    about = about_people()
    assert about >= {"attempt", "response_event", "item_grade", "certificate_revocation", "turn", "course_standing"}
    for table in Table.metadata.sorted_tables:
        if table.info.get("purpose") or table.name in about:
            assert (table.name in PLACED) != (table.name in EXEMPT), f"{table.name}: add it to PLACES or EXEMPT"
            assert table.info.get("purpose"), f"{table.name}: say why and how long it is kept"
    assert set(EXEMPT) <= set(Table.metadata.tables)
    assert all(len(reason) > 40 for reason in EXEMPT.values())


def test_why_and_how_long_is_said_to_the_person_and_as_the_table_promises() -> None:
    assert set(PAGE_WORDS) == PLACED
    for place in PLACES:
        why, how_long = PAGE_WORDS[place.table]
        said = f"{why} {how_long}"
        assert not re.search(r"\b(hun|hende|hendes|personen|personens|deltageren|medarbejderen)\b", said), said
        declared = place.row.__table__.info["retention"]
        numbers = set(re.findall(r"\d+ (?:år|dage)", declared))
        assert set(re.findall(r"\d+ (?:år|dage)", how_long)) == numbers, place.table


def test_every_column_is_told_of_or_left_out_on_purpose() -> None:
    """A new column of a table about people has to be thought of: it is about her, or a secret, or somebody else's."""
    left_out = {
        "conversation": {"person_id"},
        "turn": {"id"},
        "feedback": {"id", "outcome"},
        "inbox_item": {"id", "person_id", "turn_id", "handled_by"},
        "assignment": {"id", "person_id", "rule_id"},
        "exemption": {"id", "person_id"},
        "enrolment": {"id", "person_id", "version_id"},
        "reading": {"id", "person_id"},
        "prompt_try": {"id", "person_id"},
        "attempt": {"person_id", "version_id", "policy"},
        "attempt_item": {"question_version_id", "shown_order"},
        "response_event": {"id"},
        "item_grade": {"id"},
        "scored_attempt": set(),
        "extra_attempt": {"id", "person_id"},
        "extra_time": {"id", "person_id"},
        "certification_period": {"id", "person_id", "version_id"},
        "certificate": {"period_id", "person_id", "salt", "identity_hash", "status_index"},
        "certificate_revocation": set(),
        "review": {"id", "person_id", "question_id", "shown_order"},
        "review_card": {"id", "person_id"},
        "source_update": {"id", "person_id", "question_version_id", "before_hash", "after_hash"},
        "course_standing": {"person_id", "version_id", "revision"},
        "key_person": {"id", "deputy_id"},
        "person": {"deactivated_at"},
        "role_grant": {"id", "person_id"},
        "employment": {"id", "person_id", "manager_id", "acting_manager_id", "acting_until"},
        "external_key": {"id", "person_id"},
        "sign_in": {"id", "person_id"},  # the id is what a browser is known by
        "look": {"id", "person_id"},
        "reminder": {"id", "person_id", "mail_id"},
        "mail": {"id", "person_id", "key", "text", "tries", "unanswered", "next_try_at", "claimed_until", "problem"},
        "mail_choice": {"person_id"},
        "audit_event": {"id", "object_id", "before_hash", "after_hash", "chain_hash"},
        "manuscript_review": {"id", "manuscript_id", "revision", "by"},
    }
    for place in PLACES:
        columns = set(place.row.__table__.columns.keys())
        assert columns - set(place.fields) == left_out[place.table], place.table


def test_the_export_has_the_person_in_every_table(house: House, maja: Person) -> None:
    document = export(house, maja)
    empty = {one["tabel"] for one in document["oplysninger"].values() if not one["rækker"]}
    assert empty <= {"manuscript_review", "audit_event"}
    for section in document["oplysninger"].values():
        assert section["formål"]
        assert section["opbevaring"]
    assert rows(document, "person")[0]["navn"] == "Maja"
    assert rows(document, "external_key") == [{"system": "delta", "brugernavn": f"{OFFICE}-maja"}]
    assert rows(document, "assignment")[0]["kursus"] == f"Ægte kursus {COURSE}"
    assert rows(document, "employment")[0]["enhed"] == "Åskolen"
    assert rows(document, "prompt_try")[0]["prompt"] == "Min egen prompt"
    assert rows(document, "look")[0]["hvem"] == "Boss (Leder)"
    (revoked,) = rows(document, "certificate_revocation")
    assert revoked["bevis"] == rows(document, "certificate")[0]["nummer"]
    assert (revoked["af"], revoked["begrundelse"]) == ("en anden medarbejder", "Derfor tilbagekaldt")


def test_nothing_of_anybody_else_and_no_secret_is_in_it(house: House, maja: Person) -> None:
    text = rights(house).export(maja).decode()
    for word in ("other", "Other", "boss@", "'boss'", '"boss"'):
        assert word not in text
    with reading(house.engine) as session:
        others = session.scalars(select(AttemptRow.id).where(AttemptRow.person_id == "other"))
        assert all(key not in text for key in others)
    assert "maja0000" not in text  # the sign-in
    assert "Kære du" not in text  # the text of a mail may name others


def test_being_fetched_is_kept_in_the_audit_log(house: House, maja: Person) -> None:
    export(house, maja)
    (event,) = house.events("own_data.exported")
    assert (event.actor, event.object_id) == ("maja", "maja")
    assert [row["handling"] for row in rows(export(house, maja), "audit_event")] == ["own_data.exported"]


def test_what_one_has_done_in_office_is_told_of_without_whom_it_is_about(
    house: House, person: Callable[..., Person]
) -> None:
    boss = person("boss", Role.MANAGER)
    found = {(row["tabel"], row["som"]): row["antal"] for row in export(house, boss)["spor"]["rækker"]}
    assert found["employment", "manager_id"] == 2
    assert found["look", "by"] == 2
    assert found["inbox_item", "handled_by"] == 2
    assert "maja" not in rights(house).export(boss).decode()


# --- quizzes ----------------------------------------------------------------------------------------------------


def policy(house: House, **changed: Any) -> None:
    with transaction(house.engine) as session:
        for row in session.scalars(select(AttemptRow)):
            row.policy = row.policy | changed


@pytest.mark.parametrize(
    ("show", "grades"), [(Show.AT_ONCE, 2), (Show.AFTER_SUBMIT, 2), (Show.WHEN_DONE, 2), (Show.NEVER, 0)]
)
def test_marks_are_told_where_the_quiz_tells_them(house: House, maja: Person, show: Show, grades: int) -> None:
    policy(house, show=show.value)
    assert len(rows(export(house, maja), "item_grade")) == grades


def test_a_quiz_that_is_not_done_gives_nothing_away(house: House, maja: Person) -> None:
    house.enrol(maja, new_cycle=True)
    house.take(maja, WRONG)
    policy(house, show=Show.WHEN_DONE.value, attempts=3)
    document = export(house, maja)
    assert len(rows(document, "attempt")) == 2
    assert len(rows(document, "response_event")) == 4
    assert len(rows(document, "item_grade")) == 2  # of the one that was passed
    policy(house, show=Show.AFTER_SUBMIT.value)
    assert len(rows(export(house, maja), "item_grade")) == 4


def test_answers_are_in_words_and_questions_without_their_key(house: House, maja: Person) -> None:
    house.enrol(maja, new_cycle=True)
    attempt = house.attempts.start(maja, COURSE, "final")
    document = export(house, maja)
    items = rows(document, "attempt_item")
    assert {row["forsøg"] for row in items} >= {attempt}
    for row in items:
        assert set(row["spørgsmål"]) == {"tekst", "muligheder"}
        assert sorted(row["spørgsmål"]["muligheder"]) == ["Det der", "Det her"]
    assert {row["svar"] for row in rows(document, "response_event")} == {"Det her"}
    assert "fraction" not in json.dumps(document)
    assert RIGHT == "a"


# --- seeing -----------------------------------------------------------------------------------------------------


def test_holdings_count_and_say_since_when(house: House, maja: Person) -> None:
    found = {one.title: one for one in rights(house).holdings(maja)}
    assert found["Samtaler"].count == 1
    assert found["Samtaler"].since is not None
    assert abs(found["Samtaler"].since - today()) <= timedelta(days=1)
    assert found["Svar i prøver"].count == 2
    assert found["Skrevne, gennemsete og udgivne kurser"].count == 0
    assert all(one.purpose and one.retention for one in found.values())


def test_looks_are_named_newest_first(house: House, maja: Person) -> None:
    with transaction(house.engine) as session:
        session.add(LookRow(person_id="maja", by="gone", what="expiring", at=now()))
    first, second = rights(house).looks(maja, 10)
    assert (first.who, first.what) == ("En tidligere medarbejder", "Hvornår dit bevis udløber")
    assert second.who == "Boss (Leder)"
    assert rights(house).count_looks(maja) == 2
    assert rights(house).looks(maja, 10, 1) == [second]


def change(engine: Engine, **values: Any) -> None:
    with transaction(engine) as session:
        session.execute(update(EmploymentRow).where(EmploymentRow.person_id == "maja").values(**values))


def test_the_manager_is_named_with_what_she_sees(house: House, maja: Person) -> None:
    seen = rights(house).seen_by_managers(maja)
    assert seen.managers == ("Boss (Leder)",)
    assert (seen.units, seen.roles) == (("Åskolen",), ("Medarbejder",))
    (line,) = seen.lines
    assert line.title == f"Ægte kursus {COURSE}"
    assert line.state is not None
    assert (line.finished_on, line.certificate, line.valid_until) == (None, "", None)  # the certificate is revoked
    with transaction(house.engine) as session:
        session.execute(delete(CertificateRevocationRow))
    (line,) = rights(house).seen_by_managers(maja).lines
    assert line.finished_on is not None
    assert line.valid_until is not None
    assert [line.certificate] == [row["nummer"] for row in rows(export(house, maja), "certificate")]


def packed(house: House, boss: Person) -> list[Line]:
    """What the boss gets about Maja in the pack of evidence."""
    standings = StandingService(house.engine, house.courses)
    standings.rebuild()
    service = EvidenceService(house.engine, house.courses, standings, Issuer(house.key_file, "https://ai.example"))
    return [line for line in service.pack(boss).evidence.lines if line.name == "Maja"]


@pytest.mark.parametrize("revoked", [True, False])
def test_whatever_the_pack_of_evidence_tells_the_manager_stands_here(
    house: House, maja: Person, person: Callable[..., Person], revoked: bool
) -> None:
    """Also of a course that nobody assigned her and that she has only begun."""
    if not revoked:
        with transaction(house.engine) as session:
            session.execute(delete(CertificateRevocationRow))
    house.enrol(maja, house.courses.publish(course("frivilligt"), "system"))
    lines = packed(house, person("boss", Role.MANAGER))
    assert len(lines) == 2
    seen = rights(house).seen_by_managers(maja)
    told = {
        (one.title, one.version, one.begun_on, one.finished_on, one.certificate, one.valid_until) for one in seen.lines
    }
    for line in lines:
        assert (line.unit, line.roles) == (", ".join(seen.units), ", ".join(seen.roles))
        row = (line.course, line.version, line.begun_on, line.finished_on, line.certificate, line.valid_until)
        assert row in told


def test_who_leads_the_unit_above_sees_it_and_who_lost_the_right_does_not(house: House, maja: Person) -> None:
    with transaction(house.engine) as session:
        session.add(PersonRow(id="chief", name="Chef", unit="", created_at=now(), grants=[]))
        session.flush()
        session.add(RoleGrantRow(id=new_id(), person_id="chief", role="manager", unit_id="forvaltning"))
    assert rights(house).seen_by_managers(maja).managers == ("Boss (Leder)", "Chef (Leder)")
    with transaction(house.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == "chief").values(active=False))
    assert rights(house).seen_by_managers(maja).managers == ("Boss (Leder)",)
    change(house.engine, manager_id="other")  # named as manager, and that is enough
    assert rights(house).seen_by_managers(maja).managers == ("Other",)
    with transaction(house.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == "other").values(active=False))
    assert rights(house).seen_by_managers(maja).managers == ()


def test_an_acting_manager_sees_it_as_long_as_she_acts(house: House, maja: Person) -> None:
    change(house.engine, manager_id=None, acting_manager_id="boss", acting_until=today() + timedelta(days=2))
    assert rights(house).seen_by_managers(maja).managers == ("Boss (Leder)",)
    change(house.engine, acting_until=today() - timedelta(days=2))
    assert rights(house).seen_by_managers(maja).managers == ()


# --- deleting ---------------------------------------------------------------------------------------------------


def test_all_that_may_be_deleted_goes_and_proof_stays(house: House, maja: Person) -> None:
    before = {one.title: one.count for one in rights(house).holdings(maja)}
    other = export(house, Person("other", "Other", "", frozenset({Role.EMPLOYEE})))["oplysninger"]
    choices = rights(house).deletable(maja)
    assert [choice.what for choice in choices] == list(Deletable)
    assert all(choice.count == 1 for choice in choices)
    assert rights(house).delete(maja, set(Deletable), sure=True) == dict.fromkeys(Deletable, 1)
    assert all(choice.count == 0 for choice in rights(house).deletable(maja))
    after = {one.title: one.count for one in rights(house).holdings(maja)}
    changed = {title for title in before if before[title] != after[title]}
    assert changed == {
        "Samtaler",
        "Spørgsmål og svar i samtaler",
        "Tilbagemeldinger på svar",
        "Spørgsmål sendt til AI-taskforcen",
        "Forsøg i promptøvelser",
        "Huskekort til genopfriskning",
        "Ekstra tid til prøver",
        "Fravalgte mails",
        "Revisionslog: det, du har gjort, og det, der er gjort ved din bruger",
    }
    unchanged = export(house, Person("other", "Other", "", frozenset({Role.EMPLOYEE})))["oplysninger"]
    assert {title: one for title, one in unchanged.items() if one["tabel"] != "audit_event"} == {
        title: one for title, one in other.items() if one["tabel"] != "audit_event"
    }


def test_each_deletion_is_in_the_audit_log_without_content(house: House, maja: Person) -> None:
    rights(house).delete(maja, {Deletable.PROMPTS, Deletable.CONVERSATIONS}, sure=True)
    assert len(house.events("own_data.deleted.prompts")) == 1
    assert len(house.events("own_data.deleted.conversations")) == 1
    assert len(house.events("own_data.deleted.inbox")) == 0


def test_feedback_goes_with_the_conversations_when_both_are_chosen(house: House, maja: Person) -> None:
    rights(house).delete(maja, {Deletable.CONVERSATIONS, Deletable.FEEDBACK}, sure=True)
    with reading(house.engine) as session:
        assert session.scalar(select(func.count()).select_from(FeedbackRow)) == 1
        assert session.scalar(select(func.count()).select_from(TurnRow)) == 1


def test_an_exercise_that_is_done_stays_done_without_its_words(house: House, maja: Person) -> None:
    with transaction(house.engine) as session:
        session.execute(update(PromptTryRow).where(PromptTryRow.person_id == "maja").values(fraction=0.9))
    rights(house).delete(maja, {Deletable.PROMPTS}, sure=True)
    with reading(house.engine) as session:
        row = session.scalars(select(PromptTryRow).where(PromptTryRow.person_id == "maja")).one()
    assert (row.prompt, row.fraction) == ("", 0.9)


def test_nothing_goes_without_a_choice_and_without_being_sure(house: House, maja: Person) -> None:
    with pytest.raises(InvalidChoice, match="Vælg først"):
        rights(house).delete(maja, set(), sure=True)
    with pytest.raises(InvalidChoice, match="Intet er slettet"):
        rights(house).delete(maja, set(Deletable), sure=False)
    assert all(choice.count == 1 for choice in rights(house).deletable(maja))


def test_what_stays_says_why() -> None:
    assert all(title and len(why) > 60 for title, why in KEPT)
    assert all(one.danish and one.effect.endswith(".") for one in Deletable)


def test_somebody_without_a_role_gets_nothing(house: House) -> None:
    stranger = Person("maja", "Maja", "", frozenset())
    service = rights(house)
    calls: list[Callable[[], object]] = [
        lambda: service.holdings(stranger),
        lambda: service.looks(stranger, 1),
        lambda: service.count_looks(stranger),
        lambda: service.seen_by_managers(stranger),
        lambda: service.export(stranger),
        lambda: service.deletable(stranger),
        lambda: service.delete(stranger, set(Deletable), sure=True),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()
    with reading(house.engine) as session:
        assert audit.verify(session) is None
