"""The clock of the municipality: a server in UTC is a day behind for an hour or two past midnight."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def danish_day(moment: datetime) -> date:
    """The day of a moment by Danish time."""
    return moment.astimezone(COPENHAGEN).date()
