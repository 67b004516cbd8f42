"""Who is whom when staff data is imported: numbers and addresses are handed on, systems stay apart, nothing is doubled."""

import pytest
from sqlalchemy import Engine

from people.errors import UnusableStaffFile
from people.organisation.identities import ONLY_NUMBER, REUSED_EMAIL, REUSED_NUMBER
from people.organisation.staff_plan import Outcome
from people.organisation.unit_finder import OTHER_KEY
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from storage.base import new_id, now
from storage.session import transaction
from tests import staff_files as files
from tests.staff_house import ANNA, DAY, GERDA, KAJ, LATER, PEOPLE, House, told

SD = ("Navn", "E-mail", "Tjenestenummer", "Afdeling")


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine).filled()


def refusals(house: House, *rows: files.Row, headings: files.Row) -> list[str]:
    return [one for _, one in told(house.people(*rows, headings=headings, day=LATER), Outcome.REFUSED)]


# --- numbers and addresses that are handed on ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (("Navn", "E-mail", "Afdeling"), ("Dan Dam", "anna@eksempel.dk", "Birkeskolen")),
        (files.SCHOOL_AD, ("Birkeskolen", "danda", "Dan Dam", "anna@eksempel.dk", "", "")),
        (
            ("userPrincipalName", "displayName", "mail", "officeLocation"),
            ("anna@eksempel.dk", "Dan Dam", "anna@eksempel.dk", "Birkeskolen"),
        ),
    ],
    ids=["address only", "another system's number", "a login that is the address"],
)
def test_an_address_alone_gives_nobody_anothers_row(house: House, headings: files.Row, row: files.Row) -> None:
    before = house.rows()
    assert refusals(house, row, headings=headings) == [REUSED_EMAIL]
    assert house.rows() == before


def test_a_login_that_is_the_address_tells_no_more_than_the_address_also_when_it_is_known(house: House) -> None:
    headings = ("userPrincipalName", "displayName", "mail", "officeLocation")
    house.people(("anna@eksempel.dk", "Anna Åkjær", "anna@eksempel.dk", "Birkeskolen"), headings=headings)
    row = ("anna@eksempel.dk", "Dan Dam", "anna@eksempel.dk", "Birkeskolen")
    assert refusals(house, row, headings=headings) == [REUSED_EMAIL]


def test_a_figure_in_a_name_does_not_make_it_everybodys(house: House) -> None:
    house.people(("Anna Åkjær 2", "anna2@eksempel.dk", "", "Museet", "", ""))
    assert refusals(house, ("Dan Dam", "anna2@eksempel.dk", "", "Museet", "", ""), headings=PEOPLE) == [REUSED_EMAIL]


@pytest.mark.parametrize("name", ["Anna Lund", "Aakjaer Anna", "ANNA AAKJÆR", "Anna-Sofie Holm"])
def test_a_name_that_has_a_word_in_common_is_hers(house: House, name: str) -> None:
    anna = house.id("Anna Åkjær")
    house.people((name, "anna@eksempel.dk", "Birkeskolen"), headings=("Navn", "E-mail", "Afdeling"), day=LATER)
    assert house.id(name) == anna


def test_a_number_of_an_employment_that_is_handed_on_renames_nobody(house: House) -> None:
    """SD's files may have an address for some only."""
    house.people(("Ida Iversen", "ida@eksempel.dk", "101", "Museet"), headings=SD)
    assert refusals(house, ("Dan Dam", "", "101", "Museet"), headings=SD) == [REUSED_NUMBER]
    assert house.person("Ida Iversen").active
    plan = house.people(("Dan Dam", "dan@eksempel.dk", "", "Museet"), headings=SD, day=LATER)
    assert plan.count(Outcome.NEW) == 1


def test_the_way_out_that_a_reused_address_is_told_of_works(house: House) -> None:
    new = ("Dan Dam", "anna@eksempel.dk", "DQ9", "Museet", "", "")
    assert refusals(house, new, headings=PEOPLE) == [REUSED_EMAIL]
    left = ("Anna Åkjær", "anna.gammel@eksempel.dk", "DQ3", "Birkeskolen", "15-03-2027")
    house.people(left, headings=(*PEOPLE[:4], "Fratrådt"), day=LATER)
    assert not house.person("Anna Åkjær").active
    assert house.people(new, day=LATER).count(Outcome.NEW) == 1
    assert house.person("Dan Dam").email == "anna@eksempel.dk"


