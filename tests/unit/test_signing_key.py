"""The key of badges: made once, kept from others, named by its thumbprint, never replaced."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from courses.errors import InvalidCredential
from courses.signing_key import BITS, key_set, load
from settings import ROOT


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, lock: KeySerializationEncryption | None = None) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock or NoEncryption())


def test_a_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "badges.pem"
    key = load(path)
    assert key.private.raw_value.key_size == BITS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path).kid == key.kid
    assert not list(path.parent.glob(".badges.pem-*"))


def test_the_public_half_has_nothing_of_the_private_one(tmp_path: Path) -> None:
    key = load(tmp_path / "badges.pem")
    assert set(key.public) == {"kty", "n", "e"}
    assert "private" not in repr(key)
    (published,) = key_set([key.public])["keys"]
    assert published == {**key.public, "kid": key.kid, "use": "sig", "alg": "RS256"}
    json.dumps(published)


def test_the_name_of_a_key_is_the_thumbprint_of_rfc_7638(tmp_path: Path) -> None:
    """The key and the thumbprint in section 3.1 of the RFC."""
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs"
        "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1"
        "n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    (published,) = key_set([{"kty": "RSA", "n": modulus, "e": "AQAB"}])["keys"]
    assert published["kid"] == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    program = "import sys, pathlib; from courses.signing_key import load; print(load(pathlib.Path(sys.argv[1])).kid)"
    command = [sys.executable, "-c", program, str(tmp_path / "badges.pem")]
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    names = {process.communicate(timeout=120)[0].strip() for process in started}
    assert names == {load(tmp_path / "badges.pem").kid}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ec.generate_private_key(ec.SECP256R1())),
        pem(rsa.generate_private_key(65537, 2048), BestAvailableEncryption(b"secret")),
        rsa.generate_private_key(65537, 2048)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    ],
    ids=["empty", "text", "broken", "short", "curve", "password", "public"],
)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_what_is_no_key_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "badges.pem"
    path.write_bytes(content)
    with pytest.raises(InvalidCredential, match=r"badges\.pem"):
        load(path)
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "folder", tmp_path / "file" / "badges.pem"):
        with pytest.raises(InvalidCredential, match="Nøglen"):
            load(path)


def test_a_key_of_somebody_elses_making_is_used(tmp_path: Path) -> None:
    path = tmp_path / "badges.pem"
    path.write_bytes(pem(rsa.generate_private_key(65537, 2048)))
    assert load(path).kid
