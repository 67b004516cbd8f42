"""Plain text: encodings, paragraphs of wrapped lines, and headings that only their shape reveals."""

import codecs
import re
from collections.abc import Sequence

from rag.readers.blocks import Draft
from rag.readers.cleaning import BULLET, NUMBERED, breaks_early, clean_text, ends_sentence, join_lines
from rag.readers.errors import DamagedFile
from rag.readers.limits import Watch

HEADING_CHARACTERS = 100
HEADING_WORDS = 14
FULL_STOP_HEADING_WORDS = 8
# A line ending in a full stop is a sentence, not a heading, as soon as it holds one of these.
FINITE_VERBS = frozenset(
    ["er", "var", "har", "havde", "kan", "kunne", "skal", "skulle", "vil", "ville", "må", "bør", "bliver", "blev",
     "får", "fik", "gør", "giver", "yder", "gælder", "sker", "findes", "indeholder", "bruger", "ønsker", "sikrer"]
)  # fmt: skip
# Abbreviations (ift. Microsoft) are shorter than the words that end sentences.
SENTENCE_BREAK = re.compile(r"\w{4}[.!?]\s+[A-ZÆØÅ]")
NOT_TEXT = "Indholdet er ikke læselig tekst. Gem filen som tekst i tegnsættet UTF-8, og prøv igen."
SOME_CHARACTERS = "Enkelte tegn i filen kunne ikke læses. Gem den i tegnsættet UTF-8, hvis noget mangler."


def read_text(data: bytes, watch: Watch) -> Draft:
    """Read plain text in UTF-8, UTF-16 or Windows-1252. Raises DamagedFile when it is not text."""
    text, warnings = decode_text(data)
    draft = Draft(warnings=warnings)
    add_plain_text(draft, text, watch=watch)
    if draft.blocks and draft.blocks[0].kind == "heading":
        draft.title = draft.blocks[0].text
    return draft


def decode_text(data: bytes) -> tuple[str, list[str]]:
    """Return the text of the bytes and Danish warnings; a byte-order mark decides first.

    UTF-8 with a few broken characters stays UTF-8; anything else that is not UTF-8 is taken for
    Windows-1252, the usual one on Danish office machines. Raises DamagedFile for binary content.
    """
    text, warnings = _decode(data)
    head = text[:100_000]
    control = sum(char < " " and char not in "\t\n\r\f\v\x1a" for char in head)
    if control > max(2, len(head) // 100):
        raise DamagedFile(NOT_TEXT)
    return text, warnings


def _decode(data: bytes) -> tuple[str, list[str]]:
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            broken = text.count("\ufffd")
            if broken > 2 + len(text) // 100:
                raise DamagedFile(NOT_TEXT)
            return text, [SOME_CHARACTERS] if broken else []
    head = data[:4096]
    for encoding, zeros in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[0::2].count(0))):
        if len(head) >= 4 and zeros > len(head) // 2 * 0.7 and head.count(0) < len(head) * 0.6:
            return data.decode(encoding, errors="replace"), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(char > "\x7f" for char in text) - broken
    if sound > 4 * broken:
        return text, [SOME_CHARACTERS]
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise DamagedFile(NOT_TEXT) from error
    ordinary = sum(char.isascii() or char in "æøåÆØÅéÉäöüÄÖÜ«»“”’–§\xa0" for char in text)
    if ordinary < 0.9 * len(text):
        raise DamagedFile(NOT_TEXT)
    return text, []


def add_plain_text(draft: Draft, text: str, page: int | None = None, watch: Watch | None = None) -> None:
    """Add the paragraphs, list items and headings of plain text to the draft.

    Blank lines part paragraphs, and so do lines that end long before the column does. A lone short
    line before a paragraph is a heading of level 2.
    """
    lines = clean_text(text).split("\n")
    chunks = _chunks(lines, _column_width(lines), watch)
    for number, (chunk, apart) in enumerate(chunks):
        if watch is not None and number % 1000 == 0:
            watch.check()
        content = join_lines(chunk)
        following = join_lines(chunks[number + 1][0]) if number + 1 < len(chunks) else ""
        # "We recommend" right above "1. that …" leads into the list and is no heading.
        leads_in = not apart and NUMBERED.match(following or " ") is not None
        mark = NUMBERED.match(content)
        item = NUMBERED.sub("", content) if mark else BULLET.sub("", content)
        first_of_all = not draft.blocks
        if item != content:
            draft.add("list_item", item, page=page, number=mark[0].strip() if mark else "")
        elif len(chunk) == 1 and not leads_in and _is_heading(content, following, first_of_all):
            draft.add("heading", content, 2, page)
        elif len(chunk) == 1 and _may_be_heading(content) and _in_list(draft):
            draft.add("list_item", content, page=page)
        else:
            draft.add("paragraph", content, page=page)


def _column_width(lines: Sequence[str]) -> float:
    """The width most wrapped lines come close to, in characters (the 90th percentile of their lengths)."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    return float(lengths[int(len(lengths) * 0.9)]) if lengths else 0.0


def _chunks(lines: Sequence[str], width: float, watch: Watch | None) -> list[tuple[list[str], bool]]:
    """The lines of each paragraph, and whether a blank line (or the end) follows it."""
    chunks: list[tuple[list[str], bool]] = []
    current: list[str] = []
    # Unwrapped text has a paragraph a line; the column is then no measure, and neither is a line's end.
    wrapped = 40 <= width <= 160
    for number, line in enumerate(lines):
        if watch is not None and number % 1000 == 0:
            watch.check()
        stripped = line.strip()
        starts_item = BULLET.match(stripped) or NUMBERED.match(stripped)
        if current and (not stripped or starts_item or _ended_before(current[-1], stripped, width, wrapped)):
            chunks.append((current, not stripped))
            current = []
        if stripped:
            current.append(stripped)
    if current:
        chunks.append((current, True))
    return chunks


def _ended_before(line: str, following: str, width: float, wrapped: bool) -> bool:
    if not wrapped:
        return len(line) > 160
    return not following[0].islower() and breaks_early(line, following, width)


def _may_be_heading(line: str) -> bool:
    """True for one short line in the shape of a heading: capital first, no sentence in it."""
    words = line.split()
    if len(line) > HEADING_CHARACTERS or len(words) > HEADING_WORDS:
        return False
    if not (line[0].isupper() or line[0].isdigit()) or not re.search(r"[^\W\d_]{2}", line):
        return False
    if line.endswith(".") and not line.endswith(".."):
        verbs = any(word.strip(".,").lower() in FINITE_VERBS or word.rstrip(".,").endswith("es") for word in words)
        return len(words) <= FULL_STOP_HEADING_WORDS and not verbs and not SENTENCE_BREAK.search(line)
    return not line.endswith((",", ";", ":", "!", "?", "-")) and not SENTENCE_BREAK.search(line)


def _is_heading(line: str, following: str, first_of_all: bool) -> bool:
    if not _may_be_heading(line) or not following:
        return False
    if first_of_all or line.isupper():
        return True
    # Short lines in a row are a list; a heading stands before a paragraph or a list marker.
    return not _may_be_heading(following)


def _in_list(draft: Draft) -> bool:
    last = draft.blocks[-1] if draft.blocks else None
    if last is None or last.kind == "heading":
        return False
    return last.kind == "list_item" or last.text.endswith(":") or not ends_sentence(last.text)
