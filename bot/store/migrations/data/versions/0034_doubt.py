"""What people say is wrong with a fact; letters of support lie under keys of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "card_doubt",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_card_doubt"),
        sqlite_strict=True,
    )
    # Those from before were under a key that stays; nobody but a sandbox has any, and their writers are told.
    op.execute(
        "UPDATE support SET fate = 'lost', text_sealed = NULL, lease = NULL, leased_until = NULL, batch = NULL"
        " WHERE text_sealed IS NOT NULL"
    )
    op.create_index("ix_card_doubt_content", "card_doubt", ["content"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("card_doubt")
