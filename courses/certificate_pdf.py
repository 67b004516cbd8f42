"""A certificate as a PDF on one page: tagged for screen readers (PDF/UA-1), fit for archives (PDF/A-2a), fonts embedded.

Typst draws it, from a template beside this module and with the fonts it carries itself, so that it looks the same everywhere.
"""

import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

# As files: typst 0.15 gives every template in memory a number of its own, and panics at the 65,536th.
TEMPLATE = Path(__file__).with_name("certificate.typ")
GLYPHS = Path(__file__).with_name("glyphs.typ")
LONGEST = 200  # characters of a name or a title
LONGEST_MODULE = 90
LONGEST_NUMBER = 40  # a UUID has 36
MOST_MODULES = 12


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. `check_url` is where anybody can see whether it holds; `by_reviews` that it was renewed by keeping
    up with the reviews instead of a quiz. Both days count."""

    number: str
    name: str
    course: str
    course_version: str
    modules: tuple[str, ...]
    issued: date
    valid_until: date
    check_url: str
    by_reviews: bool = False


def draw(certificate: Certificate) -> bytes:
    """The PDF; the same bytes for the same certificate. Text that is longer than the page holds is cut with an ellipsis. When a
    font lacks something, letters without a glyph are squares, and emojis and accents apart from their letters are left out."""
    import typst

    try:
        return _compiled(TEMPLATE, certificate=_said(certificate, str))
    except typst.TypstError:
        return _compiled(TEMPLATE, certificate=_said(certificate, _drawable))


def _compiled(template: Path, **inputs: str) -> bytes:
    import typst

    return typst.compile(template, sys_inputs=inputs, pdf_standards=["ua-1", "a-2a"], ignore_system_fonts=True)


def _said(certificate: Certificate, drawn: Callable[[str], str]) -> str:
    """What the template reads, as JSON; `drawn` gives what to draw for a character."""

    def line(text: str, longest: int) -> str:
        # On one line, without control characters, half surrogates and turns of the direction of writing.
        shown = "".join(character for character in " ".join(text.split()) if not _is(character, "C"))
        whole = " ".join("".join(map(drawn, unicodedata.normalize("NFC", shown))).split())
        return whole if len(whole) <= longest else whole[: longest - 1].rstrip() + "…"

    return json.dumps(
        {
            "number": line(certificate.number, LONGEST_NUMBER),
            "name": line(certificate.name, LONGEST),
            "course": line(certificate.course, LONGEST) or "–",  # a heading must have text
            "version": line(certificate.course_version, LONGEST_MODULE),
            "modules": [line(module, LONGEST_MODULE) for module in _shown(certificate.modules)],
            "issued": certificate.issued.isoformat(),
            "valid_until": certificate.valid_until.isoformat(),
            "check_url": certificate.check_url,
            "by_reviews": certificate.by_reviews,
            "qr": _qr(certificate.check_url),
        }
    )


def _shown(modules: tuple[str, ...]) -> list[str]:
    if len(modules) <= MOST_MODULES:
        return list(modules)
    return [*modules[: MOST_MODULES - 1], f"og {len(modules) - MOST_MODULES + 1} moduler mere"]


@lru_cache(maxsize=4096)
def _drawable(character: str) -> str:
    import typst

    try:
        _compiled(GLYPHS, text=character)
    except typst.TypstError:
        return "□" if _is(character, "LN") else ""
    return "" if _is(character, "M") else character


def _is(character: str, kinds: str) -> bool:
    """Whether the Unicode category is one of these: C control, L letter, M accent, N number."""
    return unicodedata.category(character)[0] in kinds


def _qr(address: str) -> str:
    import segno

    drawing = io.BytesIO()
    segno.make_qr(address, error="m").save(drawing, kind="svg", xmldecl=False, dark="#1b3432", light="#ffffff")
    return drawing.getvalue().decode()
