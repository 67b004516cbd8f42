"""Questions: ten kinds, each a checked model that is the same in content files, in the database and frozen in an attempt.

Options, pairs and gaps have ids that never change, so that an answer keeps its meaning when texts are edited or shuffled.
"""

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

GAP = re.compile(r"\{\{(\w+)\}\}")
Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceRef(_Part):
    """Where the key of a question stands: a source, the anchor of a section, and an exact piece of one of its passages."""

    source: Key
    section: str
    quote: Text


class Option(_Part):
    """A possible answer of a single choice; `fraction` is its share of the mark. Less than 0 counts as 0, since nothing is taken
    away for a wrong answer; the number is kept because imported questions have it."""

    id: Key
    text: Text
    fraction: Annotated[float, Field(ge=-1.0, le=1.0)] = 0.0
    feedback: str = ""


class Tick(_Part):
    """A possible answer of a multiple choice."""

    id: Key
    text: Text
    correct: bool = False
    feedback: str = ""


class Pair(_Part):
    """Something and what belongs to it."""

    id: Key
    left: Text
    right: Text


class Item(_Part):
    """One of the things to be put in order."""

    id: Key
    text: Text


class Accepted(_Part):
    """A text that is accepted for `fraction` of the mark."""

    text: Text
    fraction: Share = 1.0
    feedback: str = ""


class Figure(_Part):
    """A number that is accepted for `fraction` of the mark, within `tolerance` to each side."""

    value: float
    tolerance: Annotated[float, Field(ge=0.0)] = 0.0
    fraction: Share = 1.0
    feedback: str = ""


class Gap(_Part):
    """A gap of a cloze: chosen among `options`, or written and compared with `accepted` or `figures`; `points` is its weight."""

    id: Annotated[str, Field(pattern=r"^\w{1,40}$")]
    options: tuple[Option, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    figures: tuple[Figure, ...] = ()
    points: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _one_way(self) -> "Gap":
        if sum(map(bool, (self.options, self.accepted, self.figures))) != 1:
            raise ValueError(f"gap {self.id} needs either options, accepted or figures")
        if self.options:
            _unique([option.id for option in self.options])
        return self


class Criterion(_Part):
    """A line of a rubric: what is looked for and how many points it gives."""

    id: Key
    text: Text
    points: Annotated[float, Field(gt=0)] = 1.0


class _Question(_Part):
    """What every kind has. `text` and `feedback` are Markdown; `feedback` explains the key; `tags` name topics for pools."""

    id: Key
    text: Text
    feedback: str = ""
    points: Annotated[float, Field(gt=0, le=100)] = 1.0
    tags: tuple[Key, ...] = ()
    sources: tuple[SourceRef, ...] = ()
    shuffle: bool = True


class SingleChoice(_Question):
    """One option is chosen."""

    type: Literal["single"] = "single"
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=20)]

    @model_validator(mode="after")
    def _key(self) -> "SingleChoice":
        _unique([option.id for option in self.options])
        if not any(option.fraction == 1.0 for option in self.options):
            raise ValueError("one option must give the whole mark (fraction: 1)")
        return self


class MultipleChoice(_Question):
    """Any number of options is ticked; the key may be empty, and then "none of them" is right."""

    type: Literal["multiple"] = "multiple"
    options: Annotated[tuple[Tick, ...], Field(min_length=2, max_length=20)]

    @model_validator(mode="after")
    def _key(self) -> "MultipleChoice":
        _unique([option.id for option in self.options])
        return self


class TrueFalse(_Question):
    """A statement holds or does not."""

    type: Literal["true_false"] = "true_false"
    answer: bool
    feedback_true: str = ""
    feedback_false: str = ""
    shuffle: Literal[False] = False


