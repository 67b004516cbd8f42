"""Rows of the xAPI outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from courses.tables import ID
from storage.base import Table


class StatementRow(Table):
    """A statement on its way to the learning record store. `kind` and `event` name what it tells of, so that nothing is told
    twice; `statement` is emptied when it is delivered, or when that has not been possible for a year."""

    __tablename__ = "xapi_statement"
    __table_args__ = (
        UniqueConstraint("kind", "event"),
        Index("ix_xapi_statement_due", "delivered_at", "next_try_at"),
        {
            "info": {
                "purpose": "Sendes til kommunens samling af læringsdata, når den er slået til.",
                "retention": "Indholdet slettes, når det er leveret, ellers efter 1 år; kvitteringen slettes efter 5 år.",
            }
        },
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(200))
    statement: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    tries: Mapped[int]
    next_try_at: Mapped[datetime]
    problem: Mapped[str] = mapped_column(Text)
