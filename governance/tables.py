"""Rows of the inbox."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table


class InboxItemRow(Table):
    """A question nobody could answer, sent on by a person who wants to hear back."""

    __tablename__ = "inbox_item"
    __table_args__ = {
        "info": {
            "purpose": "Så taskforcen kan besvare spørgsmål, kilderne ikke dækker, og vende tilbage til den, der spurgte.",
            "retention": "Afsender fjernes 90 dage efter svaret, uden svar efter 1 år; spørgsmål og svar bevares uden navn.",
        }
    }

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    turn_id: Mapped[str] = mapped_column(String(36), unique=True)
    question: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20), index=True)
    reply: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    handled_at: Mapped[datetime | None]
    handled_by: Mapped[str | None] = mapped_column(String(80))