class Matching(_Question):
    """To each left side its right side is chosen; `distractors` are right sides that belong nowhere."""

    type: Literal["matching"] = "matching"
    pairs: Annotated[tuple[Pair, ...], Field(min_length=2, max_length=20)]
    distractors: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _key(self) -> "Matching":
        _unique([pair.id for pair in self.pairs])
        if set(self.distractors) & {pair.right for pair in self.pairs}:
            raise ValueError("a distractor must not be one of the right answers")
        return self

    @property
    def choices(self) -> tuple[str, ...]:
        """Every right side once, in the order of the file."""
        return tuple(dict.fromkeys([*(pair.right for pair in self.pairs), *self.distractors]))


class Ordering(_Question):
    """Things are put in order; they are listed here in the right one."""

    type: Literal["ordering"] = "ordering"
    items: Annotated[tuple[Item, ...], Field(min_length=2, max_length=12)]

    @model_validator(mode="after")
    def _key(self) -> "Ordering":
        _unique([item.id for item in self.items])
        _unique([item.text for item in self.items])
        return self


class ShortText(_Question):
    """A word or a few; compared exactly, but for white space, Unicode form and (unless `case_sensitive`) case."""

    type: Literal["short_text"] = "short_text"
    accepted: Annotated[tuple[Accepted, ...], Field(min_length=1)]
    case_sensitive: bool = False


class Numeric(_Question):
    """A number; a unit is shown beside the field and not part of the answer."""

    type: Literal["numeric"] = "numeric"
    figures: Annotated[tuple[Figure, ...], Field(min_length=1)]
    unit: str = ""


class Cloze(_Question):
    """A text with gaps, written {{id}}."""

    type: Literal["cloze"] = "cloze"
    gaps: Annotated[tuple[Gap, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _key(self) -> "Cloze":
        named = GAP.findall(self.text)
        _unique(named)
        if set(named) != {gap.id for gap in self.gaps}:
            raise ValueError("the gaps in the text and the list of gaps must be the same")
        return self


class Essay(_Question):
    """A longer text that a person marks by a rubric."""

    type: Literal["essay"] = "essay"
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    model_answer: str = ""
    most_words: Annotated[int, Field(ge=10, le=5000)] = 400


class PromptPractice(_Question):
    """The learner writes a prompt for a case from the municipality; see `courses.prompt_practice`.

    `text` is the case; `needs` are words of the case that a good prompt carries over, one group an aspect; `weak_prompt` and
    `weak_result`, `model_prompt` and `model_result` are the before and after.
    """

    type: Literal["prompt"] = "prompt"
    needs: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1)]
    hints: Annotated[tuple[Text, ...], Field(min_length=1)]
    model_prompt: Text
    model_result: Text
    weak_prompt: Text
    weak_result: Text


Question = Annotated[
    SingleChoice
    | MultipleChoice
    | TrueFalse
    | Matching
    | Ordering
    | ShortText
    | Numeric
    | Cloze
    | Essay
    | PromptPractice,
    Field(discriminator="type"),
]
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


class Kind(StrEnum):
    """The ten kinds by the names they have in files."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    MATCHING = "matching"
    ORDERING = "ordering"
    SHORT_TEXT = "short_text"
    NUMERIC = "numeric"
    CLOZE = "cloze"
    ESSAY = "essay"
    PROMPT = "prompt"

    @property
    def danish(self) -> str:
        """Name of the kind as shown to people."""
        return _DANISH[self]


_DANISH = {
    Kind.SINGLE: "Ét svar",
    Kind.MULTIPLE: "Flere svar",
    Kind.TRUE_FALSE: "Sandt eller falsk",
    Kind.MATCHING: "Par",
    Kind.ORDERING: "Rækkefølge",
    Kind.SHORT_TEXT: "Kort svar",
    Kind.NUMERIC: "Tal",
    Kind.CLOZE: "Udfyld hullerne",
    Kind.ESSAY: "Fritekst",
    Kind.PROMPT: "Promptøvelse",
}


def _unique(ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise ValueError("an id or text stands there twice")
