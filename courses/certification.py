"""Certification: how long a certificate holds, when it can be renewed, and how it stands on a day.

Days are Danish calendar days, and both ends of a period count. A renewal is a period of its own; nothing is ever extended.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from courses.course import CertificateRules
from rag.calendar import danish_date

CHECK_ADDRESS = "tjek-bevis"  # of the public page; it stands in printed QR codes, so it never changes
CHECK_QUERY = "bevis"
REVIEWS = "reviews"  # evidence of a period that was earned by steady reviews instead of a quiz
LONGEST_TYPED = 500  # characters of what is typed as a number: a whole address of the check page fits
_DASHES = str.maketrans("‐‑‒–—−", "------")
_NUMBER = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Span:
    """A period from `valid_from` to `valid_until`; from `opens_on` it can be renewed."""

    valid_from: date
    valid_until: date
    opens_on: date


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_span(rules: CertificateRules, day: date, before: Span | None) -> Span | None:
    """The period that somebody earns on `day`, where `before` is the last one that stands.

    Within the window it begins the day after the old one ends, so that nobody loses time by being early; after the old one, or
    with none before, it begins on the day itself. None before the window opens.
    """
    if before is not None and day < before.opens_on:
        return None
    start = before.valid_until + timedelta(days=1) if before is not None and day <= before.valid_until else day
    until = months_after(start, rules.valid_months)
    # A window that is longer than the period opens with it, so that periods cannot be piled up in advance.
    return Span(start, until, max(start, until - timedelta(days=rules.window_days)))


class Standing(StrEnum):
    """How a certificate stands."""

    COMING = "coming"
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"

    @property
    def danish(self) -> str:
        """Name of the standing as shown to people."""
        return {
            "coming": "Gælder senere",
            "valid": "Gyldigt",
            "expired": "Udløbet",
            "revoked": "Tilbagekaldt",
        }[self.value]


def standing(span: Span, today: date, *, revoked: bool) -> Standing:
    """How a certificate of this period stands today."""
    if revoked:
        return Standing.REVOKED
    if today < span.valid_from:
        return Standing.COMING
    return Standing.VALID if today <= span.valid_until else Standing.EXPIRED


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a certificate can be renewed today. `test` and `reviews` say in Danish why it cannot, and are empty when it can.

    `begun` means that a new round is under way; `reviews` is None where a quiz is the only way.
    """

    begun: bool
    test: str
    reviews: str | None


def why_closed(rules: CertificateRules | None, has_any: bool, last: Span | None, today: date) -> str:
    """Why a certificate cannot be renewed today, in Danish; empty when it can.

    `rules` are those of the course as it is offered now, None when it gives no certificates any more; `last` is the last period
    that stands, None when there is none or each was revoked.
    """
    if not has_any:
        return "Du har ikke et bevis for kurset endnu. Du får det, når du har bestået den afsluttende prøve."
    if rules is None:
        return "Der udstedes ikke længere beviser for kurset."
    if last is not None and today < last.opens_on:
        return f"Du kan forny beviset fra {danish_date(last.opens_on)}."
    return ""


def certificate_number(typed: str) -> str | None:
    """The number in what somebody typed or pasted, a whole address too; None when there is none.

    Capitals, spaces, line breaks and dashes of another kind make no difference.
    """
    found = _NUMBER.search("".join(typed[:LONGEST_TYPED].lower().translate(_DASHES).split()))
    return str(UUID(found.group())) if found else None


def check_url(public_url: str, number: str) -> str:
    """Address where anybody can check the certificate with this number."""
    return f"{public_url}/{CHECK_ADDRESS}?{CHECK_QUERY}={number}"
