"""Headers of a proxy: believed from its own address, alone and once; everything else is refused."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.claims import Identity, RoleNames
from people.errors import NoSignIn, UntrustedProxy
from people.proxy import vouched
from people.roles import Role

PROXIES = (ip_network("10.1.2.0/28"), ip_network("fd00::5/128"))
NAMES = RoleNames({"AI-redaktion": "trainer"})
METTE = {"X-Auth-Request-User": ["5a3e"], "X-Auth-Request-Email": ["Mette@Randers.dk"]}


def ask(headers: dict[str, list[str]], peer: str | None = "10.1.2.3") -> Identity:
    lower = {name.lower(): values for name, values in headers.items()}
    return vouched(lambda name: lower.get(name.lower(), []), peer, PROXIES, "X-Auth-Request", NAMES, "ai-univers")


@pytest.mark.parametrize("peer", ["10.1.2.0", "10.1.2.15", "::ffff:10.1.2.3", "fd00::5"])
def test_a_listed_proxy_is_believed(peer: str) -> None:
    found = ask(METTE, peer)
    assert (found.system, found.key, found.email, found.verified) == ("proxy", "5a3e", "mette@randers.dk", True)


@pytest.mark.parametrize(
    "peer", ["10.1.2.16", "10.1.3.3", "fd00::6", None, "127.0.0.1", "testclient", "", "10.1.2.3.4"]
)
def test_everybody_else_is_refused(peer: str | None) -> None:
    with pytest.raises(UntrustedProxy):
        ask(METTE, peer)


@given(st.ip_addresses())
def test_no_other_address_is_let_in(address: object) -> None:
    listed = any(address in network for network in PROXIES if network.version == getattr(address, "version", 0))
    if listed:
        assert ask(METTE, str(address)).key == "5a3e"
    elif getattr(address, "ipv4_mapped", None) is None:
        with pytest.raises(UntrustedProxy):
            ask(METTE, str(address))


@pytest.mark.parametrize("says", ["10.1.2.3", "80.1.1.1, 10.1.2.3", "10.1.2.3:4711", "[::ffff:10.1.2.3]:80, 80.1.1.1"])
def test_an_address_that_a_header_may_have_made_is_no_address(says: str) -> None:
    """uvicorn puts the header's address in the place of a local peer; then it cannot be told from the real one."""
    with pytest.raises(UntrustedProxy):
        ask({**METTE, "X-Forwarded-For": [says]})
    assert ask({**METTE, "X-Forwarded-For": ["80.1.1.1, 10.1.2.4"]}).key == "5a3e"


@pytest.mark.parametrize("name", ["User", "Email", "Groups"])
def test_a_header_that_is_there_twice_is_refused(name: str) -> None:
    with pytest.raises(UntrustedProxy):
        ask({**METTE, f"X-Auth-Request-{name}": ["en", "to"]})


def test_another_family_of_headers_is_not_read() -> None:
    found = ask({**METTE, "X-Forwarded-Groups": ["/ai-univers/admin"], "X-Forwarded-User": ["en anden"]})
    assert (found.key, found.roles) == ("5a3e", frozenset())


@pytest.mark.parametrize("headers", [{}, {"X-Auth-Request-User": [""]}, {"X-Auth-Request-User": ["x" * 5000]}])
def test_a_proxy_that_names_nobody_signs_nobody_in(headers: dict[str, list[str]]) -> None:
    with pytest.raises(NoSignIn):
        ask(headers)


def test_what_is_longer_than_a_name_and_a_key_may_be_is_not_kept() -> None:
    assert len(ask({**METTE, "X-Auth-Request-Preferred-Username": ["x" * 4000]}).name) == 200
    email = "x" * 300 + "@randers.dk"
    found = ask({"X-Auth-Request-User": ["x" * 256], "X-Auth-Request-Email": [email]})
    assert (found.key, len(found.name)) == (email, 200)


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        ("/ai-univers/leder, ai-univers-underviser", {Role.MANAGER, Role.TRAINER}),
        ("leder,admin", set()),
        ("AI-redaktion", {Role.TRAINER}),
        ("role:ai-univers:admin,role:admin,role:andet:taskforce", {Role.ADMIN}),
        ("role:admin,role:andet:taskforce", set()),
        (" , ,", set()),
    ],
)
def test_groups_become_roles(groups: str, roles: set[Role]) -> None:
    assert ask({**METTE, "X-Auth-Request-Groups": [groups]}).roles == roles


@pytest.mark.parametrize("written", ["Åse Ørsted", "Åse Ørsted".encode().decode("latin-1")])
def test_a_danish_name_is_read_in_either_coding(written: str) -> None:
    assert ask({**METTE, "X-Auth-Request-Preferred-Username": [written]}).name == "Åse Ørsted"
