"""Parts of a manuscript made from stored or written fields."""

from typing import Any

from pydantic import TypeAdapter

from courses.authoring.manuscript import COURSE, Chapter, Heading, Part, Settings
from courses.course import Activity
from courses.question import QUESTION

ACTIVITY: TypeAdapter[Activity] = TypeAdapter(Activity)
STOOD_IN = "stood_in"  # beside the fields of what was deleted: id of the module it comes back to


def part_of(name: str, fields: dict[str, Any] | None) -> Part | None:
    """The part called `name` with these fields; None without any."""
    if fields is None:
        return None
    fields = {field: value for field, value in fields.items() if field != STOOD_IN}
    if name == COURSE:
        return Settings.model_validate(fields)
    if name.startswith("module:"):
        return (Chapter if "activities" in fields else Heading).model_validate(fields)
    if name.startswith("activity:"):
        return ACTIVITY.validate_python(fields)
    return QUESTION.validate_python(fields)
