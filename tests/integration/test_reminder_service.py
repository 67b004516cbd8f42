"""Reminders from rows to mailboxes: who gets what, once a day at most, and what a manager may."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, func, select, update

from benchmarks.mail_server import Book, Fault, Stage, running
from courses.errors import InvalidDecision, NotOpen
from courses.steering.digest_rows import leaders_of
from courses.steering.reminder_days import is_quiet
from courses.steering.reminder_occasion import Kind, Occasion
from courses.steering.reminder_service import NO_SERVER, ReminderService
from courses.steering.tables import ExemptionRow, ReminderRow
from courses.tables import AssignmentRow
from governance.data_rights_service import DataRightsService
from people.errors import NotAllowed
from people.looks import note_looks
from people.organisation.scope import led_people
from people.organisation.tables import EmploymentRow, LookRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.refusals import REFUSED
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id
from storage.mail_message import Sender
from storage.mail_server import MailServer
from storage.mail_service import TRIES, Delivered, MailService
from storage.outbox import MailRow
from storage.session import reading, transaction
from tests.certified_house import PUBLIC_URL, House, course

COURSE, OTHER = "ai-for-alle", "data-for-alle"
MONDAY = date(2026, 11, 23)
WEDNESDAY = date(2026, 11, 25)


class Office(House):
    """A house with units, a manager, two of her people and one of somebody else's, and a real mail server."""

    def __init__(self, engine: Engine, folder: Path, port: int, make: Callable[..., Person]) -> None:
        self.manager, self.stranger = make("lone", Role.MANAGER), make("fremmed")
        self.mette, self.aase = make("mette"), make("aase")
        super().__init__(engine, folder, self.manager, self.stranger, self.mette, self.aase)
        self.courses.publish(course(OTHER), "system")
        server = MailServer("127.0.0.1", port, command_seconds=5, end_seconds=5)
        self.mail = MailService(engine, server, Sender("ai@randers.dk", "AI-Univers"), lambda: self.at)
        self.reminders = ReminderService(engine, self.courses, self.mail, PUBLIC_URL, lambda: self.at)
        with transaction(engine) as session:
            session.execute(update(PersonRow).values(email=PersonRow.id + "@randers.dk"))
            for number, (unit, parent) in enumerate((("top", None), ("skole", "top"), ("andet", "top"))):
                session.add(OrgUnitRow(id=unit, key=unit, kind="unit"))
                session.flush()
                session.add(
                    UnitPlacementRow(
                        id=str(number), unit_id=unit, parent_id=parent, title=unit, valid_from=date(2020, 1, 1)
                    )
                )
            session.add(RoleGrantRow(id=new_id(), person_id="lone", role="manager", unit_id="skole", source="import"))
            for person, unit in (("lone", "skole"), ("mette", "skole"), ("aase", "skole"), ("fremmed", "andet")):
                session.add(
                    EmploymentRow(
                        id=new_id(),
                        key=person,
                        person_id=person,
                        unit_id=unit,
                        title="Pædagog",
                        valid_from=date(2020, 1, 1),
                    )
                )

    def exempt(self, person_id: str) -> None:
        """Exempt somebody from the course for good."""
        with transaction(self.engine) as session:
            session.add(
                ExemptionRow(
                    id=new_id(), person_id=person_id, course_id=COURSE, reason="Orlov", at=self.at, by="trainer"
                )
            )

    def assign(self, person: Person, due: date | None, course_id: str = COURSE, on: date = date(2026, 2, 2)) -> str:
        row = AssignmentRow(
            id=new_id(),
            person_id=person.id,
            course_id=course_id,
            due_on=due,
            at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
            by="system",
        )
        with transaction(self.engine) as session:
            session.add(row)
        return row.id

    def change(self, person: Person, **values: object) -> None:
        with transaction(self.engine) as session:
            session.execute(update(PersonRow).where(PersonRow.id == person.id).values(**values))

    def mails(self) -> list[tuple[str, str]]:
        """Whom a mail waits for or went to and its subject, oldest first."""
        with reading(self.engine) as session:
            query = select(MailRow.person_id, MailRow.subject).order_by(MailRow.made_at, MailRow.person_id)
            return [(person, subject) for person, subject in session.execute(query)]


