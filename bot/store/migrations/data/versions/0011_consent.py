"""What people agreed to, a random number that leads to it, and timers that only fire while it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LIVE = sa.text("withdrawn_on IS NULL")


def upgrade() -> None:
    """Make the tables and columns; nobody has agreed to anything yet."""
    op.add_column("person", sa.Column("subject", _BIG, nullable=True))
    op.create_index("uq_person_subject", "person", ["subject"], unique=True)
    op.add_column("timer", sa.Column("purpose", sa.Text(), nullable=True))
    op.create_table(
        "consent",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("subject", _BIG, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Integer(), nullable=False),
        sa.Column("withdrawn_on", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sqlite_strict=True,
    )
    op.create_index("ix_consent_subject", "consent", ["subject"])
    op.create_index(
        "uq_consent_live",
        "consent",
        ["subject", "purpose"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "consent_text",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "text", name="pk_consent_text"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Forget all of it."""
    op.drop_table("consent_text")
    op.drop_table("consent")
    op.drop_column("timer", "purpose")
    op.drop_index("uq_person_subject", "person")
    op.drop_column("person", "subject")
