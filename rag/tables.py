"""Rows of sources, passages, conversations, and of how well the assistant does."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from storage.base import Table


class SourceRow(Table):
    """A source lives through its versions; `id` is the short name in addresses."""

    __tablename__ = "source"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    created_at: Mapped[datetime]


class SourceVersionRow(Table):
    """One version: never changed after it is written. `sha256` is of `original`."""

    __tablename__ = "source_version"
    __table_args__ = (UniqueConstraint("source_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    number: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    review_by: Mapped[date | None]
    source_address: Mapped[str | None] = mapped_column(String(1000))
    file_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    page_count: Mapped[int]
    warnings: Mapped[list[Any]]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    original: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    statuses: Mapped[list["SourceStatusRow"]] = relationship(order_by="SourceStatusRow.id")
    sections: Mapped[list["SectionRow"]] = relationship(order_by="SectionRow.ordinal")


class SourceStatusRow(Table):
    """A version's status from a moment on; the newest row counts."""

    __tablename__ = "source_status"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("source_version.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))


class SectionRow(Table):
    """A heading of a version. `path` and `questions` are lists of text. `as_read` is the heading before it was mended."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("version_id", "ordinal"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("source_version.id"), index=True)
    ordinal: Mapped[int]
    heading: Mapped[str] = mapped_column(Text)
    anchor: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    path: Mapped[list[Any]]
    page: Mapped[int | None]
    questions: Mapped[list[Any]]
    searchable: Mapped[bool]
    as_read: Mapped[str | None] = mapped_column(Text)
    passages: Mapped[list["PassageRow"]] = relationship(order_by="PassageRow.ordinal")


class PassageRow(Table):
    """Text that is found and quoted as one. `kinds` names the kind of each block in `text`, one a line.

    `as_read` is the text before damaged words were mended, where some were.
    """

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("section_id", "ordinal"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    section_id: Mapped[str] = mapped_column(ForeignKey("section.id"), index=True)
    ordinal: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[Any]]
    page: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64), index=True)
    as_read: Mapped[str | None] = mapped_column(Text)


class ConversationRow(Table):
    """A person's questions and answers, oldest first."""

    __tablename__ = "conversation"
    __table_args__ = {
        "info": {
            "purpose": "Så en medarbejder kan vende tilbage til sine egne spørgsmål og svar.",
            "retention": "Slettes efter 90 dage (kan indstilles) uden nye spørgsmål, eller når personen selv sletter.",
        }
    }

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    turns: Mapped[list["TurnRow"]] = relationship(order_by="TurnRow.number", cascade="all, delete-orphan")


class TurnRow(Table):
    """One question with the answer as it was shown, citations and all. A blocked question's text is never stored."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "number"),
        {
            "info": {
                "purpose": "Svaret, som det blev vist, så det kan læses igen og dokumenteres.",
                "retention": "Følger samtalen.",
            }
        },
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    number: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[dict[str, Any]]
    sent_on_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]


class QuestionLogRow(Table):
    """One question asked: figures, no words, nobody's name, no time of day.

    The random key and the missing row number keep the order of the questions out of SQLite, too. `sources` are those cited,
    or those nearest to a refused question; `findings` counts what the privacy gate stopped, by kind.
    """

    __tablename__ = "question_log"
    __table_args__ = (
        Index(None, "day", "outcome", "hybrid"),
        {
            "sqlite_with_rowid": False,
            "info": {
                "purpose": "Så afvisninger, ventetid og søgning kun på ord kan følges over tid, uden at nogen kan genkendes.",
                "retention": "Slettes efter 90 dage (kan indstilles), eller når en administrator tømmer loggen.",
            },
        },
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    day: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float | None]
    hybrid: Mapped[bool]
    milliseconds: Mapped[dict[str, Any]]
    sources: Mapped[list[Any]]
    findings: Mapped[dict[str, Any]]


class FeedbackRow(Table):
    """What a person thought of an answer. Only `TurnFeedbackRow` knows whose it is, and it goes with the conversation."""

    __tablename__ = "feedback"
    __table_args__ = {
        "sqlite_with_rowid": False,
        "info": {
            "purpose": "Så taskforcen kan rette kilder og svar, der ikke hjælper.",
            "retention": "Slettes efter 90 dage (kan indstilles), eller når den, der gav den, trækker den tilbage.",
        },
    }

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    helpful: Mapped[bool]
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    question: Mapped[str | None] = mapped_column(Text)
    handled_on: Mapped[date | None]
    sources: Mapped[list["FeedbackSourceRow"]] = relationship(
        order_by="FeedbackSourceRow.source_id", cascade="all, delete-orphan", lazy="selectin"
    )


class FeedbackSourceRow(Table):
    """A version that the answer quoted."""

    __tablename__ = "feedback_source"
    __table_args__ = {"sqlite_with_rowid": False}

    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True)
    version_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(80), index=True)


class TurnFeedbackRow(Table):
    """The one link from a person's own turn to the feedback on it; the database drops it together with either end."""

    __tablename__ = "turn_feedback"
    __table_args__ = {
        "info": {
            "purpose": "Så den, der gav en tilbagemelding, kan ændre den eller trække den tilbage.",
            "retention": "Forsvinder med samtalen eller med tilbagemeldingen.",
        }
    }

    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), primary_key=True)
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), unique=True)
    feedback: Mapped[FeedbackRow] = relationship()


class EvaluationRow(Table):
    """Figures of one evaluation. `misses` are everyday questions of our own sources whose section was not found."""

    __tablename__ = "evaluation"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    data_set: Mapped[str] = mapped_column(String(200))
    mode: Mapped[str] = mapped_column(String(20))
    model: Mapped[str | None] = mapped_column(String(200))
    revision: Mapped[int | None]
    figures: Mapped[dict[str, Any]]
    misses: Mapped[list[Any]]
