"""The page Styring through the real scripts and services: what a trainer does there, and what the person it is about sees."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from bootstrap import Services, connect
from courses.steering.key_person import Appointment
from courses.steering.rule import RuleDraft
from people.organisation.tables import EmploymentRow, OrgUnitRow, UnitPlacementRow
from people.tables import PersonRow
from rag.calendar import danish_date, today
from settings import get_settings
from storage.base import new_id, now
from storage.session import transaction
from tests.app.pages import PEOPLE, Pages, shown, small_content
from tests.certified_house import course

PAGE = "pages/trainer/styring.py"
MINE = "pages/learner/mine_kurser.py"
FOUNDED = date(2020, 1, 1)


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of this module's own."""
    folder = tmp_path_factory.mktemp("steering")
    small_content(folder / "content")
    return folder


@pytest.fixture
def house(pages: Pages) -> Services:
    """The services, with a school in which Mette works, and a course of the test's own."""
    pages.app("trainer")  # migrates and loads
    services = connect(get_settings())
    with transaction(services.engine) as session:
        if session.get(OrgUnitRow, "skole") is None:
            session.add(OrgUnitRow(id="skole", key="skole", kind="institution"))
            session.flush()
            session.add(UnitPlacementRow(id=new_id(), unit_id="skole", title="Åskolen", valid_from=FOUNDED))
            session.add(
                EmploymentRow(
                    id=new_id(),
                    key="mette",
                    person_id=PEOPLE["employee"],
                    unit_id="skole",
                    title="Lærer",
                    valid_from=FOUNDED,
                )
            )
    return services


def new_course(house: Services) -> str:
    """A course that nobody has yet; its id, by which its title is found too."""
    key = f"kursus-{new_id()[:8]}"
    house.courses.publish(course(key, title=f"Et kursus om AI ({key})", open_to_all=False), "system")
    return key


def open_view(pages: Pages, view: str) -> AppTest:
    at = pages.open("trainer", PAGE, vis=view)
    assert not at.exception
    return at


def press(at: AppTest, label: str) -> AppTest:
    at = next(button for button in at.button if button.label.startswith(label)).click().run()
    assert not at.exception
    return at


def test_a_rule_is_looked_at_made_and_ended(pages: Pages, house: Services) -> None:
    key = new_course(house)
    at = open_view(pages, "Regler")
    at.selectbox(key="rule_course").set_value(key)
    at.selectbox(key="rule_unit").set_value("skole")
    at.number_input(key="rule_days").set_value(14).run()
    assert "1 person** er omfattet i dag" in shown(at)
    assert any("Mette Medarbejder" in str(table.value) for table in at.table)
    at = press(at, "Opret reglen, og tildel til 1 person")
    assert "Reglen er oprettet, og kurset er tildelt dem, den gælder for." in shown(at)
    assert f"Alle i Åskolen: Et kursus om AI ({key}) inden 14 dage" in shown(at)
    mine = shown(pages.open("employee", MINE))
    assert key in mine
    at = press(at, "Afslut reglen")
    assert "1 person slipper for kurset" in shown(at)
    assert key not in shown(pages.open("employee", MINE))


def test_a_day_that_is_none_is_said_before_anything_is_made(pages: Pages, house: Services) -> None:
    key = new_course(house)
    at = open_view(pages, "Regler")
    at.selectbox(key="rule_course").set_value(key)
    at.radio(key="rule_how").set_value("En bestemt dag").run()
    at.text_input(key="rule_due_on").set_value("engang").run()
    assert "“engang” er ikke en dato" in shown(at)
    assert not [button for button in at.button if button.label.startswith("Opret")]


def test_who_is_exempt_sees_why_and_is_not_late(pages: Pages, house: Services) -> None:
    key = new_course(house)
    trainer = house.people.find(PEOPLE["trainer"])
    house.teaching.assign(trainer, [PEOPLE["employee"]], key, today() + timedelta(days=3))
    at = open_view(pages, "Fritagelser")
    at.text_input(key="exempt_person_search").set_value("mette").run()
    at.selectbox(key="exempt_course").set_value(key)
    at.text_area(key="exempt_reason").set_value("Tager det næste år").run()
    at = press(at, "Fritag")
    assert "Personen er fritaget." in shown(at)
    mine = pages.open("employee", MINE)
    assert f"Du er fritaget for Et kursus om AI ({key}) uden slutdato. Begrundelse: Tager det næste år" in shown(mine)
    badges = "\n".join(str(one.value) for one in mine.markdown)
    assert "Fritaget" in badges
    assert danish_date(today() + timedelta(days=3)) not in shown(mine)
    at = press(open_view(pages, "Fritagelser"), "Ophæv fritagelsen")
    assert "Fritagelsen er ophævet." in shown(at)
    assert "Du er fritaget" not in shown(pages.open("employee", MINE))


def test_a_reason_with_personal_data_is_refused_and_the_fields_stay(pages: Pages, house: Services) -> None:
    key = new_course(house)
    at = open_view(pages, "Fritagelser")
    at.text_input(key="exempt_person_search").set_value("mette").run()
    at.selectbox(key="exempt_course").set_value(key)
    at.text_area(key="exempt_reason").set_value("Ring 86 12 34 56").run()
    at = press(at, "Fritag")
    assert "personoplysninger" in at.error[0].value
    assert at.text_area(key="exempt_reason").value == "Ring 86 12 34 56"


