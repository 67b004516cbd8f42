"""The weekly digest to a manager: which of her own people have not finished a course in time. Nothing about results."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from courses.steering.reminder_text import CHOICES, greeting
from rag.calendar import danish_date

LONGEST = 60  # names in one mail; the rest are on the page
AREA = "mit-omraade"  # address of the page where a manager sees her people


@dataclass(frozen=True, slots=True)
class Overdue:
    """A person who should have finished a course by a day."""

    person_id: str
    name: str
    course_id: str
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Digest:
    """What a manager is to be told this week. `address` is None where none is known, and then nothing goes."""

    manager_id: str
    name: str
    address: str | None
    overdue: tuple[Overdue, ...]

    @property
    def people(self) -> int:
        """How many people it is about."""
        return len({one.person_id for one in self.overdue})

    @property
    def named(self) -> set[str]:
        """Ids of the people whom the mail names."""
        return {one.person_id for _, shown, _ in _sections(self) for one in shown}


def subject(digest: Digest) -> str:
    """The subject of a digest; without names, because subjects are seen by others."""
    return f"Ugens oversigt: {_people(digest.people)} har overskredet en frist"


def text(digest: Digest, public_url: str) -> str:
    """The text of a digest: each course with its people, the longest overdue first."""
    lines = [
        greeting(digest.name),
        "",
        f"{_people(digest.people)}, som du er leder for, har overskredet fristen for et kursus.",
    ]
    for title, shown, more in _sections(digest):
        lines += ["", f"“{title}” ({_people(len(shown) + more)}):"]
        lines += [f"- {one.name}, frist {danish_date(one.due_on)}" for one in shown]
        if more:
            lines.append(f"- og {more} til")
    return "\n".join([*lines, "", _closing(public_url)]) + "\n"


def _sections(digest: Digest) -> list[tuple[str, list[Overdue], int]]:
    """The courses of a digest by title: who is named in each, and how many more there are."""
    courses: dict[str, list[Overdue]] = defaultdict(list)
    for one in digest.overdue:
        courses[one.title].append(one)
    found = []
    left = LONGEST
    for title in sorted(courses):
        people = sorted(courses[title], key=lambda one: (one.due_on, one.name, one.person_id))
        shown = people[:left]
        left -= len(shown)
        found.append((title, shown, len(people) - len(shown)))
    return found


def _people(count: int) -> str:
    return "1 medarbejder" if count == 1 else f"{count} medarbejdere"


def _closing(public_url: str) -> str:
    return (
        f"Se dem, og mind dem om kurset på siden Mit område:\n{public_url}/{AREA}\n\n"
        "Oversigten er kun til dig som leder. Den sendes ugens første arbejdsdag fra AI-Univers. "
        "Du kan vælge den fra på siden Mine data:\n"
        f"{public_url}/{CHOICES}"
    )


def digests(
    leaders: dict[str, set[str]], managers: dict[str, tuple[str, str | None]], overdue: Sequence[Overdue]
) -> list[Digest]:
    """The digests of a week: `leaders` gives the people of each manager, `managers` name and address of those who want one."""
    of_person: dict[str, list[Overdue]] = defaultdict(list)
    for one in overdue:
        of_person[one.person_id].append(one)
    found = []
    for manager_id in sorted(leaders.keys() & managers.keys()):
        lines = [one for person_id in sorted(leaders[manager_id]) for one in of_person[person_id]]
        if lines:
            found.append(Digest(manager_id, *managers[manager_id], tuple(lines)))
    return found
