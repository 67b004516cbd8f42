"""Our Markdown as HTML, for formats that know no Markdown. HTML in a text is shown as it is written, as everywhere here."""

from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt

from courses.picture import PICTURE


def html(text: str, source: Callable[[str], str] | None = None) -> str:
    """The text as well-formed XHTML; a single paragraph stands without `<p>`.

    `source` gives the address of a picture by its sha256; without it pictures keep `picture:<sha256>`.
    """
    if source is not None:
        text = PICTURE.sub(lambda match: f"![{match[1]}]({source(match[2])})", text)
    code: str = _renderer().render(text).strip()
    inner = code.removeprefix("<p>").removesuffix("</p>")
    return inner if "<p>" not in inner and len(inner) == len(code) - len("<p></p>") else code


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable(["table", "strikethrough"])
