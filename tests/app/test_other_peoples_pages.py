"""Another person's ids in the address bar: the page says what it says of ids that do not exist, and the audit log keeps it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from bootstrap import Services, connect
from people.organisation.tables import OrgUnitRow, UnitPlacementRow
from people.refusals import REFUSED
from people.tables import RoleGrantRow
from rag.answer import Answer, Outcome
from settings import get_settings
from storage.audit import AuditEvent
from storage.base import new_id
from storage.session import reading, transaction
from tests.app.pages import PEOPLE, Pages, shown, small_content
from tests.certified_house import course

THIEF = "key_person"
SECRET = "Hvad skal jeg skrive til min chef"


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of this module's own."""
    folder = tmp_path_factory.mktemp("others")
    small_content(folder / "content")
    return folder


@pytest.fixture
def house(pages: Pages) -> Services:
    pages.app("employee")  # migrates and loads
    return connect(get_settings())


def refused(house: Services) -> list[tuple[str, str, str]]:
    """Actor, kind and id of every refusal."""
    with reading(house.engine) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == REFUSED))
        return [(event.actor, event.object_type, event.object_id) for event in events]


def words(at: AppTest) -> str:
    assert not at.exception
    return shown(at)


def test_another_persons_attempt(pages: Pages, house: Services) -> None:
    owner = house.people.find(PEOPLE["employee"])
    house.courses.publish(course("kursus-a"), "system")
    house.teaching.assign(house.people.find(PEOPLE["trainer"]), [owner.id], "kursus-a", None)
    house.learning.begin(owner, "kursus-a")
    attempt = house.attempts.start(owner, "kursus-a", "final")
    nothing = words(pages.open(THIEF, "pages/learner/proeve.py", forsoeg=new_id()))
    assert (PEOPLE[THIEF], "attempt", attempt) not in refused(house)
    assert words(pages.open(THIEF, "pages/learner/proeve.py", forsoeg=attempt)) == nothing
    assert "ikke din" in nothing
    assert (PEOPLE[THIEF], "attempt", attempt) in refused(house)
    assert "Hvad er rigtigt?" in words(pages.open("employee", "pages/learner/proeve.py", forsoeg=attempt))


def test_another_persons_conversation(pages: Pages, house: Services) -> None:
    owner = house.people.find(PEOPLE["employee"])
    key, _ = house.conversations.add(owner, None, SECRET, Answer(status=Outcome.REFUSED))
    nothing = words(pages.open(THIEF, "pages/everyone/spoerg.py", samtale=new_id()))
    assert words(pages.open(THIEF, "pages/everyone/spoerg.py", samtale=key)) == nothing
    assert SECRET not in nothing
    assert (PEOPLE[THIEF], "conversation", key) in refused(house)
    assert SECRET in words(pages.open("employee", "pages/everyone/spoerg.py", samtale=key))


def test_a_manuscript_for_one_who_may_not_write(pages: Pages, house: Services) -> None:
    house.courses.publish(course("kursus-b"), "system")
    manuscript = house.manuscripts.begin(house.people.find(PEOPLE["trainer"]), "kursus-b")
    with pytest.raises(ValueError, match="page"):
        pages.open(THIEF, "pages/trainer/kladde.py", kladde=manuscript)
    seen = words(pages.alone(THIEF, "pages/trainer/kladde.py", kladde=manuscript))
    assert "Du har ikke adgang" in seen
    assert "kursus-b" not in seen
    assert (PEOPLE[THIEF], "permission", "manage_courses") in refused(house)


def test_another_persons_certificate_is_not_among_ones_own(pages: Pages, house: Services) -> None:
    seen = pages.open(THIEF, "pages/learner/beviser.py", bevis=new_id())
    assert "Du har ingen beviser endnu" in words(seen)
    assert not seen.get("download_button")


def test_another_managers_unit(pages: Pages, house: Services) -> None:
    with transaction(house.engine) as session:
        for key, title in (("nord", "Skole Nord"), ("syd", "Skole Syd")):
            session.add(OrgUnitRow(id=key, key=key, kind="institution"))
            session.flush()
            session.add(UnitPlacementRow(id=new_id(), unit_id=key, title=title, valid_from=date(2020, 1, 1)))
        session.add(RoleGrantRow(id=new_id(), person_id=PEOPLE["manager"], role="manager", unit_id="nord"))
    page, kept = "pages/manager/mit_omraade.py", (PEOPLE["manager"], "unit", "syd")
    assert "Enheden i adressen" not in words(pages.open("manager", page, enhed="Skole Nord"))
    nothing = words(pages.open("manager", page, enhed="findes-ikke"))
    assert "Enheden i adressen findes ikke i dit område. Her er alle dine enheder." in nothing
    assert kept not in refused(house)
    at = pages.open("manager", page, enhed="syd")
    assert words(at) == nothing
    assert at.selectbox(key="enhed").value == "Alle enheder"
    assert kept in refused(house)
    assert "Skole Syd" not in at.selectbox(key="enhed").options
