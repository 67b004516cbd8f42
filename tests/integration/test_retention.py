"""Retention: every table keeps its promise, nothing else is touched, and what must survive survives."""

import json
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update
from typer.testing import CliRunner

import manage
from courses.analysis_rows import people_of_quizzes
from courses.steering.area.standing_service import StandingService
from courses.steering.area.tables import CourseStandingRow
from courses.steering.tables import KeyPersonRow
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    AttemptRow,
    CertificateRevocationRow,
    CertificateRow,
    CertificationPeriodRow,
    EnrolmentRow,
    ItemGradeRow,
    ResponseEventRow,
    ReviewRow,
)
from courses.teaching_service import TeachingService
from governance.retention_rules import RULES, Deed, Period
from governance.retention_service import Report
from governance.retention_stand_ins import NOBODY
from governance.tables import InboxItemRow
from people.organisation.tables import LookRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from rag.calendar import today
from settings import Settings, get_settings
from storage import audit
from storage.audit import FIRST_HASH, AuditEvent
from storage.base import Table, now
from storage.session import reading, transaction
from tests.all_tables import register_tables
from tests.certified_house import House, course
from tests.lives import COURSE, OFFICE, live, retention, units, years_before

LONG_AGO = years_before(now(), 8)
LATELY = now() - timedelta(hours=1)
WITH_PERSON = {name for name, rule in RULES.items() if rule.follows == "personen"}
# A person who is active keeps these whatever their age; what is promised of `audit_event` and `manuscript_review` has tests of
# its own, and is kept for good.
OF_THE_ACTIVE = {"person", "external_key", *WITH_PERSON}
ELSEWHERE = {"audit_event", "manuscript_review"}
OF_AN_ATTEMPT = {
    "attempt_item",
    "response_event",
    "item_grade",
    "scored_attempt",
}  # nobody's, once the attempt is nobody's


@pytest.fixture
def house(engine: Engine, tmp_path: Path, person: Callable[..., Person]) -> House:
    """Three people; the boss has no data of her own."""
    made = House(engine, tmp_path, person("old"), person("young"), person("boss", Role.MANAGER))
    units(engine)
    return made


@pytest.fixture
def lived(house: House, person: Callable[..., Person]) -> House:
    """The old one did everything long ago, the young one lately."""
    live(house, person("old"), LONG_AGO, boss=person("boss"), over=True)
    live(house, person("young"), LATELY, boss=person("boss"), over=False)
    return house


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in Table.metadata.sorted_tables
        }


def rows(engine: Engine, table: str, needle: str) -> list[tuple[Any, ...]]:
    """The rows of a table in which a word stands anywhere."""
    return [row for row in contents(engine)[table] if needle in repr(row)]


def leave(house: House, person_id: str, at: datetime) -> None:
    with transaction(house.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == person_id).values(active=False, deactivated_at=at))


def counts(report: Report) -> dict[str, tuple[int, int]]:
    return {line.table: (line.deleted, line.anonymised) for line in report.changed}


# --- the rules ----------------------------------------------------------------------------------------------------


def test_every_declared_table_has_a_rule_that_says_the_same() -> None:
    register_tables()
    declared = {
        table.name: table.info["retention"] for table in Table.metadata.sorted_tables if table.info.get("retention")
    }
    assert {name: rule.declared for name, rule in RULES.items()} == declared


def test_periods_go_by_the_calendar() -> None:
    assert Period(years=5).before(date(2028, 2, 29)) == date(2023, 2, 28)
    assert Period(days=30).before(date(2026, 3, 1)) == date(2026, 1, 30)


def test_every_table_with_old_rows_does_what_its_rule_says(lived: House) -> None:
    before = contents(lived.engine)
    changed = counts(retention(lived).run(today()))
    after = contents(lived.engine)
    left_alone = OF_THE_ACTIVE | ELSEWHERE
    assert set(changed) | {"turn_feedback"} == set(RULES) - left_alone
    for name in set(RULES) - ELSEWHERE:
        if name in left_alone:
            assert [row for row in after[name] if NOBODY not in row] == before[name], name
        elif RULES[name].deed is Deed.DELETED:
            # of two lives one is left, or of two pairs
            assert 0 < len(after[name]) == len(before[name]) / 2, name
        else:
            assert len(after[name]) == len(before[name]), name
            assert after[name] != before[name] or name in OF_AN_ATTEMPT, name