def test_a_key_person_is_appointed_and_her_unit_is_no_longer_without(pages: Pages, house: Services) -> None:
    key = new_course(house)
    at = open_view(pages, "Nøglepersoner")
    at.selectbox(key="without_course").set_value(key).run()
    assert any("Åskolen" in str(table.value) for table in at.table)
    at.selectbox(key="key_unit").set_value("skole")
    at.selectbox(key="key_course").set_value(key)
    at.text_input(key="key_person_search").set_value("niels")
    at.text_input(key="key_deputy_search").set_value("mette").run()
    at = press(at, "Udpeg")
    assert "Nøglepersonen er udpeget." in shown(at)
    assert "Stedfortræder: Mette Medarbejder" in shown(at)
    assert "Alle enheder af den slags har en nøgleperson." in shown(at)
    at = press(at, "Afslut")
    assert "Nøglepersonen er afsluttet." in shown(at)
    assert "Mette Medarbejder" not in shown(at)


def test_nothing_is_done_without_a_choice(pages: Pages, house: Services) -> None:
    at = press(open_view(pages, "Nøglepersoner"), "Udpeg")
    assert "Vælg en enhed, et kursus og en person først" in at.error[0].value.replace("\\", "")
    at = press(open_view(pages, "Fritagelser"), "Fritag")
    assert "Vælg en person og et kursus først" in at.error[0].value.replace("\\", "")


def test_long_lists_have_pages(pages: Pages, house: Services) -> None:
    trainer = house.people.find(PEOPLE["trainer"])
    for _ in range(21):
        house.rules.create(trainer, RuleDraft(new_course(house), None, "skole"))
    at = open_view(pages, "Regler")
    assert len([button for button in at.button if button.label == "Afslut reglen"]) == 20
    assert len(at.get("pagination")) == 1


def test_the_register_shows_who_begins_later(pages: Pages, house: Services) -> None:
    trainer = house.people.find(PEOPLE["trainer"])
    first = today() + timedelta(days=5)
    new = Appointment("skole", new_course(house), PEOPLE["manager"], None, first)
    house.key_persons.appoint(trainer, new)
    seen = shown(open_view(pages, "Nøglepersoner"))
    assert f"Fra {danish_date(first)}" in seen
    assert "Ingen stedfortræder" in seen


def test_who_has_left_is_marked_in_the_register(pages: Pages, house: Services) -> None:
    trainer = house.people.find(PEOPLE["trainer"])
    with transaction(house.engine) as session:
        for key, name in (("gået", "Gitte Gået"), ("afløst", "Asger Afløst")):
            session.add(PersonRow(id=key, name=name, unit="Åskolen", created_at=now()))
    house.key_persons.appoint(trainer, Appointment("skole", new_course(house), "gået", "afløst", today()))
    assert "fratrådt" not in shown(open_view(pages, "Nøglepersoner"))
    with transaction(house.engine) as session:
        session.get_one(PersonRow, "gået").active = False
        session.get_one(PersonRow, "afløst").active = False
    seen = shown(open_view(pages, "Nøglepersoner"))
    assert "Er fratrådt" in seen
    assert "Stedfortræderen er fratrådt" in seen


def test_a_rule_that_has_ended_is_not_to_be_ended_when_its_unit_closes(pages: Pages, house: Services) -> None:
    trainer = house.people.find(PEOPLE["trainer"])
    with transaction(house.engine) as session:
        session.add(OrgUnitRow(id="lukket", key="lukket", kind="institution"))
        session.flush()
        session.add(UnitPlacementRow(id=new_id(), unit_id="lukket", title="Lukkeskolen", valid_from=FOUNDED))
    rule = house.rules.create(trainer, RuleDraft(new_course(house), None, "lukket"))
    with transaction(house.engine) as session:
        place = session.scalars(select(UnitPlacementRow).where(UnitPlacementRow.unit_id == "lukket")).one()
        place.valid_to = today() - timedelta(days=1)
    assert "Enheden er lukket, så reglen gælder ikke" in shown(open_view(pages, "Regler"))
    house.rules.end(trainer, rule)
    at = open_view(pages, "Regler")
    at.toggle(key="rules_ended").set_value(True).run()
    assert "i en lukket enhed" in shown(at)
    assert "Afslut den" not in shown(at)


def test_a_list_of_people_that_is_cut_says_so(pages: Pages, house: Services) -> None:
    with transaction(house.engine) as session:
        for number in range(21):
            session.add(
                PersonRow(id=f"ens-{number}", name="Ens Ensen", unit="", email=f"{number}@x.dk", created_at=now())
            )
    at = open_view(pages, "Fritagelser")
    at.text_input(key="exempt_person_search").set_value("ens ensen").run()
    assert "Der er flere end 20" in shown(at)
    choice = next(one for one in at.selectbox if one.label == "Vælg personen")
    assert len(set(choice.options)) == 20
    at.text_input(key="exempt_person_search").set_value("mette").run()
    assert "Der er flere end 20" not in shown(at)


def test_a_reason_of_health_is_refused_with_what_to_write(pages: Pages, house: Services) -> None:
    key = new_course(house)
    at = open_view(pages, "Fritagelser")
    at.text_input(key="exempt_person_search").set_value("mette").run()
    at.selectbox(key="exempt_course").set_value(key)
    at.text_area(key="exempt_reason").set_value("Sygemeldt").run()
    at = press(at, "Fritag")
    assert "Skriv kun om arbejdet" in at.error[0].value
