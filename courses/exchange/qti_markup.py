"""The elements of a QTI item as Markdown: names without namespaces, pictures looked up, places of interactions marked."""

import base64
import binascii
import re
from collections.abc import Callable

from lxml import etree

from courses.errors import InvalidContent
from courses.exchange.html_markdown import markdown, plain
from courses.exchange.xml_guard import Element
from courses.picture import Picture, prepared

Picked = Callable[[str], Picture]
_EMBEDDED = re.compile(r"data:image/[a-z0-9.+-]{1,40};base64,", re.IGNORECASE)
_OBJECTS = ("object", "embed")

WEB_PICTURE = "Et billede ligger på nettet og følger ikke med filen. Læg det i pakken, og eksportér igen."
EMBEDDED = "Et billede, der står inde i filen, kan ikke læses. Læg det i pakken som PNG eller JPEG."
LEFTOVER = "<{}> kan ikke tages med. Skriv opgaven uden det, og eksportér igen."


def without_namespaces(root: Element) -> Element:
    """The same tree, with local names alone; attributes of other namespaces (xml:lang, xsi:…) are gone."""
    for element in root.iter():
        element.tag = etree.QName(element).localname
        for name in [name for name in element.attrib if name.startswith("{")]:
            del element.attrib[name]
    etree.cleanup_namespaces(root)
    return root


def taken_out(element: Element) -> None:
    """Remove an element and leave the text that follows it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


class Texts:
    """The texts of one item. `pictures` are those that were met, `told` the Danish sentences on what is left out."""

    def __init__(self, item: Element, picked: Picked) -> None:
        self.pictures: dict[str, Picture] = {}
        self._picked = picked
        self._places: list[str] = []
        self._dropped: set[str] = set()
        self._stem = "qtisted"
        everything = "".join(item.itertext())
        while self._stem in everything:
            self._stem += "x"

    @property
    def told(self) -> list[str]:
        """What the texts lost."""
        names = ", ".join(f"<{name}>" for name in sorted(self._dropped))
        return [f"Udseende er ikke taget med: {names}."] if names else []

    def place(self, replacement: str) -> str:
        """A word that stands for something in the text until it is Markdown."""
        self._places.append(replacement)
        return f"{self._stem}{len(self._places) - 1}z"

    def markdown(self, element: Element) -> str:
        """What stands in the element, as Markdown; raises `InvalidContent` for what cannot be shown."""
        element.tag = "div"
        self._find_pictures(element)
        for inner in element.iter():
            if inner.tag == "qti-content-body":
                inner.tag = "div"
            elif inner.tag.startswith("qti-"):
                raise InvalidContent(LEFTOVER.format(inner.tag[:60]))
        html = etree.tostring(element, method="html", encoding="unicode", with_tail=False)
        text, dropped = markdown(html, lambda sha256, words: self.pictures[sha256].markdown(words))
        self._dropped.update(dropped)
        return re.sub(rf"{self._stem}(\d+)z", lambda found: self._places[int(found[1])], text)

    def plain(self, element: Element) -> str:
        """What stands in the element, for places that show no Markdown."""
        element.tag = "div"
        if next(element.iter("img", "math", "svg", "table", *_OBJECTS), None) is not None:
            raise InvalidContent(
                "Et billede, en tabel eller en formel står i et svar, som kun kan være tekst. Skriv svaret som tekst."
            )
        text, dropped = plain(etree.tostring(element, method="html", encoding="unicode", with_tail=False))
        self._dropped.update(dropped)
        return " ".join(text.split())

    def _find_pictures(self, element: Element) -> None:
        """Read the pictures, and let their addresses be their names."""
        for image in list(element.iter("img", *_OBJECTS)):
            kind = image.get("type", "image/")
            if image.tag != "img" and not kind.startswith("image/"):
                raise InvalidContent(LEFTOVER.format(f"{image.tag} {kind}"[:60]))
            picture = self._picture(image.get("src") or image.get("data") or "")
            self.pictures[picture.sha256] = picture
            words = image.get("alt") or " ".join("".join(image.itertext()).split())
            shown = etree.Element("img", src=picture.sha256, alt=words)
            shown.tail = image.tail
            image.getparent().replace(image, shown)

    def _picture(self, address: str) -> Picture:
        address = address.strip()
        if embedded := _EMBEDDED.match(address):
            try:
                return prepared(base64.b64decode(address[embedded.end() :].encode("ascii"), validate=True))
            except (binascii.Error, UnicodeEncodeError) as error:
                raise InvalidContent(EMBEDDED) from error
        if re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE):
            raise InvalidContent(WEB_PICTURE)
        return self._picked(address)