def test_nobody_is_named_in_what_has_had_its_time(lived: House) -> None:
    retention(lived).run(today())
    named = {name for name in RULES if rows(lived.engine, name, "'old")}
    assert named <= OF_THE_ACTIVE | ELSEWHERE
    for word in ("Skrevet om hende", "Min egen prompt", "Derfor fritaget", "Derfor tilbagekaldt"):
        assert sum(word in repr(found) for found in contents(lived.engine).values()) == 1  # the young one's


def test_what_is_fresh_is_not_touched(lived: House) -> None:
    before = {name: rows(lived.engine, name, "'young") for name in RULES}
    assert all(before[name] for name in ("attempt", "certificate", "conversation", "sign_in", "mail", "exemption"))
    retention(lived).run(today())
    assert {name: rows(lived.engine, name, "'young") for name in RULES} == before


def test_a_second_run_finds_nothing(lived: House) -> None:
    assert retention(lived).run(today()).changed
    before = contents(lived.engine)
    assert retention(lived).run(today()).changed == ()
    assert contents(lived.engine) == before


def test_a_rehearsal_changes_nothing_and_reports_what_comes(lived: House) -> None:
    leave(lived, "old", LONG_AGO)
    before = contents(lived.engine)
    rehearsed = retention(lived).run(today(), dry_run=True)
    assert contents(lived.engine) == before
    done = retention(lived).run(today())
    assert rehearsed.changed
    assert rehearsed.lines[:-1] == done.lines[:-1]  # the last is the audit log, where being done is an event of its own


