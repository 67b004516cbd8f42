"""Rows of the organisation. What was true on a day stays true for that day: a change ends a row and begins another."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table

ID = String(36)
KEY = String(80)
STAFF = "Så oplæring kan tildeles efter ansættelse, og lederen kan se, hvem der mangler den."
STAFF_KEPT = "Så længe personen er ansat, og derefter 5 år af hensyn til dokumentation for oplæring."


class OrgUnitRow(Table):
    """A unit through all its names and places. `key` is what the source of staff data calls it."""

    __tablename__ = "org_unit"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(20))


class UnitPlacementRow(Table):
    """A unit's title and parent from a day to a day (that day included; open when empty)."""

    __tablename__ = "unit_placement"
    __table_args__ = (Index("ix_unit_placement_unit", "unit_id", "valid_from"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class EmploymentRow(Table):
    """A person works in a unit from a day to a day, under a manager; the acting one counts to `acting_until`, that day too."""

    __tablename__ = "employment"
    __table_args__ = (
        UniqueConstraint("key", "valid_from"),
        Index("ix_employment_unit", "unit_id", "valid_from"),
        {"info": {"purpose": STAFF, "retention": STAFF_KEPT}},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"))
    title: Mapped[str] = mapped_column(String(200))
    primary: Mapped[bool] = mapped_column(default=True)
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    acting_manager_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    acting_until: Mapped[date | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class StaffImportRow(Table):
    """An import of staff data that was carried out: when, by whom, which file, and what it changed (counts only)."""

    __tablename__ = "staff_import"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]]


class SignInRow(Table):
    """A sign-in; `id` is the SHA-256 of what the browser holds. It ends by signing out, by removal, or by its age."""

    __tablename__ = "sign_in"
    __table_args__ = {
        "info": {
            "purpose": "Så en fjernet person er ude inden for et minut, og en session ikke lever for længe.",
            "retention": "30 dage efter, at den er slut.",
        }
    }

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    method: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(40), default="")


class LookRow(Table):
    """Somebody looked at what is stored about another person: who, at whom, at what."""

    __tablename__ = "look"
    __table_args__ = (
        Index("ix_look_person", "person_id", "at"),
        {
            "info": {
                "purpose": "Så enhver kan se, hvem der har set oplysninger om hende.",
                "retention": "2 år.",
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    by: Mapped[str] = mapped_column(KEY)
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]


class MailChoiceRow(Table):
    """A kind of mail that a person does not want; what is a duty of the municipality's cannot be chosen away."""

    __tablename__ = "mail_choice"
    __table_args__ = {
        "info": {"purpose": "Så ingen får mails, hun har valgt fra.", "retention": "Slettes med personen."}
    }

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class ExternalKeyRow(Table):
    """What another system calls a person: its name, and the key there, in lower case."""

    __tablename__ = "external_key"
    __table_args__ = (
        UniqueConstraint("system", "key"),
        {"info": {"purpose": "Så login og personaledata finder samme person.", "retention": STAFF_KEPT}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    system: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(Text)
