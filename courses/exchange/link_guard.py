"""Links and pictures in the Markdown of questions from elsewhere: nothing that runs, and nothing that a reader's browser fetches.

A browser asked to show a picture from another address tells that address who is reading, and a link may be a program
(`javascript:`). Texts that were HTML are checked while they become Markdown; this looks at all of them, whatever their format.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from markdown_it import MarkdownIt

from courses.exchange.imported import Imported, Reading, Refused

_MAY_LEAD = re.compile(r"\](?:\(|:|\[)|<[A-Za-z][A-Za-z0-9+.-]*:")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_FOLLOWED = frozenset(["http", "https", "mailto", "tel"])
_KEPT = "picture"
_EXCERPT = 80

LINK = "Et link begynder med »{}:«, som ikke kan følges herfra. Skriv en adresse, der begynder med https://, eller fjern linket."
PICTURE = (
    "Et billede ligger et andet sted end i filen ({}). Tag det ud af teksten, og læg det ind i spørgsmålet bagefter."
)


def guarded(reading: Reading) -> Reading:
    """The reading with those questions refused whose texts lead where they must not."""
    kept: list[Imported] = []
    refused = list(reading.refused)
    for one in reading.imported:
        if reason := next(filter(None, map(_reason, _texts(one.question.model_dump()))), ""):
            refused.append(Refused(one.line, reason, one.question.text[:_EXCERPT]))
        else:
            kept.append(one)
    return Reading(tuple(kept), tuple(sorted(refused, key=lambda one: one.line)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | tuple | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _reason(text: str) -> str:
    """Why a text is not taken; "" when it is."""
    if not _MAY_LEAD.search(text):
        return ""
    for token in _parser().parse(text):
        for part in token.children or ():
            address = str(part.attrGet("href") or part.attrGet("src") or "")
            scheme = _SCHEME.match(address)
            name = scheme[1].lower() if scheme else ""
            if part.type == "image" and (address.startswith("//") or name not in ("", _KEPT)):
                return PICTURE.format(address[:40])
            if part.type == "link_open" and name and name not in _FOLLOWED:
                return LINK.format(name[:20])
    return ""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # the parser itself would show a dangerous link as text, but it is not the only one that reads these texts
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser
