"""Whether a person said that they are eighteen or older: yes, no, or nothing said."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_FLAG = sa.Boolean(create_constraint=False).with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the column; nobody has said anything yet."""
    op.add_column("person", sa.Column("adult", _FLAG, nullable=True))


def downgrade() -> None:
    """Forget what was said."""
    op.drop_column("person", "adult")
