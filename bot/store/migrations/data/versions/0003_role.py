"""Who may do more than everybody: the roles, with what proves a second time who somebody is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "role",
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("granted_on", sa.Integer(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary()),
        sa.Column("used_step", _BIG),
        sa.Column("elevated_until", _BIG),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tries_since", _BIG),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_role"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_role_person_id_person", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("alias", name="uq_role_alias"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("role")