def test_two_processes_at_once_do_it_once(lived: House) -> None:
    leave(lived, "old", LONG_AGO)
    found: list[Report] = []
    threads = [threading.Thread(target=lambda: found.append(retention(lived).run(today()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(line.anonymised for report in found for line in report.lines if line.table == "attempt") == 1
    assert sum(line.anonymised for report in found for line in report.lines if line.table == "person") == 1
    with reading(lived.engine) as session:
        assert audit.verify(session) is None


# --- people -------------------------------------------------------------------------------------------------------


def test_who_left_five_years_ago_cannot_be_found_by_name_address_or_key(lived: House) -> None:
    leave(lived, "young", years_before(now(), 5) - timedelta(days=3))
    retention(lived).run(today())
    with reading(lived.engine) as session:
        row = session.get_one(PersonRow, "young")
        assert (row.name, row.unit, row.email, row.grants) == (NOBODY, "", None, [])
    named = {name for name in RULES if rows(lived.engine, name, "'young")}
    # Short-lived things go by their own time; whoever opens them finds a person without a name.
    assert named <= {"person", "conversation", "sign_in", "look", "mail", "reminder", "audit_event"}
    everything = repr(contents(lived.engine))
    assert "Young" not in everything
    assert "young@randers.example" not in everything
    assert f"{OFFICE}-young" not in everything


def test_who_left_lately_is_still_known(lived: House) -> None:
    leave(lived, "young", years_before(now(), 4))
    before = rows(lived.engine, "person", "'young")
    retention(lived).run(today())
    assert rows(lived.engine, "person", "'young") == before
    assert rows(lived.engine, "attempt", "'young")


# --- courses ------------------------------------------------------------------------------------------------------


def test_a_certificate_can_be_checked_when_its_holder_is_forgotten(house: House, person: Callable[..., Person]) -> None:
    number = live(house, person("old"), LONG_AGO, boss=person("boss"), over=True)
    house.at = now()
    before = house.certification.check(number)
    retention(house).run(today())
    assert house.certification.check(number) == before is not None
    assert house.certification.is_holder(number, "Old")
    with reading(house.engine) as session:
        row = session.get_one(CertificateRow, number)
        assert (row.person_id, row.holder) == (None, None)
        assert session.get_one(CertificationPeriodRow, row.period_id).person_id != "old"


def test_why_a_certificate_was_revoked_is_forgotten_with_its_holder(lived: House) -> None:
    """Also where the holder was forgotten before; that it is revoked stays."""
    with transaction(lived.engine) as session:
        session.execute(
            update(CertificateRow).where(CertificateRow.person_id == "old").values(person_id=None, holder=None)
        )
    assert counts(retention(lived).run(today()))["certificate_revocation"] == (0, 1)
    with reading(lived.engine) as session:
        rows = session.execute(
            select(CertificateRow.person_id, CertificateRevocationRow.reason).join(
                CertificateRow, CertificateRow.id == CertificateRevocationRow.certificate_id
            )
        ).all()
    assert sorted(map(tuple, rows), key=str) == [("young", "Derfor tilbagekaldt"), (None, "")]


def test_a_certificate_that_holds_keeps_its_whole_way(house: House, person: Callable[..., Person]) -> None:
    live(house, person("old"), LONG_AGO, boss=person("boss"), over=True)
    with transaction(house.engine) as session:
        session.execute(update(CertificationPeriodRow).values(valid_until=today() - timedelta(days=300)))
    retention(house).run(today())
    for name in ("attempt", "enrolment", "reading", "certification_period", "certificate"):
        assert rows(house.engine, name, "'old"), name


def test_a_later_round_keeps_the_first(house: House, person: Callable[..., Person]) -> None:
    live(house, person("old"), LONG_AGO, boss=person("boss"), over=True)
    house.at = LATELY
    house.enrol(person("old"), new_cycle=True)
    retention(house).run(today())
    assert len(rows(house.engine, "enrolment", "'old")) == 2
    assert rows(house.engine, "reading", "'old")
    assert not rows(house.engine, "certificate", "'old")  # its own time is over


def test_what_is_still_expected_has_not_ended(house: House, person: Callable[..., Person]) -> None:
    with transaction(house.engine) as session:
        for key in ("old", "young"):
            session.add(AssignmentRow(id=key, person_id=key, course_id=COURSE, due_on=None, at=LONG_AGO, by="system"))
        session.get_one(AssignmentRow, "young").ended_at = LONG_AGO
    retention(house).run(today())
    with reading(house.engine) as session:
        assert session.get_one(AssignmentRow, "old").person_id == "old"
        assert session.get_one(AssignmentRow, "young").person_id != "young"


def test_figures_about_questions_stay_when_people_go(engine: Engine, tmp_path: Path) -> None:
    people = [Person(f"p{number}", f"P{number}", "IT", frozenset({Role.EMPLOYEE})) for number in range(7)]
    house = House(engine, tmp_path, *people, at=LONG_AGO)
    for number, one in enumerate(people):
        house.enrol(one)
        for _ in range(number % 3 + 1):
            house.take(one, "a" if number % 2 else "b")
    house.certification.settle_all()
    with transaction(engine) as session:
        session.execute(update(EnrolmentRow).values(at=LONG_AGO))

    def figures() -> tuple[Any, ...]:
        with reading(engine) as session:
            grouped = select(func.count(AttemptRow.id)).group_by(AttemptRow.person_id)
            fractions = session.scalars(select(ItemGradeRow.fraction).order_by(ItemGradeRow.id)).all()
            return people_of_quizzes(session, COURSE), sorted(session.scalars(grouped)), fractions

    before = figures()
    assert before[0] == {"final": 7}
    retention(house).run(today())
    assert figures() == before
    assert house.certification.settle_all().issued == ()
    with reading(engine) as session:
        owners = set(session.scalars(select(AttemptRow.person_id)))
        assert len(owners) == 7
        assert {session.get_one(PersonRow, key).name for key in owners} == {NOBODY}


@pytest.mark.parametrize("kind", ["essay", "short_text", "numeric", "cloze"])
def test_what_was_written_in_own_words_is_emptied_and_choices_stay(lived: House, kind: str) -> None:
    with transaction(lived.engine) as session:
        for item in session.scalars(select(AttemptItemRow)):
            if item.ordinal == 1:
                item.question = item.question | {"type": kind}
                own = select(ResponseEventRow).where(ResponseEventRow.item_id == item.id)
                session.scalars(own).one().response = {"value": "Mine egne ord"}
            session.scalars(select(ItemGradeRow).where(ItemGradeRow.item_id == item.id)).one().reason = "Om svaret"
    retention(lived).run(today())
    with reading(lived.engine) as session:
        old = select(AttemptRow.id).where(AttemptRow.person_id != "young")
        items = session.scalars(select(AttemptItemRow).where(AttemptItemRow.attempt_id.in_(old)))
        by_place = {item.ordinal: item.id for item in items}
        answers = {
            place: session.scalars(select(ResponseEventRow.response).where(ResponseEventRow.item_id == key)).one()
            for place, key in by_place.items()
        }
        reasons = list(session.scalars(select(ItemGradeRow.reason)))
        answered = list(session.scalars(select(ReviewRow.response).order_by(ReviewRow.person_id)))
    assert answers == {1: {"value": ""}, 2: {"value": "a"}}
    assert sorted(reasons) == ["", "", "Om svaret", "Om svaret"]
    assert answered == [None, {"value": "a"}]  # "slettet-…" before "young"


def test_a_new_key_gives_no_new_marks_to_answers_that_are_emptied(house: House, person: Callable[..., Person]) -> None:
    word = {
        "type": "short_text",
        "id": "word",
        "text": "Hvad hedder det?",
        "accepted": [{"text": "dpia", "fraction": 1}],
    }
    modules: list[dict[str, Any]] = course("kort").model_dump(mode="json")["modules"]
    modules[0]["questions"] = [word]
    modules[0]["activities"][1]["slots"] = [{"question": "word"}]
    house.courses.publish(course("kort", modules=modules), "system")
    teaching = TeachingService(house.engine, house.courses)
    for key, at in (("old", LONG_AGO), ("young", LATELY)):
        house.at = at
        house.enrol(person(key), house.courses.current("kort"))
        house.take(person(key), "dpia", "kort")
    with transaction(house.engine) as session:
        session.execute(update(EnrolmentRow).where(EnrolmentRow.person_id == "old").values(at=LONG_AGO))
    retention(house).run(today())
    word["accepted"] = [{"text": "konsekvensanalyse", "fraction": 1}]
    house.courses.publish(course("kort", modules=modules), "system")
    plan = teaching.regrade_plan(person("boss", Role.TRAINER), "word")
    assert (plan.answers, [(one.before, one.after) for one in plan.changes]) == (2, [(1.0, 0.0)])  # the young one's


def test_stand_ins_are_shared_and_hold_many_weeks(engine: Engine, tmp_path: Path) -> None:
    people = [Person(f"p{number}", f"P{number}", "IT", frozenset({Role.EMPLOYEE})) for number in range(3)]
    house = House(engine, tmp_path, *people)
    wording = next(iter(house.version.wordings.values()))
    with transaction(engine) as session:
        for one in people:
            for week in ("2015-W01", "2015-W02", "2015-W03"):
                session.add(
                    ReviewRow(
                        id=f"{one.id}-{week}",
                        person_id=one.id,
                        week=week,
                        question_id="q1",
                        question_version_id=wording,
                        shown_order=[],
                    )
                )
    assert counts(retention(house).run(today()))["review"] == (0, 9)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).where(PersonRow.name == NOBODY)) == 3


def test_whoever_is_nobody_stands_nowhere(lived: House) -> None:
    standings = StandingService(lived.engine, lived.courses)
    standings.rebuild()
    retention(lived).run(today())
    standings.refresh()
    standings.rebuild()
    with reading(lived.engine) as session:
        assert set(session.scalars(select(CourseStandingRow.person_id))) == {"young"}


def test_a_question_that_nobody_answers_loses_its_sender_after_a_year(house: House) -> None:
    def sent(key: str, days: int) -> InboxItemRow:
        at = now() - timedelta(days=days)
        return InboxItemRow(
            id=key, person_id="old", turn_id=key, question="?", remark="", status="open", reply="", created_at=at
        )

    with transaction(house.engine) as session:
        session.add_all([sent("long", 367), sent("lately", 363)])
    assert counts(retention(house).run(today())) == {"inbox_item": (0, 1)}
    with reading(house.engine) as session:
        found = dict(session.execute(select(InboxItemRow.id, InboxItemRow.person_id)).tuples().all())
    assert found == {"long": None, "lately": "old"}


def test_a_deputy_is_forgotten_with_the_post_and_the_post_stays(lived: House) -> None:
    retention(lived).run(today())
    with reading(lived.engine) as session:
        old, young = session.scalars(select(KeyPersonRow).order_by(KeyPersonRow.valid_from))
    assert (old.unit_id, old.deputy_id) == ("skole", None)
    assert (young.person_id, young.deputy_id) == ("young", "boss")


# --- the audit log ------------------------------------------------------------------------------------------------


def happened(engine: Engine, *moments: datetime) -> None:
    """Events of those moments, in a sound chain."""
    with transaction(engine) as session:
        last = session.scalar(select(AuditEvent.chain_hash).order_by(AuditEvent.id.desc()).limit(1)) or FIRST_HASH
        for number, at in enumerate(moments):
            event = AuditEvent(at=at, actor="old", action="x", object_type="source", object_id=str(number))
            event.chain_hash = last = event.digest(last)
            session.add(event)
            session.flush()


def broken(engine: Engine) -> int | None:
    with reading(engine) as session:
        return audit.verify(session)


def events(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)))


