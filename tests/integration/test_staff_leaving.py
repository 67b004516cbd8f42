"""Who leaves by staff data, when, what somebody must say yes to first, and who gains whose people."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from people.errors import UnusableStaffFile
from people.organisation.example import example_organisation
from people.organisation.example_service import load_example
from people.organisation.import_service import CHANGED
from people.organisation.leaving import let_go
from people.organisation.safety_net import PEOPLE as PEOPLE_LIMIT
from people.organisation.safety_net import UNITS as UNITS_LIMIT
from people.organisation.staff_plan import Outcome, StaffPlan
from people.organisation.unit_plan import OPEN_BELOW
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.session import transaction
from tests import staff_files as files
from tests.staff_house import (
    ADMIN,
    ANNA,
    BO,
    DAY,
    GERDA,
    KAJ,
    LATER,
    PEOPLE,
    STAFF,
    TREE,
    House,
    told,
)

UNTIL = (*PEOPLE, "Ansat til")
ENDS = date(2027, 3, 31)
AFTER = ENDS + timedelta(days=1)
TEMPORARY = ("Vera Vikar", "vera@eksempel.dk", "DQ9", "Museet", "", "Vikar", "31-03-2027")
NEW = ("Ny Ny", "ny@eksempel.dk", "DQ7", "Ny enhed", "Kaj Kjær", "")
GONE = [("Vera Vikar", "ansættelsen sluttede 31-03-2027; deaktiveres; historikken bevares")]


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine).filled()


def signed_in_only(house: House, name: str, email: str) -> None:
    """Somebody who is known from a sign-in, and whom no file has had."""
    with transaction(house.engine) as session:
        grant = RoleGrantRow(id=new_id(), role=Role.EMPLOYEE.value, source="provider")
        session.add(PersonRow(id=name, name=name, unit="", email=email, created_at=now(), grants=[grant]))


# --- an end that is known in advance ------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [None, TEMPORARY], ids=["without her row", "with her row"])
def test_who_was_known_to_leave_leaves_by_the_next_complete_list(house: House, row: files.Row | None) -> None:
    house.people(TEMPORARY, headings=UNTIL)
    staff = [(*one, "") for one in STAFF] + ([row] if row else [])
    assert house.people(*staff, headings=UNTIL, day=ENDS, complete=row is not None).count(Outcome.LEFT) == 0
    plan = house.people(*staff, headings=UNTIL, day=AFTER, complete=True)
    assert told(plan, Outcome.LEFT) == GONE
    assert not house.person("Vera Vikar").active
    assert [one.valid_to for one in house.employments("Vera Vikar")] == [ENDS]
    assert house.people(*staff, headings=UNTIL, day=AFTER, complete=True).counts == {"unchanged": 4}


def test_who_was_known_to_leave_leaves_by_a_complete_list_of_another_system(house: House) -> None:
    house.people(TEMPORARY, headings=UNTIL)
    teacher = ("Birkeskolen", "tove", "Tove Toft", "tove@eksempel.dk", "", "")
    plan = house.people(teacher, headings=files.SCHOOL_AD, day=AFTER, complete=True)
    assert told(plan, Outcome.LEFT) == GONE


def test_who_was_known_to_leave_leaves_by_the_daily_round_and_loses_what_she_led(house: House) -> None:
    house.people((*KAJ, "31-03-2027"), TEMPORARY, headings=UNTIL)
    signed_in_only(house, "Gæst", "gæst@eksempel.dk")
    assert let_go(house.engine, ENDS) == 0
    assert house.led("Kaj Kjær", ENDS)[0] == {"Birkeskolen"}
    assert let_go(house.engine, AFTER) == 2
    assert let_go(house.engine, AFTER) == 0
    kaj = house.person("Kaj Kjær")
    assert not kaj.active
    assert kaj.deactivated_at is not None
    assert house.led("Kaj Kjær", ENDS)[0] == set()
    assert house.person("Gæst").active
    assert set(house.events("staff.left")) == {house.id("Kaj Kjær"), house.id("Vera Vikar")}
    assert [one.split()[:2] for one in house.events("role.taken")] == [[kaj.id, "manager"]]


def test_the_daily_round_leaves_people_who_were_never_imported(engine: Engine) -> None:
    house = House(engine)
    load_example(engine, example_organisation(200, today=DAY))
    before = house.rows()
    assert let_go(engine, DAY + timedelta(days=400)) == 0
    assert house.rows() == before


def test_who_has_another_employment_left_or_to_come_stays(house: House) -> None:
    headings = (*PEOPLE[:4], "Tjenestenummer", "Ansat fra", "Ansat til")
    ida = ("Ida Iversen", "ida@eksempel.dk", "DQ8", "Museet")
    house.people((*ida, "101", "", "31-03-2027"), (*ida, "102", "01-05-2027", ""), headings=headings)
    assert let_go(house.engine, AFTER) == 0
    assert house.person("Ida Iversen").active


# --- a row that says so -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("complete", [True, False])
def test_who_has_only_signed_in_leaves_by_a_row_that_says_so(house: House, complete: bool) -> None:
    signed_in_only(house, "Dan Dam", "dan@eksempel.dk")
    headings = (*PEOPLE, "Aktiv")
    staff = [(*one, "ja") for one in STAFF]
    assert house.people(*staff, headings=headings, day=LATER, complete=True).counts == {"unchanged": 4}
    assert house.person("Dan Dam").active
    row = ("Dan Dam", "dan@eksempel.dk", "", "Museet", "", "", "nej")
    plan = house.people(*staff, row, headings=headings, day=LATER, complete=complete)
    assert [(one.line, one.who) for one in plan.of(Outcome.LEFT)] == [(6, "Dan Dam")]
    assert not house.person("Dan Dam").active


@pytest.mark.parametrize(("said", "left"), [("nej", 0), ("ja", 1), ("Nej", 0), ("", 0), ("x", 1)])
def test_a_column_of_last_days_may_say_yes_or_no(house: House, said: str, left: int) -> None:
    plan = house.people((*BO[:4], said), headings=(*PEOPLE[:4], "Fratrådt"), day=LATER)
    assert plan.count(Outcome.REFUSED) == 0
    assert plan.count(Outcome.LEFT) == left
    assert house.person("Bo Bøgh").active is not bool(left)


def test_an_employment_that_is_missing_is_told_of_who_has_another(house: House) -> None:
    headings = (*PEOPLE[:4], "Tjenestenummer", "Primær")
    ida = ("Ida Iversen", "ida@eksempel.dk", "DQ8")
    rows = [(*ida, "Museet", "101", "ja"), (*ida, "Birkeskolen", "102", "nej")]
    house.people(*rows, headings=headings)
    plan = house.people(rows[0], headings=headings, day=LATER, complete=True)
    assert told(plan, Outcome.CHANGED) == [("Ida Iversen", "en ansættelse er slut")]


# --- the safety net -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "most"), [(0, 10), (60, 10), (240, 12), (1_000, 50), (4_000, 200), (10_000, 200), (50_000, 200)]
)
def test_one_in_twenty_may_leave_without_a_question_and_never_many(before: int, most: int) -> None:
    assert PEOPLE_LIMIT.of(before) == most
    assert UNITS_LIMIT.of(900) == 20


def test_a_list_of_units_that_is_cut_closes_nothing_by_itself(house: House) -> None:
    rooms = [(f"r{place}", f"Rum {place}", "m", "", "") for place in range(4)]
    house.units(*TREE, *rooms)
    with pytest.raises(UnusableStaffFile, match="4 af 8 enheder lukker"):
        house.units(*TREE, day=LATER, complete=True)
    assert len(house.titles(LATER)) == 8
    data = files.written(("Enhedsid", "Enhedsnavn", "Overordnet enhed"), *[row[:3] for row in TREE])
    assert house.service.carry_out(ADMIN, data, LATER, complete=True, many_leave=True).count(Outcome.UNIT_CLOSED) == 4


# --- units that close ---------------------------------------------------------------------------------------------


CLOSING = ("Enhedsid", "Enhedsnavn", "Overordnet enhed", "Nedlagt")


def test_a_unit_above_open_ones_is_not_closed_and_its_managers_keep_what_is_below(house: House) -> None:
    before = house.rows()
    plan = house.units(("b", "Børn & Skole", "k", "10-03-2027"), headings=CLOSING, day=LATER)
    assert told(plan, Outcome.REFUSED) == [("Børn & Skole", OPEN_BELOW)]
    assert house.rows() == before
    assert "Birkeskolen" in house.led("Gerda Gram", LATER)[0]


@pytest.mark.parametrize("parent", ["m", "k"])
def test_a_unit_closes_in_the_file_that_moves_what_is_below(house: House, parent: str) -> None:
    rows = [("b", "Børn & Skole", "k", "10-03-2027"), ("s", "Birkeskolen", parent, "")]
    plan = house.units(*rows, headings=CLOSING, day=LATER)
    assert plan.count(Outcome.REFUSED) == 0
    assert "Børn & Skole" not in house.titles(LATER)


def test_a_unit_closes_in_the_file_that_closes_what_is_below(house: House) -> None:
    house.units(("r", "Rum", "m", "", ""))
    rows = [("m", "Museet", "k", "10-03-2027"), ("r", "Rum", "m", "10-03-2027")]
    assert house.units(*rows, headings=CLOSING, day=LATER).count(Outcome.UNIT_CLOSED) == 2
    assert set(house.titles(LATER)) == {"Kommunen", "Børn & Skole", "Birkeskolen"}


def test_two_units_of_one_name_without_keys_are_told_how_to_be_told_apart(house: House) -> None:
    rows = [("Indskoling", "Birkeskolen"), ("Indskoling", "Museet")]
    plan = house.units(*rows, headings=("Enhedsnavn", "Overordnet enhed"))
    assert "Tilføj Enhedsid" in plan.of(Outcome.REFUSED)[0].told


# --- who gains whose people ---------------------------------------------------------------------------------------


def taken_over(house: House, *, complete: bool = False) -> StaffPlan:
    """Anna becomes the manager of Kaj's people."""
    rows = [GERDA, (*KAJ[:4], "Anna Åkjær", "Lærer"), (*ANNA[:4], "Gerda Gram", "Skoleleder")]
    return house.people(*rows, (*BO[:4], "Anna Åkjær", "Lærer"), day=LATER, complete=complete)


