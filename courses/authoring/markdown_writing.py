"""Text of a document as Markdown that shows the same: nothing in it becomes a mark, a link, a picture or a callout."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote

from rag.readers.cleaning import clean_text, one_line

LONGEST_ADDRESS = 2_000
BACKSLASH = "\\"
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s]+", re.IGNORECASE)
_SHOWN_ADDRESS = re.compile(r"https?://[\w.~:/?#@!&'()+,;=%-]*[\w/=&%~-]")
# An underscore inside a word (file_name) is a letter; Streamlit reads :red[…] and :smile: as more than text.
_SPECIAL = re.compile(
    r"[\\`*\[\]$~|]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#?\w+;)|:(?=[\w+-]+[:\[{])|:(?=material/)", re.ASCII
)
_MARKER = re.compile(r"^(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-{2,}\s*$|::)")
_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_CLOSING = re.compile(r"(?:^|(?<=\s))(?=#+$)")
_CORE = re.compile(r"[^\W_](?:.*[^\W_])?")
_KEPT = "%/:?#@!&'()+,;=~-._"  # what an address may hold as it stands; the rest is written %xx
_PLAIN_LABEL = re.compile(r"(\d{1,9})[.)]")


@dataclass(frozen=True)
class Run:
    """A stretch of text set in one way; `link` is the address it leads to. "\\n" in the text is a line break."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    link: str = ""

    @property
    def mark(self) -> str:
        """The signs around it."""
        return "~~" if self.struck else "**" * self.bold + "*" * self.italic


@dataclass(frozen=True)
class Item:
    """An item of a list: `level` counts from 0; `label` is "3." or "b)", empty for a bullet; `text` is Markdown."""

    level: int
    label: str
    text: str


def escaped(text: str) -> str:
    """One line of text as Markdown; whole web addresses become links to themselves."""
    pieces, end = [], 0
    for match in _SHOWN_ADDRESS.finditer(text):
        pieces += [_escaped(text[end : match.start()]), f"<{match[0]}>"]
        end = match.end()
    return "".join([*pieces, _escaped(text[end:])])


def inline(runs: Sequence[Run]) -> str:
    """Runs as the Markdown of one paragraph; emphasis is kept where it cannot be misread, links where they are safe."""
    return "  \n".join(_line_start(line) for line in _lines(runs))


def one_line_of(runs: Sequence[Run]) -> str:
    """Runs as Markdown on one line, as a cell of a table or an item needs it."""
    text = ""
    for line in _lines(runs):
        text += (" " if text.endswith((".", ",", ":", ";", "!", "?")) else "; ") + line if text else line
    return text


def plain(runs: Sequence[Run]) -> str:
    """The text of runs on one line."""
    return one_line(clean_text("".join(run.text for run in runs)))


def heading(text: str, level: int) -> str:
    """A heading of level 1-6."""
    return f"{'#' * level} {_CLOSING.sub(lambda _: BACKSLASH, _escaped(one_line(text)))}"


def table(rows: Sequence[Sequence[str]], header: bool = True) -> str:
    """Rows of cells, each Markdown on one line, as a table; without a `header` of its own the heads are empty."""
    width = max(map(len, rows), default=0)
    filled = [[*row, *[""] * (width - len(row))] for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return ""
    if not header:
        filled.insert(0, [""] * width)
    lines = ["| " + " | ".join(cell.replace("  \n", " ").replace("\n", " ") for cell in row) + " |" for row in filled]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])


def item_list(items: Sequence[Item]) -> str:
    """Items in a row as nested lists."""
    lines: list[str] = []
    open_items: list[tuple[int, int, bool]] = []  # level, width of the marker, whether it is numbered
    for item in items:
        sibling = False
        number = _PLAIN_LABEL.fullmatch(item.label)
        while open_items and open_items[-1][0] >= item.level:
            level, _, is_numbered = open_items.pop()
            sibling = level == item.level and is_numbered
        indent = " " * sum(width for _, width, _ in open_items)
        marker = f"{number[1]}. " if number else "- "
        text = item.text if number or not item.label else f"{_escaped(item.label)} {item.text}"
        if number and int(number[1]) != 1 and not sibling and lines:
            lines.append("")  # a list that begins with another number than 1 does not break a text off (CommonMark 5.3)
        lines.append(indent + marker + text.replace("\n", f"\n{indent}{' ' * len(marker)}"))
        open_items.append((item.level, len(marker), bool(number)))
    return "\n".join(lines)


def address(target: str) -> str:
    """A web or mail address as it may stand in a link; empty for every other scheme."""
    target = target.strip()
    if not _ADDRESS.fullmatch(target) or len(target) > LONGEST_ADDRESS:
        return ""
    return quote(target, safe=_KEPT)


def _lines(runs: Sequence[Run]) -> list[str]:
    lines = [_line(list(line)) for line in _broken(runs)]
    return [line for line in lines if line]


def _broken(runs: Sequence[Run]) -> list[list[Run]]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = clean_text(run.text).split("\n")
        lines[-1].append(replace(run, text=first))
        lines += [[replace(run, text=text)] for text in others]
    return lines


def _line(runs: Sequence[Run]) -> str:
    text = ""
    for link, group in groupby(_merged(runs), key=lambda run: address(run.link)):
        parts = list(group)
        words = _emphasised(parts, linked=bool(link), after_mark=text.endswith(("*", "~")))
        shown = words.strip()
        if link and shown:
            before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            words = f"{before}[{shown}](<{link}>){after}"
        text += words
    return re.sub(r"[ \t]+", " ", text).strip()


def _merged(runs: Sequence[Run]) -> Iterator[Run]:
    for _, group in groupby(runs, key=lambda run: replace(run, text="")):
        same = list(group)
        yield replace(same[0], text=re.sub(r"[ \t\u00ad]+", _blank, "".join(run.text for run in same)))


def _blank(match: re.Match[str]) -> str:
    return " " if match[0].strip("\u00ad") else ""


def _emphasised(runs: Sequence[Run], *, linked: bool, after_mark: bool) -> str:
    escape = _escaped if linked else escaped
    text = ""
    for run in runs:
        core = _CORE.search(run.text) if run.mark else None
        # Emphasis that begins right where another ends would be read as one; a word keeps its mark, an address its signs.
        beside = core is not None and core.start() == 0 and (text.endswith(("*", "~")) or (not text and after_mark))
        if core is None or beside or _SHOWN_ADDRESS.search(run.text):
            text += escape(run.text)
        else:
            before, after = run.text[: core.start()], run.text[core.end() :]
            text += f"{_escaped(before)}{run.mark}{_escaped(core[0])}{run.mark}{_escaped(after)}"
    return text


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text)


def _line_start(line: str) -> str:
    """A line with a backslash where its first signs would begin a heading, a list, a quote or a rule."""
    if number := _NUMBER.match(line):
        return f"{number[1]}\\{line[number.end(1) :]}"
    return f"\\{line}" if _MARKER.match(line) else line
