"""What the workshop shows: manuscripts on their way, who wrote what, and what is still to be decided before publishing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from courses.authoring.differences import LineChange
from courses.authoring.gate import Finding
from courses.authoring.manuscript import Manuscript


class State(StrEnum):
    """Where a manuscript is. The first three are open: a course has at most one of them."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"

    @property
    def danish(self) -> str:
        """As shown to people."""
        return _DANISH[self]


_DANISH = {
    State.DRAFT: "Kladde",
    State.IN_REVIEW: "Til gennemsyn",
    State.APPROVED: "Godkendt",
    State.PUBLISHED: "Udgivet",
    State.DISCARDED: "Kasseret",
}
OPEN = (State.DRAFT, State.IN_REVIEW, State.APPROVED)


class Step(StrEnum):
    """What happens to a manuscript on its way."""

    SENT = "sent"
    APPROVED = "approved"
    RETURNED = "returned"
    PUBLISHED = "published"
    DISCARDED = "discarded"

    @property
    def danish(self) -> str:
        """As shown to people, after a name."""
        return {
            "sent": "sendte kladden til gennemsyn",
            "approved": "godkendte kladden",
            "returned": "sendte kladden tilbage",
            "published": "udgav kladden",
            "discarded": "kasserede kladden",
        }[self]


@dataclass(frozen=True)
class ManuscriptLine:
    """A manuscript in a list; `base_number` is the version it began from, None for a new course; `changed_by` is a name."""

    id: str
    course_id: str
    title: str
    state: State
    base_number: int | None
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True)
class ManuscriptView:
    """A manuscript as it stands. `outdated` says that a newer version than its base is published; `authors` are the ids of all
    who have changed it."""

    line: ManuscriptLine
    revision: int
    content: Manuscript
    base_id: str | None
    outdated: bool
    authors: frozenset[str]


@dataclass(frozen=True)
class Changed:
    """A change in the history; `lines` are what is different, none where a part only moved; `began` marks that a course did."""

    id: int
    at: datetime
    by: str
    part: str
    summary: str
    lines: tuple[LineChange, ...]
    began: bool = False

    @property
    def can_go_back(self) -> bool:
        """Whether the part can be as it was before: not when it only moved, and not to before a course began."""
        return bool(self.lines) and not self.began


@dataclass(frozen=True)
class StepTaken:
    """A step in the history."""

    at: datetime
    by: str
    step: Step
    remark: str


@dataclass(frozen=True)
class GateFinding:
    """A finding of the quality gate; `reason` says why it may stand and `accepted_by` who said so, empty while it is open."""

    finding: Finding
    reason: str = ""
    accepted_by: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody must still decide."""
        return not self.reason
