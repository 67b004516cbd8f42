"""Uploads made to do harm, and broken ones: `REFUSED` must be refused whole, of `HARMLESS` nothing may run."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

Make = Callable[[], bytes]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_ITEM = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a" title="a" adaptive="false" '
    'time-dependent="false"><qti-item-body>{}</qti-item-body></qti-assessment-item>'
)


def moodle(text: str, more: str = "", answer: str = "ja", head: str = _HEAD) -> bytes:
    """Moodle XML with one question to choose in; `more` stands beside its text."""
    return (
        f'{head}<quiz><question type="multichoice"><name><text>a</text></name><questiontext format="html"><text>{text}</text>'
        f'{more}</questiontext><single>true</single><answer fraction="100" format="html"><text>{answer}</text></answer>'
        '<answer fraction="0" format="html"><text>nej</text></answer></question></quiz>'
    ).encode()


def quiz(doctype: str, text: str = "&a;") -> bytes:
    """Moodle XML with a document type."""
    return moodle(text, head=f"{_HEAD}<!DOCTYPE quiz [{doctype}]>")


def laughs() -> bytes:
    """A thousand million laughs."""
    nested = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return quiz(f'<!ENTITY a0 "ha">{nested}', "&a9;")


def quadratic() -> bytes:
    """One long entity, many times."""
    return quiz(f'<!ENTITY a "{"x" * 100_000}">', "&a;" * 100_000)


def in_utf7() -> bytes:
    """A document type that only a reader of UTF-7 sees."""
    return b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE quiz [+ADwAIQ-ENTITY a "x"]>' + moodle(
        "&a;", head=""
    )


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, method)
    return out.getvalue()


def package(*more: tuple[str | zipfile.ZipInfo, bytes], manifest: str = "") -> bytes:
    """A package of QTI with more in it than it should have."""
    listed = (
        f'{_HEAD}<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="m"><resources>'
        '<resource identifier="a" type="imsqti_item_xmlv3p0" href="a.xml"><file href="a.xml"/></resource>'
        f"{manifest}</resources></manifest>"
    )
    return zipped(("imsmanifest.xml", listed.encode()), *more)


def link() -> bytes:
    """A zip whose file is a link out of it."""
    info = zipfile.ZipInfo("a.xml")
    info.external_attr, info.create_system = 0o120777 << 16, 3
    return package((info, b"/etc/passwd"))


def twice() -> bytes:
    """Two files of one name, of which readers take different ones."""
    return package(("a.xml", _ITEM.format("<p>a</p>").encode()), ("b.xml", b"<b/>")).replace(b"b.xml", b"a.xml")


def nested_bomb() -> bytes:
    """A zip of zips of zeros."""
    inner = zipped(("a.xml", bytes(900_000)))
    for _ in range(3):
        inner = zipped(*((f"{n}.zip", inner) for n in range(16)))
    return package(("a.xml", inner))


def overlapping() -> bytes:
    """Thousands of entries that all mean the same packed bytes."""
    name, packed = b"a.xml", zlib.compress(bytes(1_000_000), 9)[2:-4]
    crc = zlib.crc32(bytes(1_000_000))
    sizes = struct.pack("<III", crc, len(packed), 1_000_000)
    local = b"PK\3\4" + struct.pack("<5H", 20, 0, 8, 0, 0) + sizes + struct.pack("<2H", len(name), 0) + name
    places = b"".join(
        b"PK\1\2" + struct.pack("<6H", 20, 20, 0, 8, 0, 0) + sizes
        + struct.pack("<5H2I", 7, 0, 0, 0, 0, 0, 0) + b"%03d.xml" % n
        for n in range(999)
    )  # fmt: skip
    start = len(local) + len(packed)
    return local + packed + places + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 999, 999, len(places), start, 0)


def flagged(data: bytes) -> bytes:
    """The same zip, said to be locked."""
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        place = data.index(sign) + offset
        data = data[:place] + b"\1\0" + data[place + 2 :]
    return data


def other_sum(data: bytes) -> bytes:
    """The same zip, with wrong sums of every file."""
    place = -1
    while (place := data.find(b"PK\1\2", place + 1)) >= 0:
        data = data[: place + 16] + b"\1\2\3\4" + data[place + 20 :]
    return data


def png_header(width: int, height: int) -> bytes:
    """A picture that says it has so many points and has none."""
    body = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in ((b"IHDR", body), (b"IDAT", zlib.compress(bytes(1_000))), (b"IEND", b""))
    )


def with_picture(data: bytes, name: str = "a.png") -> bytes:
    """A question that shows these bytes."""
    coded = base64.b64encode(data).decode()
    return moodle(
        f'&lt;img src="@@PLUGINFILE@@/{name}" alt="a"/&gt;',
        f'<file name="{name}" path="/" encoding="base64">{coded}</file>',
    )


def deep_yaml() -> bytes:
    """Lists in lists."""
    return b"- id: a\n  text: " + b"[" * 50_000 + b"]" * 50_000


def yaml_aliases() -> bytes:
    """A billion laughs in YAML."""
    lines = ['a0: &a0 ["ha", "ha"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()


def csv_of(*rows: str) -> bytes:
    """A spreadsheet with our columns."""
    return "\r\n".join(("slags;spørgsmål;rigtige svar;forkerte svar", *rows)).encode()


_BIG = 52_000_000
# Beside each file its name; the content decides the reader.
REFUSED: dict[str, tuple[str, Make]] = {
    "laughs": ("a.xml", laughs),
    "quadratic": ("a.xml", quadratic),
    "a file from outside": ("a.xml", lambda: quiz('<!ENTITY a SYSTEM "file:///etc/passwd">')),
    "an address from outside": ("a.xml", lambda: quiz('<!ENTITY a SYSTEM "http://127.0.0.1:9/x">')),
    "parameter entities": ("a.xml", lambda: quiz('<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;', "x")),
    "an outer document type": (
        "a.xml",
        lambda: moodle("x", head=f'{_HEAD}<!DOCTYPE quiz SYSTEM "http://127.0.0.1:9/x.dtd">'),
    ),
    "a document type in UTF-16": (
        "a.xml",
        lambda: quiz('<!ENTITY a "x">').decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    ),
    "a document type in UTF-7": ("a.xml", in_utf7),
    "a document type in UTF-32": ("a.xml", lambda: quiz('<!ENTITY a "x">').decode().encode("utf-32")),
    "XInclude": (
        "a.xml",
        lambda: moodle(
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
        ),
    ),
    "deep XML": ("a.xml", lambda: b"<quiz>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</quiz>"),
    "a million attributes": ("a.xml", lambda: b"<quiz " + b" ".join(b'a%d=""' % n for n in range(600_000)) + b"/>"),
    "50 MB of base64 in Moodle XML": (
        "a.xml",
        lambda: moodle("x", f'<file name="a.png" path="/" encoding="base64">{"A" * _BIG}</file>'),
    ),
    "20 MB of base64 in Moodle XML": (
        "a.xml",
        lambda: moodle("x", f'<file name="a.png" path="/" encoding="base64">{"A" * 20_000_000}</file>'),
    ),
    "50 MB of base64 in an address": (
        "a.xml",
        lambda: moodle(f"&lt;img src='data:image/png;base64,{'A' * _BIG}'/&gt;"),
    ),
    "50 MB of base64 in QTI": (
        "a.xml",
        lambda: (_HEAD + _ITEM.format(f'<img src="data:image/png;base64,{"A" * _BIG}" alt="a"/>')).encode(),
    ),
    "50 MB of base64 in a package of QTI": (
        "a.zip",
        lambda: package(("a.xml", _ITEM.format(f"<p>{'A' * _BIG}</p>").encode())),
    ),
    "QTI with entities": (
        "a.xml",
        lambda: f'{_HEAD}<!DOCTYPE a [<!ENTITY a "x">]>{_ITEM.format("<p>&a;</p>")}'.encode(),
    ),
    "a package of QTI with entities": (
        "a.zip",
        lambda: package(("a.xml", f'{_HEAD}<!DOCTYPE a [<!ENTITY a "x">]>{_ITEM.format("<p>&a;</p>")}'.encode())),
    ),
    "zip slip": ("a.zip", lambda: package(("../../a.xml", b"<a/>"))),
    "zip slip as Windows writes it": ("a.zip", lambda: package(("abc.xml", b"<a/>")).replace(b"abc.xml", b"..\\.xml")),
    "an absolute path": ("a.zip", lambda: package(("/etc/cron.d/a", b"x"))),
    "a drive": ("a.zip", lambda: package(("C:/a.xml", b"<a/>"))),
    "a path in the manifest": (
        "a.zip",
        lambda: package(
            ("b.xml", b"<b/>"), manifest='<resource identifier="p" type="imsqti_item_xmlv3p0" href="../../etc/passwd"/>'
        ),
    ),
    "a link in a zip": ("a.zip", link),
    "a zip bomb": ("a.zip", lambda: package(("a.xml", b" " * 29_000_000))),
    "a nested zip bomb": ("a.zip", nested_bomb),
    "an overlapping zip bomb": ("a.zip", overlapping),
    "a locked zip": ("a.zip", lambda: flagged(package(("a.xml", b"<a/>")))),
    "a zip with wrong sums": ("a.zip", lambda: other_sum(package(("a.xml", b"<a/>")))),
    "half a zip": ("a.zip", lambda: (whole := package(("a.xml", b"<a/>" * 1_000)))[: len(whole) // 2]),
    "a zip with its end alone": ("a.zip", lambda: b"PK\5\6" + bytes(18)),
    "two files of one name": ("a.zip", twice),
    "a Word file called zip": (
        "a.zip",
        lambda: zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")),
    ),
    "a huge field in a spreadsheet": ("a.csv", lambda: csv_of("ét svar;" + "x" * 4_000_000 + ";a;b")),
    "a spreadsheet with NUL": ("a.csv", lambda: csv_of("ét svar;a\0;a;b")),
    "a million quotes": ("a.csv", lambda: csv_of('"' * 1_000_001)),
    "too many rows": ("a.csv", lambda: csv_of(*["sandt eller falsk;a;sandt;"] * 10_000)),
    "a spreadsheet without columns": ("a.csv", lambda: b";" * 2_000_000),
    "YAML aliases": ("a.yaml", yaml_aliases),
    "YAML that calls Python": ("a.yaml", lambda: b'- !!python/object/apply:os.system ["true"]'),
    "YAML that names Python": ("a.yaml", lambda: b"- !!python/name:os.system"),
    "deep YAML": ("a.yaml", deep_yaml),
    "YAML that is no list": ("a.yaml", lambda: b"a: b"),
    "YAML with odd tags": ("a.yaml", lambda: b"- !!binary aGVq\n- !!set {a, b}\n- 2026-01-01"),
    "5 MB of braces": ("a.gift", lambda: b"{}" * 2_490_000),
    "5 MB of opening braces": ("a.gift", lambda: b"{" * 4_990_000),
    "5 MB of backslashes": ("a.gift", lambda: b"\\" * 4_990_000),
    "5 MB of colons": ("a.gift", lambda: b":" * 4_990_000),
    "5 MB of hashes": ("a.gift", lambda: b"a{" + b"#" * 4_990_000 + b"}"),
    "5 MB of equals signs": ("a.gift", lambda: b"a{" + b"=" * 4_990_000 + b"}"),
    "5 MB of slashes": ("a.gift", lambda: b"a{" + b"/" * 4_990_000 + b"}"),
    "6 MB of GIFT": ("a.gift", lambda: b"a {T}\n\n" * 900_000),
    "half-open tags": ("a.gift", lambda: b"[html]" + b"<a " * 330_000 + b"{T}"),
    "half-open declarations": ("a.gift", lambda: b"[html]" + b"<![" * 330_000 + b"{T}"),
    "half-open comments": ("a.gift", lambda: b"[html]" + b"<!--" * 24_000 + b"{T}"),
    "tags that never end": ("a.gift", lambda: b"[html]" + b'<a href\\="' * 1_900 + b"x" * 60_000 + b"{T}"),
    "deep tags": ("a.gift", lambda: b"[html]" + b"<b>" * 1_900 + b"x {T}"),
    "many questions of half-open tags": ("a.gift", lambda: (b"[html]" + b"<" * 1_900 + b"x {T}\n\n") * 500),
    "half-open tags in Moodle XML": ("a.xml", lambda: moodle("&lt;a " * 150_000)),
    "gaps that never end": (
        "a.xml",
        lambda: moodle("{1:SHORTANSWER:=a~" * 50_000).replace(b'type="multichoice"', b'type="cloze"'),
    ),
    "broken UTF-8": ("a.xml", lambda: moodle("x").replace(b"nej", b"\xff\xfe\xc3\x28")),
    "broken UTF-16": ("a.xml", lambda: moodle("x").decode().replace("UTF-8", "UTF-16").encode("utf-16")[:-1]),
    "GIFT in broken UTF-16": ("a.gift", lambda: b"\xff\xfe" + "a {T}".encode("utf-16-le")[:-1]),
    "GIFT that is no text": ("a.gift", lambda: b"\x81\x8d\x8f\x90\x9d" * 100),
    "GIFT with NUL": ("a.gift", lambda: b"a\0b {T}"),
    "a photo called xml": ("a.xml", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 40),
    "a program called zip": ("a.zip", lambda: b"MZ\x90\x00" + bytes(400)),
    "a program called gift": ("a.gift", lambda: b"\x7fELF" + bytes(400)),
    "a PDF called gift": ("a.gift", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj"),
    "an empty file": ("a.xml", lambda: b""),
    "a file of blanks": ("a.gift", lambda: b" \n\t\r\n" * 1_000),
    "a web page": ("a.xml", lambda: b"<!doctype html><html><body>Log ind</body></html>"),
    "a picture of 60,000 by 60,000 points": ("a.xml", lambda: with_picture(png_header(60_000, 60_000))),
    "a picture of 12 by 2,000,000,000 points": ("a.xml", lambda: with_picture(png_header(12, 2_000_000_000))),
    "a picture that stops": ("a.xml", lambda: with_picture(png_header(200, 200)[:40])),
    "a drawing with a script": (
        "a.xml",
        lambda: with_picture(
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script></svg>', "a.svg"
        ),
    ),
    "a web page as a picture": ("a.xml", lambda: with_picture(b"<html><script>x()</script></html>")),
    "a script": ("a.xml", lambda: moodle("a &lt;script&gt;x()&lt;/script&gt;")),
    "a script in an answer": ("a.xml", lambda: moodle("a", answer="&lt;script src='//x'&gt;&lt;/script&gt;")),
    "a frame": ("a.xml", lambda: moodle("a &lt;iframe src='https://x.example'&gt;&lt;/iframe&gt;")),
    "a picture that fails on purpose": ("a.xml", lambda: moodle("&lt;img src=x onerror=x()&gt;")),
    "a picture from elsewhere": ("a.xml", lambda: moodle("&lt;img src='https://x.example/a.png'&gt;")),
    "a link that runs": ("a.xml", lambda: moodle("&lt;a href='javascript:x()'&gt;se&lt;/a&gt;")),
    "a link that runs, spelt oddly": ("a.xml", lambda: moodle("&lt;a href='java&amp;#10;script:x()'&gt;se&lt;/a&gt;")),
    "a script in GIFT": ("a.gift", lambda: b"[html]a <script>x()</script> {T}"),
    "a link in GIFT that runs": ("a.gift", lambda: b"[markdown]Se [her](javascript\\:x\\(1\\)) {T}"),
    "a link in GIFT that runs, spelt oddly": ("a.gift", lambda: b"[markdown]Se [her](<jAvaScript\\:x> 'a') {T}"),
    "a link further down in GIFT": ("a.gift", lambda: b"[markdown]Se [her][a].\\n\\n[a]\\: data\\:text/html,x {T}"),
    "an address in brackets": ("a.gift", lambda: b"[markdown]Se <vbscript\\:x> {T}"),
    "a picture in GIFT from elsewhere": ("a.gift", lambda: b"[markdown]![a](https\\://x.example/a.png) {T}"),
    "a link in Markdown of Moodle": (
        "a.xml",
        lambda: moodle("[se](javascript:x)").replace(b'questiontext format="html"', b'questiontext format="markdown"'),
    ),
    "a link in a spreadsheet": ("a.csv", lambda: csv_of("sandt eller falsk;[se](data:text/html,x);sandt;")),
    "a link in YAML": ("a.yaml", lambda: b"- {id: a, type: true_false, text: '[se](javascript:x)', answer: true}"),
    "a picture in YAML from elsewhere": (
        "a.yaml",
        lambda: b"- {id: a, type: true_false, text: '![se](http://x.example/a.png)', answer: true}",
    ),
}

# What is shown as it is written, or loses what would run.
HARMLESS: dict[str, tuple[str, Make]] = {
    "a script as text": ("a.gift", lambda: b"Hvad g\xc3\xb8r <script>x()</script>? {T}"),
    "a script as Markdown": ("a.gift", lambda: b"[markdown]<script>x()</script> <img src\\=x onerror\\=x()> {T}"),
    "an event": ("a.xml", lambda: moodle("&lt;p onclick='x()' style='background:url(//x)'&gt;a&lt;/p&gt;")),
    "a script in a spreadsheet": ("a.csv", lambda: csv_of("ét svar;<script>x()</script>;<b onclick=x>a</b>;b")),
    "a formula in a spreadsheet": ("a.csv", lambda: csv_of("ét svar;=1+1;=HYPERLINK(1);b")),
    "10,000 questions": ("a.gift", lambda: b"".join(b"::n%d::Er %d lige? {T}\n\n" % (n, n) for n in range(10_000))),
    "10,000 questions of HTML": (
        "a.gift",
        lambda: b"".join(b"[html]<p>Er <b>%d</b> lige?</p> {=ja ~nej}\n\n" % n for n in range(10_000)),
    ),
    "10,000 questions of Moodle": (
        "a.xml",
        lambda: _HEAD.encode() + b"<quiz>" + moodle("x").partition(b"<quiz>")[2][:-7] * 10_000 + b"</quiz>",
    ),
}
