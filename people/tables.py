"""Rows of people and their roles."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from people.organisation import tables as _organisation_tables  # noqa: F401  registers the units that grants name
from storage.base import Table


class PersonRow(Table):
    """A person. `unit` is the name of the unit shown beside hers; `email` is in lower case."""

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
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]
    grants: Mapped[list["RoleGrantRow"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class RoleGrantRow(Table):
    """One role of one person, in a unit and those below it, or everywhere (empty). `source` is who gives it: `local` by hand,
    `provider` by the sign-in, `import` by staff data; each takes only its own away."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id", "source"),
        {"info": {"purpose": "Adgangsstyring.", "retention": "Følger personen."}},
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"))
    source: Mapped[str] = mapped_column(String(20), default="local", server_default="local")
