"""Whoever leads somebody by an employment is a manager for just as long, however she is read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from courses.steering.area.figures import Choice
from people.claims import Identity, Told, session_key
from people.errors import NotAllowed
from people.person import Person
from people.roles import Permission, Role
from people.service import PeopleService
from people.sign_in_service import SignInService
from people.tables import PersonRow
from storage.session import transaction
from tests.small_area import SmallArea

LAST = date(2026, 3, 10)
AFTER = LAST + timedelta(days=1)
Read = Callable[[SmallArea, str], Person]


def found(area: SmallArea, person_id: str) -> Person:
    return PeopleService(area.engine, lambda: area.at).find(person_id)


def signed_in(area: SmallArea, person_id: str) -> Person:
    email = f"{person_id}@randers.dk"
    with transaction(area.engine) as session:
        session.get_one(PersonRow, person_id).email = email
    identity = Identity("oidc", person_id, f"Navn {person_id}", email, verified=True, roles=frozenset())
    told = Told(identity, area.at, session_key(person_id, str(area.at)))
    return SignInService(area.engine, 8, clock=lambda: area.at).person(told)


@pytest.fixture
def area(engine: Engine, tmp_path: Path) -> SmallArea:
    """Anna acts for Mette's manager until a day; Bo is nobody's manager."""
    made = SmallArea(engine, tmp_path)
    for key in ("anna", "bo", "lars"):
        made.add(key, "klub", Role.EMPLOYEE)
    made.add("mette", None, Role.EMPLOYEE)
    place = made.employment("mette", "klub", manager="lars")
    place.acting_manager_id, place.acting_until = "anna", LAST
    made.store(place)
    return made.on(LAST)


@pytest.mark.parametrize("read", [found, signed_in])
def test_an_acting_manager_has_her_area_to_her_last_day_and_loses_it_the_day_after(area: SmallArea, read: Read) -> None:
    anna = read(area, "anna")
    assert anna.may(Permission.SEE_AREA)
    assert anna.may(Permission.REMIND)
    assert area.area.open(anna).overview(Choice()).people == 1
    area.on(AFTER)
    anna = read(area, "anna")
    assert not anna.may(Permission.SEE_AREA)
    with pytest.raises(NotAllowed):
        area.area.open(anna)


@pytest.mark.parametrize("read", [found, signed_in])
def test_the_manager_of_few_is_a_manager_and_who_leads_nobody_is_not(area: SmallArea, read: Read) -> None:
    assert Role.MANAGER in read(area, "lars").roles
    assert read(area, "bo").roles == {Role.EMPLOYEE}


def test_who_led_only_somebody_who_has_left_is_no_manager(area: SmallArea) -> None:
    with transaction(area.engine) as session:
        session.get_one(PersonRow, "mette").active = False
    assert found(area, "lars").roles == found(area, "anna").roles == {Role.EMPLOYEE}


def test_the_day_is_the_danish_one(area: SmallArea) -> None:
    area.at = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)  # half past midnight on the day after
    assert Role.MANAGER not in found(area, "anna").roles


def test_a_granted_manager_is_not_looked_up_again(area: SmallArea) -> None:
    area.add("gerda", "skole", leads=["skole"])
    asked: list[str] = []
    event.listen(area.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    found(area, "gerda")
    assert not any("FROM employment" in statement for statement in asked)


def test_leading_somebody_lets_nobody_in_who_has_no_role(area: SmallArea) -> None:
    area.add("gæst", None)
    area.store(area.employment("bo", "stab", manager="gæst"))
    assert found(area, "gæst").roles == frozenset()