@pytest.fixture
def trimmed(engine: Engine) -> Engine:
    """Four old events trimmed from before three fresh ones."""
    happened(engine, *(LONG_AGO + timedelta(days=day) for day in range(4)), LATELY, LATELY, LATELY)
    with transaction(engine) as session:
        assert audit.trim(session, years_before(now(), 5)) == 4
    return engine


def test_the_log_is_trimmed_from_the_oldest_end_and_still_verifies(trimmed: Engine) -> None:
    assert broken(trimmed) is None
    assert len(events(trimmed)) == 4  # three fresh ones, and the one that tells of it
    with transaction(trimmed) as session:
        assert audit.trim(session, years_before(now(), 5)) == 0
    assert len(events(trimmed)) == 4
    happened(trimmed, now())
    assert broken(trimmed) is None


def test_an_old_event_behind_a_fresh_one_stays(engine: Engine) -> None:
    happened(engine, LONG_AGO, LATELY, LONG_AGO)
    with transaction(engine) as session:
        assert audit.trim(session, years_before(now(), 5)) == 1
    assert len(events(engine)) == 3
    assert broken(engine) is None


def test_trimming_everything_leaves_the_event_that_tells_of_it(engine: Engine) -> None:
    happened(engine, LONG_AGO, LONG_AGO)
    with transaction(engine) as session:
        assert audit.trim(session, now()) == 2
    assert len(events(engine)) == 1
    assert broken(engine) is None


