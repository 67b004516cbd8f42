"""On which occasions somebody is reminded of a course, and which of them cannot be chosen away.

An occasion is a day in the life of an assignment or a certificate. The newest one that has come counts, for some days: a
scheduler that was down catches up, and one that is switched on does not tell of deadlines of last year.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from courses.steering.area.standing import Standing
from courses.steering.reminder_days import working_day_before

CURRENT_DAYS = 10  # so long an occasion is told of
SOON_DAYS, VERY_SOON_DAYS = 14, 3
LATE_DAYS, VERY_LATE_DAYS = 1, 7
EXPIRES_DAYS = 30


class Kind(StrEnum):
    """A kind of mail that somebody may want or not.

    An assignment and a passed deadline are told by the employer as such, who would have to say it otherwise (the right to direct
    work; GDPR art. 6(1)(e)); so is what her manager sends. The rest is service and can be chosen away.
    """

    ASSIGNED = "assigned"
    DEADLINE = "deadline"
    OVERDUE = "overdue"
    CERTIFICATE = "certificate"
    MANAGER = "manager"
    DIGEST = "digest"

    @property
    def optional(self) -> bool:
        """Whether it can be chosen away."""
        return self in {Kind.DEADLINE, Kind.CERTIFICATE, Kind.DIGEST}

    @property
    def danish(self) -> str:
        """Name of the kind as shown to people."""
        return _DANISH[self]


_DANISH = {
    Kind.ASSIGNED: "Når du får et kursus tildelt",
    Kind.DEADLINE: "14 og 3 dage før en frist",
    Kind.OVERDUE: "1 og 7 dage efter en frist",
    Kind.CERTIFICATE: "Når et bevis kan fornyes eller snart udløber",
    Kind.MANAGER: "Når din leder minder dig om et kursus",
    Kind.DIGEST: "Ugens oversigt over medarbejdere, der har overskredet en frist",
}


class Occasion(StrEnum):
    """Why somebody is reminded of a course today."""

    ASSIGNED = "assigned"
    SOON = "soon"
    VERY_SOON = "very_soon"
    LATE = "late"
    VERY_LATE = "very_late"
    RENEWABLE = "renewable"
    EXPIRES = "expires"
    MANAGER = "manager"

    @property
    def kind(self) -> Kind:
        """The kind of mail that tells of it."""
        return _KINDS[self]

    @property
    def danish(self) -> str:
        """Name of the occasion as shown to people."""
        return _OCCASIONS[self]


_OCCASIONS = {
    Occasion.ASSIGNED: "kursus tildelt",
    Occasion.SOON: "14 dage før fristen",
    Occasion.VERY_SOON: "3 dage før fristen",
    Occasion.LATE: "1 dag efter fristen",
    Occasion.VERY_LATE: "7 dage efter fristen",
    Occasion.RENEWABLE: "bevis kan fornyes",
    Occasion.EXPIRES: "bevis udløber om 30 dage",
    Occasion.MANAGER: "lederen minder om kurset",
}
_KINDS = {
    Occasion.ASSIGNED: Kind.ASSIGNED,
    Occasion.SOON: Kind.DEADLINE,
    Occasion.VERY_SOON: Kind.DEADLINE,
    Occasion.LATE: Kind.OVERDUE,
    Occasion.VERY_LATE: Kind.OVERDUE,
    Occasion.RENEWABLE: Kind.CERTIFICATE,
    Occasion.EXPIRES: Kind.CERTIFICATE,
    Occasion.MANAGER: Kind.MANAGER,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a reminder says of a course. `about` is the day it is about, by which it is told once: the deadline, the last day of
    the certificate, or the day of the assignment or of the manager's click. `due` is the deadline, where there is one; `expired`
    that it is a certificate that ran out."""

    course_id: str
    title: str
    occasion: Occasion
    about: date
    due: date | None = None
    expired: bool = False


def due_today(
    course_id: str,
    title: str,
    standing: Standing,
    day: date,
    *,
    newly_on: date | None = None,
    opens_on: date | None = None,
) -> Told | None:
    """What somebody with this standing is to be told of a course on `day`; None when nothing.

    `newly_on` is when she was last assigned it, and `opens_on` from when her certificate can be renewed, where it can. Nothing is
    said of what she is exempt from or was assigned and is no more.
    """
    if standing.exempt(day) or (standing.assigned_on is not None and not standing.assigned(day)):
        return None
    if standing.done(day):
        if standing.valid_until is None or opens_on is None:
            return None
        which = _newest(_of_certificate(opens_on, standing.valid_until), day)
        return Told(course_id, title, which, standing.valid_until) if which else None
    since = newly_on or standing.assigned_on
    if since is None:
        return None
    which = _newest(_of_assignment(since, standing.due), day)
    if which is None:
        return None
    about = since if which is Occasion.ASSIGNED or standing.due is None else standing.due
    expired = standing.due is not None and standing.due == standing.valid_until
    return Told(course_id, title, which, about, standing.due, expired)


def _of_assignment(since: date, due: date | None) -> dict[date, Occasion]:
    """The occasions of an assignment by day. Reminders before a deadline come before a weekend and not after it."""
    days = {since: Occasion.ASSIGNED}
    if due is not None:
        days |= {
            at: which
            for at, which in (
                (working_day_before(due - timedelta(days=SOON_DAYS)), Occasion.SOON),
                (working_day_before(due - timedelta(days=VERY_SOON_DAYS)), Occasion.VERY_SOON),
                (due + timedelta(days=LATE_DAYS), Occasion.LATE),
                (due + timedelta(days=VERY_LATE_DAYS), Occasion.VERY_LATE),
            )
            if at > since
        }
    return days


def _of_certificate(opens_on: date, valid_until: date) -> dict[date, Occasion]:
    expires = working_day_before(valid_until - timedelta(days=EXPIRES_DAYS))
    return (
        {expires: Occasion.EXPIRES, opens_on: Occasion.RENEWABLE}
        if expires != opens_on
        else {expires: Occasion.EXPIRES}
    )


def _newest(days: dict[date, Occasion], day: date) -> Occasion | None:
    come = [at for at in days if at <= day]
    if not come or (day - max(come)).days >= CURRENT_DAYS:
        return None
    return days[max(come)]
