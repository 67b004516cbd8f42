"""What an OpenID provider says: whom and what it means here, and that nothing odd in it lets anybody in or breaks the page."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.claims import RoleNames, roles_in, told
from people.errors import UnusableClaims
from people.roles import Role
from settings_sign_in import ROLES

ISSUER = "https://login.randers.dk/realms/randers-kommune"
ENTRA = "https://login.microsoftonline.com/5c2e/v2.0"
CLIENT = "ai-univers"
NAMES = RoleNames({"course_editor": "trainer", "CN=AI,OU=Grupper": "taskforce", "8d1f0c5e-guid": "admin"})


def claims(**more: Any) -> dict[str, Any]:
    """A token as Keycloak makes it."""
    return {
        "iss": ISSUER,
        "sub": "5a3e",
        "aud": CLIENT,
        "nonce": "n-0S6_WzA2Mj",
        "iat": int(time.time()),
        "name": "Mette Prøvesen",
        "email": "Mette.Proevesen@Randers.dk",
        "email_verified": True,
        **more,
    }


def read(**more: Any) -> Any:
    return told(claims(**more), [ISSUER], CLIENT, NAMES)


def test_a_token_of_keycloaks_says_who_it_is() -> None:
    found = read(resource_access={CLIENT: {"roles": ["manager"]}, "account": {"roles": ["admin"]}}).identity
    assert (found.system, found.key) == ("oidc", f"{ISSUER} 5a3e")
    assert (found.name, found.email, found.verified) == ("Mette Prøvesen", "mette.proevesen@randers.dk", True)
    assert found.roles == {Role.MANAGER}


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://login.example.dk/realms/randers-kommune"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"aud": {CLIENT: True}},
        {"azp": "another"},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 256},
        {"nonce": None},
        {"iat": None},
        {"iat": True},
        {"iat": "1700000000"},
        {"iat": float("nan")},
        {"iat": float("inf")},
        {"iat": -1},
        {"iat": time.time() + 3600},
    ],
)
def test_a_token_that_is_not_ours_or_says_too_little_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnusableClaims):
        read(**wrong)


def test_we_may_be_one_of_several_audiences_and_the_issuer_may_end_with_a_slash() -> None:
    assert read(aud=["account", CLIENT], azp=CLIENT).identity.key
    assert told(claims(), [ISSUER + "/"], CLIENT, NAMES).identity.key


@pytest.mark.parametrize(
    "issuer",
    [
        "https://login.randers.dk/realms/r",
        "https://login.randers.dk/realms/r/",
        "https://login.randers.dk/auth/realms/r",
        "https://login.randers.dk/auth/realms/r/",
    ],
)
def test_somebody_stays_who_she_is_when_keycloak_gains_or_loses_auth(issuer: str) -> None:
    found = told(claims(iss=issuer), [issuer], CLIENT, NAMES).identity
    assert found.key == "https://login.randers.dk/realms/r 5a3e"


def test_another_realm_another_server_and_another_tenant_are_other_people() -> None:
    issuers = [ISSUER, ISSUER + "-test", ISSUER.replace("login", "auth"), ENTRA, ENTRA.replace("5c2e", "auth")]
    keys = {told(claims(iss=issuer), [issuer], CLIENT, NAMES).identity.key for issuer in issuers}
    assert len(keys) == len(issuers)


@pytest.mark.parametrize("more", [{"email": "x" * 300 + "@randers.dk"}, {"email": None, "sub": "s" * 255}])
def test_a_name_that_is_made_up_of_something_longer_is_as_long_as_a_name(more: dict[str, Any]) -> None:
    found = read(name=None, **more).identity
    assert len(found.name) == 200
    assert found.key.endswith("s" * 255 if "sub" in more else "5a3e")


def test_a_session_is_one_sign_in() -> None:
    """The same token is the same session in every tab; another sign-in of the same person is another."""
    moment = int(time.time())
    one = read(iat=moment).key
    assert one == read(iat=moment, name="Et nyt navn").key
    assert len({one, read(iat=moment, nonce="x").key, read(iat=moment - 1).key, read(iat=moment, sub="6").key}) == 4
    assert "5a3e" not in one
    assert "n-0S6" not in one


@pytest.mark.parametrize(
    ("more", "verified"),
    [
        ({"email_verified": True}, True),
        ({"email_verified": False}, False),
        ({"email_verified": "true"}, False),  # no provider says so in words; one that lets people write claims might
        ({"email_verified": 1}, False),
        ({"email_verified": None}, False),
        ({"email_verified": None, "xms_edov": True}, True),  # Entra: the domain of the address is the organisation's
        ({"email_verified": None, "xms_edov": "1"}, True),
        ({"email_verified": None, "xms_edov": "0"}, False),
        ({"email_verified": None, "xms_edov": False}, False),
    ],
)
def test_an_address_counts_as_hers_only_where_the_provider_says_so(more: dict[str, Any], verified: bool) -> None:
    assert read(**more).identity.verified is verified
    assert told(claims(**more), [ISSUER], CLIENT, NAMES, email_trusted=True).identity.verified


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"name": "  Åse Ø. Jensen "}, "Åse Ø. Jensen"),
        ({"name": "A\u030ase"}, "Åse"),
        ({"name": None, "given_name": "Åse", "family_name": "Jensen"}, "Åse Jensen"),
        ({"name": None, "given_name": "Åse"}, "Åse"),
        ({"name": "", "given_name": ["Åse"]}, "mette.proevesen@randers.dk"),
        ({"name": "En\nto", "email": None, "preferred_username": "DQ123456"}, "DQ123456"),
        ({"name": None, "email": "ikke en adresse"}, "5a3e"),
    ],
)
def test_a_name_is_found_in_whatever_is_there(more: dict[str, Any], name: str) -> None:
    assert read(**more).identity.name == name


@pytest.mark.parametrize(
    ("more", "roles"),
    [
        ({"resource_access": {CLIENT: {"roles": ["Nøgleperson", "key-person"]}}}, {Role.KEY_PERSON}),
        ({"resource_access": {CLIENT: {"roles": ["no\u0308gleperson"]}}}, set()),  # an o with another mark
        ({"resource_access": {CLIENT: {"roles": ["AI taskforce", "LEDER"]}}}, {Role.TASKFORCE, Role.MANAGER}),
        ({"resource_access": {CLIENT: {"roles": ["course_editor"]}}}, {Role.TRAINER}),
        ({"resource_access": {"another": {"roles": ["admin"]}}, "realm_access": {"roles": ["admin"]}}, set()),
        ({"iss": ENTRA, "roles": ["admin"]}, {Role.ADMIN}),  # Entra's app roles
        ({"roles": ["admin"]}, set()),  # Keycloak's realm roles, where somebody has mapped them to that name
        ({"roles": ["admin"], "groups": ["/ai-univers/leder"]}, {Role.MANAGER}),
        ({"resource_access": {CLIENT: {"roles": ["leder"]}}, "roles": ["admin"]}, {Role.MANAGER}),
        ({"groups": ["admin", "leder", "/leder"]}, set()),  # of whatever system
        ({"groups": ["/AI-univers/leder", "ai-univers-underviser"]}, {Role.MANAGER, Role.TRAINER}),
        ({"groups": ["CN=AI,OU=Grupper"]}, {Role.TASKFORCE}),
        ({"groups": ["8D1F0C5E-guid"]}, {Role.ADMIN}),
        ({"iss": ENTRA, "groups": ["/ai-univers/leder"], "roles": ["ukendt"]}, set()),  # for those who have no roles
        ({"_claim_names": {"groups": "src1"}}, set()),  # Entra: too many groups to list
    ],
)
def test_roles_are_read_where_the_providers_put_them(more: dict[str, Any], roles: set[Role]) -> None:
    assert roles_in(claims(**more), CLIENT, NAMES) == roles


@pytest.mark.parametrize("role", Role)
def test_every_role_has_our_name_and_a_danish_one(role: Role) -> None:
    names = RoleNames({})
    assert names.of_roles([role.value]) == names.of_roles([role.danish]) == {role}


def test_the_settings_know_our_roles() -> None:
    assert set(ROLES) == {role.value for role in Role}


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([CLIENT, "roles", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["iss", "sub", "aud", "azp", "nonce", "iat", "name", "given_name", "email", "email_verified", "xms_edov"]
FIELDS += ["preferred_username", "resource_access", "roles", "groups"]


@given(st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=6))
def test_odd_claims_are_refused_or_read_and_never_break(odd: dict[str, Any]) -> None:
    try:
        found = told(claims(**odd), [ISSUER], CLIENT, NAMES)
    except UnusableClaims:
        return
    identity = found.identity
    assert identity.key.startswith(ISSUER + " ")
    assert 0 < len(identity.name) <= 200
    assert identity.name.isprintable()
    assert identity.email is None or identity.email == identity.email.lower()
    assert len(found.key) == 64
    assert found.since.timestamp() <= time.time() + 121


@given(ODD, ODD, ODD)
def test_nobody_is_given_a_role_that_is_not_named(access: object, roles: object, groups: object) -> None:
    """Whatever the shape: a role needs a piece of text that names it."""
    given_roles = roles_in({"resource_access": access, "roles": roles, "groups": groups}, CLIENT, NAMES)
    text = repr((access, roles, groups)).casefold()
    for role in given_roles:
        assert any(name.casefold() in text.replace("_", "-").replace(" ", "-") for name in _names_of(role))


def _names_of(role: Role) -> set[str]:
    more = {Role.TRAINER: "course-editor", Role.TASKFORCE: "cn=ai,ou=grupper", Role.ADMIN: "8d1f0c5e-guid"}
    return {role.value.replace("_", "-"), role.danish, "noegleperson", more.get(role, role.value)}