@pytest.fixture
def book() -> Iterator[tuple[int, Book]]:
    with running() as found:
        yield found


@pytest.fixture
def office(engine: Engine, tmp_path: Path, book: tuple[int, Book], person: Callable[..., Person]) -> Office:
    made = Office(engine, tmp_path, book[0], person)
    made.on(WEDNESDAY)
    return made


def test_a_learner_is_reminded_in_one_mail_of_all_her_courses(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, WEDNESDAY + timedelta(days=3))
    office.assign(office.mette, WEDNESDAY - timedelta(days=1), OTHER)
    done = office.reminders.round(WEDNESDAY)
    assert (done.written.reminders, done.delivered.sent, done.waiting) == (1, 1, 0)
    (stored,) = book[1].stored
    message = message_from_bytes(stored.body, policy=default)
    assert message["To"] == "mette@randers.dk" and message["Subject"] == "Påmindelse om 2 kurser"
    text = message.get_content()
    assert "skulle være gennemført senest 24. november 2026" in text
    assert "skal være gennemført senest 28. november 2026" in text
    assert f"{PUBLIC_URL}/kursus?kursus={COURSE}" in text
    assert "Aase" not in text and "Lone" not in text


def test_the_command_may_be_repeated_and_run_in_two_places(office: Office) -> None:
    for person in (office.mette, office.aase, office.stranger):
        office.assign(person, WEDNESDAY - timedelta(days=1))
    threads = [threading.Thread(target=office.reminders.round, args=(WEDNESDAY,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.reminders.round(WEDNESDAY)
    assert sorted(person for person, _ in office.mails()) == ["aase", "fremmed", "mette"]


def test_the_same_is_told_once_and_the_next_occasion_again(office: Office) -> None:
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    for day in range(30):
        today = WEDNESDAY + timedelta(days=day)
        office.on(today).reminders.round(today)
    assert [person for person, _ in office.mails() if person == "mette"] == ["mette"] * 2  # a day and a week after
    with reading(office.engine) as session:
        assert set(session.scalars(select(ReminderRow.occasion))) == {Occasion.LATE.value, Occasion.VERY_LATE.value}


@pytest.mark.parametrize("why", ["finished", "exempt", "withdrawn", "inactive", "no address"])
def test_who_needs_nothing_hears_nothing(office: Office, why: str) -> None:
    assignment = office.assign(office.mette, WEDNESDAY + timedelta(days=30))
    if why == "finished":
        office.earn(office.mette)
    elif why == "exempt":
        office.exempt("mette")
    elif why == "withdrawn":
        with transaction(office.engine) as session:
            session.execute(update(AssignmentRow).where(AssignmentRow.id == assignment).values(ended_at=office.at))
    elif why == "inactive":
        office.change(office.mette, active=False)
    else:
        office.change(office.mette, email=None)
    written = office.on(WEDNESDAY + timedelta(days=16)).reminders.write_due(WEDNESDAY + timedelta(days=16))
    assert office.mails() == []
    assert written.unreachable == (1 if why == "no address" else 0)


def test_a_certificate_is_told_of_when_it_can_be_renewed(office: Office) -> None:
    office.earn(office.mette)
    last = office.newest(office.mette).facts.valid_until
    day = last - timedelta(days=30)
    while not office.reminders.plan(day):
        assert day <= last, "never told"
        day += timedelta(days=1)
    assert office.on(day).reminders.write_due(day).reminders == 1
    assert office.mails() == [("mette", f"Dit bevis for “Ægte kursus {COURSE}” gælder til og med 25. november 2027")]


def test_quiet_days_and_hours(office: Office) -> None:
    saturday = date(2026, 11, 28)
    office.assign(office.mette, saturday - timedelta(days=1))
    assert office.on(saturday).reminders.round(saturday).written.quiet
    assert office.mails() == []
    office.on(MONDAY + timedelta(days=7))
    office.at = office.at.replace(hour=3)
    early = office.reminders.round(MONDAY + timedelta(days=7))
    assert early.written.reminders == 1 and early.delivered.sent == 0 and early.waiting == 2
    office.at = office.at.replace(hour=7)
    assert office.reminders.deliver().sent == 2  # and the manager's digest


def test_a_mail_that_waits_is_taken_back_when_the_course_is_done(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    office.assign(office.mette, WEDNESDAY - timedelta(days=1), OTHER)
    office.reminders.write_due(WEDNESDAY)  # and the mail server is down
    office.earn(office.mette)
    tomorrow = WEDNESDAY + timedelta(days=1)
    done = office.on(tomorrow).reminders.round(tomorrow)
    assert (done.written.withdrawn, done.written.reminders, done.delivered.sent) == (1, 1, 1)
    text = message_from_bytes(book[1].stored[0].body, policy=default).get_content()
    assert f"Ægte kursus {OTHER}" in text and f"Ægte kursus {COURSE}" not in text


def test_without_a_mail_server_nothing_is_written_and_it_is_said(office: Office) -> None:
    silent = ReminderService(office.engine, office.courses, None, PUBLIC_URL, lambda: office.at)
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    assert not silent.can_send
    assert silent.forecast(WEDNESDAY).reminders == 1
    assert silent.round(WEDNESDAY).written.reminders == 0
    with pytest.raises(NotOpen, match=NO_SERVER):
        silent.remind_now(office.manager, ["mette"], COURSE)
    assert office.mails() == []


# --- choices ----------------------------------------------------------------------------------------------------------


def test_what_is_chosen_away_is_not_sent_and_the_rest_is(office: Office) -> None:
    office.assign(office.mette, WEDNESDAY + timedelta(days=3))
    office.assign(office.mette, WEDNESDAY - timedelta(days=1), OTHER)
    office.reminders.choose(office.mette, Kind.DEADLINE, False)
    office.reminders.choose(office.mette, "deadline", False)
    (one,) = office.reminders.plan(WEDNESDAY)
    assert [told.course_id for told in one.told] == [OTHER]
    found = {choice.kind: choice for choice in office.reminders.choices(office.mette)}
    assert not found[Kind.DEADLINE].wanted and found[Kind.CERTIFICATE].wanted
    assert found[Kind.OVERDUE].why and not found[Kind.OVERDUE].optional
    office.reminders.choose(office.mette, Kind.DEADLINE, True)
    assert len(office.reminders.plan(WEDNESDAY)[0].told) == 2


@pytest.mark.parametrize("kind", ["overdue", "assigned", "manager", "alt"])
def test_what_the_employer_must_say_cannot_be_chosen_away(office: Office, kind: str) -> None:
    with pytest.raises(InvalidDecision):
        office.reminders.choose(office.mette, kind, False)


# --- the manager ------------------------------------------------------------------------------------------------------


def test_a_manager_reminds_her_own_people_once_in_seven_days(office: Office) -> None:
    office.assign(office.mette, WEDNESDAY + timedelta(days=40))
    office.earn(office.aase)
    first = office.reminders.remind_now(office.manager, ["mette", "aase", "mette"], COURSE)
    assert (first.written, first.not_needed, first.on) == (1, 1, WEDNESDAY)
    assert office.mails() == [("mette", f"Lone minder dig om “Ægte kursus {COURSE}”")]
    assert office.reminders.remind_now(office.manager, ["mette"], COURSE).lately == 1
    office.on(WEDNESDAY + timedelta(days=8))
    assert office.reminders.remind_now(office.manager, ["mette"], COURSE).written == 1
    assert [event.object_id for event in office.events("reminder.given")] == ["mette", "mette"]


def test_her_reminder_and_the_automatic_one_do_not_come_on_one_day(office: Office) -> None:
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    office.reminders.write_due(WEDNESDAY)
    assert office.reminders.remind_now(office.manager, ["mette"], COURSE).on == WEDNESDAY + timedelta(days=1)
    with reading(office.engine) as session:
        keys = set(session.scalars(select(MailRow.key)))
    assert keys == {"reminder:mette:2026-11-25", "reminder:mette:2026-11-26"}


@pytest.mark.parametrize("others", [["fremmed"], ["mette", "fremmed"], ["lone"]])
def test_nobody_elses_people_are_reminded_and_the_try_is_kept(office: Office, others: list[str]) -> None:
    office.assign(office.stranger, WEDNESDAY)
    office.assign(office.mette, WEDNESDAY)
    with pytest.raises(NotAllowed):
        office.reminders.remind_now(office.manager, others, COURSE)
    assert office.mails() == []
    assert [event.object_id for event in office.events(REFUSED)] == [one for one in others if one == "fremmed"]


def test_who_leads_nobody_reminds_nobody(office: Office) -> None:
    with pytest.raises(NotAllowed):
        office.reminders.remind_now(office.mette, ["aase"], COURSE)


def test_the_digest_names_her_own_people_only_on_mondays_once(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=40))
    office.assign(office.aase, MONDAY + timedelta(days=40))
    office.assign(office.stranger, MONDAY - timedelta(days=40))
    office.on(MONDAY).reminders.round(MONDAY)
    office.reminders.round(MONDAY)
    assert office.on(WEDNESDAY).reminders.write_due(WEDNESDAY).digests == 0
    (stored,) = [one for one in book[1].stored if one.recipient == "lone@randers.dk"]
    message = message_from_bytes(stored.body, policy=default)
    assert message["Subject"] == "Ugens oversigt: 1 medarbejder har overskredet en frist"
    text = message.get_content()
    assert "- Mette, frist 14. oktober 2026" in text
    assert "Aase" not in text and "Fremmed" not in text


def test_a_manager_may_choose_the_digest_away(office: Office) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=40))
    office.reminders.choose(office.manager, Kind.DIGEST, False)
    assert office.on(MONDAY).reminders.digests(MONDAY) == []


def test_a_digest_goes_to_nobody_whom_the_named_are_not_told_of(office: Office) -> None:
    """Staff data calls Aase acting manager of Mette, and somebody who has no role here manager of them all."""
    for one in (office.mette, office.aase, office.stranger):
        office.assign(one, MONDAY - timedelta(days=40))
    rights = DataRightsService(office.engine, office.courses, office.attempts, lambda: office.at)
    office.on(MONDAY)
    with transaction(office.engine) as session:
        session.add(PersonRow(id="ida", name="Ida", unit="", email="ida@randers.dk", created_at=datetime.now(UTC)))
        session.flush()
        session.execute(update(EmploymentRow).values(manager_id="ida"))
        acting = {"acting_manager_id": "aase", "acting_until": MONDAY}
        session.execute(update(EmploymentRow).where(EmploymentRow.person_id == "mette").values(acting))

    def receivers(day: date) -> dict[str, set[str]]:
        found = office.on(day).reminders.digests(day)
        for one in found:
            for named in one.named:
                known = rights.seen_by_managers(Person(named, named, "", frozenset({Role.EMPLOYEE}))).managers
                assert one.name in {manager.partition(" (")[0] for manager in known}
        return {one.manager_id: one.named for one in found}

    assert receivers(MONDAY) == {"lone": {"mette", "aase"}, "aase": {"mette"}}
    assert receivers(MONDAY + timedelta(days=7)) == {"lone": {"mette", "aase"}}
    office.change(office.manager, active=False)
    assert receivers(MONDAY) == {"aase": {"mette"}}


def test_whoever_a_digest_names_can_see_that_her_manager_was_told(office: Office) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=40))
    office.assign(office.aase, MONDAY + timedelta(days=40))
    office.on(MONDAY).reminders.write_due(MONDAY)
    office.reminders.write_due(MONDAY)
    with reading(office.engine) as session:
        found = [(row.by, row.person_id, row.what) for row in session.scalars(select(LookRow))]
    assert found == [("lone", "mette", "digest")]