def test_the_tale_of_a_trimming_is_trimmed_by_the_next(trimmed: Engine) -> None:
    with transaction(trimmed) as session:
        assert audit.trim(session, now() + timedelta(minutes=1)) == 4
    happened(trimmed, now())
    assert len(events(trimmed)) == 2
    assert broken(trimmed) is None


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_trimmed_log_still_shows_a_removed_event(trimmed: Engine, place: int) -> None:
    """The last place is the event that tells of the trimming: without it the first one follows nothing known."""
    victim = events(trimmed)[place]
    with transaction(trimmed) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.id == victim))
    assert broken(trimmed) == events(trimmed)[place % 3]


@pytest.mark.parametrize("changed", [{"after_hash": "a" * 64}, {"object_id": "1"}, {"action": "x"}], ids=str)
def test_the_tale_of_a_trimming_cannot_be_changed_unseen(trimmed: Engine, changed: dict[str, str]) -> None:
    with transaction(trimmed) as session:
        session.execute(update(AuditEvent).where(AuditEvent.action == audit.TRIMMED).values(**changed))
    assert broken(trimmed) is not None


def test_the_service_trims_the_log_and_says_so(lived: House) -> None:
    with transaction(lived.engine) as session:
        session.execute(delete(AuditEvent))
    happened(lived.engine, LONG_AGO, LATELY)
    assert counts(retention(lived).run(today()))["audit_event"] == (1, 0)
    assert broken(lived.engine) is None
    assert len(lived.events("retention.carried_out")) == 1


def test_the_command_rehearses_and_carries_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CONTENT_DIR", str(settings.content_dir))
    get_settings.cache_clear()
    engine = manage.migrated().engine
    with transaction(engine) as session:
        session.add(PersonRow(id="old", name="Old", unit="IT", created_at=LONG_AGO, grants=[]))
        session.flush()
        session.add(LookRow(person_id="old", by="boss", what="missing", at=LONG_AGO))

    def run(*options: str) -> str:
        result = CliRunner().invoke(manage.app, ["retention", *options])
        assert result.exit_code == 0, result.output
        return str(result.stdout)

    def looks(output: str) -> dict[str, Any]:
        (line,) = (line for line in json.loads(output)["lines"] if line["table"] == "look")
        return dict(line)

    assert looks(run("--dry-run", "--json")) == {"table": "look", "deleted": 1, "anonymised": 0, "kept": 0}
    assert "Prøve, intet er ændret." in run("--dry-run")
    assert looks(run("--json"))["deleted"] == 1
    assert looks(run("--json"))["deleted"] == 0
    shown = run()
    assert "anonymiseret" in shown
    assert "Prøve" not in shown


def test_a_log_says_nothing_of_anybody(lived: House) -> None:
    summary = retention(lived).run(today()).summary()
    assert "old" not in summary
    assert summary.startswith("conversation -1 ~0")
    assert retention(lived).run(today()).summary() == "nothing to do"
