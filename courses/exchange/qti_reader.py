"""QTI 3.0 files and packages read: each item is imported or refused with a reason."""

import posixpath
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from lxml import etree
from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.exchange.imported import Imported, Reading, Refused
from courses.exchange.keys import Keys, key_of
from courses.exchange.qti_items import question_of
from courses.exchange.qti_markup import Picked, without_namespaces
from courses.exchange.qti_pieces import texts_in
from courses.exchange.qti_scoring import Steps
from courses.exchange.qti_writer import BESIDE, PICTURES, item_of
from courses.exchange.xml_guard import Element, parsed
from courses.exchange.zip_guard import Archive, is_zip
from courses.picture import Picture, named_in, prepared
from courses.question import QUESTION, Question

MOST_STEPS = 3_000_000  # of response processing in one upload; some ten seconds
MOST_BESIDE = 1_000_000  # bytes
MOST_ITEMS = 1_000
MOST_PICTURES = 200  # in one package, since a small file can hold a picture that takes a second to look through
_ITEM = "imsqti_item_xml"
_MANIFEST = "imsmanifest.xml"
_EXCERPT = 80
_PICTURE_FILE = re.compile(rf"/{PICTURES}/([0-9a-f]{{64}})\.\w{{1,5}}$")

OLD = "Filen er QTI i en ældre udgave (1.2 eller 2.x). Eksportér den som QTI 3.0, og prøv igen."
NO_ITEM = "Filen er XML, men ikke en opgave i QTI 3.0. Vælg en opgave eller en hel pakke (zip)."
ONLY_MANIFEST = "Filen er kun pakkens indholdsliste. Vælg hele pakken (zip)."
ONLY_TEST = "Filen er en prøve, der kun nævner sine opgaver. Vælg hele pakken (zip)."
NO_MANIFEST = "Zip-filen har ingen imsmanifest.xml og er derfor ikke en QTI-pakke. Eksportér pakken igen."
NO_ITEMS = "Pakkens imsmanifest.xml nævner ingen opgaver i QTI 3.0. Eksportér pakken igen."
NO_ADDRESS = "Opgaven har intet filnavn i imsmanifest.xml. Eksportér pakken igen."
MISSING = "Filen “{}” mangler i pakken. Eksportér den igen."
OUTSIDE = "“{}” peger ud af pakken. Læg filen i pakken, og eksportér igen."
PICTURE_MISSING = "Billedet “{}” mangler i pakken. Eksportér den igen."
PICTURE_ALONE = "Billedet “{}” følger ikke med filen. Vælg hele pakken (zip), hvor det er med."
TOO_MANY_PICTURES = f"Pakken har mere end {MOST_PICTURES} billeder. Del den i flere, og prøv igen."
TOO_MANY_ITEMS = f"Pakken har mere end {MOST_ITEMS} opgaver. Del den i flere, og prøv igen."
UNFIT = "En tekst er tom eller for lang, eller to svar er ens. Ret opgaven, og eksportér igen."
CHANGED = (
    "Opgaven er ændret, siden den blev eksporteret herfra. Det, der står i opgaven, gælder; kilder, emner og andet, som ikke kan "
    "ses i den, er ikke taget med."
)
BESIDE_BROKEN = "Filen ved siden af opgaven med kilder, emner og andet kunne ikke læses og er ikke taget med."


def read(data: bytes) -> Reading:
    """The questions of an item (XML) or a content package (zip), in the order of its manifest.

    Raises `InvalidContent` when the whole cannot be read. `category` is the item's file name in the package, "" for a file alone.
    """
    if not is_zip(data):
        alone = _Reading((), _nothing)
        alone.item(_item(data), "", data)
        return alone.result
    archive = Archive(data)
    manifest = _manifest_name(archive)
    package = _Reading(archive.names, archive.read)
    package.resources(without_namespaces(parsed(archive.read(manifest))), posixpath.dirname(manifest))
    return package.result


