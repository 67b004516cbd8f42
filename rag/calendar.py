"""The day by the municipality's clock, and how it is written.

A server in UTC must not quote an expired source for an hour or two past midnight.
"""

from datetime import date, datetime

from storage.base import now
from storage.calendar import COPENHAGEN as COPENHAGEN
from storage.calendar import danish_day

MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()


def today() -> date:
    """Today in Denmark."""
    return danish_day(now())


def day_begins(day: date) -> datetime:
    """The moment when a day begins in Denmark."""
    return datetime(day.year, day.month, day.day, tzinfo=COPENHAGEN)


def danish_date(day: date | datetime) -> str:
    """2. december 2027; a moment is shown by Danish time."""
    if isinstance(day, datetime):
        day = day.astimezone(COPENHAGEN)
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def danish_moment(moment: datetime) -> str:
    """2. december 2027 kl. 14.05."""
    local = moment.astimezone(COPENHAGEN)
    return f"{danish_date(local)} kl. {local:%H.%M}"