def test_two_tabs_note_one_look(engine: Engine, person: Callable[..., Person]) -> None:
    with transaction(engine) as session:
        session.add_all(
            PersonRow(id=f"p{number}", name="P", unit="", created_at=datetime.now(UTC)) for number in range(300)
        )
    people = {f"p{number}" for number in range(300)}
    moment = datetime(2026, 11, 25, 11, tzinfo=UTC)
    together = threading.Barrier(4)

    def look() -> None:
        together.wait()
        note_looks(engine, "lone", people, "area", moment)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(LookRow)) == 300


# --- what waits -------------------------------------------------------------------------------------------------------


def bodies(book: Book) -> list[str]:
    return [message_from_bytes(one.body, policy=default).get_content() for one in book.stored]


@pytest.mark.parametrize("why", ["inactive", "no address", "finished", "exempt", "later deadline", "next occasion"])
def test_a_reminder_that_waits_goes_only_while_it_would_be_told(
    office: Office, book: tuple[int, Book], why: str
) -> None:
    assignment = office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    office.reminders.write_due(WEDNESDAY)  # in the evening, or the server is down
    if why == "inactive":
        office.change(office.mette, active=False)
    elif why == "no address":
        office.change(office.mette, email=None)
    elif why == "finished":
        office.earn(office.mette)
    elif why == "exempt":
        office.exempt("mette")
    elif why == "later deadline":
        with transaction(office.engine) as session:
            session.execute(update(AssignmentRow).where(AssignmentRow.id == assignment).values(ended_at=office.at))
        office.assign(office.mette, WEDNESDAY + timedelta(days=60), on=WEDNESDAY)
    tomorrow = WEDNESDAY + timedelta(days=8 if why == "next occasion" else 1)
    office.on(tomorrow)
    assert office.reminders.deliver() == Delivered()  # the web process, before `remind`
    assert not book[1].stored
    with reading(office.engine) as session:
        assert session.scalars(select(ReminderRow)).all() == []
        (mail,) = session.scalars(select(MailRow))
        assert (mail.problem, mail.text, mail.address) == ("ikke længere aktuel", None, None)
    assert office.reminders.round(tomorrow).delivered.sent == (why in {"later deadline", "next occasion"})


