"""Rows of the manager's view: what is kept ready about each person and course, and figures about scores."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from courses.tables import ID, KEPT, KEY
from storage.base import Table


class CourseStandingRow(Table):
    """How a person stands in a course, drawn from the rows that prove it; it can be thrown away and made again.

    All days are Danish. `assigned_on` to `assigned_to` is when she had to take it (open while she has to), `due_on` the nearest
    day of what is assigned now, `exempt_from` to `exempt_to` when she need not. `begun_on` and `first_on` are her first beginning
    and first passing, `finished_on` that she has passed in her newest `cycle`, `valid_until` the last day of her certificate.
    `revision` is that of the refresh that changed the row.
    """

    __tablename__ = "course_standing"
    __table_args__ = (
        Index("ix_course_standing_course", "course_id", "revision"),
        {
            "info": {
                "purpose": "Så en leder hurtigt kan se, hvem i egne enheder der mangler et kursus.",
                "retention": f"Følger de rækker, den er regnet ud fra: {KEPT}",
            }
        },
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    course_id: Mapped[str] = mapped_column(KEY, primary_key=True)
    assigned_on: Mapped[date | None]
    assigned_to: Mapped[date | None]
    due_on: Mapped[date | None]
    exempt_from: Mapped[date | None]
    exempt_to: Mapped[date | None]
    cycle: Mapped[int | None]
    version_id: Mapped[str | None] = mapped_column(ID)
    begun_on: Mapped[date | None]
    first_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    revision: Mapped[int]


class StandingMarkRow(Table):
    """How far standings are brought up to date: everything up to `at`, and grades up to `grade_id`. There is one row."""

    __tablename__ = "standing_mark"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    grade_id: Mapped[int]
    revision: Mapped[int]


class ScoreBlockRow(Table):
    """At least five people's first tries at the final of a course, taken together for good; see `suppression`."""

    __tablename__ = "score_block"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    unit_id: Mapped[str] = mapped_column(ID)
    month: Mapped[date]
    people: Mapped[int]
    shares: Mapped[float]
    passed: Mapped[int]


class ScoredAttemptRow(Table):
    """A first try that is in a block; which one is not kept."""

    __tablename__ = "scored_attempt"
    __table_args__ = {"info": {"purpose": "Så ingen tælles to gange i tal om resultater.", "retention": KEPT}}

    attempt_id: Mapped[str] = mapped_column(ID, primary_key=True)


class ScoreMonthRow(Table):
    """A month that is closed: its blocks are made."""

    __tablename__ = "score_month"

    month: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
