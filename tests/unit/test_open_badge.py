"""Badges hold by our own check and by that of two independent libraries; what is forged, old or revoked holds by none."""

import base64
import gzip
import hashlib
import hmac
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier, decode_encoded_list, set_indices

from courses import status_list, vc_jwt
from courses.errors import InvalidCredential
from courses.open_badge import (
    Badge,
    credential,
    identity_hash,
    is_holder,
    issuer_profile,
    new_salt,
    sign,
    verify,
)
from courses.signing_key import SigningKey, key_set, load

BASE = "https://ai-univers.example.dk"
TODAY = datetime.now(UTC).date()
NOW = datetime.now(UTC)
SALT = "8f2b1d7c9a4e60358f2b1d7c9a4e6035"
HOLDER = "Åse Kjærgaard Sørensen"


@cache
def keys() -> tuple[SigningKey, SigningKey]:
    """Our key, and one of somebody else."""
    with TemporaryDirectory() as folder:
        return load(Path(folder, "ours.pem")), load(Path(folder, "theirs.pem"))


def badge(**changes: Any) -> Badge:
    said = Badge(
        certificate_id=UUID("0b6f4c1e-6a59-4a5e-9a80-5d2f0c9d7e21"),
        base_url=BASE,
        course_id="copilot",
        course_version="3",
        title="Nøgleperson for Microsoft 365 Copilot",
        summary="Kurset gør dig klar til at hjælpe kolleger med Copilot.",
        criteria="Alle moduler er gennemført, og den afsluttende test er bestået.",
        valid_from=TODAY - timedelta(days=1),
        valid_until=TODAY + timedelta(days=700),
        identity_hash=identity_hash(HOLDER, SALT),
        salt=SALT,
        status_index=4711,
        evidence="Afsluttende test bestået.",
    )
    return replace(said, **changes)


def checked(token: str, at: datetime = NOW, revoked: frozenset[int] = frozenset()) -> dict[str, Any]:
    ours = keys()[0]
    return verify(token, {ours.kid: ours.public}, at, revoked)


def independent() -> OB3Verifier:
    return OB3Verifier(keys()[0].private.as_pem(private=False))


