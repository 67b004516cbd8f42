"""Attempts at a quiz: what a person sees of one, what it is worth, when another may begin, and when the key is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from courses.course import Policy, Scoring, Show
from courses.grading import Grade, State
from courses.question import Question
from courses.response import Response, is_blank


@dataclass(frozen=True)
class Item:
    """A question of an attempt. `order` are the ids of its options as they are shown; `checked` means that the answer was judged
    at once and cannot be changed any more; `grade` is the newest one, None before there is any."""

    id: str
    ordinal: int
    question: Question
    wording: str
    order: tuple[str, ...]
    max_mark: float
    response: Response = None
    flagged: bool = False
    checked: bool = False
    grade: Grade | None = None
    reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether something is answered."""
        return not is_blank(self.response)


@dataclass(frozen=True)
class Result:
    """What an attempt is worth: the share (0..1) of all marks, whether it passes, and how many items wait for a person."""

    share: float
    passed: bool
    pending: int = 0


@dataclass(frozen=True)
class Attempt:
    """A person's attempt as it stands."""

    id: str
    person_id: str
    course_id: str
    version_id: str
    cycle: int
    quiz: str
    number: int
    policy: Policy
    started_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    by_time: bool
    items: tuple[Item, ...]

    @property
    def submitted(self) -> bool:
        """Whether it is handed in; nothing changes after that."""
        return self.submitted_at is not None

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(item.answered for item in self.items)

    def remaining(self, at: datetime) -> timedelta | None:
        """Time left; None without a limit, zero when it is up."""
        return None if self.deadline_at is None else max(self.deadline_at - at, timedelta())

    @property
    def result(self) -> Result:
        """What the newest grades amount to."""
        return total([(item.grade, item.max_mark) for item in self.items], self.policy.pass_at)


def is_over(policy: Policy, deadline_at: datetime | None, at: datetime) -> bool:
    """Whether time and grace have passed."""
    return deadline_at is not None and at > deadline_at + timedelta(seconds=policy.grace_seconds)


def total(grades: Sequence[tuple[Grade | None, float]], pass_at: float) -> Result:
    """The result of grades with their marks; what waits for a person counts as 0 until it is marked."""
    whole = sum(mark for _, mark in grades)
    gained = sum(mark * (grade.fraction or 0.0) for grade, mark in grades if grade is not None)
    pending = sum(grade is None or grade.state is State.PENDING for grade, _ in grades)
    share = gained / whole if whole else 0.0
    return Result(share, share >= pass_at - 1e-9, pending)


def counting(scoring: Scoring, shares: Sequence[float]) -> float | None:
    """The share that counts among the submitted attempts, oldest first; None without any."""
    if not shares:
        return None
    return {
        Scoring.BEST: max(shares),
        Scoring.LAST: shares[-1],
        Scoring.FIRST: shares[0],
        Scoring.AVERAGE: fmean(shares),
    }[scoring]


def passes(policy: Policy, shares: Sequence[float]) -> bool:
    """Whether the share that counts passes."""
    counted = counting(policy.scoring, shares)
    return counted is not None and counted >= policy.pass_at - 1e-9


def attempts_left(policy: Policy, used: int, extra: int = 0) -> int | None:
    """How many attempts are left, those a trainer has given (`extra`) with them; None for any number."""
    return None if policy.attempts == 0 else max(policy.attempts + extra - used, 0)


def next_start(policy: Policy, last_submitted: datetime | None) -> datetime | None:
    """When the next attempt may begin at the earliest; None for at once."""
    if last_submitted is None or not policy.wait_hours:
        return None
    return last_submitted + timedelta(hours=policy.wait_hours)


def reveals(policy: Policy, item: Item, *, submitted: bool, done: bool) -> bool:
    """Whether key and explanations of an item are shown. `done` means that the quiz is passed or no attempt is left."""
    return {
        Show.AT_ONCE: item.checked or submitted,
        Show.AFTER_SUBMIT: submitted,
        Show.WHEN_DONE: submitted and done,
        Show.NEVER: False,
    }[policy.show]
