"""Markdown files as draft lessons: kept as written, but without HTML, foreign pictures and odd addresses."""

import base64
import binascii
import re
from collections.abc import Iterator

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.document_pictures import Pictures
from courses.authoring.document_pieces import Chunk, Piece
from courses.authoring.document_read import ReadFile
from courses.authoring.markdown_writing import address
from rag.readers.cleaning import clean_text, one_line
from rag.readers.document import first_title
from rag.readers.errors import TooLarge
from rag.readers.limits import Watch
from rag.readers.markdown import CLOSING_MARKS, FENCE, HEADING, front_matter_of, plain_inline
from rag.readers.text import decode_text

MOST_PARTS = 500
MOST_CHARACTERS = 4_000_000  # without the pictures written into it
HTML = "HTML i filen er fjernet, og kun teksten står tilbage. Kontrollér steder, hvor HTML gav teksten form."
FOREIGN = (
    "{count} billeder i filen ligger et andet sted og er ikke taget med; deres beskrivelse står i stedet. "
    "Indsæt dem i lektionen."
)
# Words in brackets hold no bracket of their own, so that a long row of brackets is read once.
_DATA = re.compile(
    r"!\[([^\[\]\n]{0,500})\]\(\s*<?data:image/[\w.+-]{1,30};base64,([A-Za-z0-9+/=]*)>?(?:[ \t]{1,9}\"[^\"\n]{0,300}\")?\s*\)"
)
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,200}\])")
_LINK = re.compile(
    r"(?<!!)\[([^\[\]\n]{1,1000})\]\(\s*<?([^()\s<>]{1,2000}(?:\([^()\s<>]{0,200}\)[^()\s<>]{0,200})?)>?(\s+\"[^\"\n]{0,300}\")?\s*\)"
)
_DEFINITION = re.compile(r"^ {0,3}\[([^\]\n]{1,200})\]:\s*<?(\S{1,2000}?)>?\s*$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SILENT = re.compile(
    r"<(script|style|template|iframe|object|svg)\b[^<>]{0,1000}>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]{1,2000}>|<[\w.+-]{1,100}@[\w.-]{1,200}>")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`\n]{1,2000})(?<!`)\1(?!`)")
_SETEXT = re.compile(r"^ {0,3}=+[ \t]*$")
_ADDRESSED = "\x00{}\x00"
_SET_ASIDE = re.compile(r"\x00(\d+)\x00")


def read_markdown(data: bytes, watch: Watch, name: str) -> ReadFile:
    """Read Markdown; a lesson begins at each heading of level 1. `name` is the title where the file has none.

    Raises DamagedFile for a broken head, TooLarge for more text than a course can hold.
    """
    text, warnings = decode_text(data)
    front, body = front_matter_of(clean_text(text))
    if len(_DATA.sub("", body)) > MOST_CHARACTERS:
        raise TooLarge("Filen har alt for meget tekst til ét kursus. Del den i mindre filer, og prøv igen.")
    losses = Losses()
    reader = _Reader(Pictures(losses), losses, watch)
    parts = list(_parts(body))
    if len(parts) > MOST_PARTS:
        raise TooLarge(f"Filen har mere end {MOST_PARTS} overskrifter af øverste niveau. Del den op, og prøv igen.")
    chunks = [reader.chunk(title, part) for title, part in parts]
    named = front.get("title") or front.get("titel")
    headings = [chunk.title for chunk in chunks if chunk.title]
    title = first_title(str(named) if named else "", headings[0] if len(headings) == 1 else "", name)
    chunks = _titled(chunks, title)
    if reader.html:
        warnings.append(HTML)
    if reader.foreign:
        told = FOREIGN.format(count=reader.foreign)
        warnings.append(told if reader.foreign > 1 else told.replace("1 billeder", "1 billede"))
    return ReadFile(title, chunks, reader.pictures, losses, warnings)


def _titled(chunks: list[Chunk], title: str) -> list[Chunk]:
    """What stands before the first heading goes with the first lesson, or is the only one."""
    first, *others = chunks
    if not others:
        return [Chunk(first.title or title, first.pieces)]
    if first.title:
        return chunks
    return [Chunk(others[0].title, first.pieces + others[0].pieces), *others[1:]]


def _parts(body: str) -> Iterator[tuple[str, str]]:
    """The parts of a text with their titles, cut at headings of level 1 outside code; the first has no title."""
    title, lines, fence = "", [""], ""
    for line in body.split("\n"):
        mark = FENCE.match(line)
        if fence:
            fence = "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
        elif mark:
            fence = mark[1]
        elif (found := HEADING.match(line)) and len(found[1]) == 1:
            if title or "".join(lines).strip():
                yield title, "\n".join(lines)
            title, lines = CLOSING_MARKS.sub("", line[found.end() :].strip()), []
            continue
        elif _SETEXT.match(line) and lines and lines[-1].strip():
            before = lines.pop()
            if title or "".join(lines).strip():
                yield title, "\n".join(lines)
            title, lines = before.strip(), []
            continue
        lines.append(line)
    yield title, "\n".join(lines)


class _Reader:
    """Cleans the parts of one file, and gathers its pictures."""

    def __init__(self, pictures: Pictures, losses: Losses, watch: Watch) -> None:
        self.pictures, self.losses, self.watch = pictures, losses, watch
        self.html = False
        self.foreign = 0

    def chunk(self, title: str, text: str) -> Chunk:
        title = one_line(plain_inline(title))
        pieces: list[Piece] = []
        for is_code, part in _code_apart(text):
            self.watch.check()
            if is_code:
                pieces.append(Piece("text", part, part))
            else:
                pieces += self._with_pictures(part, title)
        return Chunk(title, pieces)

    def _with_pictures(self, text: str, place: str) -> Iterator[Piece]:
        end = 0
        for match in _DATA.finditer(text):
            yield from self._text(text[end : match.start()], place)
            end = match.end()
            try:
                data = base64.b64decode(match[2], validate=True)
            except (binascii.Error, ValueError):
                data = b""
            stand_in = f"Billede fra afsnittet {place}" if place else "Billede fra dokumentet"
            piece = self.pictures.piece(data, plain_inline(match[1]), place, stand_in)
            if piece:
                yield piece
        yield from self._text(text[end:], place)

    def _text(self, text: str, place: str) -> Iterator[Piece]:
        cleaned = self._clean(text, place).strip("\n")
        if cleaned.strip():
            # Signs written with a backslash must not hide a number from the privacy gate.
            yield Piece("text", f"{cleaned}\n{plain_inline(cleaned)}" if "\\" in cleaned else cleaned, cleaned)

    def _clean(self, text: str, place: str) -> str:
        kept: list[str] = []

        def aside(match: re.Match[str]) -> str:
            kept.append(match[0])
            return _ADDRESSED.format(len(kept) - 1)

        # Code and web addresses in angles look like HTML and are not. NUL cannot occur: the text was cleaned.
        text = _AUTOLINK.sub(aside, _CODE.sub(aside, text))
        bare = _BREAK.sub(" ", _SILENT.sub(" ", _COMMENT.sub("", text)))
        bare = _TAG.sub("", bare)
        self.html = self.html or _TAG.search(_COMMENT.sub("", text)) is not None
        bare = _OPENING.sub(r"\\<", bare)
        bare = _IMAGE.sub(self._foreign, bare)
        bare = _LINK.sub(lambda match: self._link(match, place), bare)
        bare = "\n".join(line for line in bare.split("\n") if self._is_safe_definition(line, place))
        return _SET_ASIDE.sub(lambda match: kept[int(match[1])], bare)

    def _foreign(self, match: re.Match[str]) -> str:
        self.foreign += 1
        return match[1]

    def _link(self, match: re.Match[str], place: str) -> str:
        if address(match[2]):
            return match[0]
        self.losses.note(Loss.LINK, place)
        return match[1]

    def _is_safe_definition(self, line: str, place: str) -> bool:
        match = _DEFINITION.match(line)
        if match is None or match[1].startswith("^") or address(match[2]):
            return True
        self.losses.note(Loss.LINK, place)
        return False


def _code_apart(text: str) -> Iterator[tuple[bool, str]]:
    """The text and its fenced code, in order; a fence that never ends is closed."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if fence:
            lines.append(line)
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                yield True, "\n".join(lines)
                lines, fence = [], ""
        elif mark:
            yield False, "\n".join(lines)
            lines, fence = [line], mark[1]
        else:
            lines.append(line)
    yield bool(fence), "\n".join([*lines, fence] if fence else lines)
