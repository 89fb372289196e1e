"""What one organizer proposes and another one approves."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "proposal",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("inputs_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("made_at", _BIG, nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("decider", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("proposal")
