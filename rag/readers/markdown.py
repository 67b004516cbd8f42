"""Markdown as our own content is written in: front matter, headings with everyday questions, plain blocks."""

import re
from collections.abc import Mapping
from dataclasses import replace

from rag.readers.blocks import BlockKind, Draft
from rag.readers.cleaning import clean_text, join_lines, one_line
from rag.readers.errors import DamagedFile, UnreadableFile
from rag.readers.limits import Watch
from rag.readers.text import decode_text

HEADING = re.compile(r"^ {0,3}(#{1,6})(?=[ \t]|$)")
CLOSING_MARKS = re.compile(r"(?:^|[ \t])#+$")
ANCHOR = re.compile(r"\s*\{#[^{}]*\}\s*$")
ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.*)$")
FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
RULE = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
TABLE_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
QUOTE = re.compile(r"^ {0,3}>[ \t]?")
MARKS = re.compile(r"[`\\*_~\[<]")
# Patterns that begin or end in white space would try each place of a long run of it.
LONG_SPACE = re.compile(r"[ 	]{50,}")
LINK = re.compile(r"\[([^\[\]]{1,1000})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}(?:[ \t]+\"[^\"]{0,500}\")?\)")
FRONT_MATTER_BYTES = 64 * 1024
FRONT_MATTER_BRACKETS = 1_000  # PyYAML takes minutes for thousands of open brackets


def read_markdown(data: bytes, watch: Watch) -> Draft:
    """Read Markdown. Raises DamagedFile when the front matter is not a YAML mapping.

    A comment ``<!-- spørgsmål`` with one "- question" a line directly after a heading becomes that
    heading's questions; every other comment is dropped.
    """
    text, warnings = decode_text(data)
    front_matter, body = front_matter_of(clean_text(text))
    draft = Draft(warnings=warnings, front_matter=front_matter)
    _Body(draft, LONG_SPACE.sub(" ", body).split("\n"), watch).read()
    titles = [block.text for block in draft.blocks if block.kind == "heading" and block.level == 1]
    named = front_matter.get("title") or front_matter.get("titel")
    draft.title = str(named) if named else (titles[0] if titles else "")
    return draft


