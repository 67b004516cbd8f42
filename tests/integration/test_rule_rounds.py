"""What a round of the rules does to those whom a person, an exemption or staff data has spoken of meanwhile."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from courses.steering.rule import NEW_DEADLINE, NEWCOMERS_DAYS, RuleDraft
from courses.steering.rule_service import Applied
from people.organisation.tables import EmploymentRow
from people.person import Person
from people.roles import Role
from storage.session import transaction
from tests.steering_house import COURSE, START, SteeringHouse

WEEK = timedelta(days=7)
FAR = date(2050, 1, 1)
WHOLE = RuleDraft(COURSE, None, None, days=30)


@pytest.fixture
def house(engine: Engine) -> SteeringHouse:
    return SteeringHouse(engine)


def employed(house: SteeringHouse, person: Person, first: date, last: date | None = None) -> None:
    with transaction(house.engine) as session:
        place = session.scalars(select(EmploymentRow).where(EmploymentRow.person_id == person.id)).one()
        place.valid_from, place.valid_to = first, last


# --- what a person has taken back ---------------------------------------------------------------------------------------


def test_what_was_assigned_by_hand_and_taken_back_is_not_given_again_by_a_rule(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.teaching.assign(house.trainer, [kaj.id], COURSE, FAR)
    house.rules.create(house.trainer, WHOLE)
    house.teaching.end_assignment(house.trainer, house.live(kaj)[0].id, "Skal tage et andet kursus")
    house.today += WEEK
    assert house.rules.apply().given == 0
    assert house.live(kaj) == []


def test_what_one_rule_gave_and_a_person_took_back_is_not_given_by_another_that_was_there(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "skole", days=30))
    house.rules.create(house.trainer, RuleDraft(COURSE, Role.KEY_PERSON, None, days=30))
    house.teaching.end_assignment(house.trainer, house.live(kaj)[0].id, "Skal tage et andet kursus")
    house.key_role(kaj, "aaskolen")
    assert house.rules.apply().given == 0


def test_a_rule_made_later_gives_what_was_taken_back_before_it(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.teaching.assign(house.trainer, [kaj.id], COURSE, FAR)
    house.teaching.end_assignment(house.trainer, house.live(kaj)[0].id, "Skal tage et andet kursus")
    house.today += WEEK
    house.rules.create(house.trainer, WHOLE)
    assert len(house.live(kaj)) == 1


def test_a_new_deadline_by_hand_takes_nothing_back(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.rules.create(house.trainer, WHOLE)
    house.teaching.assign(house.trainer, [kaj.id], COURSE, FAR)
    assert house.assignments(kaj)[0].ended_reason == NEW_DEADLINE
    with transaction(house.engine) as session:  # the one by hand ends without anybody having said so
        row = session.merge(house.live(kaj)[0])
        row.ended_at, row.ended_by = house.now(), "system"
    assert house.rules.apply().given == 1


# --- who has begun, and was exempt --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by_hand", [True, False], ids=["ended by a trainer", "to a day"])
def test_who_has_begun_gets_a_new_deadline_when_the_exemption_is_over(house: SteeringHouse, by_hand: bool) -> None:
    kaj, mette = house.hire("kaj", "aaskolen"), house.hire("mette", "aaskolen")
    house.rules.create(house.trainer, WHOLE)
    for one in (kaj, mette):
        house.begin(one)
    until = None if by_hand else START + 10 * WEEK
    exemption = house.exemptions.exempt(house.trainer, kaj.id, COURSE, until, "Er væk i en periode")
    house.today = START + 10 * WEEK
    assert house.rules.apply().given == 0
    assert [row.due_on for row in house.live(kaj)] == [START + timedelta(days=30)]
    if by_hand:
        house.exemptions.end(house.trainer, exemption)
    else:
        house.today += timedelta(days=1)
        house.rules.apply()
    assert [row.due_on for row in house.live(kaj)] == [house.today + timedelta(days=30)]
    assert [row.ended_reason for row in house.assignments(kaj) if row.ended_at] == [NEW_DEADLINE]
    assert [row.due_on for row in house.live(mette)] == [START + timedelta(days=30)]
    for _ in range(2):
        house.today += timedelta(days=1)
        assert house.rules.apply() == Applied(0, 0)


def test_a_rule_without_a_deadline_has_none_to_renew(house: SteeringHouse) -> None:
    kaj = house.hire("kaj", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE))
    house.begin(kaj)
    exemption = house.exemptions.exempt(house.trainer, kaj.id, COURSE, None, "Er væk i en periode")
    house.today += WEEK
    house.exemptions.end(house.trainer, exemption)
    assert len(house.assignments(kaj)) == 1


# --- who is here ----------------------------------------------------------------------------------------------------------


def test_a_rule_for_all_is_for_those_who_work_here_today(house: SteeringHouse) -> None:
    kaj, bo, ida = (house.hire(key, "aaskolen", Role.KEY_PERSON) for key in ("kaj", "bo", "ida"))
    guest = house.hire("gæst", None, Role.KEY_PERSON)  # signs in, and staff data knows nothing of her
    first = START + WEEK
    employed(house, bo, first)
    employed(house, ida, date(2020, 1, 1), START - timedelta(days=1))
    for draft in (WHOLE, RuleDraft(COURSE, Role.KEY_PERSON, None, days=10)):
        seen = house.rules.preview(house.trainer, draft)
        assert {one.id for one in seen.people} - {house.trainer.id} == {kaj.id, guest.id}
    house.rules.create(house.trainer, WHOLE)
    assert (house.live(bo), house.live(ida)) == ([], [])
    house.today = first
    house.rules.apply()
    assert [row.due_on for row in house.live(bo)] == [first + timedelta(days=30)]


def test_a_role_in_a_unit_counts_from_the_day_that_its_holder_works_here(house: SteeringHouse) -> None:
    bo = house.hire("bo", "plejehjem", Role.KEY_PERSON, role_unit="aaskolen")
    employed(house, bo, START + WEEK)
    assert house.rules.preview(house.trainer, RuleDraft(COURSE, Role.KEY_PERSON, "skole")).under == 0


def test_who_comes_the_day_before_the_last_day_has_time_to_take_the_course(house: SteeringHouse) -> None:
    kaj, bo = house.hire("kaj", "aaskolen"), house.hire("bo", "plejehjem")
    last = START + WEEK
    house.rules.create(house.trainer, RuleDraft(COURSE, None, "aaskolen", due_on=last))
    house.today = last - timedelta(days=1)
    house.move(bo, "aaskolen")
    house.rules.apply()
    assert [row.due_on for row in house.live(kaj)] == [last]
    assert [row.due_on for row in house.live(bo)] == [house.today + timedelta(days=NEWCOMERS_DAYS)]
