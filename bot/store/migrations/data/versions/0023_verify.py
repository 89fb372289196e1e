"""How far the letter team came with a signature."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; nobody was asked yet."""
    op.add_column("signature", sa.Column("verified", sa.Text(), nullable=True))


def downgrade() -> None:
    """Forget what the letter team said."""
    op.drop_column("signature", "verified")
