"""Parts of a manuscript made from stored or written fields."""

from typing import Any

from pydantic import TypeAdapter

from courses.authoring.manuscript import COURSE, Heading, Part, Settings
from courses.course import Activity
from courses.question import QUESTION

ACTIVITY: TypeAdapter[Activity] = TypeAdapter(Activity)


def part_of(name: str, fields: dict[str, Any] | None) -> Part | None:
    """The part called `name` with these fields; None without any."""
    if fields is None:
        return None
    if name == COURSE:
        return Settings.model_validate(fields)
    if name.startswith("module:"):
        return Heading.model_validate(fields)
    if name.startswith("activity:"):
        return ACTIVITY.validate_python(fields)
    return QUESTION.validate_python(fields)
