"""What organizers need: invitations, the audit of what they do, and when each kind of alert was raised last."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "invite",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invite"),
        sa.UniqueConstraint("tag", name="uq_invite_tag"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("seq", _BIG, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sqlite_strict=True,
    )
    op.create_table(
        "alert",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("raised_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_alert"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("alert", "audit", "invite"):
        op.drop_table(table)
