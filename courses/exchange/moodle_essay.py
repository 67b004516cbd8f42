"""Rubric and model answer of an essay as Moodle's information for graders."""

from collections.abc import Iterable

from courses.exchange.gift_syntax import number
from courses.question import Criterion


def grader_text(rubric: Iterable[Criterion], model_answer: str) -> str:
    """What graders in Moodle are told, as Markdown; "" for nothing."""
    lines = "\n".join(f"- {one.text} ({number(one.points).replace('.', ',')} point)" for one in rubric)
    model = f"Et godt svar kunne være:\n\n{model_answer}" if model_answer else ""
    return "\n\n".join(filter(None, (lines, model))).strip()
