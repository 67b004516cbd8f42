"""What Moodle XML has no place for, as JSON in an element of our own: `<aiunivers>{"shuffle":false}</aiunivers>`.

Moodle's importer looks elements up by name (`question/format/xml/format.php`) and passes over this one. What stands visibly in
the file always wins; a reader takes from here only what still fits it.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from courses.question import Criterion, Key, SourceRef

ELEMENT = "aiunivers"
MOST_CHARACTERS = 500_000


class Extras(BaseModel):
    """Fields at their default are not written.

    `parts` are ids of options, pairs or items, where they are not a, b, c …; `none_right` says that a multiple choice has an
    empty key. For the gaps of a cloze, in the order of the text: `gaps` their ids, `gap_options` ids of their options,
    `gap_points` their weights where Moodle's whole numbers cannot say them, `gap_feedback` the Markdown of feedback that is HTML
    in Moodle; `gap_order` are their ids in the order of the list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    shuffle: bool | None = None
    sources: tuple[SourceRef, ...] = ()
    parts: tuple[Key, ...] = ()
    none_right: bool = False
    rubric: tuple[Criterion, ...] = ()
    model_answer: str = ""
    gaps: tuple[str, ...] = ()
    gap_order: tuple[str, ...] = ()
    gap_options: tuple[tuple[Key, ...], ...] = ()
    gap_points: tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...] = ()
    gap_feedback: tuple[tuple[str, ...], ...] = ()


def extras_of(text: str) -> Extras | None:
    """What the element says; None when it cannot be read."""
    try:
        return Extras.model_validate_json(text) if len(text) <= MOST_CHARACTERS else None
    except ValidationError:
        return None


def written(extras: Extras) -> str:
    """The element's text; "" when there is nothing to say."""
    text = extras.model_dump_json(exclude_defaults=True)
    return "" if text == "{}" else text
