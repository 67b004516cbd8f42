"""Rules give and end assignments, exemptions free from them, and the register of key persons gives the role."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select

from courses.errors import InvalidAssignment, UnknownCourse
from courses.reminders import reminders_of
from courses.steering.key_person import Appointment
from courses.steering.rule import RuleDraft
from courses.steering.rule_service import EXCUSED, LEFT, OVER
from courses.tables import AssignmentRow
from people.organisation.tables import LookRow
from people.organisation.unit import UnitKind
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from storage.session import reading, transaction
from tests.steering_house import COURSE, START, SteeringHouse

WEEK = timedelta(days=7)


@pytest.fixture
def house(engine: Engine) -> SteeringHouse:
    return SteeringHouse(engine)


# --- rules ------------------------------------------------------------------------------------------------------------


def test_a_rule_reaches_its_role_in_its_unit_and_below_and_nobody_else(house: SteeringHouse) -> None:
    niels = house.hire("niels", "aaskolen", Role.KEY_PERSON)
    bente = house.hire("bente", "omsorg", Role.KEY_PERSON, role_unit="bakkeskolen")
    others = [
        house.hire("mette", "aaskolen"),
        house.hire("kaj", "plejehjem", Role.KEY_PERSON),
        house.hire("ib", "skole", Role.KEY_PERSON, role_unit="plejehjem"),
    ]
    draft = RuleDraft(COURSE, Role.KEY_PERSON, "skole", days=60)
    seen = house.rules.preview(house.trainer, draft)
    assert (seen.under, seen.new) == (2, 2)
    assert [one.name for one in seen.people] == [bente.name, niels.name]
    house.rules.create(house.trainer, draft)
    for person in (niels, bente):
        (row,) = house.live(person)
        assert (row.course_id, row.due_on) == (COURSE, START + timedelta(days=60))
    assert not any(house.live(person) for person in others)


def test_a_preview_counts_and_writes_nothing(house: SteeringHouse) -> None:
    mette, kaj, ib = (house.hire(key, "aaskolen") for key in ("mette", "kaj", "ib"))
    house.teaching.assign(house.trainer, [mette.id], COURSE, None)
    house.exemptions.exempt(house.trainer, kaj.id, COURSE, None, "Har anden opgave")
    house.begin(ib)
    seen = house.rules.preview(house.trainer, RuleDraft(COURSE, None, "aaskolen"), count=2, skip=2)
    assert (seen.under, seen.assigned, seen.begun, seen.exempt, seen.new) == (3, 1, 1, 1, 1)
    assert [one.id for one in seen.people] == ["mette"]
    assert not house.live(ib)
    assert house.rules.rules(house.trainer) == ([], 0)


def test_who_comes_under_a_rule_later_gets_the_course_that_day_and_who_leaves_loses_it(house: SteeringHouse) -> None:
    mette, kaj = house.hire("mette", "plejehjem"), house.hire("kaj", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "aaskolen", days=30))
    assert house.live(kaj)
    house.today += WEEK
    house.move(mette, "aaskolen")
    house.move(kaj, "plejehjem")
    done = house.rules.apply()
    assert (done.given, done.ended) == (1, 1)
    assert house.live(mette)[0].due_on == house.today + timedelta(days=30)
    assert house.live(kaj) == []
    assert house.assignments(kaj)[0].ended_reason == LEFT
    assert house.rules.apply() == type(done)(0, 0)


def test_who_has_begun_keeps_the_course_when_the_rule_is_no_more_for_her(house: SteeringHouse) -> None:
    kaj, mette = house.hire("kaj", "aaskolen"), house.hire("mette", "aaskolen")
    rule = house.rules.create(house.trainer, RuleDraft(COURSE, None, "aaskolen"))
    house.begin(kaj)
    house.move(kaj, "plejehjem")
    house.rules.apply()
    assert house.live(kaj)
    assert house.rules.end(house.trainer, rule) == 1
    assert house.live(kaj)
    assert house.assignments(mette)[0].ended_reason == OVER
    assert house.rules.apply().given == 0


def test_a_leaver_loses_it_and_one_who_comes_back_gets_it_with_a_new_deadline(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE, None, None, days=10))
    with transaction(house.engine) as session:
        session.get_one(PersonRow, kaj.id).active = False
    house.rules.apply()
    assert not house.live(kaj)
    house.today += WEEK
    with transaction(house.engine) as session:
        session.get_one(PersonRow, kaj.id).active = True
    house.rules.apply()
    assert house.live(kaj)[0].due_on == house.today + timedelta(days=10)


def test_what_a_trainer_decides_by_hand_is_not_overruled(house: SteeringHouse) -> None:
    kaj, mette, ib = (house.hire(key, "aaskolen") for key in ("kaj", "mette", "ib"))
    later = START + timedelta(days=9_000)
    house.teaching.assign(house.trainer, [ib.id], COURSE, later)
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "aaskolen", days=10))
    house.teaching.end_assignment(house.trainer, house.live(kaj)[0].id, "Går på pension")
    house.teaching.assign(house.trainer, [mette.id], COURSE, later)
    house.today += WEEK
    assert house.rules.apply().given == 0
    assert house.live(kaj) == []
    assert [row.due_on for row in house.live(mette)] == [later]
    assert [row.due_on for row in house.live(ib)] == [later]


def test_a_deadline_by_hand_takes_the_place_of_those_of_several_rules(house: SteeringHouse) -> None:
    kaj, mette = house.hire("kaj", "aaskolen"), house.hire("mette", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "skole", days=90))
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "aaskolen", days=30))
    later = START + timedelta(days=9_000)
    assert house.teaching.assign(house.trainer, [kaj.id], COURSE, later) == 0
    house.teaching.end_assignment(house.trainer, house.live(mette)[0].id, "Går på pension")
    house.rules.apply()
    assert [row.due_on for row in house.live(kaj)] == [later]
    assert house.live(mette) == []


def test_two_rules_each_give_their_own_and_the_nearest_deadline_counts(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen", Role.KEY_PERSON)
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "skole", days=90))
    second = house.rules.create(house.trainer, RuleDraft(COURSE, Role.KEY_PERSON, "skole", days=30))
    assert house.learning.mine(kaj)[0].due_on == START + timedelta(days=30)
    house.rules.end(house.trainer, second)
    assert house.learning.mine(kaj)[0].due_on == START + timedelta(days=90)


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (RuleDraft("findes-ikke"), UnknownCourse),
        (RuleDraft(COURSE, None, "findes-ikke"), InvalidAssignment),
        (RuleDraft(COURSE, days=0), InvalidAssignment),
    ],
)
def test_a_rule_that_does_not_hold_is_refused(house: SteeringHouse, draft: RuleDraft, error: type[Exception]) -> None:
    for refuse in (house.rules.preview, house.rules.create):
        with pytest.raises(error):
            refuse(house.trainer, draft)
    assert house.rules.rules(house.trainer)[1] == 0


def test_there_is_one_rule_for_a_course_role_and_unit_at_a_time(house: SteeringHouse) -> None:
    draft = RuleDraft(COURSE, Role.MANAGER, "skole")
    first = house.rules.create(house.trainer, draft)
    with pytest.raises(InvalidAssignment, match="allerede en regel"):
        house.rules.create(house.trainer, RuleDraft(COURSE, Role.MANAGER, "skole", days=3))
    house.rules.end(house.trainer, first)
    with pytest.raises(InvalidAssignment, match="allerede afsluttet"):
        house.rules.end(house.trainer, first)
    second = house.rules.create(house.trainer, draft)
    (line,), total = house.rules.rules(house.trainer)
    assert (line.id, line.unit_path, line.course_title, total) == (second, "Børn og Skole", "AI for alle", 1)
    assert [line.id for line in house.rules.rules(house.trainer, ended=True)[0]] == [first]
    assert len(house.events("rule.created")) == 2
    assert len(house.events("rule.ended")) == 1


def test_ten_thousand_people_get_a_course_in_one_go(house: SteeringHouse) -> None:
    with transaction(house.engine) as session:
        session.add_all(
            PersonRow(id=f"p{number}", name=f"Person {number}", unit="Åskolen", created_at=house.now())
            for number in range(10_000)
        )
    house.rules.create(house.trainer, RuleDraft(COURSE, days=60))
    with reading(house.engine) as session:
        assert session.scalar(select(func.count()).select_from(AssignmentRow)) == 10_001
    assert house.rules.apply().given == 0
    with transaction(house.engine) as session:
        for row in session.scalars(select(PersonRow).where(PersonRow.id.startswith("p"))):
            row.active = False
    assert house.rules.apply().ended == 10_000
    assert len(house.events("rule.applied")) == 2


# --- exemptions -------------------------------------------------------------------------------------------------------


def test_who_is_exempt_has_no_deadline_and_no_reminder_until_it_is_over(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.teaching.assign(house.trainer, [kaj.id], COURSE, START + timedelta(days=9_000))
    house.begin(kaj)
    with transaction(house.engine) as session:
        session.get_one(AssignmentRow, house.live(kaj)[0].id).due_on = START - WEEK

    def reminded() -> int:
        with reading(house.engine) as session:
            return len(reminders_of(session, house.courses, kaj.id, house.today))

    assert house.learning.mine(kaj)[0].due_on == house.learning.open(kaj, COURSE).due_on == START - WEEK
    assert reminded() == 1
    house.exemptions.exempt(house.trainer, kaj.id, COURSE, START + WEEK, "Er på orlov")
    (mine,) = house.learning.mine(kaj)
    assert (mine.exempt, mine.due_on, house.learning.open(kaj, COURSE).due_on, reminded()) == (True, None, None, 0)
    (own,) = house.exemptions.mine(kaj)
    assert (own.course_title, own.until, own.reason) == ("AI for alle", START + WEEK, "Er på orlov")
    house.today = START + WEEK
    assert house.learning.mine(kaj)[0].exempt  # the last day counts
    house.today += timedelta(days=1)
    assert not house.learning.mine(kaj)[0].exempt
    assert house.exemptions.mine(kaj) == []
    assert reminded() == 1


def test_an_exemption_ends_what_a_rule_gave_and_its_end_gives_it_anew(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "aaskolen", days=30))
    exemption = house.exemptions.exempt(house.trainer, kaj.id, COURSE, None, "Underviser selv i det")
    assert house.live(kaj) == []
    assert house.assignments(kaj)[0].ended_reason == EXCUSED
    house.today += WEEK
    assert house.rules.apply().given == 0
    house.exemptions.end(house.trainer, exemption)
    assert house.live(kaj)[0].due_on == house.today + timedelta(days=30)
    with pytest.raises(InvalidAssignment, match="allerede ophævet"):
        house.exemptions.end(house.trainer, exemption)
    assert [event.object_id for event in house.events("exemption.ended")] == [exemption]


@pytest.mark.parametrize(
    ("until", "reason", "said"),
    [
        (None, " ", "Skriv, hvorfor"),
        (None, "Ring til 86 12 34 56", "personoplysninger"),
        (None, "Nummer 010190-1234", "personoplysninger"),
        (START - WEEK, "Er på orlov", "allerede gået"),
    ],
)
def test_an_exemption_that_does_not_hold_is_refused(
    house: SteeringHouse, until: date | None, reason: str, said: str
) -> None:
    kaj = house.hire("kaj", "aaskolen")
    with pytest.raises(InvalidAssignment, match=said):
        house.exemptions.exempt(house.trainer, kaj.id, COURSE, until, reason)
    assert house.exemptions.exemptions(house.trainer) == ([], 0)


def test_nobody_exempts_herself_or_anybody_twice(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    with pytest.raises(InvalidAssignment, match="dig selv"):
        house.exemptions.exempt(house.trainer, house.trainer.id, COURSE, None, "Har ikke tid")
    house.exemptions.exempt(house.trainer, kaj.id, COURSE, None, "Er på orlov")
    with pytest.raises(InvalidAssignment, match="allerede fritaget"):
        house.exemptions.exempt(house.trainer, kaj.id, COURSE, None, "Er på orlov")


def test_exemptions_and_people_are_found_by_name_and_unit_in_danish_letters(house: SteeringHouse) -> None:
    for key in ("kaj", "åse", "100%"):
        house.exemptions.exempt(house.trainer, house.hire(key, "aaskolen").id, COURSE, None, "Er på orlov")
    lines, total = house.exemptions.exemptions(house.trainer, "ÅSE")
    assert ([line.person.id for line in lines], total) == (["åse"], 1)
    assert lines[0].by == house.trainer.name
    assert [one.id for one in house.exemptions.people(house.trainer, "100%")] == ["100%"]
    assert len(house.exemptions.people(house.trainer, "åskolen")) == 3
    assert house.exemptions.people(house.trainer, " ") == []
    assert house.exemptions.exemptions(house.trainer, "", count=1, skip=2)[1] == 3


def test_who_is_shown_as_exempt_can_see_by_whom(house: SteeringHouse) -> None:
    for key in ("kaj", "åse"):
        house.exemptions.exempt(house.trainer, house.hire(key, "aaskolen").id, COURSE, None, "Er på orlov")
    for _ in range(2):
        house.exemptions.exemptions(house.trainer, "kaj")
    with reading(house.engine) as session:
        looks = [(row.person_id, row.by, row.what) for row in session.scalars(select(LookRow))]
    assert looks == [("kaj", house.trainer.id, "exemptions")]


# --- key persons ------------------------------------------------------------------------------------------------------


def appointment(person: Person, unit: str = "aaskolen", **more: object) -> Appointment:
    fields = {"deputy_id": None, "valid_from": START} | more
    return Appointment(unit, COURSE, person.id, **fields)  # type: ignore[arg-type]


def test_the_register_gives_the_role_from_the_first_day_to_the_last(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.key_persons.appoint(house.trainer, appointment(kaj, valid_from=START + WEEK, valid_to=START + 2 * WEEK))
    assert house.key_roles() == set()
    house.today = START + WEEK
    assert house.key_persons.apply() == 1
    assert house.key_roles() == {("kaj", "aaskolen", "register")}
    assert house.key_persons.apply() == 0
    house.today = START + 2 * WEEK
    assert house.key_persons.apply() == 0
    house.today += timedelta(days=1)
    assert house.key_persons.apply() == 1
    assert house.key_roles() == set()
    assert [event.object_id for event in house.events("role.given") + house.events("role.taken")] == ["kaj", "kaj"]
    assert house.live(kaj) == []  # the register assigns nothing


def test_a_rule_for_key_persons_follows_the_register(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "plejehjem")
    house.rules.create(house.trainer, RuleDraft(COURSE, Role.KEY_PERSON, "skole", days=60))
    entry = house.key_persons.appoint(house.trainer, appointment(kaj))
    house.rules.apply()
    assert house.live(kaj)
    house.key_persons.end(house.trainer, entry, START - timedelta(days=1))
    house.rules.apply()
    assert not house.live(kaj)


def test_the_register_takes_no_role_that_it_did_not_give(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen", Role.KEY_PERSON)
    entry = house.key_persons.appoint(house.trainer, appointment(kaj))
    house.key_persons.end(house.trainer, entry, START - timedelta(days=1))
    assert house.key_roles() == {("kaj", None, "local")}


def test_one_role_is_enough_for_two_tracks_of_a_unit_and_stays_while_one_is_left(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    other = house.courses.publish(house.version.course.model_copy(update={"id": "copilot"}), "system").course.id
    first = house.key_persons.appoint(house.trainer, appointment(kaj))
    house.key_persons.appoint(house.trainer, Appointment("aaskolen", other, kaj.id, None, START))
    house.key_persons.end(house.trainer, first, START - timedelta(days=1))
    assert house.key_roles() == {("kaj", "aaskolen", "register")}


def test_an_entry_ends_on_its_last_day_and_units_without_one_are_listed(house: SteeringHouse) -> None:
    kaj, mette = house.hire("kaj", "aaskolen"), house.hire("mette", "aaskolen")
    entry = house.key_persons.appoint(house.trainer, appointment(kaj, deputy_id=mette.id))
    (line,), total = house.key_persons.register(house.trainer, "kaj")
    assert (line.person.name, line.deputy, line.unit_path, total) == (
        kaj.name,
        mette.name,
        "Børn og Skole › Åskolen",
        1,
    )
    missing, count = house.key_persons.without(house.trainer, COURSE)
    assert [one.path for one in missing] == ["Børn og Skole › Bakkeskolen", "Omsorg › Plejehjemmet Ødum"]
    assert count == 2
    house.key_persons.end(house.trainer, entry, START + WEEK)
    assert house.key_persons.register(house.trainer)[0][0].valid_to == START + WEEK
    house.today = START + WEEK + timedelta(days=1)
    assert house.key_persons.register(house.trainer) == ([], 0)
    assert house.key_persons.without(house.trainer, COURSE)[1] == 3
    assert house.key_persons.without(house.trainer, COURSE, UnitKind.DEPARTMENT)[1] == 2
    with pytest.raises(InvalidAssignment, match="ikke længere"):
        house.key_persons.end(house.trainer, entry, house.today)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"deputy_id": "kaj"}, "en anden"),
        ({"deputy_id": "findes-ikke"}, "findes ikke længere"),
        ({"unit_id": "findes-ikke"}, "Enheden findes ikke"),
        ({"valid_to": START - WEEK}, "sidste dag"),
    ],
)
def test_an_appointment_that_does_not_hold_is_refused(
    house: SteeringHouse, change: dict[str, object], said: str
) -> None:
    kaj = house.hire("kaj", "aaskolen")
    fields = {"unit_id": "aaskolen", "deputy_id": None, "valid_from": START, "valid_to": None} | change
    with pytest.raises(InvalidAssignment, match=said):
        house.key_persons.appoint(house.trainer, Appointment(course_id=COURSE, person_id=kaj.id, **fields))  # type: ignore[arg-type]
    assert house.key_roles() == set()


def test_nobody_is_appointed_twice_for_the_same_time(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.key_persons.appoint(house.trainer, appointment(kaj, valid_to=START + WEEK))
    with pytest.raises(InvalidAssignment, match="allerede nøgleperson"):
        house.key_persons.appoint(house.trainer, appointment(kaj, valid_from=START + WEEK))
    house.key_persons.appoint(house.trainer, appointment(kaj, valid_from=START + WEEK + timedelta(days=1)))
