"""The day by the municipality's clock: a server in UTC must not quote an expired source for an hour or two past midnight."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def today() -> date:
    """Today in Denmark."""
    return datetime.now(COPENHAGEN).date()
