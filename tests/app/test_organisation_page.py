"""The page of the organisation: people are counted, a file is previewed, and nothing is stored before it is confirmed."""

from datetime import date

import pytest
from sqlalchemy import select, text
from streamlit.testing.v1 import AppTest

from bootstrap import connect
from people.organisation.import_service import StaffImportService
from people.organisation.staff_plan import Outcome
from people.organisation.tables import EmploymentRow
from people.person import Person
from people.roles import Role
from settings import get_settings
from storage.session import reading
from tests import staff_files as files
from tests.app.pages import Pages, shown
from ui import staff_import

PAGE = "pages/admin/organisation.py"
ADMIN = Person("demo-anders", "Anders Administrator", "", frozenset({Role.ADMIN}))
UNITS = files.written(
    ("Enhedsid", "Enhedsnavn", "Overordnet enhed", "Type"),
    ("k", "Prøvekommunen", "", "kommune"),
    ("s", "Birkeskolen", "k", "skole"),
    ("i", "Indskoling *1*", "s", ""),
)
PEOPLE = files.written(
    files.OWN,
    ("Kaj Kjær", "kaj@proeve.dk", "DQ2", "Birkeskolen", ""),
    ("Anna Åkjær", "anna@proeve.dk", "DQ3", "Indskoling *1*", "Kaj Kjær"),
)


@pytest.fixture
def organisation(pages: Pages) -> Pages:
    """Pages over a small organisation; loading it again changes nothing."""
    pages.app("admin")  # the tables are made
    service = StaffImportService(connect(get_settings()).engine)
    for data in (UNITS, PEOPLE):
        service.carry_out(ADMIN, data, date(2026, 1, 1))
    return pages


def chosen(pages: Pages, view: str) -> AppTest:
    at = pages.open("admin", PAGE)
    return at.segmented_control(key="vis").set_value(view).run()


def test_units_are_walked_from_the_top_with_how_many_work_there(organisation: Pages) -> None:
    at = organisation.open("admin", PAGE)
    assert "Kommune. 2 personer, heraf 0 i enheden selv. 1 enhed under den." in shown(at)
    button = next(one for one in at.button if one.label == "Prøvekommunen")
    at = button.click().run()
    assert at.subheader[0].value == "Prøvekommunen"
    assert "Institution. 2 personer, heraf 1 i enheden selv. 1 enhed under den." in shown(at)
    assert at.query_params["enhed"]
    at = at.button(key="unit_top").click().run()
    assert not at.subheader


def test_a_unit_is_found_by_words_of_its_name_with_the_way_to_it(organisation: Pages) -> None:
    at = organisation.open("admin", PAGE)
    at = at.text_input(key="organisation_search").set_value("indskoling").run()
    assert "Indskoling *1*" in shown(at)
    assert "Prøvekommunen › Birkeskolen. Afdeling. 1 person." in shown(at)
    at = at.text_input(key="organisation_search").set_value("findes ikke").run()
    assert "Ingen enheder har de ord i navnet." in shown(at)


def test_a_file_is_previewed_then_taken_in_and_then_there_is_nothing_to_do(organisation: Pages) -> None:
    more = files.written(
        files.OWN, ("Bo Bøgh", "bo@proeve.dk", "DQ4", "Birkeskolen", ""), ("Uden alt", "", "", "Birkeskolen", "")
    )
    at = chosen(organisation, "Indlæs")
    at = at.file_uploader[0].upload("personer.csv", more).run()
    assert not at.exception
    tables = "\n".join(str(table.value) for table in at.table)
    assert "Nye personer" in tables
    at = at.selectbox(key="staff_outcome").set_value(Outcome.REFUSED).run()
    assert "kan kendes på" in at.table[-1].value.to_string()
    at = at.button(key="staff_go").click().run()
    assert "Filen er indlæst." in shown(at)
    at = at.file_uploader[0].upload("personer.csv", more).run()
    assert "Alt i filen er allerede i organisationen" in shown(at)
    at = at.segmented_control(key="vis").set_value("Seneste").run()
    assert "Nye personer: 1. Rækker, der ikke kan bruges: 1" in str(at.table[0].value)


def test_a_file_with_cpr_numbers_is_refused_on_the_page(organisation: Pages) -> None:
    bad = files.written((*files.OWN, "Nr."), ("Bo", "bo2@proeve.dk", "", "Birkeskolen", "", "010190-1234"))
    at = chosen(organisation, "Indlæs")
    at = at.file_uploader[0].upload("personer.csv", bad).run()
    assert "Filen har CPR-numre i kolonnen “Nr.”" in shown(at)
    assert not [one for one in at.button if one.key == "staff_go"]


def test_a_file_by_which_unusually_many_leave_is_taken_in_only_when_somebody_says_that_it_is_right(
    organisation: Pages,
) -> None:
    many = [(f"Vera {place}", f"vera{place}@proeve.dk", "", "Birkeskolen", "") for place in range(13)]
    service = StaffImportService(connect(get_settings()).engine)
    service.carry_out(ADMIN, files.written(files.OWN, *many), date(2026, 1, 1))
    at = chosen(organisation, "Indlæs")
    at = at.file_uploader[0].upload("personer.csv", PEOPLE).run()
    at = at.checkbox(key="staff_complete").set_value(True).run()
    assert "personer fratræder. Så mange plejer det ikke at være. Er filen hele listen?" in shown(at)
    assert at.button(key="staff_go").disabled
    at = at.checkbox(key="staff_sure").set_value(True).run()
    at = at.button(key="staff_go").click().run()
    assert "Filen er indlæst." in shown(at)


def test_what_follows_an_import_may_fail_and_the_import_is_still_told(organisation: Pages) -> None:
    at = chosen(organisation, "Indlæs")
    at = (
        at.file_uploader[0]
        .upload("personer.csv", files.written(files.OWN, ("Dan Dam", "dan@proeve.dk", "", "Birkeskolen", "")))
        .run()
    )
    with connect(get_settings()).engine.begin() as connection:
        connection.execute(text("ALTER TABLE assignment_rule RENAME TO assignment_rule_away"))
    at = at.button(key="staff_go").click().run()
    assert not at.exception
    assert "Filen er indlæst. Kurser og roller efter reglerne kunne ikke gives lige nu." in shown(at)
    with connect(get_settings()).engine.begin() as connection:
        connection.execute(text("ALTER TABLE assignment_rule_away RENAME TO assignment_rule"))


def test_the_day_of_an_import_is_the_danish_one(organisation: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clocks are already past midnight here, and not in UTC."""
    monkeypatch.setattr(staff_import, "today", lambda: date(2028, 2, 29))
    at = chosen(organisation, "Indlæs")
    at = (
        at.file_uploader[0]
        .upload("personer.csv", files.written(files.OWN, ("Eva Eg", "eva@proeve.dk", "", "Birkeskolen", "")))
        .run()
    )
    at.button(key="staff_go").click().run()
    with reading(connect(get_settings()).engine) as session:
        assert date(2028, 2, 29) in session.scalars(select(EmploymentRow.valid_from)).all()
