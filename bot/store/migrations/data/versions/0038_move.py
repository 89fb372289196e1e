"""Going on in another app: which of a person's addresses came later, and the codes that bring one."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the column, and make the table."""
    op.add_column("address", sa.Column("later", _FLAG, nullable=False, server_default=sa.false()))
    op.create_table(
        "move",
        sa.Column("person_id", _BIG, nullable=False, autoincrement=False),
        sa.Column("id", _BIG, nullable=False),
        sa.Column("tag", sa.LargeBinary()),
        sa.Column("goes_to", sa.Text()),
        sa.Column("made_at", _BIG, nullable=False),
        sa.Column("claimed_by", _BIG),
        sa.Column("agreed", _FLAG, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_move_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_move"),
        sa.UniqueConstraint("id", name="uq_move_id"),
        sa.UniqueConstraint("tag", name="uq_move_tag"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("move")
    op.drop_column("address", "later")
