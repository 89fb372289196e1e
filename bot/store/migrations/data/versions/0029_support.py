"""Letters of support, and who can be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "addressee",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addressee"),
        sqlite_strict=True,
    )
    op.create_table(
        "support",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("receipt_tag", sa.LargeBinary(), nullable=False),
        sa.Column("addressee_id", _BIG, nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("text_sealed", sa.LargeBinary()),
        sa.Column("written_on", sa.Integer(), nullable=False),
        sa.Column("lease", _BIG),
        sa.Column("leased_until", _BIG),
        sa.Column("batch", _BIG),
        sa.PrimaryKeyConstraint("id", name="pk_support"),
        sa.UniqueConstraint("receipt_tag", name="uq_support_receipt_tag"),
        sqlite_strict=True,
    )
    op.create_index("ix_support_fate", "support", ["fate", "written_on"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("support")
    op.drop_table("addressee")
