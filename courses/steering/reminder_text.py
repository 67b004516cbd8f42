"""What reminders say: plain text, to one person, about her own courses. Nothing in them is fetched or counted when it is read."""

from collections.abc import Sequence
from urllib.parse import quote

from courses.steering.reminder_occasion import Occasion, Told
from rag.calendar import danish_date

CHOICES = "mine-data"  # address of the page where mails are chosen away


def greeting(name: str) -> str:
    """The first line of a mail."""
    first = name.split()[0] if name.split() else ""
    return f"Hej {first}".strip()


def subject(told: Sequence[Told], manager: str = "") -> str:
    """The subject of a reminder."""
    if len(told) > 1:
        return f"Påmindelse om {len(told)} kurser"
    (one,) = told
    title = f"“{one.title}”"
    if one.occasion is Occasion.MANAGER:
        return f"{manager} minder dig om {title}"
    if one.occasion is Occasion.ASSIGNED:
        return f"Du har fået kurset {title}"
    if one.occasion in {Occasion.SOON, Occasion.VERY_SOON}:
        return f"{title} skal være gennemført senest {danish_date(one.about)}"
    if one.occasion is Occasion.RENEWABLE:
        return f"Du kan forny dit bevis for {title}"
    if one.occasion is Occasion.EXPIRES:
        return f"Dit bevis for {title} gælder til og med {danish_date(one.about)}"
    return f"Dit bevis for {title} er udløbet" if one.expired else f"Fristen for {title} er overskredet"


def text(name: str, told: Sequence[Told], public_url: str, manager: str = "") -> str:
    """The text of a reminder; `manager` is the name of who sends it, where somebody does."""
    parts = [greeting(name)]
    for one in told:
        parts.append(f"{sentence(one, manager)}\n{course_address(public_url, one.course_id)}")
    parts.append(closing(public_url))
    return "\n\n".join(parts) + "\n"


def sentence(one: Told, manager: str = "") -> str:
    """What a reminder says of one course."""
    title = f"“{one.title}”"
    day = danish_date(one.about)
    match one.occasion:
        case Occasion.ASSIGNED:
            until = f" Det skal være gennemført senest {danish_date(one.due)}." if one.due else ""
            return f"Du har fået kurset {title} tildelt.{until}"
        case Occasion.SOON | Occasion.VERY_SOON:
            return f"Kurset {title} skal være gennemført senest {day}."
        case Occasion.LATE | Occasion.VERY_LATE:
            if one.expired:
                return f"Dit bevis for {title} udløb {day}. Du kan stadig forny det."
            return f"Kurset {title} skulle være gennemført senest {day}. Tag det, så snart du kan."
        case Occasion.RENEWABLE:
            return f"Du kan forny dit bevis for {title} nu. Det gælder til og med {day}."
        case Occasion.EXPIRES:
            return f"Dit bevis for {title} gælder til og med {day}. Forny det inden."
        case Occasion.MANAGER:
            until = f" Fristen er {danish_date(one.due)}." if one.due else ""
            return f"{manager} minder dig om kurset {title}, som du mangler at gennemføre.{until}"


def closing(public_url: str) -> str:
    """The last lines of every mail."""
    return (
        "Mailen er sendt af AI-Univers, fordi du arbejder i Randers Kommune. "
        "Nogle påmindelser kan du vælge fra på siden Mine data:\n"
        f"{public_url}/{CHOICES}"
    )


def course_address(public_url: str, course_id: str) -> str:
    """Where a course is opened."""
    return f"{public_url}/kursus?kursus={quote(course_id, safe='')}"