def served(revoked: set[int], days: int = 1) -> Callable[[str], bytes]:
    """What a verifier fetches: the status list at the address that the badge names, valid until `days` from now."""
    lists = {
        status_list.address(BASE, number): vc_jwt.sign(
            status_list.credential(BASE, number, revoked, NOW - timedelta(days=7), NOW + timedelta(days=days)),
            BASE,
            keys()[0],
        ).encode()
        for number in (1, 2)
    }
    return lambda address: lists[address]


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def decoded(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


# --- what a badge says ---


def test_a_badge_has_what_open_badges_3_asks_for() -> None:
    said = credential(badge())
    assert said["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["issuer"]["id"] == issuer_profile(BASE)["id"] == "https://ai-univers.example.dk/badges/issuer"
    assert said["issuer"]["name"] == "Randers Kommune, AI-univers"
    subject = said["credentialSubject"]
    assert subject["id"] == "urn:uuid:0b6f4c1e-6a59-4a5e-9a80-5d2f0c9d7e21" != said["id"]
    assert subject["type"] == ["AchievementSubject"]
    assert subject["achievement"]["type"] == ["Achievement"]
    assert subject["achievement"]["criteria"]["narrative"]
    assert said["credentialSchema"][0]["type"] == "1EdTechJsonSchemaValidator2019"
    assert said["evidence"] == [{"type": ["Evidence"], "narrative": "Afsluttende test bestået."}]
    assert "evidence" not in credential(badge(evidence=""))


def test_the_name_of_the_holder_stands_nowhere() -> None:
    payload = json.dumps(decoded(sign(badge(), keys()[0]).split(".")[1]), ensure_ascii=False)
    assert not [word for word in HOLDER.split() if word in payload]


def test_days_are_danish_and_the_last_one_counts() -> None:
    said = credential(badge(valid_from=date(2026, 1, 15), valid_until=date(2028, 7, 15)))
    assert (said["validFrom"], said["validUntil"]) == ("2026-01-14T23:00:00Z", "2028-07-15T21:59:59Z")


def test_versions_of_a_course_are_achievements_of_their_own_and_certificates_of_one_are_not() -> None:
    def achievement(said: Badge) -> str:
        return str(credential(said)["credentialSubject"]["achievement"]["id"])

    assert achievement(badge()) == achievement(badge(certificate_id=UUID(int=1), status_index=1))
    assert achievement(badge()) != achievement(badge(course_version="4"))


def test_the_token_is_what_the_standard_writes() -> None:
    """Section 8.2: alg, kid, jwk and typ and no other headers; the credential itself is the payload, with five claims."""
    ours = keys()[0]
    header, payload, _ = sign(badge(base_url=BASE + "/"), ours).split(".")
    assert decoded(header) == {
        "alg": "RS256",
        "typ": "JWT",
        "kid": f"{BASE}/badges/keys/{ours.kid}",
        "jwk": dict(ours.public),
    }
    said = decoded(payload)
    assert {name: said[name] for name in credential(badge())} == credential(badge())
    assert set(said) - set(credential(badge())) == {"iss", "jti", "sub", "nbf", "exp"}
    assert (said["iss"], said["jti"], said["sub"]) == (
        said["issuer"]["id"],
        said["id"],
        said["credentialSubject"]["id"],
    )
    assert datetime.fromtimestamp(said["nbf"], UTC) == datetime.fromisoformat(said["validFrom"])
    assert datetime.fromtimestamp(said["exp"], UTC) == datetime.fromisoformat(said["validUntil"])


# --- the holder ---


def test_the_hash_is_that_of_the_standard() -> None:
    assert identity_hash("bo", "salt") == "sha256$" + hashlib.sha256(b"bosalt").hexdigest()


@pytest.mark.parametrize(
    "typed", [HOLDER, HOLDER.upper(), "  åse\tkjærgaard\u00a0sørensen ", "A\u030ase Kjærgaard Sørensen"]
)
def test_a_holder_is_known_by_the_name_however_it_is_typed(typed: str) -> None:
    assert is_holder(credential(badge()), typed)


@pytest.mark.parametrize("typed", ["", "Åse Sørensen", "Ase Kjærgaard Sørensen"])
def test_another_name_is_not_the_holder(typed: str) -> None:
    assert not is_holder(credential(badge()), typed)


def test_salts_are_new_every_time() -> None:
    assert len({new_salt() for _ in range(100)}) == 100
    assert identity_hash(HOLDER, new_salt()) != identity_hash(HOLDER, new_salt())


# --- badges that hold ---


def test_a_badge_holds() -> None:
    assert checked(sign(badge(), keys()[0]))["name"] == badge().title
    assert checked(f"  {sign(badge(), keys()[0])}\n")


def test_a_badge_of_an_earlier_key_and_address_holds() -> None:
    ours, old = keys()
    token = sign(badge(base_url="http://old.example.dk"), old)
    assert verify(token, {ours.kid: ours.public, old.kid: old.public}, NOW, frozenset())


def test_openbadgeslib_holds_a_badge_and_its_status() -> None:
    said = independent().verify(
        sign(badge(), keys()[0]), check_status=True, download=served({4710, 4712, 4711 + status_list.LENGTH})
    )
    assert said.achievement.name == badge().title
    assert said.identifiers[0].identity_hash == identity_hash(HOLDER, SALT)
    assert said.identifiers[0].identity_type == "name"


def test_pyjwt_holds_a_badge_by_the_key_in_it_and_by_the_published_keys() -> None:
    ours = keys()[0]
    token = sign(badge(), ours)
    header = jwt.get_unverified_header(token)
    published = jwt.PyJWKSet.from_dict(key_set([key.public for key in keys()]))
    for key in (jwt.PyJWK(header["jwk"], algorithm="RS256"), published[header["kid"].rpartition("/")[2]]):
        assert jwt.decode(token, key, algorithms=["RS256"])["id"] == credential(badge())["id"]


# --- badges that do not ---


def refused(token: str, reason: str, **how: Any) -> None:
    with pytest.raises(InvalidCredential, match=reason):
        checked(token, **how)


def refused_by_openbadgeslib(token: str, **how: Any) -> None:
    with pytest.raises(OB3VerificationError):
        independent().verify(token, **how)


def test_a_revoked_badge_fails() -> None:
    for index in (4711, status_list.LENGTH + 4711):
        token = sign(badge(status_index=index), keys()[0])
        refused(token, "trukket tilbage", revoked=frozenset({index}))
        refused_by_openbadgeslib(token, check_status=True, download=served({index}))
        assert checked(token, revoked=frozenset({index - 1, index + 1}))


def test_an_old_copy_of_the_status_list_is_not_believed_by_openbadgeslib() -> None:
    refused_by_openbadgeslib(sign(badge(), keys()[0]), check_status=True, download=served(set(), days=-1))


@pytest.mark.parametrize(
    "path",
    [("validUntil",), ("name",), ("exp",), ("credentialSubject", "achievement", "name"), ("credentialStatus", "id")],
)
def test_a_changed_badge_fails(path: tuple[str, ...]) -> None:
    header, payload, signature = sign(badge(), keys()[0]).split(".")
    said = place = decoded(payload)
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "2099-01-01T00:00:00Z" if isinstance(place[path[-1]], str) else place[path[-1]] + 1
    forged = f"{header}.{encoded(said)}.{signature}"
    refused(forged, "Underskriften passer ikke")
    refused_by_openbadgeslib(forged)


def test_an_expired_badge_and_one_of_tomorrow_fail() -> None:
    old = sign(badge(valid_from=TODAY - timedelta(days=9), valid_until=TODAY - timedelta(days=2)), keys()[0])
    new = sign(badge(valid_from=TODAY + timedelta(days=2)), keys()[0])
    refused(old, "udløbet")
    refused(new, "ikke endnu")
    assert checked(old, at=NOW - timedelta(days=5))
    for token in (old, new):
        refused_by_openbadgeslib(token)


def test_a_badge_that_somebody_else_signed_fails() -> None:
    ours, theirs = keys()
    refused(sign(badge(), theirs), "nøgle")
    # with our key's address and their own key beside it
    header, payload, _ = sign(badge(), theirs).split(".")
    named = {**decoded(header), "kid": vc_jwt.key_url(BASE, ours.kid)}
    forged = jwt.encode(decoded(payload), theirs.private.as_pem(private=True), "RS256", headers=named)
    assert jwt.get_unverified_header(forged)["kid"] == named["kid"]
    refused(forged, "Underskriften passer ikke")
    refused_by_openbadgeslib(forged)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS384", "PS256", "ES256", "", None, 7, ["RS256"]])
def test_another_algorithm_fails_whatever_it_was_signed_with(algorithm: Any) -> None:
    """`none`, and the public key used as the secret of HS256 (RFC 8725, section 2.1)."""
    ours = keys()[0]
    header, payload, signature = sign(badge(), ours).split(".")
    changed = encoded({**decoded(header), "alg": algorithm})
    if algorithm == "HS256":
        # by hand, as libraries refuse a public key as a secret
        tag = hmac.digest(ours.private.as_pem(private=False), f"{changed}.{payload}".encode(), "sha256")
        signature = base64.urlsafe_b64encode(tag).decode().rstrip("=")
    reason = "underskrevet på den måde" if isinstance(algorithm, str) else "underskrevet på den måde|digitalt bevis"
    for end in (signature, ""):
        refused(f"{changed}.{payload}.{end}", reason)
        refused_by_openbadgeslib(f"{changed}.{payload}.{end}")


@pytest.mark.parametrize("name", [None, "", 7, "https://evil.example/keys/1", ["x"]])
def test_an_unknown_key_fails(name: Any) -> None:
    header, payload, signature = sign(badge(), keys()[0]).split(".")
    refused(f"{encoded({**decoded(header), 'kid': name})}.{payload}.{signature}", "nøgle|digitalt bevis")


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "æøå.b.c", "\ud800.b.c", "{}", "e30.e30.", "W10.e30.AA", "bnVsbA.e30.AA", "x" * 500_000]
    + [base64.urlsafe_b64encode(text).decode() + ".e30.AA" for text in (b"[" * 3000, b'{"alg":' + b"9" * 3000 + b"}")],
)
def test_what_is_no_badge_is_told(token: str) -> None:
    refused(token, "ikke et digitalt bevis")


