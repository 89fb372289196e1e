"""Another phone can answer at an address: since when, when it was asked last who that is; what goes there even so."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nobody is asked."""
    op.add_column("address", sa.Column("rekeyed_at", _BIG))
    op.add_column("address", sa.Column("asked_at", _BIG))
    op.add_column("outbox", sa.Column("asks", _FLAG))


def downgrade() -> None:
    """Forget who is asked."""
    op.drop_column("outbox", "asks")
    op.drop_column("address", "asked_at")
    op.drop_column("address", "rekeyed_at")
