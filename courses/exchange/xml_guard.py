"""XML from elsewhere, parsed without entities, network or surprises; anything hostile or broken is refused with what to do.

The file is decoded here, by a short list of encodings, and given to the parser as UTF-8. So a document type cannot hide in UTF-7,
UTF-16 or EBCDIC, and no encoding is read that the check did not see.
"""

import codecs
import re
from typing import Any

from lxml import etree

from courses.errors import InvalidContent

Element = Any  # an lxml element; lxml comes without types

MOST_BYTES = 30_000_000
DEEPEST = 100  # elements inside each other; Moodle needs 6, QTI with MathML some 40
MOST_TAGS = (
    600_000  # ends of elements, comments and instructions, also those in CDATA; 10,000 questions have about 500,000
)
MOST_ATTRIBUTES = 500_000
MOST_BEFORE_ROOT = 1_000  # comments and instructions
# The parser itself takes at most 10 MB in one text or tag.

# What XML cannot hold.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_PIECE = 1 << 16
_ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8"}
# A file that says Latin-1 is nearly always Windows' own, which has quotes and dashes where Latin-1 has control characters.
_ENCODINGS |= dict.fromkeys(["iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"], "cp1252")
_ENCODINGS |= {"iso-8859-15": "iso8859-15"}
# Windows programs write utf-16 in the first line and then save as something else; what the bytes are decides.
_ENCODINGS |= dict.fromkeys(["utf-16", "utf-16le", "utf-16be"], "utf-8")
_DECLARATION = re.compile(r"\s*+<\?xml\s[^<>]{0,300}\?>")
_DECLARED = re.compile(rb"""<\?xml\s[^<>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
_BETWEEN = re.compile(r"(<!--|<\?)|\s++")
_ENDS = {"<!--": "-->", "<?": "?>"}

EMPTY = "Filen er tom. Vælg en anden fil."
TOO_LARGE = f"Filen fylder mere end {MOST_BYTES // 1_000_000} MB. Del den i flere, eller gør billederne mindre."
NOT_XML = "Filen er ikke XML. Vælg den XML-fil, som systemet har eksporteret."
ZIPPED = "Filen er en pakket fil (zip), ikke XML. Pak den ud, og vælg XML-filen i den."
WEB_PAGE = "Filen er en webside, ikke XML med spørgsmål. Eksportér spørgsmålene igen, og vælg den fil, du får."
DOCUMENT_TYPE = (
    "Filen har en dokumenttype (<!DOCTYPE …>), som kan bruges til at skade en læser. Slet den linje, og prøv igen."
)
ENCODING = "Filen er i tegnsættet {}, som ikke kan læses her. Gem den i tegnsættet UTF-8, og prøv igen."
BROKEN = "Filen har bytes, der ikke passer til tegnsættet {}. Gem den i tegnsættet UTF-8, og prøv igen."
UNUSABLE = "Filen har et usynligt styretegn (U+{:04X}) i linje {}. Slet tegnet, og prøv igen."
TOO_DEEP = f"Filen har mere end {DEEPEST} elementer inde i hinanden. Eksportér spørgsmålene igen."
TOO_MANY = "Filen har for mange elementer. Del den i flere filer, og prøv igen."
TOO_LONG = "En tekst eller et billede omkring linje {} fylder over 10 MB. Gør det mindre, og eksportér igen."
CUT = "Filen slutter midt i et element. Den er nok ikke hentet helt ned. Eksportér den igen."
NOT_CLOSED = "Et element er ikke lukket rigtigt omkring linje {}. Ret det, eller eksportér filen igen."
ENTITY = (
    "I linje {} står et & eller < som tekst, eller en forkortelse som &nbsp;, som XML ikke har. Skriv &amp;, &lt; og &#160;, og "
    "prøv igen."
)
MALFORMED = "Filen er ikke gyldig XML omkring linje {}. Ret det, der står dér, eller eksportér filen igen."


def parsed(data: bytes) -> Element:
    """The root element, without comments and processing instructions; `sourceline` is the line in the file.

    Raises `InvalidContent` for what is empty, no XML, broken, too large, too deep, in an odd encoding, or has a document type
    (and so for every entity but the five of XML). Nothing is fetched and XInclude stays as it stands.
    """
    if len(data) > MOST_BYTES:
        raise InvalidContent(TOO_LARGE)
    text = _decoded(data)
    if declaration := _DECLARATION.match(text):
        # its line breaks stay, so that lines are counted as in the file
        text = "\n" * declaration[0].count("\n") + text[declaration.end() :]
    if text[_prolog(text) :].startswith("<!"):
        raise InvalidContent(DOCUMENT_TYPE)
    if odd := CONTROL.search(text):
        raise InvalidContent(UNUSABLE.format(ord(odd[0]), text.count("\n", 0, odd.start()) + 1))
    # Every attribute has a "=" and every element one of these ends, so the tree cannot have more.
    if text.count("=") > MOST_ATTRIBUTES or sum(map(text.count, ("</", "/>", "?>", "-->"))) > MOST_TAGS:
        raise InvalidContent(TOO_MANY)
    return _root(text.encode())


def lines(data: bytes, tag: str) -> list[int]:
    """The lines (from 1) that the elements `tag`, without a namespace, begin at in a file that `parsed` has read, in its order.

    The parser itself counts lines only to 65,535.
    """
    text = _decoded(data)
    pattern = re.compile(rf"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(<{re.escape(tag)}(?=[\s/>]))", re.DOTALL)
    found, line, place = [], 1, 0
    for match in pattern.finditer(text):
        if match[1]:
            line += text.count("\n", place, match.start())
            place = match.start()
            found.append(line)
    return found


def _decoded(data: bytes) -> str:
    if not data.strip(b" \t\r\n\x00"):
        raise InvalidContent(EMPTY)
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, b"<\0\0\0", b"\0\0\0<")):
        raise InvalidContent(ENCODING.format("UTF-32"))
    encoding = _marked(data)
    if not encoding:
        start = data.lstrip(b" \t\r\n")
        if not start.startswith(b"<"):
            raise InvalidContent(ZIPPED if start.startswith((b"PK\x03\x04", b"\x1f\x8b")) else NOT_XML)
        if re.match(rb"<(!doctype\s+)?html[\s/>]", start[:40], re.IGNORECASE):
            raise InvalidContent(WEB_PAGE)
        encoding = _declared(start)
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InvalidContent(BROKEN.format(encoding.upper())) from error


def _marked(data: bytes) -> str:
    """The encoding that the first bytes show, or ""."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(data[:2], "")


def _declared(start: bytes) -> str:
    found = _DECLARED.match(start[:300])
    name = found[1].decode("ascii", "replace").lower() if found else "utf-8"
    if name not in _ENCODINGS:
        raise InvalidContent(ENCODING.format(name.upper()))
    return _ENCODINGS[name]


def _prolog(text: str) -> int:
    """Where the first thing begins that is no blank, comment or processing instruction."""
    place = 0
    for _ in range(MOST_BEFORE_ROOT):
        opening = _BETWEEN.match(text, place)
        if opening is None:
            return place
        place = opening.end()
        if opening[1]:
            end = _ENDS[opening[1]]
            closed = text.find(end, place)
            place = closed + len(end) if closed >= 0 else len(text)
    raise InvalidContent(MALFORMED.format(text.count("\n", 0, place) + 1))


def _root(data: bytes) -> Element:
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = 0
    try:
        for place in range(0, len(data), _PIECE):
            parser.feed(data[place : place + _PIECE])
            for event, _ in parser.read_events():
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise InvalidContent(TOO_DEEP)
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise InvalidContent(_reason(list(parser.feed_error_log))) from error
    if root.getroottree().docinfo.internalDTD is not None:  # the check above and the parser must agree
        raise InvalidContent(DOCUMENT_TYPE)
    return root


def _reason(log: list[Any]) -> str:
    """What the parser's errors say, in Danish."""
    line = log[0].line if log else 1
    kinds = [entry.type_name for entry in log]
    if "ERR_RESOURCE_LIMIT" in kinds:
        return TOO_DEEP if "depth" in log[0].message else TOO_LONG.format(line)
    match kinds:
        case ["ERR_TAG_NOT_FINISHED" | "ERR_CDATA_NOT_FINISHED" | "ERR_COMMENT_NOT_FINISHED", *_]:
            return CUT
        case ["ERR_TAG_NAME_MISMATCH", *_]:
            return NOT_CLOSED.format(line)
        case ["ERR_UNDECLARED_ENTITY" | "ERR_ENTITYREF_SEMICOL_MISSING" | "ERR_NAME_REQUIRED", *_]:
            return ENTITY.format(line)
    return MALFORMED.format(line)
