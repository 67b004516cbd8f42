"""The pieces of which QTI items are written, and the texts in them."""

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt

from courses.errors import InvalidContent
from courses.exchange.xml_guard import Element
from courses.picture import Find, Picture
from courses.question import Question

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
RESPONSE = "RESPONSE"
_ROOTS = ("qti-assessment-item", "qti-assessment-test")
_SCHEMA = f"{NAMESPACE} https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd"
_TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])

NO_PICTURE = "Et billede i teksten findes ikke længere. Sæt det ind igen."

Parts = tuple[list[Element], list[Element], Element, Element | None, list[Element]]
"""Response declarations, further outcomes, body, processing and feedback of an item."""


def identifier(key: str) -> str:
    """A key as an identifier, which may not begin with a digit."""
    return f"_{key}" if key[:1].isdigit() else key


def made(tag: str, *children: Element, text: str = "", **attributes: str) -> Element:
    """An element of QTI; `base_type` is the attribute base-type."""
    names = {name.replace("_", "-"): value for name, value in attributes.items()}
    nsmap: dict[str | None, str] = {None: NAMESPACE}
    if tag in _ROOTS:
        nsmap["xsi"] = XSI
        names[f"{{{XSI}}}schemaLocation"] = _SCHEMA
    element = etree.Element(f"{{{NAMESPACE}}}{tag}", names, nsmap=nsmap)
    if tag in _ROOTS:
        element.set("{http://www.w3.org/XML/1998/namespace}lang", "da")
    element.text = text or None
    element.extend(children)
    return element


class Sheet:
    """One question while it is written. `pictures` are those that it shows, anywhere; `told` what others will not see."""

    def __init__(self, question: Question, find: Find) -> None:
        self.pictures: dict[str, Picture] = {}
        self.warnings: list[str] = []
        self._unseen: list[str] = []
        self._find = find
        for text in texts_in(question.model_dump()):
            for found in re.finditer(r"\(picture:([0-9a-f]{64})\)", text):
                self._picture(found[1])

    @property
    def told(self) -> list[str]:
        """The warnings, and what only our own reader finds again."""
        if not self._unseen:
            return self.warnings
        kept = ", ".join(self._unseen)
        return [*self.warnings, f"Står kun i filen ved siden af, som andre programmer springer over: {kept}."]

    def unseen(self, name: str, there: object) -> None:
        """Note what others will miss, if it is there."""
        if there and name not in self._unseen:
            self._unseen.append(name)

    def flow(self, tag: str, markdown: str, **attributes: str) -> Element:
        """An element with a Markdown text in it; a single paragraph stands in it without one."""
        element = self.blocks(tag, markdown, **attributes)
        if len(element) == 1 and etree.QName(element[0]).localname == "p" and not (element.text or "").strip():
            (only,) = element
            element.text = only.text
            element[:] = list(only)
        return element

    def blocks(self, tag: str, markdown: str, **attributes: str) -> Element:
        """An element with a Markdown text in it, as paragraphs, lists and so on."""
        html = _MARKDOWN.render(markdown)
        element = etree.fromstring(f'<div xmlns="{NAMESPACE}">{html}</div>')
        for image in element.iter(f"{{{NAMESPACE}}}img"):
            name = image.get("src", "").removeprefix("picture:")
            if image.get("src", "").startswith("picture:"):
                image.set("src", f"../pictures/{name}.{self._picture(name).media_type.removeprefix('image/')}")
        for cell in element.iter(f"{{{NAMESPACE}}}th", f"{{{NAMESPACE}}}td"):
            cell.attrib.pop("style", None)  # which side a column leans to, for which QTI has no attribute
        for struck in element.iter(f"{{{NAMESPACE}}}s"):
            struck.tag = f"{{{NAMESPACE}}}span"
            warning = "Overstreget tekst er skrevet som almindelig tekst, da QTI ikke har den."
            if warning not in self.warnings:
                self.warnings.append(warning)
        element.tag = f"{{{NAMESPACE}}}{tag}"
        for name, value in attributes.items():
            element.set(name.replace("_", "-"), value)
        return element

    def _picture(self, sha256: str) -> Picture:
        picture = self._find(sha256)
        if picture is None:
            raise InvalidContent(NO_PICTURE)
        self.pictures[sha256] = picture
        return picture


def texts_in(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts_in(part)]
    if isinstance(value, (tuple, list)):
        return [text for part in value for text in texts_in(part)]
    return [value] if isinstance(value, str) else []


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers_in(part)]
    if isinstance(value, (tuple, list)):
        return [number for part in value for number in numbers_in(part)]
    return [value] if isinstance(value, float) else []


def number_text(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)


def outcome_declaration(name: str, base_type: str, default: str = "", **attributes: str) -> Element:
    value = [made("qti-default-value", made("qti-value", text=default))] if default else []
    cardinality = attributes.pop("cardinality", "single")
    return made(
        "qti-outcome-declaration",
        *value,
        identifier=name,
        cardinality=cardinality,
        base_type=base_type,
        **attributes,
    )


def response_declaration(
    base_type: str,
    correct: Iterable[str],
    mapping: Element | None = None,
    *,
    name: str = RESPONSE,
    cardinality: str = "single",
) -> Element:
    values = [made("qti-value", text=value) for value in correct]
    inside = [made("qti-correct-response", *values)] if values else []
    if mapping is not None:
        inside.append(mapping)
    return made("qti-response-declaration", *inside, identifier=name, cardinality=cardinality, base_type=base_type)


def score_mapping(worth: Iterable[tuple[str, float]], most: float, case: str = "") -> Element:
    entries = [
        made(
            "qti-map-entry", map_key=key, mapped_value=number_text(value), **({"case_sensitive": case} if case else {})
        )
        for key, value in worth
    ]
    return made("qti-mapping", *entries, lower_bound="0", upper_bound=number_text(most), default_value="0")


def standard_processing(name: str) -> Element:
    return made("qti-response-processing", template=f"{_TEMPLATES}/{name}.xml")


def variable(name: str) -> Element:
    return made("qti-variable", identifier=name)


def outcome_set(name: str, value: Element) -> Element:
    return made("qti-set-outcome-value", value, identifier=name)


def float_value(value: float) -> Element:
    return made("qti-base-value", base_type="float", text=number_text(value))


def modal_feedback(sheet: Sheet, outcome: str, name: str, text: str) -> Element:
    return made(
        "qti-modal-feedback",
        sheet.blocks("qti-content-body", text),
        outcome_identifier=outcome,
        identifier=name,
        show_hide="show",
    )


def item_body(sheet: Sheet, text: str, *interactions: Element) -> Element:
    return made("qti-item-body", sheet.blocks("div", text), *interactions)
