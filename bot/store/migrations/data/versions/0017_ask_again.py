"""Whether who signed may be asked once more when the letter changes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the column; nobody has allowed anything yet."""
    op.add_column("signature", sa.Column("ask_again", _FLAG, nullable=True))


def downgrade() -> None:
    """Forget who allowed it."""
    op.drop_column("signature", "ask_again")
