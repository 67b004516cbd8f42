"""What stands in a paragraph of a Word document, in order: text set in one way, figures, and marks of footnotes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.markdown_writing import Run, address
from courses.authoring.office_figures import COMPATIBILITY, MATH, PACKAGE, Element, math_text, raised
from rag.readers.word_xml import LEFT_OUT, WORD, hidden, switched_on, value_of

HYPERLINK = re.compile(r'^\s*HYPERLINK\s+"([^"]*)"')
_BREAKS = {f"{WORD}br", f"{WORD}cr"}
_TABS = {f"{WORD}tab", f"{WORD}ptab"}
_NOTES = {f"{WORD}footnoteReference": "footnotes", f"{WORD}endnoteReference": "endnotes"}
_FORMULAS = {f"{MATH}oMath", f"{MATH}oMathPara"}
_DRAWN = {f"{WORD}drawing", f"{WORD}pict", f"{WORD}object", f"{COMPATIBILITY}AlternateContent"}
_PASSED = LEFT_OUT - {f"{WORD}instrText"} | {f"{WORD}pPr", f"{WORD}rPr"}
Setting = tuple[bool, bool, bool, str]  # bold, italic, struck, raised or lowered


@dataclass(frozen=True)
class Figure:
    """A drawing, an old picture or an embedded object."""

    element: Element


@dataclass(frozen=True)
class Footnote:
    """The mark of a note; `kind` is "footnotes" or "endnotes"."""

    kind: str
    identifier: str


class Runs:
    """Reads paragraphs of one document; knows its character styles."""

    def __init__(self, document: Any, losses: Losses) -> None:
        self.losses = losses
        self._styles: dict[str, Element] = {
            style.get(f"{WORD}styleId") or "": style.find(f"{WORD}rPr")
            for style in document.styles.element.iterchildren(f"{WORD}style")
            if style.get(f"{WORD}type") == "character"
        }

    def of(self, paragraph: Element, part: Any, place: str) -> list[Run | Figure | Footnote]:
        """The parts of a paragraph; `part` of the package holds what its links lead to."""
        return list(self._walk(paragraph, part, place))

    def _walk(self, paragraph: Element, part: Any, place: str) -> Iterator[Run | Figure | Footnote]:
        plain: Setting = (False, False, False, "")
        stack: list[tuple[Element, Setting, str]] = [(child, plain, "") for child in reversed(paragraph)]
        field = _Field()
        while stack:
            element, setting, link = stack.pop()
            tag = element.tag
            if tag in _PASSED or hidden(element):
                continue
            if tag == f"{WORD}t":
                bold, italic, struck, raise_to = setting
                text = element.text or ""
                text = raised(text, up=raise_to == "superscript") if raise_to else text
                yield Run(text, bold, italic, struck, link or field.link)
            elif tag in _BREAKS or tag in _TABS:
                page_ends = element.get(f"{WORD}type") in ("page", "column")
                yield Run(" " if tag in _TABS or page_ends else "\n")
            elif tag == f"{WORD}noBreakHyphen":
                yield Run("-", *setting[:3], link or field.link)
            elif tag in (f"{WORD}fldChar", f"{WORD}instrText"):
                field.take(element)
            elif tag in _NOTES:
                yield Footnote(_NOTES[tag], element.get(f"{WORD}id") or "")
            elif tag in _FORMULAS:
                self.losses.note(Loss.EQUATION, place)
                yield Run(f" {math_text(element)} ")
            elif tag in _DRAWN:
                yield Figure(element)
            else:
                if tag == f"{WORD}r":
                    setting = self._setting(element)
                elif tag == f"{WORD}hyperlink":
                    link = self._target(element, part, place)
                stack.extend((child, setting, link) for child in reversed(element))

    def _setting(self, run: Element) -> Setting:
        own = run.find(f"{WORD}rPr")
        if own is None:
            return False, False, False, ""
        style = self._styles.get(value_of(own, "rStyle") or "")

        def on(name: str) -> bool:
            source = own if own.find(f"{WORD}{name}") is not None else style
            return source is not None and switched_on(source, name)

        raise_to = value_of(own, "vertAlign") or ""
        return (
            on("b"),
            on("i"),
            on("strike") or on("dstrike"),
            raise_to if raise_to in ("superscript", "subscript") else "",
        )

    def _target(self, element: Element, part: Any, place: str) -> str:
        relation = part.rels.get(element.get(f"{PACKAGE}id") or "")
        if relation is None or not relation.is_external:
            return ""
        found = address(str(relation.target_ref))
        if not found:
            self.losses.note(Loss.LINK, place)
        return found


class _Field:
    """A field in a paragraph (w:fldChar): what it is computed from is not shown, but an address in it is kept."""

    def __init__(self) -> None:
        self.link = ""
        self._depth = 0
        self._code = ""

    def take(self, element: Element) -> None:
        if element.tag == f"{WORD}instrText":
            self._code += element.text or ""
            return
        kind = element.get(f"{WORD}fldCharType")
        if kind == "begin":
            self._depth += 1
            self._code = ""
        elif kind == "separate":
            found = HYPERLINK.match(self._code)
            self.link = address(found[1]) if found else self.link
        elif kind == "end":
            self._depth = max(self._depth - 1, 0)
            self.link = "" if not self._depth else self.link
