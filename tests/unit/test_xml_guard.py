"""XML from elsewhere: what is hostile or broken is refused at once, with what to do; the rest is parsed as it stands."""

import base64
import resource
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.errors import InvalidContent
from courses.exchange.xml_guard import DEEPEST, MOST_ATTRIBUTES, MOST_BYTES, MOST_TAGS, lines, parsed

BOMB = b"".join(
    [
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">',
        *(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">'.encode() for n in range(1, 10)),
        b"]><lolz>&lol9;</lolz>",
    ]
)
BLOW_UP = b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 100_000 + b'">]><a>' + b"&b;" * 100_000 + b"</a>"
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;]><a/>'


def reason(data: bytes) -> str:
    with pytest.raises(InvalidContent) as caught:
        parsed(data)
    said = str(caught.value)
    assert said.endswith(".")
    return said


@pytest.mark.parametrize("data", [BOMB, BLOW_UP, EXTERNAL, PARAMETER, b'<!DOCTYPE a SYSTEM "a.dtd"><a/>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_in_every_encoding(data: bytes, encoding: str) -> None:
    assert "dokumenttype" in reason(data.decode().encode(encoding))


@pytest.mark.parametrize(
    "before",
    [
        "\n",
        "<!-- a -->",
        "<!-- <a> -->\n<?b c?>",
        "<?xml-stylesheet href='x'?>",
        "<!---->",
        "<?xml version='1.1'?>\n\n",
    ],
)
def test_a_document_type_is_found_behind_other_things(before: str) -> None:
    assert "dokumenttype" in reason(before.encode() + BOMB.partition(b"?>")[2])


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "c"+AD4]+AD4-<a/>',
        b'<?xml version="1.0" encoding="IBM037"?><a/>',
        b'<?xml version="1.0" encoding="utf-32"?><a/>',
        b'<?xml version="1.0" encoding="hz-gb-2312"?><a/>',
        b'<?xml version="1.0" encoding="punycode"?><a/>',
        EXTERNAL.decode().encode("utf-32"),
        EXTERNAL.decode().encode("utf-32-le"),
    ],
)
def test_odd_encodings_are_refused(data: bytes) -> None:
    assert "tegnsættet UTF-8" in reason(data)


