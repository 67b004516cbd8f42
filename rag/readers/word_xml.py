"""The XML of a Word document: what its styles mean, what is visible, and what stands inside what."""

import re
from collections.abc import Iterator
from typing import Any

Element = Any  # an lxml element; lxml comes without types

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted and moved-away text, and the older copy of a shape that is also given in the newer form.
LEFT_OUT = {f"{WORD}del", f"{WORD}moveFrom", f"{WORD}instrText", f"{WORD}txbxContent", FALLBACK}
WRAPPERS = {f"{WORD}sdt", f"{WORD}sdtContent", f"{WORD}ins", f"{WORD}moveTo", f"{WORD}customXml", f"{WORD}smartTag"}
HEADING_NAME = re.compile(r"^(?:heading|overskrift)\s*(\d)")
LIST_NAME = re.compile(r"^(?:list|opstilling|punktopstilling)")
CONTENTS_NAME = re.compile(r"^(?:toc|indholdsfortegnelse)\b")
MAX_STYLE_DEPTH = 10


class Styles:
    """What the paragraph styles of a document (python-docx's) mean."""

    def __init__(self, document: Any) -> None:
        self._elements: dict[str, Element] = {}
        self._default = ""
        for style in document.styles.element.iterchildren(f"{WORD}style"):
            if style.get(f"{WORD}type") == "paragraph":
                identifier = style.get(f"{WORD}styleId") or ""
                self._elements[identifier] = style
                if style.get(f"{WORD}default") in {"1", "true"}:
                    self._default = identifier
        self._known: dict[str, tuple[str, int]] = {}

    def meaning(self, identifier: str | None) -> tuple[str, int]:
        """("title", 1), ("heading", level), ("list_item", 0), ("skip", 0) for contents, or ("paragraph", 0)."""
        key = identifier or self._default
        if key not in self._known:
            self._known[key] = self._look_up(key)
        return self._known[key]

    def numbering(self, identifier: str | None) -> Element | None:
        """The w:numPr that a style gives its paragraphs, its own or inherited."""
        for style in self._chain(identifier or self._default):
            found = style.find(f"{WORD}pPr/{WORD}numPr")
            if found is not None:
                return found
        return None

    def name(self, identifier: str | None) -> str:
        """The name of a style in lower case, as Word stores it; empty for an unknown one."""
        style = self._elements.get(identifier or self._default)
        return (value_of(style, "name") or "").lower() if style is not None else ""

    def _chain(self, identifier: str) -> Iterator[Element]:
        # A style inherits from its base style, so a house style "Randers H1" is found through "heading 1".
        for _ in range(MAX_STYLE_DEPTH):
            style = self._elements.get(identifier)
            if style is None:
                return
            yield style
            identifier = value_of(style, "basedOn") or ""

    def _look_up(self, identifier: str) -> tuple[str, int]:
        for style in self._chain(identifier):
            name = (value_of(style, "name") or style.get(f"{WORD}styleId") or "").lower()
            if heading := HEADING_NAME.match(name):
                return "heading", max(1, int(heading.group(1)))
            if name in {"title", "titel"}:
                return "title", 1
            if CONTENTS_NAME.match(name):
                return "skip", 0
            properties = style.find(f"{WORD}pPr")
            level = outline_level(properties)
            if level is not None:
                return "heading", level
            if LIST_NAME.match(name) or numbered(properties):
                return "list_item", 0
        return "paragraph", 0


def hidden(element: Element) -> bool:
    """Whether an element is a run whose text Word does not show."""
    properties = element.find(f"{WORD}rPr") if element.tag == f"{WORD}r" else None
    return properties is not None and switched_on(properties, "vanish")


def switched_on(properties: Element, name: str) -> bool:
    """Whether a property that is on or off (w:b, w:vanish) is there and on (ISO 29500-1, 17.17.4)."""
    switch = properties.find(f"{WORD}{name}")
    return switch is not None and switch.get(f"{WORD}val") not in {"0", "false", "off"}


def rows_of(table: Element) -> list[Element]:
    """The rows of a table that are not deleted."""
    rows = unwrapped(table, f"{WORD}tr")
    return [row for row in rows if row.find(f"{WORD}trPr/{WORD}del") is None]


def unwrapped(parent: Element, tag: str) -> Iterator[Element]:
    """Children with a tag, also those inside content controls."""
    stack = list(reversed(parent))
    while stack:
        current = stack.pop()
        if current.tag == tag:
            yield current
        elif current.tag in WRAPPERS:
            stack.extend(reversed(current))


def inside(element: Element, limit: Element, tag: str) -> bool:
    """Whether an element stands inside one with a tag, looking upwards as far as `limit`."""
    parent = element.getparent()
    while parent is not None and parent is not limit:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def value_of(parent: Element, name: str) -> str | None:
    """The w:val of the child with a name."""
    child = parent.find(f"{WORD}{name}")
    return child.get(f"{WORD}val") if child is not None else None


def outline_level(properties: Element) -> int | None:
    """Heading level 1-9 from w:outlineLvl, which counts from 0; 9 means body text."""
    value = value_of(properties, "outlineLvl") if properties is not None else None
    return int(value) + 1 if value is not None and value.isdecimal() and int(value) < 9 else None


def numbered(properties: Element) -> bool:
    """Whether a paragraph is numbered or has a bullet."""
    # numId 0 takes the numbering of the style away again (ISO 29500-1, 17.9.18).
    number = properties.find(f"{WORD}numPr/{WORD}numId") if properties is not None else None
    return number is not None and number.get(f"{WORD}val") != "0"