def test_who_has_number_and_address_under_another_name_is_renamed_and_it_is_told_apart(house: House) -> None:
    anna = house.id("Anna Åkjær")
    plan = house.people(("Dan Dam", *ANNA[1:]), day=LATER)
    assert house.id("Dan Dam") == anna
    [(who, said)] = told(plan, Outcome.NOTED)
    assert who == "Dan Dam"
    assert "Nummer og e-mail hører til Anna Åkjær" in said
    assert "slet rækken" in said
    assert told(house.people(("Dan Holm", *ANNA[1:]), day=LATER), Outcome.NOTED) == []


def test_what_a_sign_in_without_a_name_was_called_by_is_no_other_name(engine: Engine) -> None:
    with transaction(engine) as session:
        grant = RoleGrantRow(id=new_id(), role=Role.EMPLOYEE.value, source="provider")
        email = "ak12@eksempel.dk"
        session.add(PersonRow(id="p1", name=email, unit="", email=email, created_at=now(), grants=[grant]))
    house = House(engine)
    house.people(("Anna Åkjær", "ak12@eksempel.dk", "DQ3", "Museet", "", ""))
    assert house.person("Anna Åkjær").id == "p1"


# --- one number for two people ------------------------------------------------------------------------------------


@pytest.mark.parametrize("since", ["", "01-02-2020"])
def test_one_number_for_two_people_of_a_file_is_refused_with_its_line(house: House, since: str) -> None:
    headings = (*SD, "Ansat fra")
    rows = [
        ("Ida Iversen", "ida@eksempel.dk", "101", "Museet", "01-01-2020"),
        ("Dan Dam", "dan@eksempel.dk", "101", "Birkeskolen", since),
    ]
    plan = house.people(*rows, headings=headings)
    assert [(one.line, one.told) for one in plan.of(Outcome.REFUSED)] == [
        (3, "Ansættelsen står også i linje 2. Hver ansættelse skal have sit eget nummer.")
    ]
    assert plan.count(Outcome.NEW) == 1
    assert [one.key for one in house.employments("Ida Iversen")] == ["sd:101"]


@pytest.mark.parametrize(("first", "again"), [("04711", "4711"), ("4711", "004711")])
def test_zeros_that_a_spreadsheet_drops_make_no_second_employment(house: House, first: str, again: str) -> None:
    for number in (first, again):
        row = ("Ida Iversen", "ida@eksempel.dk", number, "Museet")
        plan = house.people(row, headings=SD)
    assert plan.counts == {"unchanged": 1}
    assert len(house.employments("Ida Iversen")) == 1


def test_zeros_that_a_spreadsheet_drops_make_no_second_unit(engine: Engine) -> None:
    house = House(engine)
    house.units(("0017", "Kommunen", "", "", ""), ("0018", "Museet", "0017", "", ""))
    assert house.units(("17", "Kommunen", "", "", ""), ("18", "Museet", "17", "", "")).counts == {"unit_unchanged": 2}
    headings = ("Navn", "E-mail", "Afdelingskode")
    assert house.people(("Ida", "ida@eksempel.dk", "00018"), headings=headings).counts == {"new": 1}


# --- systems stay apart -------------------------------------------------------------------------------------------


def test_a_complete_list_of_one_system_ends_nothing_of_another_in_the_same_unit(house: House) -> None:
    """Anna is in the list of people, and then in Skole-AD in the same unit; the schools' list without her says nothing of it."""
    kaj = ("Birkeskolen", "kajk", "Kaj Kjær", "kaj@eksempel.dk", "DQ2", "")
    house.people(kaj, ("Birkeskolen", "annaa", "Anna Åkjær", "anna@eksempel.dk", "DQ3", ""), headings=files.SCHOOL_AD)
    house.people(kaj, headings=files.SCHOOL_AD, day=LATER, complete=True)
    assert house.person("Anna Åkjær").active
    still = [one.key.partition(":")[0] for one in house.employments("Anna Åkjær") if one.valid_to is None]
    assert still == ["csv"]


def test_a_file_of_employments_without_people_is_refused_before_it_makes_each_one_a_person(house: House) -> None:
    before = house.rows()
    row = ("RG", "101", "Anna", "Åkjær", "Lærer", "s", "Birkeskolen", "2020-08-01", "9999-12-31")
    with pytest.raises(UnusableStaffFile, match="hverken e-mail eller DQ-nummer"):
        house.people(row, headings=files.SD)
    assert house.rows() == before
    assert refusals(house, ("Anna Åkjær", "", "101", "Birkeskolen"), headings=SD) == [ONLY_NUMBER]