def plain_inline(text: str) -> str:
    """Return inline Markdown as plain text: emphasis, code, links and images lose their marks."""
    if not MARKS.search(text):
        return text
    codes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        codes.append(match.group(2).strip())
        return f"\x00{len(codes) - 1}\x00"

    # Code is set aside, since marks inside it are text. NUL cannot occur: the text was cleaned.
    text = re.sub(r"(`+)([^`]{1,2000})\1", keep, text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", lambda match: f"\x01{ord(match.group(1))}\x01", text)
    text = re.sub(r"!\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:[ \t]+\"[^\"]{0,500}\")?\)", r"\1", text)
    text = re.sub(LINK, r"\1", text)
    text = re.sub(r"\[([^\[\]]{1,1000})\]\[[^\[\]]{0,200}\]", r"\1", text)
    text = re.sub(r"<(https?://[^<>\s]{1,2000}|[^<>\s@]{1,200}@[^<>\s]{1,200})>", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^<>]{0,300}>", "", text)
    for marks in (r"\*\*\*", r"\*\*", r"\*", r"~~"):
        text = re.sub(rf"{marks}(?=\S)([^*~]{{1,2000}}?)(?<=\S){marks}", r"\1", text)
    # Underscores inside a word (file_name) are letters.
    text = re.sub(r"(?<!\w)(_{1,3})(?=\S)([^_]{1,2000}?)(?<=\S)\1(?!\w)", r"\2", text)
    text = re.sub(r"\x01(\d+)\x01", lambda match: chr(int(match.group(1))), text)
    return re.sub(r"\x00(\d+)\x00", lambda match: codes[int(match.group(1))], text)


def front_matter_of(text: str) -> tuple[Mapping[str, object], str]:
    """The YAML mapping at the top of a cleaned text, and what follows it. Raises DamagedFile for a broken one."""
    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    end = re.search(r"\n(?:---|\.\.\.)[ \t]*(?:\n|$)", text[3:])
    if end is None:
        raise DamagedFile(
            "Hovedet øverst i filen (front matter) er ikke afsluttet. Sæt en linje med --- efter det, og prøv igen."
        )
    source, body = text[3 : 3 + end.start()], text[3 + end.end() :]
    return _mapping(source), body


def _mapping(source: str) -> Mapping[str, object]:
    import yaml

    if len(source.encode()) > FRONT_MATTER_BYTES or source.count("[") + source.count("{") > FRONT_MATTER_BRACKETS:
        raise DamagedFile("Hovedet øverst i filen (front matter) er alt for langt. Forkort det, og prøv igen.")
    try:
        # A few aliases can stand for billions of values, and nobody needs them here.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source, Loader=yaml.SafeLoader)):
            raise DamagedFile("Hovedet øverst i filen må ikke bruge *henvisninger. Skriv værdierne ud, og prøv igen.")
        loaded = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        # The source begins right after the first "---", so its line 0 is the file's line 1.
        where = f" i linje {mark.line + 1}" if mark is not None else ""
        raise DamagedFile(
            f"Hovedet øverst i filen (front matter) har en fejl{where}. "
            "Ret den (fx manglende kolon, mellemrum eller citationstegn), og prøv igen."
        ) from error
    except UnreadableFile:
        raise
    except (ValueError, RecursionError) as error:  # e.g. a date of 2025-13-45
        raise DamagedFile(
            "Hovedet øverst i filen (front matter) har en ugyldig værdi. Ret den, og prøv igen."
        ) from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise DamagedFile("Hovedet øverst i filen skal bestå af linjer som »navn: værdi«. Ret det, og prøv igen.")
    return {str(key): value for key, value in loaded.items()}


class _Body:
    """The text below the front matter, read with a cursor over its lines."""

    def __init__(self, draft: Draft, source: list[str], watch: Watch) -> None:
        self.draft = draft
        self.source = source
        self.watch = watch
        self.at = 0
        self.kind: BlockKind | None = None
        self.lines: list[str] = []

    def read(self) -> None:
        while self.at < len(self.source):
            if self.at % 1000 == 0:
                self.watch.check()
            line = self.source[self.at]
            following = self.source[self.at + 1] if self.at + 1 < len(self.source) else ""
            self.at += 1
            if fence := FENCE.match(line):
                self._flush()
                self._fenced(fence.group(1))
            elif line.lstrip().startswith("<!--"):
                self._comment(line.lstrip())
            elif heading := HEADING.match(line):
                self._flush()
                self._heading(CLOSING_MARKS.sub("", line[heading.end() :].strip()), len(heading.group(1)))
            elif self.kind == "paragraph" and (underline := UNDERLINE.match(line)):
                title, self.kind, self.lines = join_lines(self.lines), None, []
                self._heading(title, 1 if underline.group(1).startswith("=") else 2)
            elif not line.strip() or RULE.match(line):
                self._flush()
            elif "|" in line and "-" in following and TABLE_RULE.match(following):
                self._flush()
                self._table(line)
            else:
                self._running(QUOTE.sub("", line))
        self._flush()

    def _flush(self) -> None:
        if self.kind is not None:
            self.draft.add(self.kind, plain_inline(join_lines(self.lines)))
        self.kind, self.lines = None, []

    def _running(self, line: str) -> None:
        line = _without_comments(line)
        if item := ITEM.match(line):
            self._flush()
            self.kind, self.lines = "list_item", [item.group(1)]
        else:
            # A line without a marker continues the item or paragraph above it (CommonMark 5.2, lazy lines).
            self.kind = self.kind or "paragraph"
            self.lines.append(line)

    def _heading(self, text: str, level: int) -> None:
        self.draft.add("heading", plain_inline(ANCHOR.sub("", _without_comments(text))), level)

    def _fenced(self, mark: str) -> None:
        content = []
        while self.at < len(self.source):
            line = self.source[self.at]
            self.at += 1
            if line.strip().startswith(mark) and not line.strip().strip(mark[0]):
                break
            content.append(line)
        self.draft.add("paragraph", " ".join(content))

    def _comment(self, first: str) -> None:
        content = [first.removeprefix("<!--")]
        while "-->" not in content[-1] and self.at < len(self.source):
            content.append(self.source[self.at])
            self.at += 1
        content[-1], _, rest = content[-1].partition("-->")
        last = self.draft.blocks[-1] if self.draft.blocks else None
        belongs_to_heading = self.kind is None and last is not None and last.kind == "heading"
        if last is not None and belongs_to_heading and content[0].strip().rstrip(":").lower() == "spørgsmål":
            asked = [one_line(plain_inline(item.group(1))) for line in content[1:] if (item := ITEM.match(line))]
            self.draft.blocks[-1] = replace(last, questions=tuple(filter(None, asked)))
        if rest.strip():
            self._running(rest)

    def _table(self, header: str) -> None:
        rows = [_cells(header)]
        self.at += 1
        while self.at < len(self.source) and "|" in self.source[self.at]:
            rows.append(_cells(self.source[self.at]))
            self.at += 1
        self.draft.add_table(rows)


def _without_comments(line: str) -> str:
    first, *others = line.split("<!--")
    return first + "".join(
        after if mark else f"<!--{text}" for text, mark, after in (o.partition("-->") for o in others)
    )


def _cells(line: str) -> list[str]:
    """The cells of one table row; an escaped bar belongs to its cell."""
    inner = line.strip().removeprefix("|")
    if not inner.endswith("\\|"):
        inner = inner.removesuffix("|")
    return [plain_inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", inner)]