class _Reading:
    """One upload while it is read: the `names` of its files (none for an item alone), and how they are read."""

    def __init__(self, names: Sequence[str], read_file: Callable[[str], bytes]) -> None:
        self._names = frozenset(names)
        self._read = read_file
        self._imported: list[Imported] = []
        self._refused: list[Refused] = []
        self._keys = Keys()
        self._steps = Steps(MOST_STEPS)
        self._pictures: dict[str, Picture] = {}
        self._kept = {
            found[1]: name for name in sorted(names) if (found := _PICTURE_FILE.search(f"/{name}")) is not None
        }

    @property
    def result(self) -> Reading:
        """What was read so far."""
        return Reading(tuple(self._imported), tuple(self._refused))

    def resources(self, manifest: Element, folder: str) -> None:
        """Every item that the manifest names, from its folder on."""
        resources = [one for one in manifest.iter("resource") if _ITEM in one.get("type", "").lower()]
        if not resources:
            raise InvalidContent(NO_ITEMS)
        if len(resources) > MOST_ITEMS:
            raise InvalidContent(TOO_MANY_ITEMS)
        seen: set[str] = set()
        for resource in resources:
            address = resource.get("href") or ""
            name = _joined(folder, address)
            if name and name in seen:
                continue
            seen.add(name)
            try:
                self._resource(resource, address, name)
            except InvalidContent as error:
                self._refuse(resource.sourceline or 1, error, address)

    def _resource(self, resource: Element, address: str, name: str) -> None:
        if "v3p0" not in resource.get("type", "").lower():
            raise InvalidContent(OLD)
        if not address:
            raise InvalidContent(NO_ADDRESS)
        if not name:
            raise InvalidContent(OUTSIDE.format(address[:_EXCERPT]))
        if name not in self._names:
            raise InvalidContent(MISSING.format(address[:_EXCERPT]))
        data = self._read(name)
        self.item(_item(data), name, data)

    def item(self, item: Element, name: str, data: bytes) -> None:
        """Import or refuse one item (without namespaces)."""
        title, line = item.get("title", ""), item.sourceline or 1
        key = key_of(item.get("identifier", "")) or key_of(title) or "opgave"
        beside, told = self._beside(name)
        if beside is not None:
            pictures = self._shown_by(beside)
            if pictures is not None and _same(data, beside, pictures):
                self._take(beside, title, name, line, (), pictures)
                return
        try:
            question, warnings, texts = question_of(item, key, self._picked(name), self._steps)
            if beside is not None:
                pictures = self._shown_by(beside)
                if pictures is not None and self._says(beside, pictures, key) == question:
                    self._take(beside, title, name, line, (), pictures)
                    return
                told.append(CHANGED)
        except InvalidContent as error:
            self._refuse(line, error, f"{name} {title}".strip())
        except ValidationError:
            self._refuse(line, InvalidContent(UNFIT), f"{name} {title}".strip())
        else:
            self._take(question, title, name, line, (*told, *warnings), texts.pictures)

    def _take(
        self, question: Question, title: str, name: str, line: int, told: tuple[str, ...], shown: dict[str, Picture]
    ) -> None:
        key = self._keys.unique(question.id)
        if key != question.id:
            question = question.model_copy(update={"id": key})
        self._imported.append(Imported(question, title, name, line, told, tuple(shown.values())))

    def _refuse(self, line: int, error: InvalidContent, excerpt: str) -> None:
        self._refused.append(Refused(line, str(error), excerpt[:_EXCERPT]))

    # --- what stands beside an item -----------------------------------------------------------------------------------

    def _beside(self, name: str) -> tuple[Question | None, list[str]]:
        """The question as it was written here, where a file beside the item has it."""
        beside = name.removesuffix(".xml") + BESIDE
        if beside not in self._names:
            return None, []
        try:
            data = self._read(beside)
            if len(data) > MOST_BESIDE:
                return None, [BESIDE_BROKEN]
            return QUESTION.validate_json(data), []
        except (ValidationError, InvalidContent):
            return None, [BESIDE_BROKEN]

    def _shown_by(self, question: Question) -> dict[str, Picture] | None:
        """The pictures of a question that was written here; None when one is missing."""
        found: dict[str, Picture] = {}
        for sha256 in dict.fromkeys(named_in("\n".join(texts_in(question.model_dump())))):
            if sha256 not in self._kept:
                return None
            picture = self._prepared(self._kept[sha256])
            if picture.sha256 != sha256:
                return None
            found[sha256] = picture
        return found

    def _says(self, question: Question, pictures: dict[str, Picture], key: str) -> Question | None:
        """What a reader who knows nothing of us would make of the question as we write it."""
        by_name = {f"{sha256}.": picture for sha256, picture in pictures.items()}

        def picked(address: str) -> Picture:
            return by_name[posixpath.basename(address).split(".")[0] + "."]

        try:
            element = without_namespaces(parsed(item_of(question, question.id, pictures.get)[0]))
            return question_of(element, key, picked, self._steps)[0]
        except (InvalidContent, ValidationError, KeyError):
            return None

    # --- pictures -----------------------------------------------------------------------------------------------------

    def _picked(self, item: str) -> Picked:
        def picked(address: str) -> Picture:
            name = _joined(posixpath.dirname(item), address.split("#")[0].split("?")[0])
            if not self._names:
                raise InvalidContent(PICTURE_ALONE.format(address[:_EXCERPT]))
            if not name:
                raise InvalidContent(OUTSIDE.format(address[:_EXCERPT]))
            if name not in self._names:
                raise InvalidContent(PICTURE_MISSING.format(address[:_EXCERPT]))
            return self._prepared(name)

        return picked

    def _prepared(self, name: str) -> Picture:
        if name not in self._pictures:
            if len(self._pictures) >= MOST_PICTURES:
                raise InvalidContent(TOO_MANY_PICTURES)
            self._pictures[name] = prepared(self._read(name))
        return self._pictures[name]


