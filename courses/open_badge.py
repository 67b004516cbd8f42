"""A certificate as an Open Badge 3.0 that anybody can check: a credential with a salted hash instead of the holder's name.

Source: 1EdTech Open Badges Specification 3.0, AchievementCredential and VC-JWT proof.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from courses import status_list, vc_jwt
from courses.errors import InvalidCredential
from courses.signing_key import PublicKey, SigningKey
from courses.vc_jwt import Credential
from rag.calendar import COPENHAGEN

ISSUER = "Randers Kommune, AI-univers"
CONTEXTS = [vc_jwt.CONTEXT, "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says. Both days count, by Danish time. `base_url` is the public address of the application; `criteria` says
    what it takes to get the badge and `evidence` what was done; `identity_hash` and `salt` stand for the holder (see the
    function of that name); `status_index` is the number of the certificate, given once."""

    certificate_id: UUID
    base_url: str
    course_id: str
    course_version: str
    title: str
    summary: str
    criteria: str
    valid_from: date
    valid_until: date
    identity_hash: str
    salt: str
    status_index: int
    evidence: str = ""


def new_salt() -> str:
    """A salt for one certificate; 128 random bits."""
    return secrets.token_hex(16)


def identity_hash(name: str, salt: str) -> str:
    """`sha256$` and the hexadecimal SHA-256 of name and salt (Open Badges 3.0, IdentityHash). Case, spacing and how accents are
    composed make no difference."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return "sha256$" + hashlib.sha256((" ".join(plain.split()) + salt).encode()).hexdigest()


def issuer_profile(base_url: str) -> dict[str, Any]:
    """The document behind the issuer's address."""
    return {"@context": CONTEXTS, **_issuer(base_url)}


def credential(badge: Badge) -> Credential:
    """The badge as an OpenBadgeCredential, unsigned."""
    issuer = _issuer(badge.base_url)
    achievement = uuid5(NAMESPACE_URL, f"{issuer['id']}#{badge.course_id}@{badge.course_version}")
    said: Credential = {
        "@context": CONTEXTS,
        "id": f"{badge.base_url.rstrip('/')}/badges/credentials/{badge.certificate_id}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": badge.title,
        "issuer": issuer,
        "validFrom": vc_jwt.timestamp(datetime.combine(badge.valid_from, time.min, COPENHAGEN)),
        "validUntil": vc_jwt.timestamp(datetime.combine(badge.valid_until, time(23, 59, 59), COPENHAGEN)),
        "credentialSubject": {
            "id": f"urn:uuid:{badge.certificate_id}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": badge.identity_hash,
                    "identityType": "name",
                    "salt": badge.salt,
                }
            ],
            "achievement": {
                "id": achievement.urn,
                "type": ["Achievement"],
                "achievementType": "Certification",  # CTDL: time-limited, renewable, revocable
                "name": badge.title,
                "description": badge.summary,
                "criteria": {"narrative": badge.criteria},
                "version": badge.course_version,
                "inLanguage": "da",
            },
        },
        "credentialStatus": status_list.entry(badge.base_url, badge.status_index),
        "credentialSchema": [SCHEMA],
    }
    if badge.evidence:
        said["evidence"] = [{"type": ["Evidence"], "narrative": badge.evidence}]
    return said


def sign(badge: Badge, key: SigningKey) -> str:
    """The badge as a token that its holder keeps."""
    return vc_jwt.sign(credential(badge), badge.base_url, key)


def verify(token: str, keys: Mapping[str, PublicKey], at: datetime, revoked: Container[int]) -> Credential:
    """The credential in a badge of ours that holds at the moment `at`. `keys` are all public keys that badges were ever signed
    with, by thumbprint; `revoked` are numbers of certificates (`Badge.status_index`).

    Raises:
        InvalidCredential: the message says in Danish what is wrong.
    """
    said = vc_jwt.read(token, keys, at)
    try:
        if "OpenBadgeCredential" not in said["type"]:
            raise ValueError("another kind of credential")
        index = status_list.index_of(said["credentialStatus"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidCredential("Dokumentet er ikke et bevis for et kursus.") from error
    if index in revoked:
        raise InvalidCredential("Beviset er trukket tilbage.")
    return said


def is_holder(credential: Credential, name: str) -> bool:
    """Whether the badge was issued to somebody of this name."""
    holder = credential["credentialSubject"]["identifier"][0]
    return hmac.compare_digest(holder["identityHash"], identity_hash(name, holder["salt"]))


def _issuer(base_url: str) -> dict[str, Any]:
    return {"id": vc_jwt.issuer_id(base_url), "type": ["Profile"], "name": ISSUER, "url": base_url.rstrip("/")}
