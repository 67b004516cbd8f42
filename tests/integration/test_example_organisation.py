"""The invented municipality: of the size that was asked for, whole, the same for the same seed, and never among real people."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from people.errors import RealPeople
from people.organisation.example import DOMAIN, ExampleOrganisation, example_organisation
from people.organisation.example_service import load_example
from people.organisation.scope import led_people, led_units, units_at
from people.organisation.tables import EmploymentRow
from people.organisation.unit import UnitKind
from people.service import PeopleService
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.session import reading, transaction

TODAY = date(2027, 1, 4)


@pytest.fixture(scope="module")
def whole() -> ExampleOrganisation:
    return example_organisation()


@pytest.fixture(scope="module")
def small() -> ExampleOrganisation:
    return example_organisation(300)


def test_it_has_the_size_and_the_parts_of_a_municipality(whole: ExampleOrganisation) -> None:
    assert len(whole.people) == 10_000
    assert 850 <= len(whole.units) <= 950
    departments = [unit.title for unit in whole.units if unit.kind is UnitKind.DEPARTMENT]
    assert departments == [
        "Børn & Skole",
        "Social & Arbejdsmarked",
        "Udvikling, Miljø & Teknik",
        "Sundhed, Kultur & Omsorg",
    ]
    assert [unit.title for unit in whole.units if unit.kind is UnitKind.STAFF] == ["Stabe"]
    assert sum(unit.kind is UnitKind.INSTITUTION for unit in whole.units) > 150
    assert whole.past


def test_everybody_can_be_told_apart_and_nobody_has_a_real_address(whole: ExampleOrganisation) -> None:
    for values in (
        [person.id for person in whole.people],
        [person.email for person in whole.people],
        [person.username for person in whole.people],
        [place.key for place in whole.employments],
    ):
        assert len(values) == len(set(values))
    assert all(person.email.endswith(f"@{DOMAIN}") and person.email.isascii() for person in whole.people)


def test_every_open_unit_has_a_manager_who_works_there_under_the_manager_above(whole: ExampleOrganisation) -> None:
    managers = {person.leads: person.id for person in whole.people if person.leads}
    assert set(managers) == {unit.id for unit in whole.units}
    places = {place.person_id: place for place in whole.employments if place.primary}
    for unit in whole.units:
        place = places[managers[unit.id]]
        assert place.unit_id == unit.id
        assert place.manager_id == (managers[unit.parent_id] if unit.parent_id else None)


def test_it_holds_what_an_organisation_makes_difficult(whole: ExampleOrganisation) -> None:
    assert sum(count > 1 for count in Counter(place.person_id for place in whole.employments).values()) > 250
    assert sum(place.acting_manager_id is not None for place in whole.employments) > 50
    assert sum(person.left is not None for person in whole.people) == 400
    assert sum(person.key_person_in is not None for person in whole.people) > 120
    assert len(whole.deputies) > 80
    gone = {person.id for person in whole.people if person.left}
    assert not gone & {place.acting_manager_id for place in whole.employments}
    assert not gone & set(whole.deputies.values())


def test_the_same_seed_makes_the_same_people_and_another_makes_others() -> None:
    assert example_organisation(300) == example_organisation(300)
    assert example_organisation(300, seed=1).people != example_organisation(300, seed=2).people


def test_it_is_laid_into_the_database_once(engine: Engine, small: ExampleOrganisation) -> None:
    assert load_example(engine, small)
    assert not load_example(engine, small)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 300
        assert session.scalar(select(func.count()).select_from(EmploymentRow)) == len(small.employments)
        assert set(units_at(session, TODAY)) == {unit.id for unit in small.units}
        director = next(person for person in small.people if person.leads == small.units[0].id)
        there = {person.id for person in small.people if person.left is None}
        assert led_units(session, director.id, units_at(session, TODAY)) == {unit.id for unit in small.units}
        assert led_people(session, director.id, TODAY) == there - {director.id}
    assert PeopleService(engine).find(director.id).name == director.name


def test_it_may_lie_among_the_people_of_the_demo_and_not_among_real_ones(
    engine: Engine, small: ExampleOrganisation
) -> None:
    grants = [RoleGrantRow(id=new_id(), role=role) for role in ("employee", "manager")]
    department = next(unit.title for unit in small.units if unit.kind is UnitKind.DEPARTMENT)
    with transaction(engine) as session:
        session.add(PersonRow(id="demo-mette", name="Mette", unit="", created_at=now(), grants=[]))
        session.add(PersonRow(id="demo-lars", name="Lars", unit=department, created_at=now(), grants=grants))
    assert load_example(engine, small)
    with reading(engine) as session:
        assert (
            len(led_people(session, "demo-lars", TODAY)) > 2
        )  # whoever tries the demo as a manager has somebody to look at
        assert not led_people(session, "demo-mette", TODAY)
    with transaction(engine) as session:
        session.add(PersonRow(id="3f0c", name="Rigtig Person", unit="", created_at=now(), grants=[]))
    with pytest.raises(RealPeople, match="tom database"):
        load_example(engine, small)
