"""Danish dates and numbers, and text that people wrote made safe to draw."""

import re
from datetime import date
from urllib.parse import quote

from rag.calendar import MONTHS, danish_date, danish_moment

__all__ = ["counted", "danish_date", "danish_moment", "number", "paragraphs", "parsed_date", "plain", "web_link"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def parsed_date(text: str) -> date | str | None:
    """The day in a text such as 2-12-2027, 02.12.2027 or 2. december 2027.

    None when the text is empty; the text itself when it is no day, so that whoever checks it can say so.
    """
    parts = re.findall(r"\d+|[a-zæøå]+", text.lower())
    if not parts:
        return None
    try:
        day, month, year = parts
        return date(int(year), MONTHS.index(month) + 1 if month in MONTHS else int(month), int(day))
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
