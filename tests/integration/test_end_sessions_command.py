"""The operator's way of throwing somebody out, and what she is told."""

import pytest
from typer.testing import CliRunner, Result

import manage
from people.claims import Identity, Told, session_key
from people.errors import Removed, SignedOut
from settings import Settings, get_settings
from storage.base import now


@pytest.fixture(autouse=True)
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's own data and content."""
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CONTENT_DIR", str(settings.content_dir))
    get_settings.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(manage.app, ["end-sessions", *arguments])


def sign_in(session: str) -> Told:
    identity = Identity("oidc", "issuer 1", "Mette", "mette@randers.dk", True, frozenset())
    return Told(identity, now(), session_key(session))


def test_a_person_is_signed_out_everywhere_and_may_come_back() -> None:
    service = manage.migrated().sign_ins
    for name in "ab":
        service.person(sign_in(name))
    said = run("Mette@randers.dk")
    assert said.exit_code == 0
    assert "2 sessioner er slut" in said.stdout
    assert "kan logge ind igen" in said.stdout
    assert "Mette" not in said.stdout
    with pytest.raises(SignedOut):
        service.person(sign_in("a"))
    assert service.person(sign_in("c")).name == "Mette"


def test_a_person_is_thrown_out_for_good() -> None:
    service = manage.migrated().sign_ins
    service.person(sign_in("a"))
    said = run("mette@randers.dk", "--deactivate")
    assert said.exit_code == 0
    assert "1 session er slut" in said.stdout
    assert "er lukket" in said.stdout
    for name in "ab":
        with pytest.raises(Removed):
            service.person(sign_in(name))


def test_an_address_of_nobody_is_told_of() -> None:
    said = run("ingen@randers.dk")
    assert said.exit_code == 2
    assert "Der er ingen person med den adresse" in said.stderr
