"""Notices have numbers in their order, which is where the codes come from that they are answered by in words."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Number those there are, the oldest first."""
    op.add_column(
        "notice", sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.execute(
        "UPDATE notice SET serial = (SELECT count(*) FROM notice AS other WHERE other.id <= notice.id)"
    )
    op.create_index("ix_notice_serial", "notice", ["serial"], unique=True)


def downgrade() -> None:
    """Forget the numbers."""
    op.drop_index("ix_notice_serial", table_name="notice")
    op.drop_column("notice", "serial")
