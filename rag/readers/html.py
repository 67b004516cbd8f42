"""Web pages: the visible text of headings, paragraphs, lists and tables."""

from html.parser import HTMLParser
from typing import TYPE_CHECKING

from rag.readers.blocks import BlockKind, Draft
from rag.readers.cleaning import clean_text, one_line
from rag.readers.errors import DamagedFile, TooLarge
from rag.readers.limits import Watch
from rag.readers.text import decode_text

if TYPE_CHECKING:
    from bs4 import Tag

DROPPED = frozenset(
    [
    "script", "style", "nav", "template", "noscript", "head", "form", "button", "select", "iframe", "object",
    "svg", "canvas", "footer",]
)  # fmt: skip
KINDS: dict[str, BlockKind] = {"p": "paragraph", "li": "list_item", "dt": "paragraph", "dd": "paragraph"}
KINDS |= {f"h{level}": "heading" for level in range(1, 7)}
# Text between these is a paragraph of its own even without a <p>.
CONTAINERS = frozenset(
    ["html", "body", "div", "section", "article", "main", "aside", "header", "blockquote", "ul", "ol", "dl", "figure",
     "figcaption", "details", "summary", "address", "pre", "hr", "br", "table", "tr", "td", "th"]
)  # fmt: skip
UNFINISHED_CHARACTERS = 5_000  # at the end of a page that was cut while it was fetched


def read_html(data: bytes, watch: Watch) -> Draft:
    """Read a web page. Raises TooLarge for more tags than the limits allow, DamagedFile for a page that breaks off."""
    from bs4 import BeautifulSoup

    text, warnings = decode_text(data)
    # The parser cannot be interrupted, so its work is bounded beforehand.
    if text.count("<") > watch.limits.max_tags:
        raise TooLarge("Siden er alt for stor. Gem kun den del, der skal bruges, og prøv igen.")
    soup = BeautifulSoup(_complete(text), "html.parser")
    title = one_line(clean_text(soup.title.get_text())) if soup.title else ""
    watch.check()
    draft = Draft(title=title, warnings=warnings)
    _Walk(draft, watch).walk(soup)
    return draft


def _complete(text: str) -> str:
    """The text up to a tag, comment or attribute that never ends.

    On such an end Python's parser starts over at each following "<", which takes minutes for 100 kB
    of hostile text; a first pass that only looks for the end is linear.
    """
    parser = HTMLParser(convert_charrefs=False)
    parser.feed(text)
    rest = parser.rawdata
    if len(rest) > UNFINISHED_CHARACTERS and "<" in rest:
        raise DamagedFile("Siden er ikke hentet færdig eller har en fejl i koden. Gem den igen, og prøv så igen.")
    return text


def _invisible(tag: "Tag") -> bool:
    if tag.name in DROPPED or tag.has_attr("hidden") or str(tag.get("aria-hidden")).lower() == "true":
        return True
    style = str(tag.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


class _Walk:
    """One pass over the tree in reading order; loose text is gathered until the next block begins."""

    def __init__(self, draft: Draft, watch: Watch) -> None:
        self.draft = draft
        self.watch = watch
        self.kind: BlockKind = "paragraph"
        self.level = 0
        self.pieces: list[str] = []
        # Tables around other tables lay a page out, so their cells are read as running text.
        self.outer: set[int] = set()

    def walk(self, root: "Tag") -> None:
        from bs4.element import NavigableString, PreformattedString, Tag

        for table in root.find_all("table"):
            self.watch.check()
            self.outer.add(id(table.find_parent("table")))
        # An explicit stack: pages nest deeper than Python may recurse. None marks the end of a block.
        stack: list[object] = [root]
        while stack:
            node = stack.pop()
            self.watch.check()
            if node is None:
                self._flush()
            elif isinstance(node, NavigableString):
                if not isinstance(node, PreformattedString):  # comments, CDATA, doctype
                    self.pieces.append(str(node))
            elif isinstance(node, Tag) and not _invisible(node):
                if node.name == "table" and id(node) not in self.outer:
                    self._flush()
                    rows = node.find_all("tr")
                    self.draft.add_table([[c.get_text(" ") for c in row.find_all(["td", "th"])] for row in rows])
                    continue
                if node.name in KINDS:
                    self._flush()
                    self.kind = KINDS[node.name]
                    self.level = int(node.name[1]) if self.kind == "heading" else 0
                    stack.append(None)
                elif node.name in CONTAINERS:
                    self._flush(keep_kind=node.name in {"br", "div"})
                    if node.name not in {"br", "hr"}:
                        stack.append(None)
                stack.extend(reversed(node.contents))
        self._flush()

    def _flush(self, keep_kind: bool = False) -> None:
        self.draft.add(self.kind, "".join(self.pieces), self.level)
        self.pieces = []
        if not keep_kind:
            self.kind, self.level = "paragraph", 0
