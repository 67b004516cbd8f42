"""Who leads whom on a day, on both databases."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from people.organisation.scope import Unit, below, led_people, led_units, units_at
from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.session import reading, transaction

DAY = date(2027, 3, 1)
LONG_AGO = date(2020, 1, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def add_unit(
    session: Session,
    key: str,
    parent: str | None = None,
    *,
    title: str = "",
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
) -> None:
    if session.get(OrgUnitRow, key) is None:
        session.add(OrgUnitRow(id=key, key=key, kind="afdeling"))
        session.flush()
    session.add(
        UnitPlacementRow(
            id=new_id(), unit_id=key, parent_id=parent, title=title or key, valid_from=valid_from, valid_to=valid_to
        )
    )
    session.flush()


def add_person(session: Session, key: str, *leads: str | None, role: Role = Role.MANAGER) -> None:
    grants = [RoleGrantRow(id=new_id(), role=role.value, unit_id=unit, source="import") for unit in leads]
    session.add(PersonRow(id=key, name=key.title(), unit="", email=None, created_at=now(), grants=grants))
    session.flush()


def employ(
    session: Session,
    person: str,
    unit: str,
    *,
    manager: str | None = None,
    acting: str | None = None,
    acting_until: date | None = None,
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
) -> None:
    session.add(
        EmploymentRow(
            id=new_id(),
            key=new_id(),
            person_id=person,
            unit_id=unit,
            title="Pædagog",
            manager_id=manager,
            acting_manager_id=acting,
            acting_until=acting_until,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    session.flush()


@pytest.fixture
def house(engine: Engine) -> Engine:
    """School (with a first form and a closed club) and library under the municipality; Gerda leads the top, Kaj the school."""
    with transaction(engine) as session:
        add_unit(session, "kommune")
        add_unit(session, "skole", "kommune")
        add_unit(session, "indskoling", "skole")
        add_unit(session, "klub", "skole", valid_to=BEFORE)
        add_unit(session, "bibliotek", "kommune")
        add_person(session, "gerda", "kommune")
        add_person(session, "kaj", "skole")
        for name in ("anna", "bo", "cille"):
            add_person(session, name)
        employ(session, "gerda", "kommune")
        employ(session, "kaj", "skole", manager="gerda")
        employ(session, "anna", "indskoling")
        employ(session, "bo", "klub")
        employ(session, "cille", "bibliotek")
    return engine


def led(engine: Engine, person: str, day: date = DAY) -> set[str]:
    with reading(engine) as session:
        return led_people(session, person, day)


def units(engine: Engine, person: str, day: date = DAY) -> set[str]:
    with reading(engine) as session:
        return led_units(session, person, units_at(session, day))


def test_a_manager_leads_her_unit_and_everything_below_it_but_not_herself(house: Engine) -> None:
    assert units(house, "kaj") == {"skole", "indskoling"}
    assert led(house, "kaj") == {"anna"}
    assert units(house, "gerda") == {"kommune", "skole", "indskoling", "bibliotek"}
    assert led(house, "gerda") == {"kaj", "anna", "cille"}


def test_who_leads_no_unit_leads_nobody(house: Engine) -> None:
    assert units(house, "anna") == set()
    assert led(house, "anna") == set()


def test_a_manager_of_no_named_unit_leads_nobody_and_another_role_in_a_unit_does_not_lead(house: Engine) -> None:
    with transaction(house) as session:
        add_person(session, "lars", None)
        add_person(session, "niels", "skole", role=Role.KEY_PERSON)
    assert led(house, "lars") == led(house, "niels") == set()
    assert units(house, "lars") == units(house, "niels") == set()


def test_a_unit_that_closed_yesterday_is_led_until_yesterday(house: Engine) -> None:
    assert units(house, "kaj", BEFORE) == {"skole", "indskoling", "klub"}
    assert led(house, "kaj", BEFORE) == {"anna", "bo"}
    assert "klub" not in units(house, "kaj")
    assert led(house, "kaj") == {"anna"}


def test_an_employment_counts_from_its_first_day_to_its_last(house: Engine) -> None:
    with transaction(house) as session:
        add_person(session, "dorte")
        employ(session, "dorte", "skole", valid_from=DAY, valid_to=AFTER)
    assert "dorte" not in led(house, "kaj", BEFORE)
    assert "dorte" in led(house, "kaj", DAY)
    assert "dorte" in led(house, "kaj", AFTER)
    assert "dorte" not in led(house, "kaj", AFTER + timedelta(days=1))


def test_several_employments_are_one_person_for_each_of_her_managers(house: Engine) -> None:
    with transaction(house) as session:
        employ(session, "anna", "skole")
        employ(session, "anna", "bibliotek", manager="cille")
    assert led(house, "kaj") == {"anna"}
    assert led(house, "cille") == {"anna"}


def test_a_manager_by_employment_leads_those_people_and_no_unit(house: Engine) -> None:
    with transaction(house) as session:
        add_person(session, "dorte")
        employ(session, "dorte", "bibliotek", manager="anna", valid_to=DAY)
    assert led(house, "anna") == {"dorte"}
    assert units(house, "anna") == set()
    assert led(house, "anna", AFTER) == set()


def test_an_acting_manager_leads_to_her_last_day_and_no_longer(house: Engine) -> None:
    with transaction(house) as session:
        add_person(session, "dorte")
        employ(session, "dorte", "bibliotek", manager="gerda", acting="cille", acting_until=DAY)
    assert led(house, "cille", DAY) == {"dorte"}
    assert led(house, "cille", AFTER) == set()
    assert "dorte" in led(house, "gerda", AFTER)


def test_an_acting_manager_without_a_last_day_leads_on(house: Engine) -> None:
    with transaction(house) as session:
        add_person(session, "dorte")
        employ(session, "dorte", "bibliotek", acting="cille")
    assert led(house, "cille", date(2040, 1, 1)) == {"dorte"}


def test_a_unit_keeps_the_name_and_place_of_each_day(house: Engine) -> None:
    with transaction(house) as session:
        add_unit(session, "team", "skole", title="Team Øst", valid_to=BEFORE)
        add_unit(session, "team", "bibliotek", title="Team Ørsted", valid_from=DAY)
    with reading(house) as session:
        assert units_at(session, BEFORE)["team"] == Unit("team", "team", "afdeling", "Team Øst", "skole")
        assert units_at(session, DAY)["team"] == Unit("team", "team", "afdeling", "Team Ørsted", "bibliotek")
    assert "team" in units(house, "kaj", BEFORE)
    assert "team" not in units(house, "kaj", DAY)


def test_a_unit_under_a_closed_one_stands_at_the_top(house: Engine) -> None:
    with transaction(house) as session:
        add_unit(session, "mellemtrin", "klub")
    with reading(house) as session:
        assert units_at(session, BEFORE)["mellemtrin"].parent_id == "klub"
        assert units_at(session, DAY)["mellemtrin"].parent_id is None


def test_what_is_led_takes_three_questions_however_many_there_are(house: Engine) -> None:
    with transaction(house) as session:
        for number in range(200):
            add_unit(session, f"u{number}", "kommune" if number < 3 else f"u{number // 3}")
    asked: list[str] = []
    event.listen(house, "before_cursor_execute", lambda *call: asked.append(call[2]))
    led(house, "gerda")
    assert sum(statement.lstrip().upper().startswith("SELECT") for statement in asked) == 3


@given(st.lists(st.integers(-1, 11), min_size=12, max_size=12), st.sets(st.integers(0, 14)))
def test_below_holds_just_the_units_whose_way_up_meets_a_named_one(parents: list[int], named: set[int]) -> None:
    """Also where the units form rings."""
    tree = {
        str(number): Unit(str(number), str(number), "", "", None if parent < 0 else str(parent))
        for number, parent in enumerate(parents)
    }

    def way_up(unit_id: str) -> set[str]:
        way: set[str] = set()
        at: str | None = unit_id
        while at is not None and at not in way:
            way.add(at)
            at = tree[at].parent_id
        return way

    wanted = {str(number) for number in named}
    assert below(tree, wanted) == {unit_id for unit_id in tree if way_up(unit_id) & wanted}
