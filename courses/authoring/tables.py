"""Rows of the workshop: courses being written, who changed and reviewed them, drafts of questions, and pictures."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from courses.tables import ID, KEY
from storage.base import Table

OPEN = text("state IN ('draft', 'in_review', 'approved')")


class ManuscriptRow(Table):
    """The next version of a course while it is written: `content` is a dumped `courses.authoring.manuscript.Manuscript`, and
    `revision` grows with each change. A course has one open manuscript at most."""

    __tablename__ = "manuscript"
    __table_args__ = (Index("ix_manuscript_open", "course_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    course_id: Mapped[str] = mapped_column(KEY)
    base_version_id: Mapped[str | None] = mapped_column(ForeignKey("course_version.id"))
    version_id: Mapped[str | None] = mapped_column(ForeignKey("course_version.id"))
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    content: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(KEY)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(KEY)


class ManuscriptChangeRow(Table):
    """A change of one part of a manuscript, whole before and whole after, so that nothing written is ever lost."""

    __tablename__ = "manuscript_change"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    manuscript_id: Mapped[str] = mapped_column(ForeignKey("manuscript.id"), index=True)
    revision: Mapped[int]
    part: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class ManuscriptReviewRow(Table):
    """What happened to a manuscript on its way (`sent`, `approved`, `returned`, `published`, `discarded`), at which revision, and
    what was said."""

    __tablename__ = "manuscript_review"
    __table_args__ = {
        "info": {
            "purpose": "Dokumentation for, hvem der har skrevet, gennemset og udgivet en version af et kursus.",
            "retention": "Så længe kursets versioner opbevares.",
        }
    }

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    manuscript_id: Mapped[str] = mapped_column(ForeignKey("manuscript.id"), index=True)
    revision: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class GateDecisionRow(Table):
    """A finding of the quality gate that a person lets stand, and why. `finding` names the wording too: an edit asks anew."""

    __tablename__ = "gate_decision"
    __table_args__ = (Index("ix_gate_decision_finding", "course_id", "finding"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    course_id: Mapped[str] = mapped_column(KEY)
    finding: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class QuestionDraftRow(Table):
    """A question proposed from a source by rule or by a model; nobody is asked it before a person has taken it into a course.

    `state` is `waiting`, `taken` or `dropped`; `wording` is the hash of the proposal, so that none is made twice.
    """

    __tablename__ = "question_draft"
    __table_args__ = (Index("ix_question_draft_state", "state", "source_id"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    source_id: Mapped[str] = mapped_column(KEY)
    anchor: Mapped[str] = mapped_column(KEY)
    content: Mapped[dict[str, Any]]
    wording: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(KEY)


class PictureRow(Table):
    """A picture of a lesson or a question, named by its content."""

    __tablename__ = "picture"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)
