"""Publications of a letter, what was asked of signatures in them, and published lines that were withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")
_ASKED = ("called", "fresh", "published")


def upgrade() -> None:
    """Make the tables and the columns."""
    op.create_table(
        "publication",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("closes_at", _BIG, nullable=False),
        sa.Column("ended_on", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sqlite_strict=True,
    )
    only = sa.text("ended_on IS NULL")
    op.create_index(
        "ix_publication_letter",
        "publication",
        ["letter"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    op.create_table(
        "removal",
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("told", _BIG),
        sa.PrimaryKeyConstraint("entry", name="pk_removal"),
        sqlite_strict=True,
    )
    for name in _ASKED:
        op.add_column("signature", sa.Column(name, _BIG))
    op.add_column("signature", sa.Column("quiet", _FLAG))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("signature", "quiet")
    for name in reversed(_ASKED):
        op.drop_column("signature", name)
    op.drop_table("removal")
    op.drop_table("publication")
