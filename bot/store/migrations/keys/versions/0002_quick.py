"""An index over the master keys' fingerprints: without it every start reads every key there is."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_wrapped_key_fingerprint", "wrapped_key", ["fingerprint"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_wrapped_key_fingerprint", "wrapped_key")
