"""Passed finals, and those among them that no certificate has been issued for yet.

Each attempt counts by the rules that it was begun under. Once the share that counts has passed, later attempts take nothing
away, so that it makes no difference when one looks.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from courses.attempt import passes
from courses.attempt_rows import results
from courses.course import CertificateRules, Policy
from courses.course_service import CourseVersion
from courses.tables import AttemptRow, CertificationPeriodRow, EnrolmentRow

TOGETHER = 200  # attempts whose grades are read at once
Versions = Callable[[str], CourseVersion]


@dataclass(frozen=True, slots=True)
class PassedFinal:
    """That a person passed the final of a version of a course in a cycle, by which attempt, and when."""

    person_id: str
    version: CourseVersion
    rules: CertificateRules
    cycle: int
    attempt_id: str
    at: datetime


def first_pass(session: Session, attempts: Iterable[AttemptRow]) -> AttemptRow | None:
    """The one among the attempts at a final, oldest first, that it was passed with."""
    submitted = [row for row in attempts if row.submitted_at is not None]
    return first_among(submitted, shares_of(session, submitted))


def unsettled(session: Session, version_of: Versions, person_id: str | None = None) -> list[PassedFinal]:
    """The finals that one person, or anybody, has passed in the current cycle of a course that gives a certificate, and that
    there is no period for."""
    found = session.scalars(_candidates(person_id, AttemptRow.version_id).distinct()).all()
    versions = {version.id: version for version in map(version_of, found) if version.course.certificate is not None}
    if not versions:
        return []
    finals = [
        and_(AttemptRow.version_id == version.id, AttemptRow.quiz == version.course.final)
        for version in versions.values()
    ]
    query = _candidates(person_id, AttemptRow).where(or_(*finals))
    order = (AttemptRow.person_id, AttemptRow.course_id, AttemptRow.started_at, AttemptRow.number)
    rows: Sequence[AttemptRow] = session.scalars(query.order_by(*order)).all()
    shares = shares_of(session, rows)
    passed = []
    for _, attempts in groupby(rows, lambda row: (row.person_id, row.course_id)):
        row = first_among(attempts, shares)
        if row is None or row.submitted_at is None:
            continue
        version = versions[row.version_id]
        if version.course.certificate is not None:
            passed.append(
                PassedFinal(row.person_id, version, version.course.certificate, row.cycle, row.id, row.submitted_at)
            )
    return passed


def _candidates(person_id: str | None, what: Any) -> Select[Any]:
    """Submitted attempts of current cycles that have no period."""
    newest = select(EnrolmentRow.person_id, EnrolmentRow.course_id, func.max(EnrolmentRow.cycle).label("cycle"))
    if person_id is not None:
        newest = newest.where(EnrolmentRow.person_id == person_id)
    current = newest.group_by(EnrolmentRow.person_id, EnrolmentRow.course_id).subquery()
    periods = CertificationPeriodRow

    def same(table: Any) -> Any:
        return and_(
            table.person_id == AttemptRow.person_id,
            table.course_id == AttemptRow.course_id,
            table.cycle == AttemptRow.cycle,
        )

    return (
        select(what)
        .select_from(AttemptRow)
        .join(current, same(current.c))
        .outerjoin(periods, same(periods))
        .where(AttemptRow.submitted_at.is_not(None), periods.id.is_(None))
    )


def first_among(attempts: Iterable[AttemptRow], shares: Mapping[str, float]) -> AttemptRow | None:
    """The one among the attempts at a final, oldest first, that it was passed with; `shares` are what they are worth by id."""
    so_far: list[float] = []
    for row in attempts:
        so_far.append(shares[row.id])
        if passes(Policy.model_validate(row.policy), so_far):
            return row
    return None


def shares_of(session: Session, rows: Sequence[AttemptRow]) -> dict[str, float]:
    """What attempts are worth, by id; their grades are read some at a time."""
    shares: dict[str, float] = {}
    for start in range(0, len(rows), TOGETHER):
        found = results(session, rows[start : start + TOGETHER])
        shares |= {key: result.share for key, result in found.items()}
    return shares
