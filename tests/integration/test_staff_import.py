"""Import of staff data on both databases: all or nothing, the same twice, history kept, and nothing guessed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, func, select, text

from people.errors import NotAllowed, UnusableStaffFile
from people.organisation.example import example_organisation
from people.organisation.import_service import CHANGED, TAKEN
from people.organisation.staff_plan import Outcome
from people.organisation.tables import (
    OrgUnitRow,
    StaffImportRow,
)
from people.person import Person
from people.roles import Role
from people.service import PeopleService
from people.tables import PersonRow, RoleGrantRow
from storage import audit
from storage.audit import AuditEvent
from storage.base import new_id, now
from storage.session import reading, transaction
from tests import staff_files as files
from tests.staff_house import (
    ADMIN,
    ANNA,
    BEFORE_LATER,
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


@pytest.fixture
def house(engine: Engine) -> House:
    return House(engine).filled()


# --- first import -------------------------------------------------------------------------------------------------


def test_units_people_and_managers_stand_as_the_files_say(house: House) -> None:
    assert house.titles(DAY) == {
        "Kommunen": None,
        "Børn & Skole": "Kommunen",
        "Birkeskolen": "Børn & Skole",
        "Museet": "Kommunen",
    }
    assert house.led("Kaj Kjær") == ({"Birkeskolen"}, {"Anna Åkjær", "Bo Bøgh"})
    assert house.led("Gerda Gram") == ({"Børn & Skole", "Birkeskolen"}, {"Kaj Kjær", "Anna Åkjær", "Bo Bøgh"})
    assert house.led("Anna Åkjær") == (set(), set())
    kaj = PeopleService(house.engine).find(house.id("Kaj Kjær"))
    assert kaj.roles == {Role.EMPLOYEE, Role.MANAGER}
    assert kaj.unit == "Birkeskolen"
    assert house.person("Anna Åkjær").email == "anna@eksempel.dk"


def test_the_same_files_again_change_nothing(house: House) -> None:
    before = house.rows()
    for day in (DAY, LATER):
        units = house.units(*TREE, day=day, complete=True)
        people = house.people(*STAFF, day=day, complete=True)
        assert units.counts == {"unit_unchanged": 4}
        assert people.counts == {"unchanged": 4}
    assert house.rows() == before


def test_the_whole_example_comes_through_a_file_and_the_second_time_changes_nothing(engine: Engine) -> None:
    organisation = example_organisation(400, today=DAY)
    people = {person.id: person for person in organisation.people}
    units = [(one.id, one.title, one.parent_id or "", one.kind.danish, "") for one in organisation.units]
    staff = [
        (
            people[place.person_id].name,
            people[place.person_id].email,
            people[place.person_id].username,
            place.key,
            place.unit_id,
            "ja" if place.primary else "nej",
            people[place.manager_id].email if place.manager_id else "",
        )
        for place in organisation.employments
        if people[place.person_id].left is None
    ]
    headings = ("Navn", "E-mail", "DQ-nummer", "Tjenestenummer", "Afdelingskode", "Primær", "Leder")
    house = House(engine)
    assert house.units(*units).count(Outcome.REFUSED) == 0
    assert house.people(*staff, headings=headings).counts == {"new": 384, "leads": 133}
    before = house.rows()
    assert house.people(*staff, headings=headings, day=LATER, complete=True).counts == {"unchanged": 384}
    assert house.rows() == before


# --- preview ------------------------------------------------------------------------------------------------------


def test_a_preview_tells_everything_and_stores_nothing(house: House) -> None:
    before = house.rows()
    cille = ("Cille Carlsen", "cille@eksempel.dk", "DQ5", "Museet", "", "Inspektør")
    moved = ("Anna Åkjær", "anna@eksempel.dk", "DQ3", "Museet", "", "Lærer")
    wrong = ("Dan", "ikke en adresse", "", "Museet", "", "")
    data = files.written(PEOPLE, GERDA, KAJ, moved, cille, wrong)
    plan = house.service.preview(ADMIN, data, LATER, complete=True)
    assert plan.counts == {"new": 1, "changed": 1, "left": 1, "unchanged": 2, "leads": 3, "refused": 1}
    assert told(plan, Outcome.NEW) == [("Cille Carlsen", "i Museet")]
    assert told(plan, Outcome.CHANGED) == [
        ("Anna Åkjær", "flytter fra Birkeskolen til Museet; leder: Kaj Kjær → ingen")
    ]
    assert told(plan, Outcome.LEFT) == [("Bo Bøgh", "deaktiveres; historikken bevares")]
    assert [line.line for line in plan.of(Outcome.REFUSED)] == [6]
    assert house.rows() == before


def test_what_was_seen_is_what_is_carried_out_or_nothing_is(house: House) -> None:
    data = files.written(PEOPLE, GERDA, KAJ, ANNA)
    seen = house.service.preview(ADMIN, data, LATER, complete=True).fingerprint()
    house.people(("Anna Åkjær", "ny@eksempel.dk", *ANNA[2:]))
    before = house.rows()
    with pytest.raises(UnusableStaffFile) as refused:
        house.service.carry_out(ADMIN, data, LATER, complete=True, seen=seen)
    assert str(refused.value) == CHANGED
    assert house.rows() == before
    again = house.service.preview(ADMIN, data, LATER, complete=True).fingerprint()
    house.service.carry_out(ADMIN, data, LATER, complete=True, seen=again)
    assert not house.person("Bo Bøgh").active


def test_an_import_that_the_database_refuses_in_the_middle_leaves_nothing(house: House) -> None:
    """Units and people are written before employments, and one of those is refused."""
    with house.engine.begin() as connection:
        connection.execute(text("CREATE UNIQUE INDEX one_of_a_title ON employment (title) WHERE title = 'Vikar'"))
    before = house.rows()
    new = [(name, f"{name}@eksempel.dk".lower(), "", "Ny enhed", "Kaj Kjær", "Vikar") for name in ("Dan", "Eva")]
    with pytest.raises(UnusableStaffFile) as refused:
        house.people(*new, day=LATER)
    assert str(refused.value) == TAKEN
    assert house.rows() == before
    assert len(house.service.last_imports(ADMIN)) == 2
    assert len(house.events("role.given")) == 2


def test_two_imports_at_once_are_one_after_the_other(engine: Engine) -> None:
    house = House(engine)
    many = [(f"Person {place}", f"p{place}@eksempel.dk", f"DQ{place}", "Museet", "", "") for place in range(200)]
    with ThreadPoolExecutor(3) as pool:
        plans = list(pool.map(lambda _: house.people(*many), range(3)))
    assert sorted(plan.count(Outcome.NEW) for plan in plans) == [0, 0, 200]
    rows = house.rows()
    assert (len(rows["person"]), len(rows["employment"]), len(rows["org_unit"])) == (200, 200, 1)


def test_only_administrators_import_and_see(house: House, trainer: Person) -> None:
    for call in (
        lambda: house.service.preview(trainer, b"x", DAY),
        lambda: house.service.carry_out(trainer, b"x", DAY),
        lambda: house.service.last_imports(trainer),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_a_file_with_cpr_numbers_leaves_no_trace(house: House) -> None:
    before = house.rows()
    with pytest.raises(UnusableStaffFile, match="CPR-numre"):
        house.people((*ANNA, "010190-1234"), headings=(*PEOPLE, "Nr."))
    assert house.rows() == before
    with reading(house.engine) as session:
        assert session.scalar(select(func.count()).select_from(StaffImportRow)) == 2
        imports = AuditEvent.action == "staff.import"
        assert session.scalar(select(func.count()).select_from(AuditEvent).where(imports)) == 2


def test_each_import_is_noted_with_counts_only_and_audited(house: House) -> None:
    past = house.service.last_imports(ADMIN)
    assert [(one.by, one.kind.value, one.counts) for one in past] == [
        ("demo-anders", "csv", {"new": 4, "leads": 2}),
        ("demo-anders", "units", {"unit_new": 4}),
    ]
    with reading(house.engine) as session:
        events = session.scalars(select(AuditEvent)).all()
        assert [event.action for event in events] == ["staff.import", "role.given", "role.given", "staff.import"]
        assert audit.verify(session) is None


# --- people who change --------------------------------------------------------------------------------------------


def test_a_move_begins_on_the_day_of_the_import_and_the_past_stays(house: House) -> None:
    house.people(("Anna Åkjær", "anna@eksempel.dk", "DQ3", "Museet", "", "Inspektør"), day=LATER)
    first, second = house.employments("Anna Åkjær")
    assert (first.valid_to, second.valid_from, second.valid_to) == (BEFORE_LATER, LATER, None)
    assert house.led("Kaj Kjær", BEFORE_LATER)[1] == {"Anna Åkjær", "Bo Bøgh"}
    assert house.led("Kaj Kjær", LATER)[1] == {"Bo Bøgh"}
    assert house.person("Anna Åkjær").unit == "Museet"


def test_a_new_name_and_a_new_address_of_the_same_user(house: House) -> None:
    plan = house.people(("Anna Lund", "anna.lund@eksempel.dk", *ANNA[2:]), day=LATER)
    assert told(plan, Outcome.CHANGED) == [("Anna Lund", "hed Anna Åkjær; ny e-mail")]
    assert len(house.employments("Anna Lund")) == 1


def test_leavers_are_deactivated_only_when_the_file_is_complete(house: House) -> None:
    assert house.people(GERDA, KAJ, ANNA, day=LATER).counts == {"unchanged": 3}
    assert house.person("Bo Bøgh").active
    house.people(GERDA, KAJ, ANNA, day=LATER, complete=True)
    bo = house.person("Bo Bøgh")
    assert not bo.active
    assert bo.deactivated_at is not None
    assert [place.valid_to for place in house.employments("Bo Bøgh")] == [BEFORE_LATER]
    assert house.led("Kaj Kjær", DAY)[1] == {"Anna Åkjær", "Bo Bøgh"}


def test_who_returns_is_the_same_person_again(house: House) -> None:
    bo = house.id("Bo Bøgh")
    house.people(GERDA, KAJ, ANNA, day=LATER, complete=True)
    plan = house.people(*STAFF, day=LATER + timedelta(days=10))
    assert told(plan, Outcome.RETURNED) == [("Bo Bøgh", "i Birkeskolen; leder: Kaj Kjær")]
    assert house.id("Bo Bøgh") == bo
    assert house.person("Bo Bøgh").active
    assert [place.valid_to for place in house.employments("Bo Bøgh")] == [BEFORE_LATER, None]


def test_who_leaves_and_returns_on_the_same_day_is_as_before(house: House) -> None:
    house.people(GERDA, KAJ, ANNA, day=LATER, complete=True)
    house.people(*STAFF, day=LATER, complete=True)
    assert house.person("Bo Bøgh").active
    assert house.led("Kaj Kjær", LATER)[1] == {"Anna Åkjær", "Bo Bøgh"}


def test_a_complete_file_of_one_system_leaves_the_people_of_another(house: House) -> None:
    teacher = ("Birkeskolen", "tove", "Tove Toft", "tove@eksempel.dk", "", "2027-02-01")
    house.people(teacher, headings=files.SCHOOL_AD)
    house.people(*STAFF, day=LATER, complete=True)
    assert house.person("Tove Toft").active


def test_a_row_that_is_refused_does_not_make_its_person_a_leaver(house: House) -> None:
    broken = ("Bo Bøgh", "bo snabela eksempel.dk", "", "Birkeskolen", "", "")
    plan = house.people(GERDA, KAJ, ANNA, broken, day=LATER, complete=True)
    assert plan.count(Outcome.LEFT) == 0
    assert house.person("Bo Bøgh").active


def test_a_file_that_is_cut_deactivates_nobody_by_itself(engine: Engine) -> None:
    house = House(engine)
    house.units(*TREE)
    many = [(f"Person {place}", f"p{place}@eksempel.dk", f"DQ{place}", "Birkeskolen", "", "") for place in range(60)]
    house.people(*many)
    with pytest.raises(UnusableStaffFile, match="11 af 60 personer fratræder"):
        house.people(*many[:49], day=LATER, complete=True)
    data = files.written(PEOPLE, *many[:49])
    seen = house.service.preview(ADMIN, data, LATER, complete=True).fingerprint()
    with pytest.raises(UnusableStaffFile, match="11 af 60 personer fratræder"):
        house.service.carry_out(ADMIN, data, LATER, complete=True, seen=seen)
    plan = house.service.carry_out(ADMIN, data, LATER, complete=True, seen=seen, many_leave=True)
    assert plan.count(Outcome.LEFT) == 11


def test_a_row_that_says_that_somebody_has_left_ends_that_employment(house: House) -> None:
    row = ("Bo Bøgh", "bo@eksempel.dk", "DQ4", "Birkeskolen", "10-03-2027")
    plan = house.people(row, headings=(*PEOPLE[:4], "Fratrådt"), day=LATER)
    assert told(plan, Outcome.LEFT) == [("Bo Bøgh", "deaktiveres; historikken bevares")]
    assert house.employments("Bo Bøgh")[0].valid_to == date(2027, 3, 10)


def test_an_account_that_is_switched_off_is_not_made(engine: Engine) -> None:
    house = House(engine)
    row = ("gæst@eksempel.dk", "Gæst", "", "gæst@eksempel.dk", "", "1", "Guest", "", "", "False", "Museet", "", "")
    plan = house.people(row, headings=files.ENTRA)
    assert told(plan, Outcome.NOTED) == [("Gæst", "er markeret som fratrådt og oprettes ikke")]
    assert house.rows()["person"] == set()


def test_several_employments_are_one_person_with_one_primary_place(house: House) -> None:
    headings = (*PEOPLE[:4], "Tjenestenummer", "Primær")
    rows = [
        ("Ida Iversen", "ida@eksempel.dk", "DQ8", "Museet", "101", "nej"),
        ("Ida Iversen", "ida@eksempel.dk", "DQ8", "Birkeskolen", "102", "ja"),
    ]
    plan = house.people(*rows, headings=headings)
    assert plan.counts == {"new": 1}
    assert sorted((place.key, place.primary) for place in house.employments("Ida Iversen")) == [
        ("sd:101", False),
        ("sd:102", True),
    ]
    assert house.person("Ida Iversen").unit == "Birkeskolen"
    house.people(rows[0], headings=headings, day=LATER, complete=True)
    open_now = [place for place in house.employments("Ida Iversen") if place.valid_to is None]
    assert [(place.key, place.primary) for place in open_now] == [("sd:101", True)]
    assert house.person("Ida Iversen").active
    assert house.person("Ida Iversen").unit == "Museet"


def test_an_acting_manager_leads_to_the_day_the_file_says(house: House) -> None:
    headings = (*PEOPLE, "Fungerende leder", "Fungerende til")
    house.people((*BO, "Anna Åkjær", "15-04-2027"), headings=headings, day=LATER)
    assert house.led("Anna Åkjær", date(2027, 4, 15))[1] == {"Bo Bøgh"}
    assert house.led("Anna Åkjær", date(2027, 4, 16))[1] == set()
    before = house.rows()
    house.people((*BO, "Anna Åkjær", "15-04-2027"), headings=headings, day=LATER)
    assert house.rows() == before


def test_a_new_manager_takes_over_the_unit_and_the_old_one_loses_it(house: House) -> None:
    kaj = (*KAJ[:4], "Anna Åkjær", "Lærer")
    anna = (*ANNA[:4], "Gerda Gram", "Skoleleder")
    house.people(GERDA, kaj, anna, (*BO[:4], "Anna Åkjær", "Lærer"), day=LATER)
    assert house.led("Anna Åkjær", LATER) == ({"Birkeskolen"}, {"Kaj Kjær", "Bo Bøgh"})
    assert house.led("Kaj Kjær", LATER) == (set(), set())


def test_roles_given_by_hand_or_by_sign_in_stay(house: House) -> None:
    kaj = house.id("Kaj Kjær")
    with transaction(house.engine) as session:
        unit = session.scalars(select(OrgUnitRow.id).where(OrgUnitRow.key == "m")).one()
        for source in ("local", "provider"):
            grant = RoleGrantRow(id=new_id(), person_id=kaj, role=Role.MANAGER.value, unit_id=unit, source=source)
            session.add(grant)
    house.people(*STAFF, day=LATER, complete=True)
    with reading(house.engine) as session:
        grants = session.scalars(select(RoleGrantRow.source).where(RoleGrantRow.unit_id == unit)).all()
    assert sorted(grants) == ["local", "provider"]


def test_who_signed_in_before_the_import_is_found_by_address(engine: Engine) -> None:
    with transaction(engine) as session:
        grant = RoleGrantRow(id=new_id(), role=Role.EMPLOYEE.value, source="provider")
        session.add(
            PersonRow(id="p1", name="anna", unit="", email="anna@eksempel.dk", created_at=now(), grants=[grant])
        )
    house = House(engine)
    house.people(ANNA[:4], headings=PEOPLE[:4])
    anna = house.person("Anna Åkjær")
    assert anna.id == "p1"
    assert len(anna.grants) == 1


# --- what does not agree ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("Anna Åkjær", "bo@eksempel.dk", "DQ3", "Birkeskolen", "", ""), "E-mailadressen hører til en anden"),
        (
            ("Ny Nielsen", "anna@eksempel.dk", "DQ77", "Birkeskolen", "", ""),
            "E-mailadressen hører til en person i systemet",
        ),
        (
            ("Ny Nielsen", "ny@eksempel.dk", "DQ3", "Birkeskolen", "", ""),
            "Nummeret hører til en person i systemet med et andet navn",
        ),
        (("Ny Nielsen", "ny@eksempel.dk", "DQ9", "Indskoling", "", ""), "Flere enheder hedder det samme"),
    ],
)
def test_a_conflict_is_told_and_changes_nobody(house: House, row: tuple[str, ...], said: str) -> None:
    house.units(*TREE, ("i1", "Indskoling", "s", "", ""), ("i2", "Indskoling", "m", "", ""))
    before = house.rows()
    plan = house.people(row, day=LATER)
    assert said in plan.of(Outcome.REFUSED)[0].told
    assert house.rows() == before


def test_rows_of_one_file_that_do_not_agree_are_refused_after_the_first(engine: Engine) -> None:
    house = House(engine)
    plan = house.people(
        ANNA,
        ("Bo Bøgh", "anna@eksempel.dk", "", "Birkeskolen", "", ""),
        ("Anna Åkjær", "anden@eksempel.dk", "DQ3", "Birkeskolen", "", ""),
        ANNA,
    )
    assert [(line.line, line.told) for line in plan.of(Outcome.REFUSED)] == [
        (3, "Rækken har samme e-mail eller nummer som linje 2, men et andet navn."),
        (4, "Rækken har samme nummer som linje 2, men en anden e-mail."),
        (5, "Ansættelsen står også i linje 2."),
    ]
    assert plan.count(Outcome.NEW) == 1


@pytest.mark.parametrize(("leader", "said"), [("Ukendt Person", "hverken i filen"), ("Anna Åkjær", "Flere personer")])
def test_a_manager_who_cannot_be_told_is_noted_and_the_one_before_stays(house: House, leader: str, said: str) -> None:
    house.people(("Anna Åkjær", "anna2@eksempel.dk", "DQ33", "Museet", "", ""))
    plan = house.people((*BO[:4], leader, "Lærer"), day=LATER)
    assert said in plan.of(Outcome.NOTED)[0].told
    assert "Bo Bøgh" in house.led("Kaj Kjær", LATER)[1]


# --- units that change --------------------------------------------------------------------------------------------


def test_a_unit_that_moves_or_is_renamed_keeps_its_past(house: House) -> None:
    renamed = ("s", "Birkeskolen Øst", "m", "skole", "")
    plan = house.units(renamed, day=LATER)
    assert told(plan, Outcome.UNIT_CHANGED) == [
        ("Birkeskolen Øst", "hed Birkeskolen; flytter fra Børn & Skole til Museet")
    ]
    assert house.titles(BEFORE_LATER)["Birkeskolen"] == "Børn & Skole"
    assert house.titles(LATER)["Birkeskolen Øst"] == "Museet"
    assert house.person("Anna Åkjær").unit == "Birkeskolen Øst"
    assert house.led("Gerda Gram", LATER)[0] == {"Børn & Skole"}
    house.units(("s", "Birkeskolen", "b", "skole", ""), day=LATER)
    assert house.titles(LATER)["Birkeskolen"] == "Børn & Skole"


def test_a_complete_list_closes_what_it_does_not_have_and_nobody_works_in(house: House) -> None:
    plan = house.units(*TREE[:2], day=LATER, complete=True)
    assert told(plan, Outcome.UNIT_CLOSED) == [("Museet", "lukker")]
    assert "Birkeskolen" in plan.of(Outcome.NOTED)[0].who
    assert set(house.titles(LATER)) == {"Kommunen", "Børn & Skole", "Birkeskolen"}
    assert "Museet" in house.titles(BEFORE_LATER)
    plan = house.units(*TREE, day=LATER + timedelta(days=5))
    assert told(plan, Outcome.UNIT_CHANGED) == [("Museet", "under Kommunen")]
    assert "Museet" not in house.titles(LATER)


def test_a_unit_that_the_list_says_is_closed_closes_on_its_day(house: House) -> None:
    plan = house.service.carry_out(
        ADMIN, files.written(("Enhedsid", "Enhedsnavn", "Nedlagt"), ("m", "Museet", "10-03-2027")), LATER
    )
    assert plan.count(Outcome.UNIT_CLOSED) == 1
    assert "Museet" in house.titles(date(2027, 3, 10))
    assert "Museet" not in house.titles(date(2027, 3, 11))


def test_units_that_cannot_be_placed_are_refused_and_those_below_with_them(engine: Engine) -> None:
    house = House(engine)
    plan = house.units(
        *TREE,
        ("a", "A", "c", "", ""),
        ("c", "C", "a", "", ""),
        ("d", "D", "findes ikke", "", ""),
        ("e", "E", "d", "", ""),
        ("s", "Birkeskolen igen", "k", "", ""),
        ("f", "", "k", "", ""),
    )
    refused = {line.who: line.told for line in plan.of(Outcome.REFUSED)}
    assert set(refused) == {"A", "C", "D", "E", "Birkeskolen igen", ""}
    assert "under sig selv" in refused["A"]
    assert "findes hverken" in refused["E"]
    assert plan.count(Outcome.UNIT_NEW) == 4


def test_a_unit_may_not_be_laid_under_one_that_lies_below_it(house: House) -> None:
    before = house.rows()
    plan = house.units(("b", "Børn & Skole", "s", "forvaltning", ""), day=LATER)
    assert "under sig selv" in plan.of(Outcome.REFUSED)[0].told
    assert house.rows() == before


def test_a_leader_named_in_the_list_of_units_leads_the_unit(house: House) -> None:
    house.units(("m", "Museet", "k", "institution", "Anna Åkjær"))
    assert house.led("Anna Åkjær")[0] == {"Museet"}
    house.people(*STAFF, complete=True)
    assert house.led("Anna Åkjær")[0] == {"Museet"}
    house.units(("m", "Museet", "k", "institution", "bo@eksempel.dk"))
    assert house.led("Anna Åkjær")[0] == set()
    assert house.led("Bo Bøgh")[0] == {"Museet"}


def test_units_known_by_name_from_people_are_the_same_when_the_list_of_units_comes(engine: Engine) -> None:
    house = House(engine)
    plan = house.people(*STAFF)
    assert {line.who for line in plan.of(Outcome.UNIT_NEW)} == {"Børn & Skole", "Birkeskolen"}
    assert house.people(*STAFF).counts == {"unchanged": 4}
    house.units(*TREE)
    assert house.titles(DAY)["Birkeskolen"] == "Børn & Skole"
    assert len(house.titles(DAY)) == 4
    assert house.led("Kaj Kjær") == ({"Birkeskolen"}, {"Anna Åkjær", "Bo Bøgh"})
