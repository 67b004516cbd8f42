"""Rows of steering: rules that assign courses, exemptions, and key persons."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from courses.tables import ID, KEPT, KEY
from storage.base import Table


class AssignmentRuleRow(Table):
    """Everybody with a role (empty is any) in a unit and those below it (empty is all) is to take a course, within days of coming
    under the rule or by a day. Ended by a person, never deleted."""

    __tablename__ = "assignment_rule"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    role: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"))
    days: Mapped[int | None]
    due_on: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(KEY)


class ExemptionRow(Table):
    """A person need not take a course, to a day (that day included; for good when empty), and why."""

    __tablename__ = "exemption"
    __table_args__ = (
        Index("ix_exemption_person", "person_id", "course_id"),
        {
            "info": {
                "purpose": "Så en fritaget person hverken mindes om kurset eller tælles som manglende.",
                "retention": KEPT,
            }
        },
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(KEY)
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(KEY)


class KeyPersonRow(Table):
    """A person is key person of a unit for a track (a course), with a deputy, from a day to a day. Ended, never deleted."""

    __tablename__ = "key_person"
    __table_args__ = (
        Index("ix_key_person_unit", "unit_id", "course_id"),
        {
            "info": {
                "purpose": "Så hver enhed ved, hvem der er nøgleperson for AI, og hvem der træder til.",
                "retention": KEPT,
            }
        },
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"))
    course_id: Mapped[str] = mapped_column(KEY)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class ReminderRow(Table):
    """What a mail told a person of: a course, on which occasion, and the day it is about, so that it is told once. `mail_id` is
    the mail's. A reminder by the manager is about the day she gave it."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "occasion", "about"),
        {
            "info": {
                "purpose": "Så ingen mindes om det samme to gange.",
                "retention": "1 år efter, at mailen er skrevet.",
            }
        },
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(KEY)
    occasion: Mapped[str] = mapped_column(String(20))
    about: Mapped[date]
    mail_id: Mapped[str] = mapped_column(ID, index=True)
    at: Mapped[datetime] = mapped_column(index=True)
