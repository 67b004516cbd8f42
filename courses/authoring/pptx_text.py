"""Paragraphs of a slide: how their text is set, and whether they have a bullet or a number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.docx_numbering import label
from courses.authoring.markdown_writing import Run, address
from courses.authoring.office_figures import DRAWING, MATH, PACKAGE, Element, math_text, outside, raised
from rag.readers.cleaning import BULLET

SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
DEEPEST = 8
TITLES = frozenset({"title", "ctrTitle"})
_BULLETS = ("buNone", "buChar", "buAutoNum", "buBlip")
_MASTER_KINDS = {"ctrTitle": "title", "subTitle": "body", "obj": "body"}
# A dash or an asterisk must be followed by a blank to be a bullet, or "-5 grader" would lose its sign.
_TYPED = re.compile(r"^(?:[•●○▪■◦‣⁃]|[-–*·](?=\s))\s*")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; `level` is that of a list item, None for ordinary text, `label` its number."""

    runs: tuple[Run, ...]
    level: int | None = None
    label: str = ""


def placeholder(shape: Element) -> tuple[str, str] | None:
    """Kind ("body", "title" …) and index of a placeholder, None for other shapes."""
    found = shape.find(f"./*/{SLIDE}nvPr/{SLIDE}ph")
    return (found.get("type") or "obj", found.get("idx") or "0") if found is not None else None


class Inheritance:
    """The list styles that a placeholder of one slide inherits from its layout and its master."""

    def __init__(self, layout: Any) -> None:
        self._layout = _by_place(layout.element)
        self._master = _by_place(layout.slide_master.element)
        styles = layout.slide_master.element.find(f"{SLIDE}txStyles")
        self._styles = {"title": "titleStyle", "body": "bodyStyle"}
        self._found = (
            {kind: styles.find(f"{SLIDE}{name}") for kind, name in self._styles.items()} if styles is not None else {}
        )

    def lists(self, kind: str, index: str) -> list[Element]:
        """The a:lstStyle (and the master's own) of a placeholder, nearest first."""
        general = _MASTER_KINDS.get(kind, kind)
        shapes = [self._layout.get(("", index)), self._master.get((general, ""))]
        lists = [shape.find(f"{SLIDE}txBody/{DRAWING}lstStyle") for shape in shapes if shape is not None]
        return [found for found in [*lists, self._found.get(general)] if found is not None]


def _by_place(root: Element) -> dict[tuple[str, str], Element]:
    """Placeholders by index, and by kind."""
    found: dict[tuple[str, str], Element] = {}
    for shape in root.iter(f"{SLIDE}sp"):
        if place := placeholder(shape):
            kind, index = place
            found.setdefault(("", index), shape)
            found.setdefault((_MASTER_KINDS.get(kind, kind), ""), shape)
    return found


class TextReader:
    """Reads the paragraphs of one slide; `part` holds what its links lead to."""

    def __init__(self, part: Any, losses: Losses, place: int) -> None:
        self.part, self.losses, self.place = part, losses, place

    def paragraphs(self, body: Element, inherited: list[Element] | None = None) -> list[Paragraph]:
        """The paragraphs of a text body that have text; `inherited` are the list styles of a placeholder."""
        own = body.find(f"{DRAWING}lstStyle")
        lists = ([own] if own is not None else []) + (inherited or [])
        counts: dict[int, int] = {}
        found = []
        for element in body.iterchildren(f"{DRAWING}p"):
            runs = tuple(self.runs(element))
            if "".join(run.text for run in runs).strip():
                found.append(_paragraph(element, runs, lists, counts))
        # One paragraph with the body's bullet is a text, not a list of one.
        if inherited is not None and len(found) == 1 and found[0].level == 0 and not found[0].label:
            return [Paragraph(found[0].runs)]
        return found

    def runs(self, paragraph: Element) -> Iterator[Run]:
        """The text of a paragraph."""
        for element in paragraph:
            if element.tag in (f"{DRAWING}r", f"{DRAWING}fld"):
                yield self._run(element)
            elif element.tag == f"{DRAWING}br":
                yield Run("\n")
            else:
                for formula in outside(element, f"{MATH}oMath"):
                    self.losses.note(Loss.EQUATION, self.place)
                    yield Run(f" {math_text(formula)} ")

    def _run(self, element: Element) -> Run:
        text = (element.findtext(f"{DRAWING}t") or "").replace("\v", "\n")
        setting = element.find(f"{DRAWING}rPr")
        if setting is None:
            return Run(text)
        offset = setting.get("baseline") or "0"
        if offset not in ("0", "0%"):
            text = raised(text, up=not offset.startswith("-"))
        struck = setting.get("strike") not in (None, "noStrike")
        link = self._target(setting.find(f"{DRAWING}hlinkClick"))
        return Run(text, setting.get("b") in ("1", "true"), setting.get("i") in ("1", "true"), struck, link)

    def _target(self, link: Element) -> str:
        relation = self.part.rels.get(link.get(f"{PACKAGE}id") or "") if link is not None else None
        if relation is None or not relation.is_external:
            return ""  # a jump to another slide
        found = address(str(relation.target_ref))
        if not found:
            self.losses.note(Loss.LINK, self.place)
        return found


def _paragraph(element: Element, runs: tuple[Run, ...], lists: list[Element], counts: dict[int, int]) -> Paragraph:
    properties = element.find(f"{DRAWING}pPr")
    value = properties.get("lvl") if properties is not None else None
    level = min(int(value), DEEPEST) if value is not None and value.isdecimal() and len(value) < 3 else 0
    bullet = _bullet(properties, level, lists)
    kind = bullet.tag.rpartition("}")[2] if bullet is not None else ""
    for deeper in [other for other in counts if other > level or (other == level and kind != "buAutoNum")]:
        del counts[deeper]
    if bullet is not None and kind == "buAutoNum":
        start = bullet.get("startAt") or "1"
        counts[level] = counts.get(level, (int(start) if start.isdecimal() and len(start) < 6 else 1) - 1) + 1
        return Paragraph(runs, level, label(bullet.get("type") or "arabicPeriod", counts[level]))
    if kind in ("buChar", "buBlip"):
        return Paragraph(_untyped(runs), level)
    untyped = _untyped(runs)
    return Paragraph(untyped, level) if untyped != runs or (level and kind != "buNone") else Paragraph(runs)


def _bullet(properties: Element, level: int, lists: list[Element]) -> Element | None:
    """The nearest word on the bullet of a paragraph: its own, then the list styles of its level."""
    sources = [properties, *(one.find(f"{DRAWING}lvl{level + 1}pPr") for one in lists)]
    for source in sources:
        if source is not None:
            for name in _BULLETS:
                if (found := source.find(f"{DRAWING}{name}")) is not None:
                    return found
    return None


def _untyped(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Runs without a bullet that was typed as a letter."""
    first, *others = runs
    found = _TYPED.match(first.text.lstrip()) if BULLET.match(first.text.lstrip()) else None
    if not found:
        return runs
    text = first.text.lstrip()[found.end() :]
    return (Run(text, first.bold, first.italic, first.struck, first.link), *others)
