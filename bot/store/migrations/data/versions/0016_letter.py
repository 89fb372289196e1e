"""Signatures, and what is sealed under the key of a name that is being typed."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the columns."""
    op.create_table(
        "signature",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("subject", _BIG, nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ready_at", _BIG, nullable=False),
        sa.Column("agreed_on", sa.Integer(), nullable=False),
        sa.Column("draft", _BIG),
        sa.Column("draft_at", _BIG),
        sa.Column("draft_sealed", sa.LargeBinary()),
        sa.Column("entry", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
        sa.UniqueConstraint("subject", "letter", "state", name="uq_signature_subject_letter_state"),
        sqlite_strict=True,
    )
    only = sa.text("draft_at IS NOT NULL")
    op.create_index(
        "ix_signature_draft_at", "signature", ["draft_at"], sqlite_where=only, postgresql_where=only
    )
    op.add_column("inbox", sa.Column("draft", _BIG))
    op.add_column("outbox", sa.Column("draft", _BIG))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("outbox", "draft")
    op.drop_column("inbox", "draft")
    op.drop_table("signature")