def test_ebcdic_is_no_xml() -> None:
    assert "ikke XML" in reason(EXTERNAL.decode().encode("cp037"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tom"),
        (b" \n\t", "tom"),
        (b"\0\0", "tom"),
        (b"PK\x03\x04abc", "zip"),
        (b"\x1f\x8babc", "zip"),
        (b"::Et:: Hvad? {=a ~b}", "ikke XML"),
        (b"<!DOCTYPE html><html></html>", "webside"),
        (b"<html>", "webside"),
        (b"<a>\xf8</a>", "UTF-8"),
        (b"<?xml version='1.0' encoding='windows-1252'?><a>\x81</a>", "UTF-8"),
        (b"\xff\xfe<\0a\0>", "UTF-16"),
        (b"<a>\n\0</a>", "U+0000) i linje 2"),
        (b"<a>\x07</a>", "U+0007"),
        (b"<a>&#0;</a>", "linje 1"),
        (b"<a>\n&nbsp;</a>", "I linje 2"),
        (b"<a>A & B</a>", "&amp;"),
        (b"<a>1 < 2</a>", "&lt;"),
        (b"<a b='&c;'/>", "&amp;"),
        (b"<a><b></a>", "lukket"),
        (b"<a><b>", "slutter midt"),
        (b"<a><![CDATA[b", "slutter midt"),
        (b"<!-- <a/>", "slutter midt"),
        (b"<a/><b/>", "gyldig XML"),
        (b"<?xml version='1.0'?>", "gyldig XML"),
        (b"<a\n b=c/>", "linje 2"),
    ],
)
def test_broken_files_are_refused_with_a_reason(data: bytes, words: str) -> None:
    assert words in reason(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB, "dokumenttype"),
        (BLOW_UP, "dokumenttype"),
        (b"<a>" + base64.b64encode(b"x" * 37_500_000) + b"</a>", f"{MOST_BYTES // 1_000_000} MB"),
        (b"<a>" + base64.b64encode(b"x" * 20_000_000) + b"</a>", "10 MB"),
        (b"<a><![CDATA[" + b"x" * 20_000_000 + b"]]></a>", "10 MB"),
        (b"<a b='" + b"x" * 20_000_000 + b"'/>", "10 MB"),
        (b"<a>" * 10_000_000, f"{DEEPEST} elementer"),
        (b"<a>" + b"<b/>" * 7_000_000 + b"</a>", "mange elementer"),
        (b"<a " + b" ".join(b"b%d=''" % n for n in range(MOST_ATTRIBUTES + 1)) + b"/>", "mange elementer"),
        (b"<a>" + b"<b>" * 90 + b"</b>" * 90 + b"&c;" * 5_000_000 + b"</a>", "linje 1"),
        (b"<?a?>" * 5_000_000, "gyldig XML"),
        (b"<!--" * 5_000_000, "gyldig XML"),
        (b"<a>" + b"<?a?>" * 5_000_000 + b"</a>", "mange elementer"),
        (b"<a>" + b"<!---->" * 4_000_000 + b"</a>", "mange elementer"),
        (b"<" * 20_000_000, "&lt;"),
        (b"\n" * 20_000_000 + b"<a>\x01</a>", "U+0001"),
    ],
)
def test_hostile_files_are_refused_fast_and_in_little_memory(data: bytes, words: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    assert words in reason(data)
    assert time.process_time() - began < 1.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


def test_a_large_file_that_is_right_is_read() -> None:
    root = parsed(b"<a>" + b"<b>c</b>\n" * (MOST_TAGS - 1) + b"</a>")
    assert len(root) == MOST_TAGS - 1


@pytest.mark.parametrize(
    ("first", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ('<?xml version="1.0"?>', "utf-8"),
        ("\n\n<?xml version='1.0' encoding='UTF-8' standalone=\"yes\"?>", "utf-8"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-16-le"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        ('<?xml version="1.0" encoding="iso-8859-15"?>', "iso8859-15"),
        ('<?xml version="1.1" encoding="utf-8"?>', "utf-8"),
    ],
)
def test_what_people_have_is_read(first: str, encoding: str) -> None:
    assert parsed(f"{first}<a>æøå</a>".encode(encoding)).text == "æøå"


def test_what_the_tree_holds() -> None:
    root = parsed(
        b"<?xml version='1.0'\n?>\n<?xml-stylesheet href='http://127.0.0.1:9/x.xsl'?><!-- <!DOCTYPE a> -->\n"
        b"<a xmlns:xi='http://www.w3.org/2001/XInclude'>b<!-- c -->d<?e f?>g<![CDATA[<!DOCTYPE h> & ]]>"
        b"<xi:include href='/etc/hostname' parse='text'/></a>"
    )
    assert root.text == "bdg<!DOCTYPE h> & "
    assert [child.tag for child in root] == ["{http://www.w3.org/2001/XInclude}include"]
    assert root[0].text is None
    assert root.sourceline == 4


@given(st.binary(max_size=60) | st.text("<>!?-[]&;=\"'/ax \n\x00\ufeff").map(str.encode))
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    try:
        assert parsed(data).tag
    except InvalidContent as error:
        assert str(error).endswith(".")


def test_lines_are_counted_in_long_files_too() -> None:
    data = b"\n<a><!-- <b> --><?c <b>?><![CDATA[<b>]]>" + b"\n" * 70_000 + b"<b\n/><bb/>\n" * 3 + b"</a>"
    assert lines(data, "b") == [70_002, 70_004, 70_006]
    assert len(parsed(data).findall("b")) == 3
    assert lines("<a>\n<b/></a>".encode("utf-16"), "b") == [2]