@given(
    st.text(max_size=60)
    | st.binary(max_size=60).map(lambda header: base64.urlsafe_b64encode(header).decode() + ".e30.AA")
)
def test_any_text_is_refused_without_a_crash(token: str) -> None:
    refused(token, "bevis")


def test_other_documents_that_we_signed_are_no_badges() -> None:
    ours = keys()[0]
    refused(served(set())(status_list.address(BASE, 1)).decode(), "ikke et bevis for et kursus")
    said = credential(badge())
    for change in ({"credentialStatus": []}, {"type": ["VerifiableCredential", "EndorsementCredential"]}):
        refused(vc_jwt.sign({**said, **change}, BASE, ours), "ikke et bevis for et kursus")
    for payload in ([], {}, 7, {**said, "iss": "x"}, {**said, "issuer": 7}, {**said, "validFrom": "i går"}):
        forged = jwt.api_jws.encode(
            json.dumps(payload).encode(),
            ours.private.as_pem(private=True),
            "RS256",
            headers={"kid": vc_jwt.key_url(BASE, ours.kid)},
        )
        refused(forged, "form|to forskellige")


# --- the status list ---


@given(st.sets(st.integers(0, status_list.LENGTH - 1), max_size=30))
def test_a_status_list_gives_back_what_was_revoked(revoked: set[int]) -> None:
    text = status_list.encode(revoked)
    assert text.startswith("u") and "=" not in text
    bits = decode_encoded_list(text)  # openbadgeslib
    assert len(bits) * 8 == status_list.LENGTH
    assert set_indices(bits) == revoked
    for index in (*revoked, 0, 1, status_list.LENGTH - 1):
        assert status_list.is_set(text, index) == (index in revoked)


