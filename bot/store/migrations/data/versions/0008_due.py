"""The inbox is taken in the order rows are due, so that one lane in a flood does not stand before the others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OPEN = sa.text("handled_at IS NULL")


def upgrade() -> None:
    """Change the index."""
    _replace("ix_inbox_open", "ix_inbox_due", ["due_at", "id"])


def downgrade() -> None:
    """Change it back."""
    _replace("ix_inbox_due", "ix_inbox_open", ["id"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    op.create_index(new, "inbox", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.drop_index(old, "inbox")