def _nothing(name: str) -> bytes:
    raise KeyError(name)


def _item(data: bytes) -> Element:
    """The item in a file; raises `InvalidContent` when it is something else."""
    root = without_namespaces(parsed(data))
    match root.tag:
        case "qti-assessment-item":
            return root
        case "manifest":
            raise InvalidContent(ONLY_MANIFEST)
        case "qti-assessment-test" | "qti-assessment-section":
            raise InvalidContent(ONLY_TEST)
        case "assessmentItem" | "assessmentTest" | "questestinterop":
            raise InvalidContent(OLD)
    raise InvalidContent(NO_ITEM)


def _manifest_name(archive: Archive) -> str:
    """The manifest, at the top or in the one folder that was packed by mistake with the files."""
    found = [name for name in archive.names if posixpath.basename(name).lower() == _MANIFEST and name.count("/") < 2]
    found = [name for name in found if not name.startswith("__MACOSX/")]
    if not found:
        raise InvalidContent(NO_MANIFEST)
    return min(found, key=lambda name: name.count("/"))


def _joined(folder: str, address: str) -> str:
    """The name in the package of a file that is named from a folder in it; "" when it lies outside."""
    name = posixpath.normpath(posixpath.join(folder, unquote(address.strip()).replace("\\", "/")))
    return "" if name.startswith(("/", "..")) or name == "." else name


def _same(data: bytes, question: Question, pictures: dict[str, Picture]) -> bool:
    """Whether the item is the one that we would write of the question."""
    try:
        written, _ = item_of(question, question.id, pictures.get)
    except InvalidContent:
        return False
    return _canonical(data) == _canonical(written)


def _canonical(data: bytes) -> bytes:
    root = parsed(data)
    root.attrib.pop("identifier", None)  # another one when two questions had the same
    return bytes(etree.tostring(root, method="c14n2"))