def test_an_employment_that_is_known_needs_nothing_else(house: House) -> None:
    house.people(("Anna Åkjær", "anna@eksempel.dk", "101", "Birkeskolen"), headings=SD)
    plan = house.people(("Anna Åkjær", "", "101", "Museet"), headings=SD, day=LATER)
    assert told(plan, Outcome.CHANGED) == [("Anna Åkjær", "flytter fra Birkeskolen til Museet")]


def test_a_unit_with_another_systems_key_is_not_made_twice(house: House) -> None:
    headings = ("Navn", "E-mail", "Afdelingskode", "Afdeling")
    before = house.titles(DAY)
    assert refusals(house, ("Ida", "ida@eksempel.dk", "4F2A", "birkeskolen"), headings=headings) == [OTHER_KEY]
    assert house.titles(LATER) == before
    assert refusals(house, ("Ida", "ida@eksempel.dk", "", "birkeskolen"), headings=headings) == []


def test_units_of_one_name_that_a_file_brings_itself_are_told_apart_by_their_keys(house: House) -> None:
    headings = ("Navn", "E-mail", "Afdelingskode", "Afdeling")
    rows = [("Ida", "ida@eksempel.dk", "i1", "Indskoling"), ("Dan", "dan@eksempel.dk", "i2", "Indskoling")]
    assert house.people(*rows, headings=headings).counts == {"new": 2, "unit_new": 2}
    assert house.people(*rows, headings=headings).counts == {"unchanged": 2}


@pytest.mark.parametrize("by", ["people", "units"])
@pytest.mark.parametrize("parent", ["", "Museet"])
def test_a_unit_that_was_known_by_name_only_gets_the_key_when_it_comes(house: House, by: str, parent: str) -> None:
    headings = ("Navn", "E-mail", "Afdelingskode", "Afdeling", "Overordnet enhed")
    house.people(("Ida", "ida@eksempel.dk", "", "Værkstedet", parent), headings=headings)
    if by == "people":
        house.people(("Ida", "ida@eksempel.dk", "v1", "Værkstedet", parent), headings=headings)
    else:
        house.units(("v1", "Værkstedet", "m", "", ""))
    assert house.people(("Ida", "ida@eksempel.dk", "v1", "", ""), headings=headings).counts == {"unchanged": 1}
    assert len(house.titles(DAY)) == 5


def test_a_unit_that_one_row_names_and_the_next_gives_its_key_is_one(house: House) -> None:
    headings = ("Navn", "E-mail", "Afdelingskode", "Afdeling")
    rows = [("Ida", "ida@eksempel.dk", "", "Værkstedet"), ("Dan", "dan@eksempel.dk", "v1", "Værkstedet")]
    assert house.people(*rows, headings=headings).counts == {"new": 2, "unit_new": 1}
    assert house.people(*rows, headings=headings).counts == {"unchanged": 2}


def test_a_list_of_units_says_when_a_unit_of_the_name_is_there_already(house: House) -> None:
    plan = house.units(("x9", "Museet", "b", "", ""))
    assert told(plan, Outcome.UNIT_NEW) == [
        ("Museet", "under Børn & Skole; der er allerede en åben enhed med det navn")
    ]


# --- rows that are refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        ("", "bo@eksempel.dk", "", "Birkeskolen", "", ""),
        ("B. Boegh", "bo@eksempel.dk", "", "", "", ""),
        ("B. Boegh", "bo snabela eksempel.dk", "DQ4", "Birkeskolen", "", ""),
    ],
    ids=["no name", "no unit", "broken address"],
)
def test_a_refused_row_makes_no_leaver_of_whom_its_address_or_number_names(house: House, broken: files.Row) -> None:
    plan = house.people(GERDA, KAJ, ANNA, broken, day=LATER, complete=True)
    assert plan.counts == {"unchanged": 3, "refused": 1}
    assert house.person("Bo Bøgh").active


def test_a_refused_row_makes_no_leaver_of_whom_its_employment_is(house: House) -> None:
    rows = [("Ida Iversen", "ida@eksempel.dk", "101", "Museet"), ("Dan Dam", "dan@eksempel.dk", "102", "Museet")]
    house.people(*rows, headings=SD)
    house.people(rows[0], ("D. D.", "d@@d", "0102", "Museet"), headings=SD, day=LATER, complete=True)
    assert house.person("Dan Dam").active
