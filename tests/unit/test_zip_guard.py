"""Zip files from elsewhere: what is hostile or broken is refused in Danish before anything in it is used."""

import io
import struct
import time
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.errors import InvalidContent
from courses.exchange import zip_guard
from courses.exchange.zip_guard import Archive, is_zip


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return out.getvalue()


def entry(name: str, mode: int = 0, system: int = 3) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr, info.create_system = mode << 16, system
    return info


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    return data.replace(old, new)


def flagged(data: bytes, flag: int) -> bytes:
    """The same zip, with a flag on its first entry."""
    place = data.index(b"PK\x01\x02") + 8
    return data[:place] + struct.pack("<H", flag) + data[place + 2 :]


def test_files_are_read_by_name_and_folders_are_none() -> None:
    archive = Archive(zipped(("a/", b""), ("a/b.xml", b"<a/>"), ("c.png", b"\x89PNG")))
    assert archive.names == ("a/b.xml", "c.png")
    assert archive.read("a/b.xml") == b"<a/>"


def test_names_written_by_windows_are_read() -> None:
    assert Archive(renamed(zipped(("a/b.xml", b"x")), b"a/b.xml", b"a\\b.xml")).read("a/b.xml") == b"x"


def bomb() -> bytes:
    return zipped(("bomb.xml", b" " * 20_000_000))


def too_many() -> bytes:
    return zipped(*((f"{number}.xml", b"") for number in range(zip_guard.MOST_ENTRIES + 1)))


def unpacked() -> bytes:
    """Eight files of 29 MB that are packed well, but not unnaturally so."""
    block = bytes(range(256)) * 16
    piece = b"".join(block[number % 97 :] + block[: number % 97] for number in range(29_000_000 // len(block)))
    return zipped(*((f"{number}.bin", piece) for number in range(8)))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: zipped(("../out.xml", b"x")), zip_guard.BAD_NAME),
        (lambda: zipped(("a/../../out.xml", b"x")), zip_guard.BAD_NAME),
        (lambda: renamed(zipped(("a/b/c.xml", b"x")), b"a/b/c.xml", b"..\\/c.xml"), zip_guard.BAD_NAME),
        (lambda: zipped(("/etc/passwd", b"x")), zip_guard.BAD_NAME),
        (lambda: zipped(("C:/windows/x.xml", b"x")), zip_guard.BAD_NAME),
        (lambda: renamed(zipped(("abc.xml", b"x")), b"abc.xml", b"a\x00c.xml"), zip_guard.BAD_NAME),
        (lambda: zipped(("x" * 301, b"x")), zip_guard.BAD_NAME),
        (lambda: zipped((entry("link", 0o120777), b"/etc/passwd")), zip_guard.LINK),
        (lambda: zipped((entry("pipe", 0o010644), b"")), zip_guard.LINK),
        (lambda: renamed(zipped(("a.xml", b"1"), ("b.xml", b"2")), b"b.xml", b"a.xml"), zip_guard.TWICE),
        (lambda: zipped(("a.xml", b"1"), ("A.XML", b"2")), zip_guard.TWICE),
        (lambda: flagged(zipped(("a.xml", b"1")), 1), zip_guard.PROTECTED),
        (lambda: zipped(("a.xml", b"1"), method=zipfile.ZIP_LZMA), zip_guard.METHOD),
        (bomb, zip_guard.DENSE),
        (unpacked, zip_guard.UNPACKED),
        (too_many, zip_guard.TOO_MANY),
        (lambda: zipped(("a.xml", b"1"))[:-30], zip_guard.BROKEN),
        (lambda: b"PK\x03\x04" + b"\x00" * 100, zip_guard.BROKEN),
        (lambda: b"", zip_guard.BROKEN),
        (lambda: b"PK\x05\x06" + b"\xff" * 18, zip_guard.TOO_MANY),
        (lambda: bytes(zip_guard.MOST_BYTES + 1), zip_guard.TOO_LARGE),
    ],
)
def test_hostile_and_broken_files_are_refused(make: Callable[[], bytes], said: str) -> None:
    data = make()
    start = time.monotonic()
    with pytest.raises(InvalidContent) as refused:
        Archive(data)
    assert str(refused.value) == said
    assert time.monotonic() - start < 2.0  # seconds


@pytest.mark.parametrize("inner", [zipped(("a", b"b")), b"\x1f\x8b\x08\x00", b"7z\xbc\xaf\x27\x1c"])
def test_packed_files_in_it_are_not_opened(inner: bytes) -> None:
    with pytest.raises(InvalidContent, match="selv pakket"):
        Archive(zipped(("a.xml", inner))).read("a.xml")


def test_a_file_that_does_not_fit_its_checksum_is_broken() -> None:
    data = zipped(("a.xml", b"hello hello"), method=zipfile.ZIP_STORED).replace(b"hello hello", b"hullo hello")
    with pytest.raises(InvalidContent, match="beskadiget"):
        Archive(data).read("a.xml")


def test_a_file_larger_than_it_says_is_broken() -> None:
    data = zipped(("a.xml", b"x" * 5000))
    assert data.count(struct.pack("<I", 5000)) == 2
    with pytest.raises(InvalidContent, match="beskadiget"):
        Archive(data.replace(struct.pack("<I", 5000), struct.pack("<I", 50))).read("a.xml")


@given(st.binary(max_size=300), st.integers(0, 200), st.binary(max_size=6))
def test_any_damage_is_a_danish_reason(start: bytes, place: int, damage: bytes) -> None:
    whole = zipped(("imsmanifest.xml", b"<manifest/>"), ("a/b.xml", b"<a/>" * 9))
    for data in (start, b"PK\x03\x04" + start, whole[:place] + damage + whole[place + len(damage) :]):
        try:
            archive = Archive(data)
            for name in archive.names:
                archive.read(name)
        except InvalidContent as error:
            assert str(error).endswith(".")


def test_is_zip() -> None:
    assert is_zip(zipped(("a", b"b")))
    assert not is_zip(b"<xml/>")
