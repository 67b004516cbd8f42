"""Key persons and deputies who have left count nowhere, and the register says that they have."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from courses.steering.area.figures import Choice, Cover, CoverageLine
from courses.steering.key_person import Appointment
from people.person import Person
from people.tables import PersonRow
from storage.session import transaction
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
