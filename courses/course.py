"""Courses as they are written in files and kept in versions: modules with lessons, quizzes and exercises, and a last test.

A version is frozen when it is published: its modules, lesson texts and questions are stored whole, and people under way finish
the version they began.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, model_validator

from courses.question import Key, PromptPractice, Question, Share, SourceRef, Text

LessonText = Annotated[str, Field(min_length=1, max_length=400_000)]
Minutes = Annotated[int, Field(ge=1, le=600)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Show(StrEnum):
    """When feedback and key are shown: after each answer, when the attempt is handed in, when it is passed or the last attempt
    is used, or never."""

    AT_ONCE = "at_once"
    AFTER_SUBMIT = "after_submit"
    WHEN_DONE = "when_done"
    NEVER = "never"


class Scoring(StrEnum):
    """Which attempt counts."""

    BEST = "best"
    LAST = "last"
    AVERAGE = "average"
    FIRST = "first"


class Policy(_Part):
    """Rules of a quiz. `attempts` 0 is any number; `wait_hours` between attempts; `minutes` is the time limit, None without;
    `grace_seconds` are for what is on its way when the time is up; `pass_at` is the share of the marks that passes."""

    attempts: Annotated[int, Field(ge=0, le=50)] = 0
    wait_hours: Annotated[float, Field(ge=0, le=24 * 30)] = 0
    scoring: Scoring = Scoring.BEST
    minutes: Minutes | None = None
    grace_seconds: Annotated[int, Field(ge=0, le=600)] = 30
    pass_at: Share = 0.8
    shuffle_questions: bool = False
    shuffle_options: bool = True
    show: Show = Show.AFTER_SUBMIT


class Pool(_Part):
    """`count` questions drawn among those that have all the `tags` and stand in one of the `modules` (any where empty)."""

    count: Annotated[int, Field(ge=1, le=60)]
    tags: tuple[Key, ...] = ()
    modules: tuple[Key, ...] = ()


class Slot(_Part):
    """A place in a quiz: one question by id, or a pool."""

    question: Key | None = None
    pool: Pool | None = None

    @model_validator(mode="after")
    def _one(self) -> "Slot":
        if (self.question is None) == (self.pool is None):
            raise ValueError("a slot names either a question or a pool")
        return self


class Lesson(_Part):
    """A page to read. `text` is Markdown with callouts; `sources` are what it rests on, and what "ask this page" searches."""

    kind: Literal["lesson"] = "lesson"
    id: Key
    title: Text
    minutes: Minutes = 5
    text: LessonText
    sources: tuple[SourceRef, ...] = ()
    requires: tuple[Key, ...] = ()


class Quiz(_Part):
    """Questions under one policy. What is `optional` does not stand between a person and the end of the course."""

    kind: Literal["quiz"] = "quiz"
    id: Key
    title: Text
    about: str = ""
    minutes: Minutes = 10
    policy: Policy = Policy()
    slots: Annotated[tuple[Slot, ...], Field(min_length=1, max_length=60)]
    requires: tuple[Key, ...] = ()
    optional: bool = False


class Practice(_Part):
    """A prompt exercise: `question` names a question of the kind prompt."""

    kind: Literal["practice"] = "practice"
    id: Key
    title: Text
    minutes: Minutes = 10
    question: Key
    requires: tuple[Key, ...] = ()


Activity = Annotated[Lesson | Quiz | Practice, Field(discriminator="kind")]


class Module(_Part):
    """Activities that belong together, and the questions they use."""

    id: Key
    title: Text
    summary: Text
    activities: Annotated[tuple[Activity, ...], Field(min_length=1)]
    questions: tuple[Question, ...] = ()


class CertificateRules(_Part):
    """How long a certificate is valid, how many days before its end it can be renewed, and whether steady reviews renew it."""

    valid_months: Annotated[int, Field(ge=1, le=120)] = 24
    window_days: Annotated[int, Field(ge=1, le=365)] = 90
    by_reviews: bool = True


class Course(_Part):
    """A whole course. `open_to_all` means that people may begin it without an assignment; `final` is the id of the quiz that
    must be passed for the certificate."""

    id: Key
    title: Text
    summary: Text
    audience: Text
    open_to_all: bool = False
    final: Key
    certificate: CertificateRules | None = None
    modules: Annotated[tuple[Module, ...], Field(min_length=1)]

    @property
    def activities(self) -> Iterator[Activity]:
        """All activities in order."""
        return (activity for module in self.modules for activity in module.activities)

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by id."""
        return {question.id: question for module in self.modules for question in module.questions}

    @property
    def minutes(self) -> int:
        """How long the whole course takes, as its parts are judged."""
        return sum(activity.minutes for activity in self.activities)

    def activity(self, key: str) -> Activity | None:
        """The activity with this id."""
        return next((activity for activity in self.activities if activity.id == key), None)

    def pooled(self, pool: Pool) -> list[Question]:
        """The questions that a pool draws among; prompts are practised, not drawn."""
        return pooled(self.modules, pool)

    @model_validator(mode="after")
    def _holds_together(self) -> "Course":
        ids = [activity.id for activity in self.activities]
        _once(ids, "activity")
        _once([question.id for module in self.modules for question in module.questions], "question")
        final = self.activity(self.final)
        if not isinstance(final, Quiz):
            raise ValueError(f"final: {self.final} is no quiz of this course")
        seen: set[str] = set()
        for activity in self.activities:
            if missing := set(activity.requires) - seen:
                raise ValueError(f"{activity.id} requires {min(missing)}, which does not stand before it")
            seen.add(activity.id)
            self._uses(activity)
        return self

    def _uses(self, activity: Activity) -> None:
        if isinstance(activity, Practice):
            if not isinstance(self.questions.get(activity.question), PromptPractice):
                raise ValueError(f"{activity.id} names {activity.question}, which is no prompt question here")
        elif isinstance(activity, Quiz):
            for slot in activity.slots:
                if slot.question is not None and slot.question not in self.questions:
                    raise ValueError(f"{activity.id} names {slot.question}, which is no question here")
                if isinstance(self.questions.get(slot.question or ""), PromptPractice):
                    raise ValueError(f"{activity.id} names {slot.question}: prompts are practised, not asked in a quiz")
                if slot.pool is not None and len(self.pooled(slot.pool)) < slot.pool.count:
                    raise ValueError(f"{activity.id} draws {slot.pool.count}, but the pool has fewer questions")


class _Holder(Protocol):
    """A module, finished or not."""

    @property
    def id(self) -> str: ...
    @property
    def questions(self) -> tuple[Question, ...]: ...


def pooled(modules: Iterable[_Holder], pool: Pool) -> list[Question]:
    """The questions of the modules that a pool draws among; prompts are practised, not drawn."""
    return [
        question
        for module in modules
        if not pool.modules or module.id in pool.modules
        for question in module.questions
        if set(pool.tags) <= set(question.tags) and not isinstance(question, PromptPractice)
    ]


def _once(ids: list[str], what: str) -> None:
    for key in ids:
        if ids.count(key) > 1:
            raise ValueError(f"{what} {key} stands there twice")
