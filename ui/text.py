"""Danish dates and numbers, and text that people wrote made safe to draw."""

import re
from datetime import date, datetime
from urllib.parse import quote

from rag.calendar import COPENHAGEN

_MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def danish_date(day: date | datetime) -> str:
    """2. december 2027; a moment is shown by Danish time."""
    if isinstance(day, datetime):
        day = day.astimezone(COPENHAGEN)
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def danish_moment(moment: datetime) -> str:
    """2. december 2027 kl. 14.05."""
    local = moment.astimezone(COPENHAGEN)
    return f"{danish_date(local)} kl. {local:%H.%M}"


def parsed_date(text: str) -> date | str | None:
    """The day in a text such as 2-12-2027, 02.12.2027 or 2. december 2027.

    None when the text is empty; the text itself when it is no day, so that whoever checks it can say so.
    """
    parts = re.findall(r"\d+|[a-zæøå]+", text.lower())
    if not parts:
        return None
    try:
        day, month, year = parts
        return date(int(year), _MONTHS.index(month) + 1 if month in _MONTHS else int(month), int(day))
    except ValueError:
        return text


def number(value: float, decimals: int = 0) -> str:
    """1.234,5"""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def plain(text: str) -> str:
    """`text` as Markdown that shows exactly these characters: every punctuation mark is escaped, lines are joined."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def paragraphs(text: str) -> str:
    """Like `plain`, but blank lines and line breaks stay, for what people wrote in several paragraphs."""
    return "\n\n".join(plain(line) for line in text.splitlines() if line.strip())


def web_link(label: str, address: str) -> str:
    """A Markdown link whose address cannot break out of it."""
    return f"[{plain(label)}]({quote(address, safe=':/?#@!$&*+,;=%~-._')})"


def counted(count: int, one: str, many: str) -> str:
    """1 kilde, 2 kilder."""
    return f"{number(count)} {one if count == 1 else many}"
