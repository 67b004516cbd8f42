"""What a proxy that signs people in (oauth2-proxy and its like) says in its headers, and whether it may be believed.

A header is only a word: whoever reaches the server may send it. It counts when the connection itself comes from a listed address.
Only one family of headers is read, so that a client cannot add what the proxy does not set.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from people.claims import LONGEST_KEY, LONGEST_NAME, Identity, RoleNames, email_of
from people.errors import NoSignIn, UntrustedProxy

SYSTEM = "proxy"
LOOPBACK = "127.0.0.1"
LONGEST = 4096  # characters of a header; groups may be many

Networks = Sequence[IPv4Network | IPv6Network]
Headers = Callable[[str], Sequence[str]]  # all values of a header, by its name in any case


def vouched(
    headers: Headers, peer: str | None, networks: Networks, prefix: str, names: RoleNames, client: str | None = None
) -> Identity:
    """Who the proxy says is there. `peer` is the address of the connection, None for this machine; `client` our id at Keycloak.

    Raises `UntrustedProxy` when the connection is not from one of `networks`, or a header is there twice; `NoSignIn` when the
    proxy names nobody.
    """
    address = _address(peer or LOOPBACK)
    if address is None or not any(address in network for network in networks) or _rewritten(address, headers):
        raise UntrustedProxy
    user, email = _one(headers, f"{prefix}-User", LONGEST_KEY), email_of(_one(headers, f"{prefix}-Email"))
    key = user or email
    if not key:
        raise NoSignIn
    groups = {group.strip() for group in _one(headers, f"{prefix}-Groups").split(",") if group.strip()}
    mark = f"role:{client}:"  # how oauth2-proxy writes Keycloak's roles of a client among the groups
    ours = {group.removeprefix(mark) for group in groups if client and group.startswith(mark)}
    return Identity(
        system=SYSTEM,
        key=key,
        name=(_one(headers, f"{prefix}-Preferred-Username") or email or key)[:LONGEST_NAME],
        email=email,
        verified=True,
        roles=names.of_roles(ours) if ours else names.of_groups(groups),
    )


def _one(headers: Headers, name: str, longest: int = LONGEST) -> str:
    """The value of a header that may be there once; two mean that somebody has added one. A longer one is none."""
    values = headers(name)
    if len(values) > 1:
        raise UntrustedProxy
    value = _utf8(values[0]).strip() if values else ""
    return value if value.isprintable() and len(value) <= longest else ""


def _utf8(value: str) -> str:
    """Headers are read as Latin-1; proxies send names in UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _rewritten(address: IPv4Address | IPv6Address, headers: Headers) -> bool:
    """Whether the address may come from a header: uvicorn puts what `X-Forwarded-For` says in the place of a local peer.

    A proxy names those before itself there, never itself. With `FORWARDED_ALLOW_IPS` empty uvicorn leaves the peer alone.
    """
    entries = ",".join(headers("X-Forwarded-For")).split(",")
    return any(_address(_host(entry.strip())) == address for entry in entries)


def _host(entry: str) -> str:
    """The address of `1.2.3.4:567` and `[::1]:567`."""
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
