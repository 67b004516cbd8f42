"""When mails may go: on working days in Denmark between seven and five, never in weekends or on holidays."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from rag.calendar import COPENHAGEN

OPENS, CLOSES = time(7), time(17)
# Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Ascension and Whit Monday. Great Prayer Day was abolished
# from 2024 (lov nr. 214 af 06/03/2023).
_AFTER_EASTER = (-3, -2, 0, 1, 39, 49, 50)
# New Year's Day, Constitution Day, Christmas Eve and both days of it, and New Year's Eve, when offices are closed
_FIXED = ((1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31))


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (the anonymous algorithm of Nature, 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * weekday) // 433
    month = (h + weekday - 7 * m + 90) // 25
    return date(year, month, (h + weekday - 7 * m + 33 * month + 19) % 32)


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    """Danish public holidays of a year, and the days on which the municipality is closed like on one."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in _AFTER_EASTER}
    return frozenset(moving | {date(year, month, day) for month, day in _FIXED})


def is_quiet(day: date) -> bool:
    """Whether no mail goes on a day."""
    return day.weekday() >= 5 or day in holidays(day.year)


def working_day_before(day: date) -> date:
    """The day itself, or the last working day before it."""
    while is_quiet(day):
        day -= timedelta(days=1)
    return day


def is_first_of_week(day: date) -> bool:
    """Whether a day is the first working day of its week: Monday, or the next when that is a holiday."""
    return not is_quiet(day) and all(is_quiet(day - timedelta(days=back)) for back in range(1, day.weekday() + 1))


def may_go(moment: datetime) -> bool:
    """Whether mails may go at a moment."""
    local = moment.astimezone(COPENHAGEN)
    return not is_quiet(local.date()) and OPENS <= local.time() < CLOSES


def opening(day: date) -> datetime:
    """The moment when the first mail of a day may go."""
    return datetime.combine(day, OPENS, COPENHAGEN)


def next_day(moment: datetime) -> date:
    """The first day on which mails may still go from a moment on: today until it closes, else the next working day."""
    local = moment.astimezone(COPENHAGEN)
    day = local.date() if local.time() < CLOSES else local.date() + timedelta(days=1)
    while is_quiet(day):
        day += timedelta(days=1)
    return day