def test_a_reminder_that_still_holds_goes_to_the_new_address(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    office.reminders.write_due(WEDNESDAY)
    office.change(office.mette, email="mette.ny@randers.dk")
    assert office.on(WEDNESDAY + timedelta(days=1)).reminders.deliver().sent == 1
    assert [one.recipient for one in book[1].stored] == ["mette.ny@randers.dk"]


def test_a_managers_reminder_is_taken_back_when_the_person_leaves(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, WEDNESDAY + timedelta(days=40))
    office.assign(office.aase, WEDNESDAY + timedelta(days=40))
    office.at = office.at.replace(hour=17)  # after closing
    assert office.reminders.remind_now(office.manager, ["mette", "aase"], COURSE).written == 2
    office.change(office.mette, active=False)
    assert office.on(WEDNESDAY + timedelta(days=1)).reminders.deliver().sent == 1
    assert [one.recipient for one in book[1].stored] == ["aase@randers.dk"]


def test_what_is_chosen_away_while_it_waits_is_not_sent_and_the_rest_is_told(
    office: Office, book: tuple[int, Book]
) -> None:
    office.assign(office.mette, WEDNESDAY + timedelta(days=3))
    office.assign(office.mette, WEDNESDAY - timedelta(days=1), OTHER)
    office.reminders.write_due(WEDNESDAY)
    office.reminders.choose(office.mette, Kind.DEADLINE, False)
    tomorrow = WEDNESDAY + timedelta(days=1)
    assert office.on(tomorrow).reminders.round(tomorrow).delivered.sent == 1
    (text,) = bodies(book[1])
    assert f"Ægte kursus {OTHER}" in text and f"Ægte kursus {COURSE}" not in text


def test_a_certificate_that_was_renewed_while_the_mail_waits_is_not_told_of(
    office: Office, book: tuple[int, Book]
) -> None:
    office.earn(office.mette)
    last = office.newest(office.mette).facts.valid_until
    day = next(last - timedelta(days=back) for back in (30, 31, 32, 33) if not is_quiet(last - timedelta(days=back)))
    assert office.on(day).reminders.write_due(day).reminders == 1
    office.certification.renew(office.mette, COURSE)
    office.take(office.mette)
    office.certification.settle(office.mette)
    assert office.newest(office.mette).facts.valid_until > last
    office.on(day + timedelta(days=1))
    while is_quiet(office.reminders.today()):
        office.on(office.reminders.today() + timedelta(days=1))
    assert office.reminders.deliver() == Delivered() and not book[1].stored


@pytest.mark.parametrize("why", ["inactive", "chosen away", "role gone", "unit gone", "next week"])
def test_a_digest_that_waits_does_not_go_to_who_may_not_have_it(
    office: Office, book: tuple[int, Book], why: str
) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=40))
    assert office.on(MONDAY).reminders.write_due(MONDAY).digests == 1
    if why == "inactive":
        office.change(office.manager, active=False)
    elif why == "chosen away":
        office.reminders.choose(office.manager, Kind.DIGEST, False)
    elif why == "role gone":
        with transaction(office.engine) as session:
            session.execute(delete(RoleGrantRow).where(RoleGrantRow.role == Role.MANAGER.value))
    elif why == "unit gone":
        with transaction(office.engine) as session:
            session.execute(delete(RoleGrantRow).where(RoleGrantRow.unit_id == "skole"))
    else:
        office.on(MONDAY + timedelta(days=7))
    assert office.reminders.deliver() == Delivered() and not book[1].stored


