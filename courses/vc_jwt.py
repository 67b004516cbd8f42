"""Verifiable Credentials signed as VC-JWT: the credential is the payload of a compact JWS (Open Badges 3.0, section 8.2).

Nothing that a token says of its own key or algorithm is believed: the algorithm is RS256, and the key is one of those given.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from courses.errors import InvalidCredential
from courses.signing_key import ALGORITHM, PublicKey, SigningKey

if TYPE_CHECKING:
    from joserfc.jws import JWSRegistry

CONTEXT = "https://www.w3.org/ns/credentials/v2"
HEADER_BYTES = 4096  # a public key of 4096 bits and a long address fit; the library's 512 holds no key

Credential = dict[str, Any]
"""A credential by the W3C's Verifiable Credentials Data Model 2.0, as JSON."""


def issuer_id(base_url: str) -> str:
    """Address that names the issuer; its profile is served there."""
    return f"{base_url.rstrip('/')}/badges/issuer"


def key_url(base_url: str, kid: str) -> str:
    """Address where the public key with this thumbprint is served as a bare JWK."""
    return f"{base_url.rstrip('/')}/badges/keys/{kid}"


def timestamp(moment: datetime) -> str:
    """2027-12-02T22:59:59Z"""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign(credential: Credential, base_url: str, key: SigningKey) -> str:
    """The credential as a signed token. The header has the address of the public key and the key itself, so that the signature
    can be checked without a network; whose key it is, the address tells."""
    from joserfc import jws

    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_url(base_url, key.kid), "jwk": dict(key.public)}
    payload = json.dumps(credential | _claims(credential), ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, payload, key.private, registry=_registry())


def read(token: str, keys: Mapping[str, PublicKey], at: datetime) -> Credential:
    """The credential in a token that was signed with one of `keys` (by thumbprint) and is valid at the moment `at`.

    Raises:
        InvalidCredential: wrong form, another algorithm, an unknown key, a wrong signature, or not valid yet or any more.
    """
    from joserfc import jws
    from joserfc.errors import BadSignatureError, JoseError
    from joserfc.jwk import RSAKey

    try:
        encoded = token.strip().encode("ascii")
        header = jws.extract_compact(encoded, registry=_registry()).headers()
        algorithm, key_name = header.get("alg"), header.get("kid")
    except (JoseError, ValueError, AttributeError, RecursionError) as error:
        raise InvalidCredential("Teksten er ikke et digitalt bevis. Kopiér hele beviset, og prøv igen.") from error
    if algorithm != ALGORITHM:
        raise InvalidCredential("Beviset er ikke underskrevet på den måde, som Randers Kommune underskriver beviser.")
    key = keys.get(key_name.rpartition("/")[2]) if isinstance(key_name, str) else None
    if key is None:
        raise InvalidCredential("Beviset er underskrevet med en nøgle, der ikke er Randers Kommunes.")
    try:
        payload = jws.deserialize_compact(encoded, RSAKey.import_key(dict(key)), registry=_registry()).payload
    except BadSignatureError as error:
        raise InvalidCredential("Underskriften passer ikke. Beviset er ændret, efter at det blev udstedt.") from error
    except JoseError as error:
        raise InvalidCredential("Beviset har ikke den form, som et digitalt bevis skal have.") from error
    return _valid(payload, at)


def _registry() -> "JWSRegistry":
    from joserfc.jws import JWSRegistry

    registry = JWSRegistry(algorithms=[ALGORITHM])
    registry.max_header_length = HEADER_BYTES
    return registry


def _claims(credential: Credential) -> dict[str, Any]:
    """What a JWT repeats of its credential (section 8.2.4.1). `issuer` is an address or an object with one."""
    issuer = credential["issuer"]
    return {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": credential["id"],
        "sub": credential["credentialSubject"]["id"],
        "nbf": _seconds(credential["validFrom"]),
        "exp": _seconds(credential["validUntil"]),
    }


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _valid(payload: bytes | None, at: datetime) -> Credential:
    try:
        credential: Credential = json.loads(payload or b"")
        claims = _claims(credential)
        whole = all(credential.get(name) == value for name, value in claims.items())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidCredential("Beviset har ikke den form, som et digitalt bevis skal have.") from error
    if not whole:
        raise InvalidCredential("Beviset siger to forskellige ting om, hvem og hvornår det gælder.")
    if at.timestamp() < claims["nbf"]:
        raise InvalidCredential("Beviset gælder ikke endnu.")
    if at.timestamp() >= claims["exp"]:
        raise InvalidCredential("Beviset er udløbet.")
    return credential
