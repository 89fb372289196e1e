"""A role knows itself since when it rests, whatever becomes of the address where another phone answered."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """What rests already rests since its address says so; where that is gone, since the role was granted."""
    op.add_column("role", sa.Column("rested_at", _BIG))
    op.execute(
        """
        UPDATE role SET rested_at = coalesce(
            (SELECT max(address.rekeyed_at) FROM address WHERE address.person_id = role.person_id),
            (role.granted_on - 719163) * CAST(86400000 AS BIGINT)
        )
        WHERE role LIKE 'resting %'
        """
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_column("role", "rested_at")