def test_a_digest_that_waits_names_those_whom_it_may_name_when_it_goes(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=40))
    office.assign(office.aase, MONDAY - timedelta(days=40))
    office.on(MONDAY).reminders.write_due(MONDAY)
    with transaction(office.engine) as session:
        session.execute(update(EmploymentRow).where(EmploymentRow.person_id == "mette").values(unit_id="andet"))
    assert office.on(MONDAY + timedelta(days=1)).reminders.deliver().sent == 1
    (text,) = bodies(book[1])
    assert "Aase" in text and "Mette" not in text and "1 medarbejder, som du er leder for" in text


def test_what_no_server_would_take_is_told_again_while_it_is_current(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    office.reminders.write_due(WEDNESDAY)
    with transaction(office.engine) as session:
        session.execute(update(MailRow).values(tries=TRIES - 1))
    book[1].faults.append(Fault(Stage.RCPT, "450 4.2.1 busy."))
    assert office.reminders.deliver().given_up == 1
    tomorrow = WEDNESDAY + timedelta(days=1)
    assert office.on(tomorrow).reminders.round(tomorrow).delivered.sent == 1
    assert "skulle være gennemført senest 24. november 2026" in bodies(book[1])[0]


def test_who_has_no_such_address_is_not_written_to_each_day(office: Office, book: tuple[int, Book]) -> None:
    office.assign(office.mette, WEDNESDAY - timedelta(days=1))
    book[1].faults.append(Fault(Stage.RCPT, "550 5.1.1 unknown."))
    assert office.reminders.round(WEDNESDAY).delivered.given_up == 1
    tomorrow = WEDNESDAY + timedelta(days=1)
    assert office.on(tomorrow).reminders.round(tomorrow).written.reminders == 0


# --- what is said of a run --------------------------------------------------------------------------------------------


def test_a_forecast_after_the_run_counts_nothing_that_is_written(office: Office) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=1))
    office.assign(office.mette, MONDAY + timedelta(days=3), OTHER)
    office.reminders.choose(office.mette, Kind.DEADLINE, False)
    office.on(MONDAY)
    assert (before := office.reminders.forecast(MONDAY)).reminders == before.digests == 1
    assert "1 påmindelse og 1 oversigt til en leder" in before.in_words()
    assert "Skrevet: 1 påmindelse, 1 oversigt til en leder." in office.reminders.round(MONDAY).in_words()
    office.reminders.choose(office.mette, Kind.DEADLINE, True)  # is told tomorrow
    assert office.reminders.plan(MONDAY)
    after = office.reminders.forecast(MONDAY)
    assert (after.reminders, after.digests, after.occasions) == (0, 0, {})
    assert "0 påmindelser og 0 oversigter til ledere" in after.in_words()


