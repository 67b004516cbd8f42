"""The key that badges are signed with: RSA in a PEM file that is made at first use.

RSA, because Open Badges 3.0 asks for RS256 "as a minimum" (section 8.2.3, JOSE header); 3072 bits, because NIST SP 800-57
gives them 128 bits of security. A badge is checked with the public half (JWK), which is kept for as long as the badge is;
the private half never leaves the file.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from courses.errors import InvalidCredential

if TYPE_CHECKING:  # the library takes a tenth of a second to import
    from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
BITS = 3072
LEAST_BITS = 2048  # of a key that somebody else made; RFC 7518, section 3.3

PublicKey = Mapping[str, Any]
"""A public JWK (RFC 7517) with `kty`, `n` and `e` only, as Open Badges 3.0 wants it in headers and behind a `kid`."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key in memory."""

    private: "RSAKey" = field(repr=False)

    @property
    def kid(self) -> str:
        """Name of the key: its thumbprint (RFC 7638, SHA-256, base64url), so that equal names are equal keys."""
        return self.private.thumbprint()

    @property
    def public(self) -> PublicKey:
        """The half that everybody may see."""
        return {name: self.private.as_dict(private=False)[name] for name in ("kty", "n", "e")}


def load(path: Path) -> SigningKey:
    """The key in `path`; made there, readable by the owner only, when there is none. Processes that start at once get the same.

    A file that is no key is left alone: a new key would sign badges, but the old one may still be in a backup.

    Raises:
        InvalidCredential: the file cannot be read or written, or holds no RSA key of 2048 bits or more.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock"):
                if not path.exists():
                    _write(path, _new())
        return SigningKey(_read(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise InvalidCredential(
            f"Nøglen, der underskriver beviser, kan ikke bruges ({path.name}). Kontrollér rettighederne, eller hent filen fra en "
            "sikkerhedskopi. Slettes den, laves der en ny nøgle næste gang et bevis udstedes."
        ) from error


def key_set(keys: Iterable[PublicKey]) -> dict[str, list[dict[str, Any]]]:
    """Public keys as a JWK Set (RFC 7517, section 5), each with its name, use and algorithm."""
    from joserfc.jwk import RSAKey

    return {
        "keys": [
            {**key, "kid": RSAKey.import_key(dict(key)).thumbprint(), "use": "sig", "alg": ALGORITHM} for key in keys
        ]
    }


def _new() -> bytes:
    from joserfc.jwk import RSAKey

    return RSAKey.generate_key(BITS, private=True).as_pem(private=True)


def _read(pem: bytes) -> "RSAKey":
    from joserfc.errors import JoseError
    from joserfc.jwk import RSAKey

    try:
        key = RSAKey.import_key(pem)
    except (JoseError, TypeError) as error:  # another kind of key, or one with a password
        raise ValueError("no RSA key") from error
    if not key.is_private or key.raw_value.key_size < LEAST_BITS:
        raise ValueError("no private key of enough bits")
    return key


def _write(path: Path, content: bytes) -> None:
    # The file has its name only when it is whole; `mkstemp` gives mode 0600.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
