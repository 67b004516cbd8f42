"""Progress: which parts of a course a person has done, which are open, and what the next step is."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from courses.course import Activity, Course, Quiz
from courses.errors import NotOpen


class Step(StrEnum):
    """How far a person is with an activity."""

    LOCKED = "locked"
    OPEN = "open"
    BEGUN = "begun"
    DONE = "done"

    @property
    def danish(self) -> str:
        """Name of the step as shown to people."""
        return {"locked": "Låst", "open": "Ikke begyndt", "begun": "I gang", "done": "Gennemført"}[self.value]


@dataclass(frozen=True)
class Progress:
    """A person's way through a course."""

    course: Course
    steps: dict[str, Step]

    @classmethod
    def of(cls, course: Course, begun: Collection[str], done: Collection[str]) -> "Progress":
        """From the ids of the activities that are begun and done; the rest is open or waits for what it requires."""
        steps = {}
        for activity in course.activities:
            if activity.id in done:
                steps[activity.id] = Step.DONE
            elif set(activity.requires) - set(done):
                steps[activity.id] = Step.LOCKED
            else:
                steps[activity.id] = Step.BEGUN if activity.id in begun else Step.OPEN
        return cls(course, steps)

    @property
    def done(self) -> int:
        """How many of the activities that must be done are done."""
        return sum(self.steps[one.id] is Step.DONE for one in self._required)

    @property
    def total(self) -> int:
        """How many activities must be done."""
        return len(self._required)

    @property
    def _required(self) -> list[Activity]:
        return [one for one in self.course.activities if not (isinstance(one, Quiz) and one.optional)]

    @property
    def finished(self) -> bool:
        """Whether everything is done."""
        return self.done == self.total

    @property
    def next(self) -> Activity | None:
        """The first activity that must be done, is not, and is not locked; None at the end."""
        return next(
            (one for one in self._required if self.steps[one.id] in {Step.OPEN, Step.BEGUN}),
            None,
        )

    def after(self, key: str) -> Activity | None:
        """The activity that stands after another, None after the last."""
        activities = list(self.course.activities)
        place = next(number for number, activity in enumerate(activities) if activity.id == key)
        return activities[place + 1] if place + 1 < len(activities) else None

    def require_unlocked(self, activity: Activity) -> None:
        """Raise `NotOpen` where something must be done first."""
        if self.steps.get(activity.id) is Step.LOCKED:
            first = self.missing(activity)[0]
            raise NotOpen(f"Denne del åbner, når du har gennemført “{first.title}”.")

    def missing(self, activity: Activity) -> list[Activity]:
        """What must be done before an activity opens."""
        wanted = [self.course.activity(key) for key in activity.requires if self.steps[key] is not Step.DONE]
        return [one for one in wanted if one is not None]