def test_a_run_names_nobody(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.assign(office.mette, MONDAY - timedelta(days=40))
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server's own
    done = office.on(MONDAY).reminders.round(MONDAY)
    assert done.delivered.sent == 1  # the digest: nothing is told of a deadline so long ago
    told = f"{done.in_words()} {json.dumps(asdict(done), default=str)} {caplog.text}".lower()
    assert not [name for name in ("mette", "lone", "randers") if name in told]


NAMES = st.sampled_from(["p1", "p2", "p3", "p4", None])
UNITS = st.sampled_from(["top", "skole", "andet"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=25)
@given(
    employments=st.lists(
        st.tuples(st.sampled_from(["p1", "p2", "p3", "p4"]), UNITS, NAMES, NAMES, st.sampled_from([None, -1, 0, 5])),
        max_size=8,
    ),
    grants=st.sets(st.tuples(st.sampled_from(["p1", "p2", "p3"]), UNITS), max_size=4),
)
def test_leaders_of_all_are_the_same_as_of_one_at_a_time(
    sqlite_engine: Engine,
    employments: list[tuple[str, str, str | None, str | None, int | None]],
    grants: set[tuple[str, str]],
) -> None:
    people = ["p1", "p2", "p3", "p4"]
    with transaction(sqlite_engine) as session:
        for table in (EmploymentRow, RoleGrantRow, UnitPlacementRow, OrgUnitRow, PersonRow):
            session.execute(delete(table))
        session.add_all(PersonRow(id=one, name=one, unit="", created_at=datetime.now(UTC)) for one in people)
        session.add_all(OrgUnitRow(id=unit, key=unit, kind="unit") for unit in ("top", "skole", "andet"))
        session.flush()
        for unit, parent, until in (("top", None, None), ("skole", "top", None), ("andet", "skole", MONDAY)):
            placed = {"parent_id": parent, "title": unit, "valid_from": date(2020, 1, 1), "valid_to": until}
            session.add(UnitPlacementRow(id=new_id(), unit_id=unit, **placed))
        for person_id, unit in grants:
            session.add(RoleGrantRow(id=new_id(), person_id=person_id, role="manager", unit_id=unit, source="import"))
        for number, (person_id, unit, manager, acting, days) in enumerate(employments):
            session.add(
                EmploymentRow(
                    id=new_id(),
                    key=str(number),
                    person_id=person_id,
                    unit_id=unit,
                    title="",
                    manager_id=manager,
                    acting_manager_id=acting,
                    acting_until=None if days is None else MONDAY + timedelta(days=days),
                    valid_from=date(2020, 1, 1),
                )
            )
        session.flush()
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            found = leaders_of(session, people, day)
            assert {one: found.get(one, set()) for one in people} == {
                one: led_people(session, one, day) for one in people
            }
