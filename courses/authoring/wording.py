"""What stands in a question or a lesson, taken apart as the quality gate looks at it."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from courses.course import Lesson
from courses.question import (
    Cloze,
    Essay,
    Gap,
    Matching,
    MultipleChoice,
    Ordering,
    PromptPractice,
    Question,
    ShortText,
    SingleChoice,
)

_DATA = re.compile(r"\(data:[^)]*\)")
_SHOWN = 120  # characters of a text that a message repeats


@dataclass(frozen=True)
class Choice:
    """The options of a question, or of one of its gaps: those that are right and those that are wrong."""

    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All options, the right ones first."""
        return self.right + self.wrong


def name(part: Question | Lesson) -> str:
    """The name of a part, as manuscripts name their parts."""
    return f"{'lesson' if isinstance(part, Lesson) else 'question'}:{part.id}"


def digest(*parts: Question | Lesson, subject: str = "") -> str:
    """What changes with every edit of the wording of the parts: 24 hexadecimal digits."""
    content = [subject, *(part.model_dump(mode="json") for part in parts)]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:24]


def shown(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"


def choices(question: Question) -> list[Choice]:
    """What is chosen among: the options of the question, or of each gap that has some."""
    if isinstance(question, SingleChoice):
        return [_chosen(question)]
    if isinstance(question, MultipleChoice):
        right = tuple(option.text for option in question.options if option.correct)
        return [Choice(right, tuple(option.text for option in question.options if not option.correct))]
    if isinstance(question, Cloze):
        return [_chosen(gap) for gap in question.gaps if gap.options]
    return []


def _chosen(where: SingleChoice | Gap) -> Choice:
    right = tuple(option.text for option in where.options if option.fraction == 1.0)
    return Choice(right, tuple(option.text for option in where.options if option.fraction != 1.0))


def written_keys(question: Question) -> list[str]:
    """The texts that give the whole mark where the answer is written."""
    if isinstance(question, ShortText):
        return [one.text for one in question.accepted if one.fraction == 1.0]
    if isinstance(question, Cloze):
        return [one.text for gap in question.gaps for one in gap.accepted if one.fraction == 1.0]
    return []


def answers(question: Question) -> list[str]:
    """Everything that is read when answering, besides the question itself."""
    found = [text for choice in choices(question) for text in choice.every]
    if isinstance(question, Matching):
        found += [text for pair in question.pairs for text in (pair.left, pair.right)]
        found += question.distractors
    if isinstance(question, Ordering):
        found += [item.text for item in question.items]
    return found


def told(question: Question) -> str:
    """What the question and its key say together, for comparing questions."""
    if isinstance(question, PromptPractice):
        return question.text
    more = [criterion.text for criterion in question.rubric] if isinstance(question, Essay) else answers(question)
    return "\n".join([question.text, *more, *written_keys(question)])


def texts(part: Question | Lesson) -> Iterator[str]:
    """Every text that a person wrote in a part; embedded pictures are left out."""
    return (
        _DATA.sub("()", text) for text in _strings(part.model_dump(exclude={"id", "type", "kind", "tags", "requires"}))
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in ("id", "source", "section"):
                yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
