"""The page about one's own data, as every role sees it: opened, read, and used to delete and choose."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select

from bootstrap import Services, connect
from people.organisation.tables import EmploymentRow, LookRow, OrgUnitRow, UnitPlacementRow
from rag.answer import Answer, Outcome
from rag.calendar import today
from rag.tables import ConversationRow
from settings import get_settings
from storage.audit import AuditEvent
from storage.base import now
from storage.session import reading, transaction
from tests.app.pages import Pages, shown

PAGE = "pages/everyone/mine_data.py"
ANSWER = Answer(status=Outcome.REFUSED)


@pytest.fixture
def house(pages: Pages) -> Services:
    """The services behind the pages, started by opening the entry."""
    pages.app("employee")
    return connect(get_settings())


@pytest.fixture
def talks(house: Services) -> Iterator[int]:
    """Conversations of Mette; their number."""
    person = house.people.find("demo-mette")
    house.conversations.remove_all(person)
    for question in ("Må jeg?", "Må vi?"):
        house.conversations.add(person, None, question, ANSWER)
    yield 2
    house.conversations.remove_all(person)


def test_the_page_tells_what_is_kept_and_who_has_looked(pages: Pages, house: Services, talks: int) -> None:
    with transaction(house.engine) as session:
        session.add(LookRow(person_id="demo-mette", by="demo-lars", what="missing", at=now()))
    at = pages.open("employee", PAGE)
    assert not at.exception
    text = shown(at)
    assert at.title[0].value == "Mine data"
    assert "**Samtaler**: 2 rækker, siden" in text
    assert "Så du kan vende tilbage til dine egne spørgsmål og svar." in text
    assert "ingen leder, der kan se noget om dig" in text
    looks = at.table[-1].value.iloc[0]
    assert looks["Hvem"].replace("\\", "") == "Lars Leder (Leder)"
    assert looks["Hvad"] == "Hvilke kurser du mangler, og fristerne"
    with transaction(house.engine) as session:
        session.execute(delete(LookRow))
    nobody = shown(pages.open("employee", PAGE))
    assert "Der er ikke skrevet nogen op." in nobody
    assert "Det skrives ikke op, når nogen søger dig frem" in nobody


def test_it_says_who_else_sees_what_and_speaks_to_the_person(pages: Pages, house: Services) -> None:
    text = shown(pages.open("employee", PAGE))
    for words in (
        "I rollen som leder",
        "ekstra tid til prøver",
        "Enhver, der har nummeret på et bevis",
        "med dit navn og din enhed",
    ):
        assert words in text
    assert "Navn: Mette Medarbejder. Enhed:" in text.replace("\\", "")
    for words in ("om hende", "hun har", "personen selv"):
        assert words not in text


def test_a_link_below_every_page_leads_there(pages: Pages) -> None:
    for path in ("pages/everyone/ordbog.py", "pages/learner/mine_kurser.py"):
        at = pages.open("employee", path)
        assert "Mine data" in [str(getattr(link, "label", "")) for link in at.get("page_link")]


def test_deleting_takes_a_choice_and_a_second_tick(pages: Pages, house: Services, talks: int) -> None:
    person = house.people.find("demo-mette")
    at = pages.open("employee", PAGE)
    submit = next(button for button in at.button if button.label == "Slet det valgte")
    at.checkbox(key="mine_data_tick_delete_conversations").check()
    submit.click().run()
    assert "Sæt flueben ved, at du er sikker" in shown(at)
    assert house.conversations.count(person) == talks
    at.checkbox(key="mine_data_tick_delete_conversations").check()
    at.checkbox(key="mine_data_tick_sure").check()
    next(button for button in at.button if button.label == "Slet det valgte").click().run()
    assert "Slettet: samtaler." in shown(at)
    assert house.conversations.count(person) == 0
    assert "mine_data_tick_delete_conversations" not in [box.key for box in at.checkbox]
    with reading(house.engine) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
        assert session.scalars(select(ConversationRow).where(ConversationRow.person_id == person.id)).all() == []
    assert (event.action, event.actor, event.object_id) == ("own_data.deleted.conversations", person.id, person.id)


def test_a_mail_is_chosen_away_and_back(pages: Pages, house: Services) -> None:
    person = house.people.find("demo-mette")

    def wanted() -> dict[str, bool]:
        return {one.kind.value: one.wanted for one in house.reminders.choices(person)}

    at = pages.open("employee", PAGE)
    assert "mine_data_tick_mail_assigned" not in [box.key for box in at.checkbox]
    assert "- Når du får et kursus tildelt" in shown(at)
    at.checkbox(key="mine_data_tick_mail_deadline").uncheck().run()
    assert wanted()["deadline"] is False
    again = pages.open("employee", PAGE)
    assert again.checkbox(key="mine_data_tick_mail_deadline").value is False
    again.checkbox(key="mine_data_tick_mail_deadline").check().run()
    assert all(wanted().values())


def test_a_manager_is_named_to_whom_she_leads(pages: Pages, house: Services) -> None:
    with transaction(house.engine) as session:
        session.add(OrgUnitRow(id="u", key="u", kind="unit"))
        session.flush()
        session.add(
            UnitPlacementRow(id="u", unit_id="u", parent_id=None, title="Enhed", valid_from=today(), valid_to=None)
        )
        session.add(
            EmploymentRow(
                id="e",
                key="e",
                person_id="demo-mette",
                unit_id="u",
                title="",
                manager_id="demo-lars",
                acting_manager_id=None,
                acting_until=None,
                valid_from=today(),
                valid_to=None,
            )
        )
    try:
        assert "I dag kan **Lars Leder (Leder)** se" in shown(pages.open("employee", PAGE))
    finally:
        with transaction(house.engine) as session:
            for table in (EmploymentRow, UnitPlacementRow, OrgUnitRow):
                session.execute(delete(table).where(table.id.in_(("u", "e"))))
