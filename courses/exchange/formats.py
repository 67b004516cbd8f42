"""The formats that questions come and go in, and which one a file has."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from courses.errors import InvalidContent
from courses.exchange import csv_questions, gift, link_guard, moodle_xml, qti, yaml_questions
from courses.exchange.decoding import EMPTY, decoded
from courses.exchange.imported import Reading
from courses.picture import Find
from courses.question import Question

UPLOADS = ("gift", "txt", "xml", "zip", "csv", "tsv", "yaml", "yml")
_UNKNOWN = "Filen er hverken GIFT, Moodle XML, QTI 3.0, CSV eller YAML. Eksportér den igen i et af de formater."


class Format(StrEnum):
    """What questions are exchanged in."""

    GIFT = "gift"
    MOODLE_XML = "moodle_xml"
    QTI = "qti"
    YAML = "yaml"
    CSV = "csv"

    @property
    def danish(self) -> str:
        """As shown to people, with where it is used."""
        return {
            "gift": "GIFT (tekst, Moodle)",
            "moodle_xml": "Moodle XML",
            "qti": "QTI 3.0 (zip)",
            "yaml": "YAML (alt med)",
            "csv": "CSV (regneark)",
        }[self]


EXPORTS = (Format.MOODLE_XML, Format.GIFT, Format.QTI, Format.YAML)
_ENDINGS = {
    Format.GIFT: (".gift.txt", "text/plain"),
    Format.MOODLE_XML: (".xml", "application/xml"),
    Format.QTI: (".zip", "application/zip"),
    Format.YAML: (".yaml", "application/yaml"),
}


@dataclass(frozen=True)
class Export:
    """A file to take away; `warnings` are Danish sentences on what the format cannot hold."""

    name: str
    media_type: str
    data: bytes
    warnings: tuple[str, ...]


def read_file(name: str, data: bytes) -> tuple[Format, Reading]:
    """What a file holds, and the format it turned out to have; its content counts for more than its name.

    Raises `InvalidContent` where the file as a whole cannot be read.
    """
    if not data.strip():
        raise InvalidContent(EMPTY)
    form = _form(name.lower(), data)
    return form, link_guard.guarded(_read(form, data))


def _read(form: Format, data: bytes) -> Reading:
    if form is Format.QTI:
        return qti.read(data)
    if form is Format.MOODLE_XML:
        return moodle_xml.read(data)
    return {Format.CSV: csv_questions.read, Format.YAML: yaml_questions.read}.get(form, gift.read)(decoded(data))


def _form(name: str, data: bytes) -> Format:
    head = data[:4_000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if data.startswith(b"PK"):
        return Format.QTI
    if head.startswith(b"<"):
        return Format.QTI if b"qti-assessment" in head else Format.MOODLE_XML
    if name.endswith((".xml", ".zip")):
        raise InvalidContent(_UNKNOWN)
    if name.endswith((".csv", ".tsv")):
        return Format.CSV
    return Format.YAML if name.endswith((".yaml", ".yml")) else Format.GIFT


def write_file(form: Format, questions: Sequence[Question], find: Find, stem: str) -> Export:
    """The questions in a format; `find` gives the pictures that texts show, `stem` begins the file's name."""
    ending, media_type = _ENDINGS[form]
    if form is Format.QTI:
        package = qti.write(questions, find)
        return Export(stem + ending, media_type, package.data, package.warnings)
    if form is Format.MOODLE_XML:
        written = moodle_xml.write(questions, find)
    else:
        written = gift.write(questions) if form is Format.GIFT else yaml_questions.write(questions)
    return Export(stem + ending, media_type, written.text.encode(), written.warnings)
