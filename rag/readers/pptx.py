"""PowerPoint presentations: a slide is a page, its title a heading of level 2."""

import io
from collections.abc import Iterator
from typing import Any

from rag.readers.blocks import Draft
from rag.readers.cleaning import clean_text, one_line
from rag.readers.errors import TooLarge
from rag.readers.limits import Watch

MAX_GROUP_DEPTH = 20


def read_pptx(data: bytes, watch: Watch) -> Draft:
    """Read a presentation that ``check_archive`` has accepted; speaker notes begin with "Noter: "."""
    import pptx

    presentation = pptx.Presentation(io.BytesIO(data))
    slides = list(presentation.slides)
    if len(slides) > watch.limits.max_pages:
        raise TooLarge(
            f"Præsentationen har {len(slides)} dias, og grænsen er {watch.limits.max_pages}. "
            "Del den i mindre filer, og prøv igen."
        )
    draft = Draft(page_count=len(slides))
    silent = []
    for number, slide in enumerate(slides, start=1):
        watch.report((number - 1) / len(slides))
        before = len(draft.blocks)
        _add_slide(draft, slide, number, watch)
        if len(draft.blocks) == before:
            silent.append(number)
    if silent and draft.blocks:
        shown = ", ".join(map(str, silent[:20]))
        draft.warnings.append(f"Dias {shown} har ingen tekst (måske kun billeder) og er ikke læst.")
    first = draft.blocks[0] if draft.blocks else None
    draft.title = first.text if first is not None and first.kind == "heading" else ""
    return draft


def _add_slide(draft: Draft, slide: Any, number: int, watch: Watch) -> None:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        draft.add("heading", title.text_frame.text, 2, number)
    for shape in _shapes(slide.shapes):
        watch.check()
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False):
            rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
            draft.add_table(rows, number)
        elif shape.has_text_frame and not _repeats_on_every_slide(shape):
            _add_text(draft, shape, number)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        notes = one_line(clean_text(frame.text)) if frame is not None else ""
        if notes:
            draft.add("paragraph", f"Noter: {notes}", page=number)


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < MAX_GROUP_DEPTH:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _add_text(draft: Draft, shape: Any, number: int) -> None:
    paragraphs = [paragraph for paragraph in shape.text_frame.paragraphs if paragraph.text.strip()]
    # Several paragraphs in a body placeholder are what a reader sees as bullets; elsewhere indents decide.
    body = shape.is_placeholder and len(paragraphs) > 1
    for paragraph in paragraphs:
        draft.add("list_item" if body or paragraph.level > 0 else "paragraph", paragraph.text, page=number)


def _repeats_on_every_slide(shape: Any) -> bool:
    from pptx.enum.shapes import PP_PLACEHOLDER

    if not shape.is_placeholder:
        return False
    return shape.placeholder_format.type in {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
