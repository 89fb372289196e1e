"""Cases of people who asked for help, and whom each of them is offered to."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("closed_on IS NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", _BIG),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("volunteer_name", sa.Text(), nullable=False),
        sa.Column("round", _SMALL, nullable=False),
        sa.Column("told_on", sa.Integer()),
        sa.Column("opened_at", _BIG, nullable=False),
        sa.Column("claimed_at", _BIG),
        sa.Column("answered_at", _BIG),
        sa.Column("changed_at", _BIG, nullable=False),
        sa.Column("closed_on", sa.Integer()),
        sa.Column("date_sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_case"),
        sqlite_strict=True,
    )
    op.create_index("ix_case_person_id", "case", ["person_id"])
    op.create_index("ix_case_volunteer_id", "case", ["volunteer_id"])
    op.create_index(
        "uq_case_open", "case", ["person_id", "need"], unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_table(
        "offer",
        sa.Column("case_id", _BIG, nullable=False),
        sa.Column("volunteer_id", _BIG, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("offered_at", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "volunteer_id", name="pk_offer"),
        sqlite_strict=True,
    )
    op.create_index("ix_offer_volunteer_id", "offer", ["volunteer_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("offer")
    op.drop_table("case")
