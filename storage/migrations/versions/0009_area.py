"""Standings of people in courses, and blocks of scores

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import storage.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course_standing",
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("assigned_on", sa.Date(), nullable=True),
        sa.Column("assigned_to", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("exempt_from", sa.Date(), nullable=True),
        sa.Column("exempt_to", sa.Date(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.String(length=36), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_standing_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "course_id", name=op.f("pk_course_standing")),
    )
    op.create_index("ix_course_standing_course", "course_standing", ["course_id", "revision"], unique=False)
    op.create_table(
        "standing_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", storage.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("grade_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_mark")),
    )
    op.create_table(
        "score_block",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("unit_id", sa.String(length=36), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("shares", sa.Double(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_block")),
    )
    op.create_index(op.f("ix_score_block_course_id"), "score_block", ["course_id"], unique=False)
    op.create_table(
        "scored_attempt",
        sa.Column("attempt_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_scored_attempt")),
    )
    op.create_table(
        "score_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("closed_at", storage.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_score_month")),
    )


def downgrade() -> None:
    op.drop_table("score_month")
    op.drop_table("scored_attempt")
    op.drop_index(op.f("ix_score_block_course_id"), table_name="score_block")
    op.drop_table("score_block")
    op.drop_table("standing_mark")
    op.drop_index("ix_course_standing_course", table_name="course_standing")
    op.drop_table("course_standing")
