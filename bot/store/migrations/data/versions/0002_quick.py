"""Indexes for the sweep: without them it reads every person and every session there is, every few minutes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_person_seen_on", "person", ["seen_on"])
    op.create_index("ix_session_updated_on", "session", ["updated_on"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_session_updated_on", "session")
    op.drop_index("ix_person_seen_on", "person")
