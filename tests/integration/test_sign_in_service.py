"""People who sign in, on both databases: found or made, never somebody else's, and out when they should be."""

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, delete, event, func, select, update

from people.claims import Identity, RoleNames, Told, session_key, told
from people.errors import (
    EmailTaken,
    NoRole,
    NoSignIn,
    NotAllowed,
    Removed,
    SignedOut,
    SignInTooOld,
    UnknownPerson,
    UntrustedProxy,
)
from people.organisation.tables import ExternalKeyRow, SignInRow
from people.person import Person
from people.proxy import vouched
from people.roles import Role
from people.sign_in_service import SignInService
from people.tables import PersonRow, RoleGrantRow
from storage.audit import AuditEvent, verify
from storage.base import new_id, now
from storage.migrate import FOLDER, migrate
from storage.session import reading, transaction


class Clock:
    """The service's clock, that can be set on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(engine: Engine, clock: Clock) -> SignInService:
    return SignInService(engine, 8, clock=clock)


def sign_in(
    key: str = "issuer 1",
    *roles: Role,
    email: str | None = "mette@randers.dk",
    verified: bool = True,
    name: str = "Mette",
    session: str = "a",
    ago: timedelta = timedelta(),
) -> Told:
    identity = Identity("oidc", key, name, email, verified, frozenset(roles))
    return Told(identity, now() - ago, session_key(key, session))


def imported(engine: Engine, email: str = "mette@randers.dk", *roles: Role, active: bool = True) -> str:
    """Somebody who came with staff data."""
    person_id = new_id()
    with transaction(engine) as session:
        grants = [RoleGrantRow(id=new_id(), role=role.value, source="import") for role in (Role.EMPLOYEE, *roles)]
        session.add(
            PersonRow(
                id=person_id,
                name="Mette Hansen",
                unit="Skole A",
                email=email,
                active=active,
                created_at=now(),
                grants=grants,
            )
        )
        session.flush()
        session.add(ExternalKeyRow(person_id=person_id, system="delta", key=f"dq-{person_id}"))
    return person_id


def grants(engine: Engine, person_id: str) -> set[tuple[str, str]]:
    with reading(engine) as session:
        rows = session.execute(
            select(RoleGrantRow.role, RoleGrantRow.source).where(RoleGrantRow.person_id == person_id)
        )
        return {(row.role, row.source) for row in rows}


def events(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as session:
        assert verify(session) is None
        found = session.execute(
            select(AuditEvent.action, AuditEvent.actor, AuditEvent.object_id).order_by(AuditEvent.id)
        )
        return [(row.action, row.actor, row.object_id) for row in found]


def people(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(PersonRow)) or 0


def test_somebody_new_becomes_a_person_and_is_the_same_the_next_day(engine: Engine, service: SignInService) -> None:
    first = service.person(sign_in("issuer 1", Role.TRAINER))
    assert (first.name, first.roles) == ("Mette", {Role.EMPLOYEE, Role.TRAINER})
    again = service.person(sign_in("issuer 1", Role.TRAINER, session="b", name="Mette Ny", email="ny@randers.dk"))
    assert (again.id, again.name) == (first.id, "Mette Ny")
    with reading(engine) as session:
        assert session.scalars(select(PersonRow.email)).all() == ["ny@randers.dk"]
    assert people(engine) == 1


def test_somebody_imported_is_found_by_a_verified_address_and_stays_as_imported(
    engine: Engine, service: SignInService
) -> None:
    person_id = imported(engine, "mette@randers.dk", Role.KEY_PERSON)
    found = service.person(sign_in("issuer 1", Role.MANAGER, name="mette h"))
    assert (found.id, found.name, found.unit) == (person_id, "Mette Hansen", "Skole A")
    assert found.roles == {Role.EMPLOYEE, Role.KEY_PERSON, Role.MANAGER}
    later = service.person(sign_in("issuer 1", session="b", email="andet@randers.dk"))
    assert later.id == person_id


def test_an_address_that_is_not_verified_takes_over_nobody(engine: Engine, service: SignInService) -> None:
    imported(engine)
    with pytest.raises(EmailTaken):
        service.person(sign_in(verified=False))
    assert people(engine) == 1
    assert events(engine) == [("sign_in.refused", "system", "email_taken")]


def test_a_second_account_with_the_same_address_takes_over_nobody(engine: Engine, service: SignInService) -> None:
    service.person(sign_in("issuer 1"))
    with pytest.raises(EmailTaken):
        service.person(sign_in("issuer 2"))
    with pytest.raises(EmailTaken):
        service.person(sign_in("another-issuer 1"))


def test_an_address_of_another_person_is_not_given_to_a_known_one(engine: Engine, service: SignInService) -> None:
    service.person(sign_in("issuer 1", email="en@randers.dk"))
    second = service.person(sign_in("issuer 2", email="to@randers.dk"))
    assert service.person(sign_in("issuer 2", email="en@randers.dk", session="b")).id == second.id
    with reading(engine) as session:
        assert set(session.scalars(select(PersonRow.email))) == {"en@randers.dk", "to@randers.dk"}


def test_subjects_that_differ_in_case_alone_are_two_people(engine: Engine, service: SignInService) -> None:
    first = service.person(sign_in("issuer Ab", email=None))
    second = service.person(sign_in("issuer aB", email=None))
    assert first.id != second.id


def test_names_and_keys_as_long_as_they_may_be_sign_in(service: SignInService) -> None:
    """PostgreSQL keeps no longer ones, and turns them into an error in the middle of the sign-in."""
    nonce = {"aud": "ai", "nonce": "n", "iat": now().timestamp()}
    token = {"iss": "https://k.dk/realms/r", "sub": "s" * 255, "email": "x" * 300 + "@randers.dk", **nonce}
    assert service.person(told(token, ["https://k.dk/realms/r"], "ai", RoleNames({}))).name == "x" * 200
    headers = {"X-User": [secrets.token_hex(2048)], "X-Email": ["y" * 300 + "@randers.dk"]}
    said = vouched(lambda name: headers.get(name, []), "10.0.0.1", [ip_network("10.0.0.1")], "X", RoleNames({}))
    assert service.person(Told(said, now(), session_key("y"))).name == "y" * 200
    headers["X-User"], headers["X-Preferred-Username"] = ["z" * 255], ["Å" * 4096]
    said = vouched(lambda name: headers.get(name, []), "10.0.0.1", [ip_network("10.0.0.1")], "X", RoleNames({}))
    with pytest.raises(EmailTaken):
        service.person(Told(said, now(), session_key("z")))


def test_accounts_of_before_are_known_when_keycloaks_address_has_changed(engine: Engine) -> None:
    """Keys hold the issuer; those that were stored as the provider wrote it are brought into one form."""
    stored = [
        ("anna", "oidc", "https://k.dk/auth/realms/r a"),
        ("bo", "oidc", "https://k.dk/realms/r b"),
        ("carl", "oidc", "https://sts.windows.net/5c2e/ c"),
        ("dorte", "oidc", "https://k.dk/auth/realms/r d"),
        ("dorte-igen", "oidc", "https://k.dk/realms/r d"),
        ("eva", "proxy", "https://k.dk/auth/realms/r e"),
    ]
    with transaction(engine) as session:
        for person_id, system, key in stored:
            session.add(PersonRow(id=person_id, name=person_id, unit="", created_at=now(), grants=[]))
            session.flush()
            session.add(ExternalKeyRow(person_id=person_id, system=system, key=key))
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0010")
    migrate(engine)
    with reading(engine) as session:
        rows = session.execute(select(ExternalKeyRow.person_id, ExternalKeyRow.key))
        keys = {row.person_id: row.key for row in rows}
    assert keys == {
        "anna": "https://k.dk/realms/r a",
        "bo": "https://k.dk/realms/r b",
        "carl": "https://sts.windows.net/5c2e c",
        "dorte": "https://k.dk/auth/realms/r d",
        "dorte-igen": "https://k.dk/realms/r d",
        "eva": "https://k.dk/auth/realms/r e",
    }
    token = {"iss": "https://k.dk/realms/r", "sub": "a", "aud": "ai", "nonce": "n", "iat": now().timestamp()}
    found = SignInService(engine, 8).person(told(token, ["https://k.dk/realms/r"], "ai", RoleNames({})))
    assert found.id == "anna"


def test_the_provider_takes_away_only_what_it_gave(engine: Engine, service: SignInService) -> None:
    person_id = imported(engine, "mette@randers.dk", Role.TRAINER)
    with transaction(engine) as session:
        session.add(RoleGrantRow(id=new_id(), person_id=person_id, role=Role.TASKFORCE.value, source="local"))
    service.person(sign_in("issuer 1", Role.TRAINER, Role.ADMIN))
    assert (Role.TRAINER.value, "provider") in grants(engine, person_id)
    left = service.person(sign_in("issuer 1", session="b"))
    assert left.roles == {Role.EMPLOYEE, Role.TRAINER, Role.TASKFORCE}
    assert grants(engine, person_id) == {
        ("employee", "import"),
        ("trainer", "import"),
        ("taskforce", "local"),
        ("employee", "provider"),
    }
    taken = {object_id for action, _actor, object_id in events(engine) if action == "role.taken"}
    assert taken == {f"{person_id} admin", f"{person_id} trainer"}


def test_a_session_that_nobody_opened_is_none(service: SignInService) -> None:
    with pytest.raises(NoSignIn):
        service.current("x" * 64)


def test_signing_out_ends_the_session_for_good_and_no_other(engine: Engine, service: SignInService) -> None:
    here, elsewhere = sign_in(session="a"), sign_in(session="b")
    service.person(here)
    service.person(elsewhere)
    service.leave(here.key)
    service.leave(here.key)
    service.leave("y" * 64)
    for _ in range(2):
        with pytest.raises(SignedOut):
            service.person(here)
    assert service.person(elsewhere).name == "Mette"
    assert [action for action, _actor, _id in events(engine)].count("sign_in.ended") == 1


def test_signing_out_everywhere_ends_all_that_began_the_same_way_and_nobody_elses(
    engine: Engine, service: SignInService
) -> None:
    at_provider, lars = sign_in(), sign_in("issuer 2", email="lars@randers.dk")
    proxied = Identity("proxy", "mette", "Mette", "mette@randers.dk", True, frozenset())
    tabs = [Told(proxied, now(), session_key(name)) for name in "xyz"]
    ids = {service.person(said).id for said in (at_provider, *tabs)}
    assert len(ids) == 1
    service.person(lars)
    service.leave_everywhere("y" * 64)
    service.leave_everywhere(tabs[0].key)
    service.leave_everywhere(tabs[0].key)
    for tab in tabs:
        with pytest.raises(SignedOut):
            service.person(tab)
    assert service.person(at_provider).id in ids
    assert service.person(lars).id not in ids
    assert [action for action, _actor, _id in events(engine)].count("sign_in.ended") == 3


def test_a_session_ends_with_its_hours(service: SignInService, clock: Clock) -> None:
    said = sign_in()
    service.person(said)
    clock.ahead = timedelta(hours=7, minutes=59)
    assert service.current(said.key).name == "Mette"
    clock.ahead = timedelta(hours=8, minutes=1)
    for _ in range(2):
        with pytest.raises(SignInTooOld):
            service.person(said)
    clock.ahead = timedelta()
    with pytest.raises(SignInTooOld):  # ended is ended, whatever the clock says
        service.current(said.key)


def test_a_token_of_yesterday_opens_nothing_and_changes_nothing(
    engine: Engine, service: SignInService, clock: Clock
) -> None:
    """What the provider said then of roles and name is not what holds now; nobody is made or linked by it either."""
    old = sign_in("issuer 1", Role.ADMIN, session="old", name="Mette Gammel", ago=timedelta(days=20))
    here = service.person(sign_in(name="Mette Ny"))
    stranger = sign_in("issuer 2", email="lars@randers.dk", session="x", ago=timedelta(days=20))
    clock.ahead = timedelta(hours=1)
    for stale in (old, stranger):
        with pytest.raises(SignInTooOld):
            service.person(stale)
        with pytest.raises(NoSignIn):
            service.current(stale.key)
    found = service.current(sign_in().key)
    assert (found.id, found.name, found.roles) == (here.id, "Mette Ny", {Role.EMPLOYEE})
    assert grants(engine, here.id) == {("employee", "provider")}
    assert people(engine) == 1
    assert [event for event in events(engine) if event[0] == "sign_in.refused"] == [
        ("sign_in.refused", here.id, "age"),
        ("sign_in.refused", "system", "age"),
    ]


def test_an_older_sign_in_of_the_same_day_opens_but_gives_nothing_back(engine: Engine, service: SignInService) -> None:
    older = sign_in("issuer 1", Role.ADMIN, session="old", name="Mette Gammel", ago=timedelta(hours=2))
    service.person(sign_in("issuer 1", Role.TRAINER, name="Mette Ny"))
    found = service.person(older)
    assert (found.name, found.roles) == ("Mette Ny", {Role.EMPLOYEE, Role.TRAINER})
    assert service.person(sign_in("issuer 1", Role.ADMIN, session="new")).roles == {Role.EMPLOYEE, Role.ADMIN}


def test_a_sign_in_without_a_role_takes_what_older_ones_cannot_give_back(engine: Engine) -> None:
    strict = SignInService(engine, 8, default=None)
    first = strict.person(sign_in("issuer 1", Role.ADMIN, session="first", ago=timedelta(hours=3)))
    unopened = sign_in("issuer 1", Role.ADMIN, session="unopened", ago=timedelta(hours=2))
    with pytest.raises(NoRole):
        strict.person(sign_in())
    with pytest.raises(NoRole):
        strict.person(unopened)
    assert grants(engine, first.id) == set()


def test_sessions_that_nobody_came_back_to_are_ended(engine: Engine, service: SignInService, clock: Clock) -> None:
    service.person(sign_in(session="a"))
    assert service.end_old() == 0
    clock.ahead = timedelta(hours=9)
    assert (service.end_old(), service.end_old()) == (1, 0)
    with reading(engine) as session:
        assert session.scalars(select(SignInRow.reason)).all() == ["age"]


def test_who_is_deactivated_is_out_at_once_and_stays_out(engine: Engine, service: SignInService) -> None:
    said = sign_in()
    person = service.person(said)
    with transaction(engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == person.id).values(active=False))
    for session_name in ("a", "b"):
        with pytest.raises(Removed):
            service.person(sign_in(session=session_name))
    with transaction(engine) as session:
        session.execute(update(PersonRow).values(active=True))
    with pytest.raises(Removed):  # the old session does not come back to life with the person
        service.current(said.key)
    assert service.person(sign_in(session="c")).id == person.id


def test_somebody_imported_who_has_left_is_not_let_in(engine: Engine, service: SignInService) -> None:
    person_id = imported(engine, active=False)
    said = sign_in("issuer 1", Role.ADMIN)
    with pytest.raises(Removed):
        service.person(said)
    with pytest.raises(NoSignIn):
        service.current(said.key)
    assert events(engine) == [("sign_in.refused", "system", "removed")]
    assert grants(engine, person_id) == {("employee", "import")}
    with reading(engine) as session:
        assert session.scalars(select(ExternalKeyRow.system)).all() == ["delta"]


def test_a_role_that_is_taken_away_is_gone_at_once(engine: Engine, service: SignInService) -> None:
    said = sign_in("issuer 1", Role.ADMIN)
    person = service.person(said)
    assert Role.ADMIN in person.roles
    with transaction(engine) as session:
        session.execute(delete(RoleGrantRow).where(RoleGrantRow.role == Role.ADMIN.value))
    assert service.person(said).roles == {Role.EMPLOYEE}
    with transaction(engine) as session:
        session.execute(delete(RoleGrantRow))
    with pytest.raises(NoRole):
        service.person(said)


def test_without_a_default_role_only_those_with_one_are_let_in(engine: Engine) -> None:
    strict = SignInService(engine, 8, default=None)
    with pytest.raises(NoRole):
        strict.person(sign_in())
    assert strict.person(sign_in("issuer 1", Role.TRAINER, session="b")).roles == {Role.TRAINER}
    with pytest.raises(NoRole):
        strict.person(sign_in("issuer 1", session="c"))
    imported(engine, "lars@randers.dk")
    assert strict.person(sign_in("issuer 2", email="lars@randers.dk")).roles == {Role.EMPLOYEE}


def test_the_same_refusal_is_kept_once_a_minute(engine: Engine, service: SignInService) -> None:
    for _ in range(5):
        service.note_refused(UntrustedProxy)
    assert events(engine) == [("sign_in.refused", "system", "untrusted_proxy")]


def test_an_administrator_ends_all_sessions_of_a_person(
    engine: Engine, service: SignInService, person: Callable[..., Person]
) -> None:
    sessions = [sign_in(session=name) for name in "abc"]
    target, *_others = [service.person(said) for said in sessions]
    lars = sign_in("issuer 2", email="lars@randers.dk")
    service.person(lars)
    service.leave(sessions[0].key)
    with pytest.raises(NotAllowed):
        service.end_all(target, "mette@randers.dk")
    admin = person("demo-anders", Role.ADMIN)
    with pytest.raises(UnknownPerson):
        service.end_all(admin, "ingen@randers.dk")
    assert service.end_all(admin, " Mette@Randers.dk ") == 2
    for said in sessions:
        with pytest.raises(SignedOut):
            service.current(said.key)
    assert service.current(lars.key).roles == {Role.EMPLOYEE}
    assert service.person(sign_in(session="d")).id == target.id  # she may sign in again
    assert [actor for action, actor, _id in events(engine) if action == "sign_in.ended"][1:] == ["demo-anders"] * 2


def test_an_administrator_throws_somebody_out_for_good(
    engine: Engine, service: SignInService, person: Callable[..., Person]
) -> None:
    said = sign_in()
    target, admin = service.person(said), person("demo-anders", Role.ADMIN)
    assert service.end_all(admin, "mette@randers.dk", deactivate=True) == 1
    assert service.end_all(admin, "mette@randers.dk", deactivate=True) == 0
    for session_name in ("a", "b"):
        with pytest.raises(Removed):
            service.person(sign_in(session=session_name))
    with reading(engine) as session:
        row = session.get_one(PersonRow, target.id)
        assert (row.active, row.deactivated_at is None) == (False, False)
    assert events(engine).count(("person.deactivated", "demo-anders", target.id)) == 1


def test_an_account_that_was_made_anew_is_linked_when_an_administrator_lets_go_of_the_old(
    engine: Engine, service: SignInService
) -> None:
    person_id = imported(engine)
    old, new = sign_in("issuer 1"), sign_in("issuer 2")
    service.person(old)
    with pytest.raises(EmailTaken):
        service.person(new)
    assert service.release(" Mette@Randers.dk ") == 1
    with pytest.raises(SignedOut):
        service.current(old.key)
    assert service.person(new).id == person_id
    with pytest.raises(EmailTaken):
        service.person(sign_in("issuer 1", session="b"))
    with reading(engine) as session:
        assert "delta" in session.scalars(select(ExternalKeyRow.system)).all()
    with pytest.raises(UnknownPerson):
        service.release("ingen@randers.dk")


def test_many_tabs_at_once_make_one_person_and_one_session(engine: Engine, service: SignInService) -> None:
    said = sign_in("issuer 1", Role.TRAINER)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(service.person(said).id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == people(engine) == 1
    assert [action for action, _actor, _id in events(engine)].count("sign_in.started") == 1


def test_that_somebody_was_seen_is_written_once_a_minute(engine: Engine, service: SignInService, clock: Clock) -> None:
    said = sign_in()
    service.person(said)

    def seen() -> datetime:
        with reading(engine) as session:
            return session.scalars(select(SignInRow.seen_at)).one()

    first = seen()
    clock.ahead = timedelta(seconds=50)
    service.current(said.key)
    assert seen() == first
    clock.ahead = timedelta(seconds=70)
    service.current(said.key)
    assert seen() > first + timedelta(seconds=60)


def test_the_log_and_the_session_hold_no_name_and_no_address(engine: Engine, service: SignInService) -> None:
    service.person(sign_in("issuer 1", Role.ADMIN))
    text = repr(events(engine))
    with reading(engine) as session:
        text += repr([(row.id, row.method, row.reason) for row in session.scalars(select(SignInRow))])
    assert [word for word in ("Mette", "randers.dk", "issuer 1") if word in text] == []


def test_a_check_on_every_run_asks_little_and_writes_nothing(engine: Engine, service: SignInService) -> None:
    said = sign_in()
    service.person(said)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *of_statement: asked.append(of_statement[2]))
    service.current(said.key)
    assert len(asked) <= 5
    assert [one for one in asked if not one.lstrip().startswith("SELECT")] in ([], ["BEGIN"])
