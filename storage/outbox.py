"""Mails on their way. A mail is written in the transaction of what it tells of, and sent by whoever empties the outbox."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Table


class MailRow(Table):
    """A mail. `key` names what it tells of and to whom, so that none is written twice. Address and text are emptied when it is
    sent or given up. `unanswered` counts how often a server had all of it and was not heard to accept or refuse it."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_due", "sent_at", "next_try_at"),
        {
            "info": {
                "purpose": "Påmindelser om kurser til deltageren og en ugentlig oversigt til lederen.",
                "retention": "Adresse og tekst slettes, når mailen er sendt eller opgivet; rækken slettes efter 1 år.",
            }
        },
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str | None] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    tries: Mapped[int]
    unanswered: Mapped[int] = mapped_column(default=0, server_default="0")
    next_try_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text)
