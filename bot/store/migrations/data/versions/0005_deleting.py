"""When a message is to be deleted in its chat."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TO_DELETE = sa.text("delete_at IS NOT NULL")


def upgrade() -> None:
    """Add the moment, and two indexes; a reference may be older than its id says."""
    op.create_index("ix_message_ref_sent_at", "message_ref", ["sent_at"])
    op.add_column("message_ref", sa.Column("delete_at", _BIG, nullable=True))
    op.create_index(
        "ix_message_ref_delete_at",
        "message_ref",
        ["delete_at"],
        sqlite_where=_TO_DELETE,
        postgresql_where=_TO_DELETE,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_message_ref_delete_at", "message_ref")
    op.drop_column("message_ref", "delete_at")
    op.drop_index("ix_message_ref_sent_at", "message_ref")
