"""What an OpenID provider says about somebody: who she is, which roles she has there, and whether it was said to us.

The signature, the nonce and the expiry of the token are checked by Streamlit's sign-in (Authlib) when the person comes back from
the provider. It lets a wrong audience pass where the token names us as the authorised party, so audience and issuer are checked
here.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from people.errors import UnusableClaims
from people.roles import Role

LEEWAY = timedelta(minutes=2)  # between the provider's clock and ours, as Authlib has it
LONGEST_NAME = 200
LONGEST_EMAIL = 320
LONGEST_KEY = 255  # of a person in another system, as OpenID Connect has it
GROUP = "ai-univers-"
SYSTEM = "oidc"

_DANISH_NAMES = {
    "medarbejder": Role.EMPLOYEE,
    "nøgleperson": Role.KEY_PERSON,
    "noegleperson": Role.KEY_PERSON,
    "underviser": Role.TRAINER,
    "leder": Role.MANAGER,
    "ai-taskforce": Role.TASKFORCE,
    "administrator": Role.ADMIN,
}


@dataclass(frozen=True)
class Identity:
    """A person as another system knows her. `key` is hers in `system` for ever, as written: two may differ in case alone.

    `name` has at most `LONGEST_NAME` characters. `email` is in lower case; `verified` says that the address is hers and not only
    what she has written.
    """

    system: str
    key: str
    name: str
    email: str | None
    verified: bool
    roles: frozenset[Role]


@dataclass(frozen=True)
class Told:
    """One sign-in at the provider: who, since when (UTC), and the key that its session has in our database."""

    identity: Identity
    since: datetime
    key: str


class RoleNames:
    """Which of our roles a provider's names stand for.

    Roles that the provider gives for this application are known by our own names and Danish ones. Groups are shared by many
    systems, where `leder` may mean anything, so that only those count that begin with `ai-univers-` or that the settings name.
    """

    def __init__(self, more: Mapping[str, str]) -> None:
        own = {_plain(role.value): role for role in Role}
        danish = {_plain(name): role for name, role in _DANISH_NAMES.items()}
        named = {_plain(name): Role(role) for name, role in more.items()}
        self._roles = {**own, **danish, **named}
        self._groups = {**{GROUP + name: role for name, role in {**own, **danish}.items()}, **named}

    def of_roles(self, names: Collection[str]) -> frozenset[Role]:
        """Our roles among the roles' names; unknown names count for nothing."""
        return _found(self._roles, names)

    def of_groups(self, names: Collection[str]) -> frozenset[Role]:
        """Our roles among names of groups, with or without Keycloak's path (`/ai-univers/leder`)."""
        paths = {name.strip("/").replace("/", "-") for name in names}
        return _found(self._groups, {*names, *paths})


def told(
    claims: Mapping[str, object],
    issuers: Collection[str],
    client: str,
    names: RoleNames,
    *,
    email_trusted: bool = False,
) -> Told:
    """Who has signed in, from the claims of an ID token; `client` is our own id at the provider.

    Raises `UnusableClaims` for a token that is not from one of `issuers`, not for us, or without what identifies a sign-in.
    """
    issuer, subject = _text(claims.get("iss")), _text(claims.get("sub"), LONGEST_KEY)
    nonce, since = _text(claims.get("nonce")), _moment(claims.get("iat"))
    if issuer.rstrip("/") not in {known.rstrip("/") for known in issuers} or client not in _names(claims.get("aud")):
        raise UnusableClaims
    if claims.get("azp", client) != client or not subject or not nonce or since is None:
        raise UnusableClaims
    email, username = email_of(claims.get("email")), _text(claims.get("preferred_username"))
    identity = Identity(
        system=SYSTEM,
        key=f"{same_issuer(issuer)} {subject}",
        name=(_name(claims) or email or username or subject)[:LONGEST_NAME],
        email=email,
        verified=email_trusted
        or claims.get("email_verified") is True
        or claims.get("xms_edov") in (True, 1, "1", "true"),
        roles=roles_in(claims, client, names),
    )
    return Told(identity, since, session_key(issuer, subject, nonce, since.isoformat()))


def same_issuer(issuer: str) -> str:
    """An issuer as it stands in keys: Keycloak's path has had `/auth` and lost it, and people stay who they are."""
    return issuer.rstrip("/").replace("/auth/realms/", "/realms/", 1)


def roles_in(claims: Mapping[str, object], client: str, names: RoleNames) -> frozenset[Role]:
    """Our roles in the claims: Keycloak's roles of our client, else Entra's app roles, else groups.

    Keycloak's claim `roles` is not read: it may hold the realm's roles, which are not given for this application.
    """
    access = claims.get("resource_access")
    ours = access.get(client) if isinstance(access, Mapping) else None
    if isinstance(ours, Mapping) and (found := _names(ours.get("roles"))):
        return names.of_roles(found)
    if "/realms/" not in _text(claims.get("iss")) and (found := _names(claims.get("roles"))):
        return names.of_roles(found)
    return names.of_groups(_names(claims.get("groups")))


def session_key(*parts: str) -> str:
    """Key of a session in our database: SHA-256, so that the database holds nothing that a browser could be given."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _found(table: Mapping[str, Role], names: Collection[str]) -> frozenset[Role]:
    return frozenset(table[plain] for name in names if (plain := _plain(name)) in table)


def _plain(name: str) -> str:
    """A name as it is compared: case, `_`, blanks and how an ø is coded make no difference."""
    return "-".join(unicodedata.normalize("NFC", name).casefold().replace("_", " ").replace("-", " ").split())


def _name(claims: Mapping[str, object]) -> str:
    parts = (_text(claims.get("given_name")), _text(claims.get("family_name")))
    return _text(claims.get("name")) or " ".join(part for part in parts if part)


def _text(value: object, longest: int = LONGEST_NAME) -> str:
    """A claim that must be one line of text; anything else is nothing."""
    if not isinstance(value, str):
        return ""
    text = unicodedata.normalize("NFC", value).strip()
    return text if len(text) <= longest and text.isprintable() else ""


def email_of(value: object) -> str | None:
    """An address in lower case, or None for what is none."""
    text = _text(value, LONGEST_EMAIL).lower()
    name, _at, domain = text.rpartition("@")
    return text if name and domain and not any(mark.isspace() for mark in text) else None


def _names(value: object) -> set[str]:
    return set(_strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (item for item in value if isinstance(item, str))


def _moment(value: object) -> datetime | None:
    """Seconds since 1970 as a moment; None for what is no number, or not a time that a clock near ours could show."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 32_503_680_000:
        return None
    moment = datetime.fromtimestamp(value, UTC)
    return moment if moment <= datetime.now(UTC) + LEEWAY else None