def test_who_gains_and_who_loses_a_unit_is_told_and_audited(house: House) -> None:
    before = len(house.events("role.given"))
    plan = taken_over(house)
    assert told(plan, Outcome.LEADS) == [
        ("Kaj Kjær", "leder ikke længere Birkeskolen"),
        ("Anna Åkjær", "leder og kan se de ansatte i Birkeskolen"),
    ]
    [given] = house.events("role.given")[before:]
    assert given.startswith(f"{house.id('Anna Åkjær')} manager ")
    [taken] = house.events("role.taken")
    assert taken.startswith(f"{house.id('Kaj Kjær')} manager ")


def test_a_leader_whom_a_list_of_units_names_is_told_and_audited(house: House) -> None:
    house.units(("m", "Museet", "k", "institution", "Anna Åkjær"))
    plan = house.units(("m", "Museet", "k", "institution", "Bo Bøgh"))
    assert told(plan, Outcome.LEADS) == [
        ("Anna Åkjær", "leder ikke længere Museet"),
        ("Bo Bøgh", "leder og kan se de ansatte i Museet"),
    ]
    assert len(house.events("role.given")) == 4
    assert len(house.events("role.taken")) == 1


def test_a_new_person_is_told_with_her_manager(house: House) -> None:
    plan = house.people(("Dan Dam", "dan@eksempel.dk", "", "Museet", "Kaj Kjær", ""))
    assert told(plan, Outcome.NEW) == [("Dan Dam", "i Museet; leder: Kaj Kjær")]


def test_a_preview_that_would_write_something_else_now_is_not_carried_out_though_it_reads_the_same(
    house: House,
) -> None:
    house.units(("x", "Huset", "b", "", ""))
    data = files.written(PEOPLE, *STAFF, ("Dan Dam", "dan@eksempel.dk", "", "Museet", "", ""), NEW)
    seen = house.service.preview(ADMIN, data, DAY)
    assert house.service.preview(ADMIN, data, DAY).fingerprint() == seen.fingerprint()
    house.units(("m", "Museum", "k", "", ""), ("x", "Museet", "b", "", ""))
    assert house.service.preview(ADMIN, data, DAY).lines == seen.lines
    with pytest.raises(UnusableStaffFile) as refused:
        house.service.carry_out(ADMIN, data, DAY, seen=seen.fingerprint())
    assert str(refused.value) == CHANGED
