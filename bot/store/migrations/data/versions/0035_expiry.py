"""How long messages last: a platform deletes them for a while, and those of a chat on Signal disappear."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the platform of each reference; of no chat it is known after how long its messages go."""
    op.add_column("message_ref", sa.Column("platform", sa.Text(), nullable=False, server_default="telegram"))
    op.execute(
        "UPDATE message_ref SET platform = 'signal'"
        " WHERE address_id IN (SELECT id FROM address WHERE platform = 'signal')"
    )
    op.add_column("address", sa.Column("expiry", sa.Integer(), nullable=True))
    op.add_column("address", sa.Column("own_expiry", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("address", "own_expiry")
    op.drop_column("address", "expiry")
    op.drop_column("message_ref", "platform")
