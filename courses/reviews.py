"""Spaced reviews: which questions a person gets in a week, what an answer does to her memory of one, and what earns a renewal.

Three questions a week and never more: whoever has been away finds three, as everybody else does. Memory is FSRS, as the package
`fsrs` (MIT) keeps it. A week is an ISO week of the Danish calendar.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from random import Random
from statistics import fmean

from fsrs import Card, Rating, Scheduler

from courses.grading import Grade, State
from courses.question import Question
from courses.response import Response
from rag.calendar import COPENHAGEN

WEEKLY = 3
# A question that was never reviewed: whoever passed a test with 80 % remembers it with about that likelihood.
ASSUMED = 0.8

# What renews a certificate without a new test: in the last 26 weeks of the period all the week's questions were answered in at
# least 60 % of the weeks, and the answers to the course's own questions, at least six, were worth 70 % on average.
PERIOD_WEEKS = 26
WEEKS_SHARE = 0.6
MEAN_FRACTION = 0.7
FEWEST_ANSWERS = 6
WEEKS_NEEDED = ceil(WEEKS_SHARE * PERIOD_WEEKS)

# One review a week at most, so that steps of minutes mean nothing, and spreading intervals by chance even less.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class Review:
    """A question of a week. `grade` is None until it is answered."""

    id: str
    question: Question
    wording: str
    order: tuple[str, ...]
    response: Response = None
    grade: Grade | None = None


@dataclass(frozen=True)
class Week:
    """A person's week (`2026-W48`): the titles of the courses she has passed, whether reviews may renew the certificate of one of
    them, and at most `WEEKLY` questions."""

    name: str
    courses: tuple[str, ...]
    renews: bool
    reviews: tuple[Review, ...]

    @property
    def waiting(self) -> Review | None:
        """The first question that is not answered."""
        return next((review for review in self.reviews if review.grade is None), None)

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(review.grade is not None for review in self.reviews)


@dataclass(frozen=True)
class Candidate:
    """A question that may be asked; `card` is None when it never was."""

    question_id: str
    topic: str
    card: Card | None = None

    def due(self, at: datetime) -> bool:
        """Whether it is time; a question that was never reviewed is due at once."""
        return self.card is None or self.card.due <= at

    def retrievability(self, at: datetime) -> float:
        """How likely it is remembered, 0..1."""
        return ASSUMED if self.card is None else SCHEDULER.get_card_retrievability(self.card, at)


def week_of(moment: datetime | date) -> str:
    """The ISO week of a Danish day: `2026-W48`."""
    day = moment.astimezone(COPENHAGEN).date() if isinstance(moment, datetime) else moment
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def chosen(
    candidates: Collection[Candidate], at: datetime, count: int, chance: Random, topics: Collection[str] = ()
) -> list[Candidate]:
    """The `count` questions a person has most use of: due ones first, topics mixed, the least remembered first.

    `topics` are those the week has already. Where too few are due, what is remembered least fills up.
    """
    left = sorted(candidates, key=lambda one: one.question_id)
    chance.shuffle(left)
    taken = set(topics)
    found: list[Candidate] = []
    while left and len(found) < count:
        best = min(left, key=lambda one: (not one.due(at), one.topic in taken, one.retrievability(at)))
        left.remove(best)
        found.append(best)
        taken.add(best.topic)
    return found


def rating(grade: Grade) -> Rating:
    """What FSRS is told of an answer: wrong is Again, partly right is Hard, right is Good."""
    if grade.state is State.CORRECT:
        return Rating.Good
    return Rating.Hard if grade.state is State.PARTIAL else Rating.Again


def reviewed(card: Card | None, grade: Grade, at: datetime) -> Card:
    """The card after an answer; a first answer makes it."""
    at = at.astimezone(UTC)  # fsrs takes no other zone
    return SCHEDULER.review_card(card or Card(card_id=0, due=at), rating(grade), at)[0]


def last_weeks(since: date, until: date) -> list[str]:
    """The weeks that count for a renewal: the last `PERIOD_WEEKS` up to `until`, none before `since`."""
    weeks = [week_of(until - timedelta(weeks=back)) for back in range(PERIOD_WEEKS)]
    return [week for week in weeks if week >= week_of(since)]


def complete(answered: Sequence[bool]) -> bool:
    """Whether a week's questions are all answered; one that was held back before it was answered is not missed."""
    return bool(answered) and (all(answered) or sum(answered) >= WEEKLY)


def is_steady(weeks: int, fractions: Sequence[float]) -> bool:
    """Whether so many complete weeks and these answers to the course's questions renew its certificate."""
    return weeks >= WEEKS_NEEDED and len(fractions) >= FEWEST_ANSWERS and fmean(fractions) >= MEAN_FRACTION - 1e-9
