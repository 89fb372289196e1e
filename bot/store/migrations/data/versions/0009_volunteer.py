"""Volunteers, with what they offer and when; when organizers are on call; which organizer made an invitation."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "volunteer",
        sa.Column("person_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("capacity", _SMALL, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("duty_until", _BIG),
        sa.Column("away_until", sa.Integer()),
        sa.Column("deputy_id", _BIG),
        sa.Column("joined_on", sa.Integer(), nullable=False),
        sa.Column("spoken_tag", sa.LargeBinary()),
        sa.Column("spoken_at", _BIG),
        sa.Column("invited_by", _BIG),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_volunteer_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_volunteer"),
        sa.UniqueConstraint("spoken_tag", name="uq_volunteer_spoken_tag"),
        sqlite_strict=True,
    )
    op.create_table(
        "on_call",
        sa.Column("person_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_on_call_person_id_person", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_on_call"),
        sqlite_strict=True,
    )
    op.add_column("invite", sa.Column("made_by", _BIG))


def downgrade() -> None:
    """Drop both."""
    op.drop_column("invite", "made_by")
    op.drop_table("on_call")
    op.drop_table("volunteer")
