"""HTML and plain text of imported questions as Markdown that shows the same; what would be lost and matters is refused."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

from bs4 import BeautifulSoup, ParserRejectedMarkup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from courses.errors import InvalidContent
from courses.exchange.markdown_html import html as as_html

MOST_CHARACTERS = 100_000
MOST_TAGS = 2_000
DEEPEST = 30

_PLAIN = frozenset(["html", "body", "span", "font", "small", "big", "wbr", "o:p"])
_BLOCKS = frozenset(
    ["p", "div", "section", "article", "main", "header", "footer", "center", "address", "dl", "dt", "dd", "br",
     "details", "summary"]
)  # fmt: skip
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~", "s": "~~", "strike": "~~"}
_MARKS |= {f"h{level}": "**" for level in range(1, 7)}
_SIGNS = ("*", "~", "`")
_ALL_MARKS = frozenset([*_MARKS.values(), "`"])
_CODE = frozenset(["code", "kbd", "samp", "tt"])
_REFUSED = frozenset(
    ["img", "picture", "script", "style", "iframe", "frame", "object", "embed", "applet", "video", "audio", "source",
     "svg", "math", "canvas", "form", "input", "select", "textarea", "button", "table", "link", "meta", "base",
     "template", "sub", "sup"]
)  # fmt: skip
_SMALL = {
    "sup": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}
_ROWS = frozenset(["tr", "thead", "tbody", "tfoot"])
_EDGE = " \n"
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]+")
# A gap (_____) is left alone; Markdown does not read it as emphasis.
_SPECIAL = re.compile(r"_{5,}|[\\`*_\[\]<>$~]|&(?=#?\w+;)")
_LITERAL = re.compile(r"_{5,}|[\\`*_\[\]<>$~]")  # entities stay
_MARKER = re.compile(r"^(\s*)([-+=#]+|\d{1,9}[.)]|_{5,}(?=\s*$))(?=\s|$)")
_ESCAPE = re.compile(r"\\.")
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_MARKED = re.compile(r"[*~`]|\]\(")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_CODE_SIGN = re.compile(r"[<&\r]")
# Without these no line of a text can be anything but text.
_MARKDOWN_SIGN = re.compile(r"[\\`*_\[\]<>$~&#|]|^\s*(?:[-+=]|\d+[.)])|^(?: {4}|\t)", re.MULTILINE)
_EMPHASIS = re.compile(r"<(?:em|strong|code|s)>")

FORMULA = re.compile(r"\\[(\[]|\$\$")  # as Moodle's filter for MathJax knows them
FORMULA_TOLD = "Teksten har en formel, som vises, som den er skrevet. Skriv den med almindelige tegn."

Show = Callable[[str, str], str]


def markdown(html: str, picture: Show | None = None) -> tuple[str, list[str]]:
    """The text as Markdown, and the names of tags whose look is left out.

    With `picture`, which gives the Markdown of a picture by its address and words, pictures, simple tables and small digits are
    taken too. Raises `InvalidContent` for scripts and the like, for links to files, and for code that is broken off, too long or
    too deep.
    """
    if not _CODE_SIGN.search(html):
        return _escaped(_SPACES.sub(" ", html)).strip(_EDGE), []
    writer = _Writer(picture)
    text = writer.inside(_parsed(html), 0, frozenset())
    return text.strip(_EDGE), sorted(writer.dropped)


def literal(text: str) -> tuple[str, bool]:
    """Markdown that shows a plain text as it is written, and whether it has signs that look like emphasis.

    A text that Markdown leaves alone stays as it is; what looks like an entity (`&amp;`) is left alone too, and a tag that is not
    HTML of ours is shown as text everywhere.
    """
    if not _MARKDOWN_SIGN.search(text):
        return text, False
    shown = as_html(text)
    if text.count("$") < 2 and _signs(BeautifulSoup(shown, "html.parser").get_text()) == _signs(unescape(text)):
        return text, False
    return "\n".join(map(_escaped_line, text.split("\n"))), bool(_EMPHASIS.search(shown))


def _signs(text: str) -> str:
    return "".join(text.split())


def _escaped_line(line: str) -> str:
    return _MARKER.sub(
        _escaped_marker, _LITERAL.sub(lambda match: match[0] if len(match[0]) > 1 else f"\\{match[0]}", line)
    )


def plain(html: str) -> tuple[str, list[str]]:
    """The text alone, for places that show no Markdown, and the names of tags whose look is left out.

    Raises `InvalidContent` as `markdown` does.
    """
    soup = _parsed(html)
    names = {tag.name.lower() for tag in soup.find_all(True)}
    if refused := sorted(names & _REFUSED):
        raise _refusal(refused[0])
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    return soup.get_text().strip(_EDGE), sorted(names - _PLAIN - {"p", "div", "br"})


def _parsed(html: str) -> BeautifulSoup:
    if len(html) > MOST_CHARACTERS or html.count("<") > MOST_TAGS:
        raise InvalidContent("HTML-teksten er for lang. Del spørgsmålet op, eller skriv det uden HTML.")
    # On a tag that never ends the parser starts over at each following "<"; a first pass that only looks for the end is linear.
    parser = HTMLParser(convert_charrefs=False)
    try:
        parser.feed(html)
        if "<" not in parser.rawdata:
            return BeautifulSoup(html, "html.parser")
    except (AssertionError, ParserRejectedMarkup):  # how the parser of the standard library refuses odd declarations
        pass
    raise InvalidContent(
        "HTML-koden er ikke skrevet færdig, eller et < er ikke skrevet &lt;. Ret den, eller undvær HTML."
    )


def _refusal(name: str) -> InvalidContent:
    return InvalidContent(
        f"HTML-koden <{name}> kan ikke tages med (billeder, tabeller, scripts, hævet skrift). Skriv spørgsmålet uden den."
    )


class _Writer:
    """One pass over the tree; `marks` are the emphases that are open."""

    def __init__(self, picture: Show | None) -> None:
        self.dropped: set[str] = set()
        self._picture = picture

    def inside(self, tag: Tag, depth: int, marks: frozenset[str]) -> str:
        if depth > DEEPEST:
            raise InvalidContent("HTML-koden er for indviklet. Skriv spørgsmålet uden HTML.")
        text, closed = "", False
        for child in tag.children:
            piece = self._element(child, depth + 1, marks)
            # Blanks in a row show as one, and at the start of a line four of them would make it code.
            if text.endswith((" ", "\n")):
                piece = piece.lstrip(_EDGE if text.endswith("\n") else " ")
            elif closed and piece.startswith(_SIGNS) and isinstance(child, Tag):
                # Two emphases or codes side by side would be read as one.
                self.dropped.add(child.name)
                piece = self._element(child, depth + 1, _ALL_MARKS)
            text += piece
            closed = _ESCAPE.sub("", piece).endswith(_SIGNS) if piece else closed
        return text

    def _element(self, element: PageElement, depth: int, marks: frozenset[str]) -> str:
        if isinstance(element, Tag):
            return self._tag(element, depth, marks)
        if isinstance(element, NavigableString) and not isinstance(element, PreformattedString):
            return _escaped(_SPACES.sub(" ", element))
        return ""  # a comment

    def _tag(self, tag: Tag, depth: int, marks: frozenset[str]) -> str:
        name = tag.name.lower()
        if name in _REFUSED:
            return self._special(tag, name, depth)
        if name == "pre" or (name in _CODE and "`" not in marks):
            return _code(tag.get_text(), block=name == "pre")
        if name in {"ul", "ol"}:
            return self._list(tag, depth, marks)
        inner = self.inside(tag, depth, marks | {_MARKS[name]} if name in _MARKS else marks)
        if name in _MARKS:
            return self._marked(inner, name, marks)
        if name == "a":
            return _link(inner, tag)
        if name == "blockquote":
            return "\n\n" + "\n".join(f"> {line}".rstrip() for line in inner.strip(_EDGE).split("\n")) + "\n\n"
        if name == "hr":
            return "\n\n---\n\n"
        if name in _BLOCKS:
            return f"\n\n{inner.strip(_EDGE)}\n\n" if inner.strip(_EDGE) else "\n\n"
        if name not in _PLAIN | _CODE or tag.has_attr("style") or tag.has_attr("color"):
            self.dropped.add(name)
        return inner

    def _special(self, tag: Tag, name: str, depth: int) -> str:
        """What only some places can show."""
        if self._picture is not None:
            if name == "img":
                return self._picture(str(tag.get("src") or "").strip(), str(tag.get("alt") or ""))
            if name == "table":
                return self._table(tag, depth)
            small = tag.get_text().strip()
            if name in _SMALL and all(ord(sign) in _SMALL[name] for sign in small):
                return small.translate(_SMALL[name])
        raise _refusal(name)

    def _table(self, table: Tag, depth: int) -> str:
        """A table with rows of one length and a line in each cell; a first row without headings goes under empty ones."""
        rows = [[self._cell(cell, depth) for cell in row.find_all(["td", "th"])] for row in table.find_all("tr")]
        odd = any(not isinstance(child, Tag) or child.name not in _ROWS for child in _filled(table))
        if odd or not rows or not rows[0] or len({len(row) for row in rows}) > 1:
            raise _refusal("table")
        first = table.find(["td", "th"])
        if not isinstance(first, Tag) or first.name != "th":
            rows.insert(0, [" "] * len(rows[0]))
        rows.insert(1, ["---"] * len(rows[0]))
        return "\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n\n"

    def _cell(self, cell: Tag, depth: int) -> str:
        text = self.inside(cell, depth, frozenset()).strip(_EDGE)
        if "\n" in text or any(str(cell.get(name) or "1") != "1" for name in ("colspan", "rowspan")):
            raise _refusal("table")
        return text.replace("|", "\\|")

    def _marked(self, inner: str, name: str, marks: frozenset[str]) -> str:
        mark, around = _MARKS[name], "\n\n" if name.startswith("h") else ""
        # Beside a letter Markdown begins and ends emphasis only at letters, so signs at the edges stay outside.
        core = _CORE.search(inner)
        if core and mark not in marks:
            if "\n" in core[0] or _MARKED.search(_ESCAPE.sub("", inner)):
                self.dropped.add(name)
            else:
                inner = f"{inner[: core.start()]}{mark}{core[0]}{mark}{inner[core.end() :]}"
        return f"{around}{inner}{around}"

    def _list(self, tag: Tag, depth: int, marks: frozenset[str]) -> str:
        if tag.has_attr("type"):  # letters, which the text may speak of
            self.dropped.add(tag.name)
        start = str(tag.get("start") or "1")
        place = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
        lines: list[str] = []
        for child in tag.children:
            item = child if isinstance(child, Tag) and child.name == "li" else None
            inner = self.inside(item, depth, marks) if item is not None else self._element(child, depth, marks)
            if item is None and not inner.strip(_EDGE):
                continue
            marker = f"{place + len(lines)}. " if tag.name == "ol" else "- "
            indented = re.sub(r"\n(?=[^\n])", "\n" + " " * len(marker), inner.strip(_EDGE))
            lines.append(f"{marker}{indented}")
        return "\n\n" + "\n".join(lines) + "\n\n"


def _filled(table: Tag) -> list[PageElement]:
    """What stands in a table, but for white space."""
    return [child for child in table.children if isinstance(child, Tag) or str(child).strip()]


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(lambda match: match[0] if len(match[0]) > 1 else f"\\{match[0]}", text)
    return _MARKER.sub(_escaped_marker, text)


def _escaped_marker(match: re.Match[str]) -> str:
    """A dash, number or hash that would begin a list or a heading, with a backslash where Markdown wants it."""
    space, marker = match.groups()
    return f"{space}{marker[:-1]}\\{marker[-1]}" if marker[0].isdigit() else f"{space}\\{marker}"


def _code(text: str, *, block: bool) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    if block:
        text = text.strip("\n")
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}\n{text}\n{fence}\n\n"
    fence = "`" * (longest + 1)
    text = _SPACES.sub(" ", text).strip()
    if not text:
        return ""
    return f"{fence} {text} {fence}" if text.startswith("`") or text.endswith("`") else f"{fence}{text}{fence}"


def _link(inner: str, tag: Tag) -> str:
    address = str(tag.get("href") or "").strip()
    if not address or not inner.strip(_EDGE):
        return inner
    if not _ADDRESS.fullmatch(address):
        raise InvalidContent(
            "Et link fører til en fil eller et sted, der ikke følger med. Fjern linket, eller skriv hele adressen."
        )
    return f"[{inner.strip(_EDGE)}](<{address}>)"
