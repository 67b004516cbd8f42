"""Rows of people and their roles."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.base import Table


class PersonRow(Table):
    """A person; `id` is the key that the sign-in provider gives (OpenID `sub`)."""

    __tablename__ = "person"
    __table_args__ = {
        "info": {
            "purpose": "Adgang, rolle og dokumentation for gennemført oplæring.",
            "retention": "Så længe personen er aktiv; deaktiverede personer anonymiseres efter 5 år.",
        }
    }

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    grants: Mapped[list["RoleGrantRow"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class RoleGrantRow(Table):
    """One role of one person."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role"),
        {"info": {"purpose": "Adgangsstyring.", "retention": "Følger personen."}},
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
