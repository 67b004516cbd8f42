"""Keys of accounts hold the issuer in one form, so that people stay who they are when Keycloak loses /auth

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEYS = sa.table("external_key", sa.column("id", sa.Integer), sa.column("system", sa.String), sa.column("key", sa.Text))


def upgrade() -> None:
    """A key whose new form is taken stays as it is: the account has been here as two people, and the one who has the form goes
    on; of two who have not, the one who came last."""
    connection = op.get_bind()
    accounts = sa.select(KEYS.c.id, KEYS.c.key).where(KEYS.c.system == "oidc").order_by(KEYS.c.id.desc())
    rows = connection.execute(accounts).all()
    taken = {row.key for row in rows}
    for row in rows:
        issuer, _blank, subject = row.key.partition(" ")
        key = issuer.rstrip("/").replace("/auth/realms/", "/realms/", 1) + " " + subject
        if key not in taken:
            taken.add(key)
            connection.execute(sa.update(KEYS).where(KEYS.c.id == row.id).values(key=key))


def downgrade() -> None:
    """Nothing: which form a key had is not known any more."""
