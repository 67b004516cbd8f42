"""Rows of courses, attempts, certificates and reviews. Everything that proves something is only ever added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from storage.base import Table

ID = String(36)
KEY = String(80)
PROOF = (
    "Så kommunen kan vise, hvad den har gjort for at støtte medarbejdernes AI-færdigheder (AI-forordningen art. 4 med ændringen "
    "ved forordning (EU) 2026/1744)."
)
KEPT = "5 år efter forløbets afslutning, derefter anonymiseres rækken."


class CourseVersionRow(Table):
    """One version of a course, whole and never changed; `content` is a dumped `courses.course.Course`.

    `files_sha256` is of the files it was read from, so that a start need not read them again; empty for one made in the app.
    """

    __tablename__ = "course_version"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    files_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(KEY)
    content: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False))


class CourseStatusRow(Table):
    """A version's status (`published`, `retired`) from a moment on; the newest row counts."""

    __tablename__ = "course_status"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("course_version.id"), index=True)
    status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class QuestionVersionRow(Table):
    """One wording of a question; an edit is a new row. `content` is a dumped `courses.question.Question`."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    question_id: Mapped[str] = mapped_column(KEY, index=True)
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class CourseQuestionRow(Table):
    """Which wording of which questions a version of a course holds."""

    __tablename__ = "course_question"

    version_id: Mapped[str] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    question_version_id: Mapped[str] = mapped_column(ForeignKey("question_version.id"), primary_key=True, index=True)


class QuestionRefRow(Table):
    """The passage that a wording rests on, as it stood when it was tied; the newest row of a `place` counts.

    `passage_hash` is empty where the passage was not found.
    """

    __tablename__ = "question_ref"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    question_version_id: Mapped[str] = mapped_column(ForeignKey("question_version.id"), index=True)
    place: Mapped[int]
    source_id: Mapped[str] = mapped_column(KEY, index=True)
    anchor: Mapped[str] = mapped_column(KEY)
    quote: Mapped[str] = mapped_column(Text)
    passage: Mapped[str] = mapped_column(Text)
    passage_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class QuestionWithdrawalRow(Table):
    """A wording that is asked no more, and why."""

    __tablename__ = "question_withdrawal"

    question_version_id: Mapped[str] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class AssignmentRow(Table):
    """A person is to take a course before a day, by hand or by a rule; ended by a person with a reason, never deleted."""

    __tablename__ = "assignment"
    __table_args__ = {
        "info": {"purpose": "Så personen og lederen ved, hvad der skal gennemføres hvornår.", "retention": KEPT}
    }

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    due_on: Mapped[date | None]
    rule_id: Mapped[str | None] = mapped_column(ID)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(KEY)
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by: Mapped[str | None] = mapped_column(KEY)
    ended_reason: Mapped[str] = mapped_column(Text, default="")


class ExtraTimeRow(Table):
    """More time for a person's timed quizzes, in per cent; the newest row counts. Why is nobody's business here."""

    __tablename__ = "extra_time"
    __table_args__ = {
        "info": {"purpose": "Lige vilkår ved prøver med tidsgrænse.", "retention": "Slettes med personen."}
    }

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    percent: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class ExtraAttemptRow(Table):
    """One more attempt at a quiz in a cycle, given by a trainer."""

    __tablename__ = "extra_attempt"
    __table_args__ = {"info": {"purpose": "Så ingen sidder fast, når forsøgene er brugt.", "retention": KEPT}}

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[str] = mapped_column(KEY)
    cycle: Mapped[int]
    quiz: Mapped[str] = mapped_column(KEY)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)


class EnrolmentRow(Table):
    """A person takes a version of a course. A move to another version and a new cycle are new rows; the newest counts."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "number"),
        {"info": {"purpose": PROOF, "retention": KEPT}},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    number: Mapped[int]
    cycle: Mapped[int]
    version_id: Mapped[str] = mapped_column(ForeignKey("course_version.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(KEY)


class ReadingRow(Table):
    """How far a person has come in a lesson, and when it was read to the end."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle", "activity"),
        {
            "info": {
                "purpose": "Så personen kan fortsætte, hvor hun slap; dokumentation for læste lektioner.",
                "retention": KEPT,
            }
        },
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    cycle: Mapped[int]
    activity: Mapped[str] = mapped_column(KEY)
    place: Mapped[int]
    opened_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class PromptTryRow(Table):
    """A prompt that a person wrote in an exercise, and how it was judged. What the privacy gate stops is never stored."""

    __tablename__ = "prompt_try"
    __table_args__ = {"info": {"purpose": "Så personen kan se sine egne forsøg og forbedre dem.", "retention": KEPT}}

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[str] = mapped_column(KEY)
    cycle: Mapped[int]
    activity: Mapped[str] = mapped_column(KEY)
    prompt: Mapped[str] = mapped_column(Text)
    fraction: Mapped[float]
    hints: Mapped[int]
    at: Mapped[datetime]


class AttemptRow(Table):
    """A person's try at a quiz. `policy` is frozen; `deadline_at` has extra time in it; after `submitted_at` nothing changes."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle", "quiz", "number"),
        Index("ix_attempt_open", "submitted_at", "deadline_at"),
        {"info": {"purpose": PROOF, "retention": KEPT}},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    version_id: Mapped[str] = mapped_column(ForeignKey("course_version.id"))
    cycle: Mapped[int]
    quiz: Mapped[str] = mapped_column(KEY)
    number: Mapped[int]
    policy: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_time: Mapped[bool] = mapped_column(default=False)


class AttemptItemRow(Table):
    """A question of an attempt, frozen: its wording, the order its options are shown in, and its mark."""

    __tablename__ = "attempt_item"
    __table_args__ = (UniqueConstraint("attempt_id", "ordinal"), {"info": {"purpose": PROOF, "retention": KEPT}})

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id"))
    ordinal: Mapped[int]
    question_version_id: Mapped[str] = mapped_column(ForeignKey("question_version.id"), index=True)
    question: Mapped[dict[str, Any]]
    shown_order: Mapped[list[Any]]
    max_mark: Mapped[float]


class ResponseEventRow(Table):
    """Something that happened to an item: `answer`, `flag`, `unflag` or `check`. Never changed, never deleted."""

    __tablename__ = "response_event"
    __table_args__ = (
        Index("ix_response_event_item", "item_id", "kind", "id"),
        {"info": {"purpose": PROOF, "retention": KEPT}},
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("attempt_item.id"))
    kind: Mapped[str] = mapped_column(String(10))
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime]


class ItemGradeRow(Table):
    """A grade of an item; a regrade or a person's mark is a new row, the newest counts. `fraction` is empty while it waits."""

    __tablename__ = "item_grade"
    __table_args__ = {"info": {"purpose": PROOF, "retention": KEPT}}

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("attempt_item.id"), index=True)
    fraction: Mapped[float | None]
    state: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(KEY)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class CertificationPeriodRow(Table):
    """From when to when a person is certified in a course. One row a cycle; a renewal is a new row. `evidence` is the id of the
    attempt that was passed, or `reviews`."""

    __tablename__ = "certification_period"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "cycle"),
        {"info": {"purpose": PROOF, "retention": KEPT}},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[str] = mapped_column(KEY, index=True)
    cycle: Mapped[int]
    version_id: Mapped[str] = mapped_column(ForeignKey("course_version.id"))
    certified_at: Mapped[datetime]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    window_opens_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(ID)


