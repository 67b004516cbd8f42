"""Questions written as a QTI 3.0 content package: manifest, a test, an item for each question, and the pictures."""

import io
import zipfile
from collections.abc import Sequence

from lxml import etree

from courses.errors import InvalidContent
from courses.exchange.imported import Package
from courses.exchange.keys import Keys
from courses.exchange.qti_item_writer import item_element
from courses.exchange.qti_pieces import XSI, Sheet, identifier, made
from courses.exchange.xml_guard import Element
from courses.picture import Find, Picture
from courses.question import Question

BESIDE = ".aiunivers.json"
PICTURES = "pictures"
_ITEMS = "items"
_SPEC = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd"
_PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_PACKAGE_XSD = f"{_PACKAGE} {_SPEC}/imsqtiv3p0_imscpv1p2_v1p0.xsd"
_TEST = "test.xml"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same questions give the same bytes


def write(questions: Sequence[Question], picture: Find) -> Package:
    """The questions as a package; what cannot be written is left out with a warning. `picture` finds pictures by their name."""
    files: dict[str, bytes] = {}
    resources: list[tuple[str, str, list[str]]] = []
    warnings: list[str] = []
    keys = Keys()
    for question in questions:
        key = keys.unique(question.id)
        try:
            data, sheet = item_of(question, key, picture)
        except InvalidContent as error:
            warnings.append(f"{question.id}: Ikke skrevet. {error}")
            continue
        name = f"{_ITEMS}/{key}.xml"
        own = {name: data, f"{_ITEMS}/{key}{BESIDE}": question.model_dump_json(indent=1).encode()}
        own |= {f"{PICTURES}/{file_name(one)}": one.data for one in sheet.pictures.values()}
        files |= own
        resources.append((key, name, list(own)))
        warnings += [f"{question.id}: {one}" for one in sheet.told]
    files = {"imsmanifest.xml": _manifest(resources), _TEST: _test(resources), **files}
    return Package(_zipped(files), tuple(warnings))


def item_of(question: Question, key: str, picture: Find) -> tuple[bytes, Sheet]:
    """The item's XML, and what there is to tell of it; raises `InvalidContent` for what QTI cannot hold."""
    sheet = Sheet(question, picture)
    return _serialised(item_element(question, key, sheet)), sheet


def file_name(picture: Picture) -> str:
    """The name of a picture's file."""
    return f"{picture.sha256}.{picture.media_type.removeprefix('image/')}"


def _manifest(resources: list[tuple[str, str, list[str]]]) -> bytes:
    root = etree.Element(f"{{{_PACKAGE}}}manifest", nsmap={None: _PACKAGE, "xsi": XSI})
    root.set("identifier", "aiunivers-qti")
    root.set(f"{{{XSI}}}schemaLocation", _PACKAGE_XSD)

    def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
        element = etree.SubElement(parent, f"{{{_PACKAGE}}}{tag}", attributes)
        element.text = text or None
        return element

    metadata = add(root, "metadata")
    add(metadata, "schema", "QTI Package")
    add(metadata, "schemaversion", "3.0.0")
    add(root, "organizations")
    listed = add(root, "resources")
    test = add(listed, "resource", identifier="TEST", type="imsqti_test_xmlv3p0", href=_TEST)
    add(test, "file", href=_TEST)
    for key, _, _ in resources:
        add(test, "dependency", identifierref=f"ITEM_{key}")
    for key, name, files in resources:
        item = add(listed, "resource", identifier=f"ITEM_{key}", type="imsqti_item_xmlv3p0", href=name)
        for one in files:
            add(item, "file", href=one)
    return _serialised(root)


def _test(resources: list[tuple[str, str, list[str]]]) -> bytes:
    references = [made("qti-assessment-item-ref", identifier=identifier(key), href=name) for key, name, _ in resources]
    section = made("qti-assessment-section", *references, identifier="SECTION", title="Spørgsmål", visible="true")
    total = made(
        "qti-set-outcome-value",
        made("qti-sum", made("qti-test-variables", variable_identifier="SCORE", base_type="float")),
        identifier="SCORE",
    )
    return _serialised(
        made(
            "qti-assessment-test",
            made("qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float"),
            made(
                "qti-test-part", section, identifier="PART", navigation_mode="nonlinear", submission_mode="simultaneous"
            ),
            made("qti-outcome-processing", total),
            identifier="TEST",
            title="Spørgsmål",
        )
    )


def _serialised(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
