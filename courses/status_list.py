"""Which certificates are revoked: W3C Bitstring Status List v1.0, one bit a certificate.

A list holds 131,072 certificates, the least the standard allows, so that fetching it does not tell whose certificate is
being looked at. Certificates are numbered through all lists: number 131,072 is the first of the second list.
"""

import base64
import gzip
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from courses.errors import InvalidCredential
from courses.vc_jwt import CONTEXT, Credential, issuer_id, timestamp

LENGTH = 131_072
PURPOSE = "revocation"


def address(base_url: str, number: int) -> str:
    """Where list `number` (from 1) is served."""
    return f"{base_url.rstrip('/')}/badges/status/{number}"


def entry(base_url: str, index: int) -> dict[str, str]:
    """The `credentialStatus` of certificate number `index` (from 0)."""
    where = address(base_url, index // LENGTH + 1)
    return {
        "id": f"{where}#{index % LENGTH}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index % LENGTH),
        "statusListCredential": where,
    }


def index_of(entry: dict[str, Any]) -> int:
    """The number that `entry` was made from. Raises ValueError, KeyError or AttributeError for another form."""
    number = int(entry["statusListCredential"].rpartition("/")[2])
    return (number - 1) * LENGTH + int(entry["statusListIndex"])


def credential(base_url: str, number: int, revoked: Iterable[int], start: datetime, end: datetime) -> Credential:
    """List `number` as a credential, valid from `start` to `end`: a verifier refuses an old copy, which would hide what was
    revoked since. `revoked` are numbers of certificates; those of other lists are left out."""
    where = address(base_url, number)
    first = (number - 1) * LENGTH
    return {
        "@context": [CONTEXT],
        "id": where,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_id(base_url),
        "validFrom": timestamp(start),
        "validUntil": timestamp(end),
        "credentialSubject": {
            "id": f"{where}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encode(index - first for index in revoked if first <= index < first + LENGTH),
        },
    }


def encode(positions: Iterable[int]) -> str:
    """Bits with ones at `positions` (0 to 131,071), the first bit leftmost: GZIP, then base64url with the multibase sign `u`."""
    bits = bytearray(LENGTH // 8)
    for position in positions:
        bits[position // 8] |= 0x80 >> position % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def is_set(encoded: str, position: int) -> bool:
    """Whether the bit at `position` is one.

    Raises:
        InvalidCredential: no list of ours (another length too), or a position outside it.
    """
    try:
        if not encoded.startswith("u") or not 0 <= position < LENGTH:
            raise ValueError("no position in a multibase base64url list")
        packed = base64.b64decode(encoded[1:] + "=" * (-(len(encoded) - 1) % 4), altchars=b"-_", validate=True)
        # Unpacks one byte more than a list has, however much was packed.
        unpacked = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        bits = unpacked.decompress(packed, LENGTH // 8 + 1)
        if len(bits) != LENGTH // 8 or not unpacked.eof:
            raise ValueError("another length, or cut off")
    except (ValueError, zlib.error) as error:
        raise InvalidCredential("Listen over tilbagetrukne beviser kan ikke læses.") from error
    return bool(bits[position // 8] & 0x80 >> position % 8)
