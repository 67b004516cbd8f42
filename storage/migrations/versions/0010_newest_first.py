"""What has happened lately in courses is found without reading all of it

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_assignment_at", "assignment", ["at"], unique=False)
    op.create_index("ix_assignment_ended_at", "assignment", ["ended_at"], unique=False)
    op.create_index("ix_enrolment_at", "enrolment", ["at"], unique=False)
    op.create_index("ix_certificate_issued_at", "certificate", ["issued_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_certificate_issued_at", table_name="certificate")
    op.drop_index("ix_enrolment_at", table_name="enrolment")
    op.drop_index("ix_assignment_ended_at", table_name="assignment")
    op.drop_index("ix_assignment_at", table_name="assignment")