def test_the_list_in_the_standard_is_read() -> None:
    """Example 2 of W3C Bitstring Status List v1.0: nobody is revoked."""
    text = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert not any(status_list.is_set(text, index) for index in (0, 94567, status_list.LENGTH - 1))


def test_a_list_is_a_credential_of_its_own_that_expires() -> None:
    ours = keys()[0]
    end = NOW + timedelta(days=1)
    said = status_list.credential(BASE, 2, {5, status_list.LENGTH + 7}, NOW, end)
    token = vc_jwt.sign(said, BASE, ours)
    assert vc_jwt.read(token, {ours.kid: ours.public}, NOW)["credentialSubject"] == said["credentialSubject"]
    assert said["id"] == status_list.entry(BASE, status_list.LENGTH + 7)["statusListCredential"]
    assert set_indices(decode_encoded_list(said["credentialSubject"]["encodedList"])) == {7}
    with pytest.raises(InvalidCredential, match="udløbet"):
        vc_jwt.read(token, {ours.kid: ours.public}, end + timedelta(seconds=1))


@given(st.integers(0, 5 * status_list.LENGTH))
def test_the_number_of_a_certificate_is_found_again(index: int) -> None:
    assert status_list.index_of(status_list.entry(BASE, index)) == index


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("", 0),
        ("u", 0),
        ("z" + status_list.encode([])[1:], 0),
        (status_list.encode([])[:-9], 0),
        (status_list.encode([]) + "!", 0),
        (status_list.encode([]), status_list.LENGTH),
        (status_list.encode([]), -1),
        ("uH4sIAAAAAAAAA_8EAAAA__8BAAAA", 0),
        ("uæ", 0),
    ],
)
def test_a_list_that_cannot_be_read_is_told(text: str, index: int) -> None:
    with pytest.raises(InvalidCredential, match="kan ikke læses"):
        status_list.is_set(text, index)


def test_a_list_that_unpacks_to_gigabytes_takes_no_memory() -> None:
    bomb = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(50_000_000))).decode().rstrip("=")
    tracemalloc.start()
    with pytest.raises(InvalidCredential, match="kan ikke læses"):
        status_list.is_set(bomb, 0)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