class CertificateRow(Table):
    """What was issued for a period. It stays as evidence when `person_id` and `holder` are emptied: the salted hash still tells
    whether a name that is shown is the one it was issued to."""

    __tablename__ = "certificate"
    __table_args__ = {
        "info": {
            "purpose": PROOF,
            "retention": "Navn og person slettes efter 5 år; bevisets nummer, kursus og datoer bevares.",
        }
    }

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    period_id: Mapped[str] = mapped_column(ForeignKey("certification_period.id"), unique=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    holder: Mapped[str | None] = mapped_column(String(200))
    salt: Mapped[str] = mapped_column(String(64))
    identity_hash: Mapped[str] = mapped_column(String(100))
    status_index: Mapped[int] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(Text)


class CertificateRevocationRow(Table):
    """A certificate that does not hold any more, and why. The reason is emptied when its holder is forgotten."""

    __tablename__ = "certificate_revocation"
    __table_args__ = {
        "info": {
            "purpose": "Så et bevis, der er tilbagekaldt, ikke godtages, og det kan ses hvorfor.",
            "retention": "Begrundelsen slettes med navnet på beviset efter 5 år; at beviset er tilbagekaldt, bevares.",
        }
    }

    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(KEY)
    reason: Mapped[str] = mapped_column(Text)


class PublicKeyRow(Table):
    """A public key that badges were signed with; kept when the private key is exchanged, so that old badges still verify."""

    __tablename__ = "public_key"

    kid: Mapped[str] = mapped_column(String(100), primary_key=True)
    jwk: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class ReviewCardRow(Table):
    """Memory of one question in one person, as the scheduler `fsrs` keeps it."""

    __tablename__ = "review_card"
    __table_args__ = (
        UniqueConstraint("person_id", "question_id"),
        {
            "info": {
                "purpose": "Vælger de spørgsmål, personen har mest gavn af at få igen.",
                "retention": "Slettes med personen.",
            }
        },
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    question_id: Mapped[str] = mapped_column(KEY)
    card: Mapped[dict[str, Any]]
    due_at: Mapped[datetime] = mapped_column(index=True)


class ReviewRow(Table):
    """A question that a person is asked again in a week (`2026-W48`); `response` and `fraction` are empty until then."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("person_id", "week", "question_id"),
        {"info": {"purpose": "Genopfriskning, og fornyelse af bevis uden ny prøve.", "retention": KEPT}},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    week: Mapped[str] = mapped_column(String(8))
    question_id: Mapped[str] = mapped_column(KEY)
    question_version_id: Mapped[str] = mapped_column(ForeignKey("question_version.id"))
    shown_order: Mapped[list[Any]]
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    fraction: Mapped[float | None]
    at: Mapped[datetime | None]


class SourceUpdateRow(Table):
    """A paragraph that a person was tested on has changed: a two-minute update, and when it was read."""

    __tablename__ = "source_update"
    __table_args__ = (
        UniqueConstraint("person_id", "source_id", "before_hash", "after_hash"),
        {"info": {"purpose": "Så netop de personer, der er prøvet i et ændret afsnit, får besked.", "retention": KEPT}},
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    source_id: Mapped[str] = mapped_column(KEY)
    anchor: Mapped[str] = mapped_column(KEY)
    question_version_id: Mapped[str] = mapped_column(ForeignKey("question_version.id"))
    before: Mapped[str] = mapped_column(Text)
    before_hash: Mapped[str] = mapped_column(String(64))
    after: Mapped[str] = mapped_column(Text)
    after_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]
