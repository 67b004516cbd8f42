"""The register of key persons: who has left, what the rules give at once, the last day, and the example to try it on."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from courses.errors import InvalidAssignment
from courses.steering.area.coverage import coverage_of
from courses.steering.area.figures import Choice, Cover, CoverageLine
from courses.steering.key_person import Appointment
from courses.steering.key_person_example import register_example
from courses.steering.rule import RuleDraft
from people.organisation.example import example_organisation
from people.organisation.example_service import load_example
from people.organisation.scope import units_at
from people.person import Person
from people.roles import Role
from people.service import PeopleService
from people.tables import PersonRow
from storage.session import reading, transaction
from tests.small_area import SmallArea
from tests.steering_house import COURSE, START, SteeringHouse


def leave(engine: Engine, *people: Person) -> None:
    with transaction(engine) as session:
        for person in people:
            session.get_one(PersonRow, person.id).active = False


def test_who_has_left_covers_no_unit_and_stands_in_for_nobody(engine: Engine, tmp_path: Path) -> None:
    area = SmallArea(engine, tmp_path)
    lars = area.add("lars", "skole", leads=["skole"])
    mette, niels, bo, ida = (area.add(key, "skole") for key in ("mette", "niels", "bo", "ida"))
    area.earn(mette)
    area.key_person(mette, "skole", niels)
    area.key_person(bo, "klub", ida)

    def lines() -> dict[str, CoverageLine]:
        return {line.unit: line for line in area.area.open(lars).coverage(Choice())}

    area.on(date(2026, 3, 1))
    assert (lines()["Skolen"].cover, lines()["Skolen"].deputy) == (Cover.COVERED, True)
    leave(engine, mette)
    assert (lines()["Skolen"].cover, lines()["Skolen"].until, lines()["Skolen"].deputy) == (Cover.NOBODY, None, True)
    leave(engine, niels, bo, ida)
    # The track and the club stay on the list: somebody else is to be found.
    assert {unit: (line.cover, line.deputy) for unit, line in lines().items()} == {
        "Skolen": (Cover.NOBODY, False),
        "Klubben": (Cover.NOBODY, False),
    }


def test_the_register_says_who_has_left(engine: Engine) -> None:
    house = SteeringHouse(engine)
    kaj, mette = house.hire("kaj", "aaskolen"), house.hire("mette", "aaskolen")
    house.key_persons.appoint(house.trainer, Appointment("aaskolen", COURSE, kaj.id, mette.id, START))
    (line,), _ = house.key_persons.register(house.trainer)
    assert (line.left, line.deputy_left) == (False, False)
    leave(engine, kaj, mette)
    (line,), _ = house.key_persons.register(house.trainer)
    assert (line.left, line.deputy_left) == (True, True)
    assert house.key_persons.without(house.trainer, COURSE)[1] == 3


def test_a_new_key_person_has_what_the_rules_give_at_once_and_loses_it_with_the_role(engine: Engine) -> None:
    house = SteeringHouse(engine)
    kaj, mette = house.hire("kaj", "aaskolen"), house.hire("mette", "aaskolen")
    house.rules.create(house.trainer, RuleDraft(COURSE, Role.KEY_PERSON, "skole", days=60))
    entry = house.key_persons.appoint(house.trainer, Appointment("aaskolen", COURSE, kaj.id, None, START))
    assert [row.due_on for row in house.live(kaj)] == [START + timedelta(days=60)]
    tomorrow = START + timedelta(days=1)
    house.key_persons.appoint(house.trainer, Appointment("aaskolen", COURSE, mette.id, None, tomorrow))
    assert house.live(mette) == []
    house.key_persons.end(house.trainer, entry, START - timedelta(days=1))
    assert house.live(kaj) == []


def test_an_entry_is_ended_and_never_prolonged_into_another(engine: Engine) -> None:
    house = SteeringHouse(engine)
    kaj = house.hire("kaj", "aaskolen")
    last = START + timedelta(days=7)
    first = house.key_persons.appoint(house.trainer, Appointment("aaskolen", COURSE, kaj.id, None, START, last))
    house.key_persons.appoint(house.trainer, Appointment("aaskolen", COURSE, kaj.id, None, last + timedelta(days=1)))
    with pytest.raises(InvalidAssignment, match=r"kun nøgleperson til og med 9\. marts 2026"):
        house.key_persons.end(house.trainer, first, last + timedelta(days=1))
    assert house.key_persons.register(house.trainer)[0][0].valid_to in (last, None)
    house.key_persons.end(house.trainer, first, last)
    house.key_persons.end(house.trainer, first, START)
    assert {line.valid_to for line in house.key_persons.register(house.trainer)[0]} == {START, None}


def test_the_example_has_a_register_by_which_coverage_can_be_tried(engine: Engine) -> None:
    day = date(2027, 1, 4)
    organisation = example_organisation(400, today=day)
    load_example(engine, organisation)
    count = register_example(engine, organisation, COURSE, day)
    assert count == sum(person.key_person_in is not None for person in organisation.people) > 2
    with reading(engine) as session:
        lines = coverage_of(session, units_at(session, day), None, day, str)
    assert {line.cover for line in lines} == {Cover.NOBODY, Cover.NOT_CERTIFIED}
    assert sum(line.deputy for line in lines) == len(organisation.deputies) > 0
    someone = next(person for person in organisation.people if person.key_person_in)
    assert Role.KEY_PERSON in PeopleService(engine).find(someone.id).roles


def test_namesakes_in_a_unit_can_be_told_apart(engine: Engine) -> None:
    house = SteeringHouse(engine)
    people = [house.hire(key, "aaskolen") for key in ("a", "b", "c")]
    with transaction(engine) as session:
        for person in people:
            row = session.get_one(PersonRow, person.id)
            row.email = f"{person.id}@randers.dk"
            row.name = "Kaj Ågård" if person.id != "c" else "Kaj Bach"
    found = house.exemptions.people(house.trainer, "kaj")
    assert [(one.name, one.email) for one in found] == [
        ("Kaj Bach", ""),
        ("Kaj Ågård", "a@randers.dk"),
        ("Kaj Ågård", "b@randers.dk"),
    ]
