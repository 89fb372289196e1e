"""The tables of the first version: people, sessions, the queues, and what the bot remembers about itself."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FLAG = sa.Boolean().with_variant(sa.Integer(), "sqlite")
_SMALL = sa.SmallInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("handled_at IS NULL")
_SCREEN = sa.text("keep = 'screen'")


def upgrade() -> None:
    """Make the tables."""
    _people()
    _inbox()
    _outbox()
    _timers()
    _leftovers()
    _own()


def downgrade() -> None:
    """Drop the tables, those that point at others first."""
    for table in (
        "memo",
        "pause",
        "counter",
        "dead_letter",
        "message_ref",
        "timer",
        "outbox",
        "inbox",
        "session",
        "address",
        "person",
    ):
        op.drop_table(table)


def _id(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, _BIG, primary_key=True, autoincrement=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _big(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _BIG, nullable=nullable)


def _words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _sealed(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, _FLAG, nullable=False)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_person_id_person"
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name, ondelete="CASCADE")


def _table(name: str, *items: sa.schema.SchemaItem, key: tuple[str, ...] = ("id",)) -> None:
    op.create_table(name, *items, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), sqlite_strict=True)


def _people() -> None:
    _table(
        "person",
        _id(),
        _words("language", nullable=True),
        _words("form"),
        _words("zone", nullable=True),
        _flag("onboarded"),
        _whole("created_on"),
        _whole("seen_on"),
    )
    _table(
        "address",
        _id(),
        _big("person_id"),
        _words("platform"),
        _sealed("tag"),
        _sealed("routing_sealed"),
        _flag("reachable"),
        _of_person("address"),
        sa.UniqueConstraint("tag", name="uq_address_tag"),
    )
    op.create_index("ix_address_person_id", "address", ["person_id"])
    _table(
        "session",
        _id("person_id"),
        _sealed("body"),
        _whole("updated_on"),
        _of_person("session"),
        key=("person_id",),
    )


def _inbox() -> None:
    _table(
        "inbox",
        _id(),
        _words("lane_kind"),
        _big("lane_id"),
        _words("origin"),
        _sealed("tag"),
        _whole("day"),
        _sealed("body", nullable=True),
        _whole("attempts"),
        _big("due_at"),
        _big("received_at"),
        _big("handled_at", nullable=True),
        sa.UniqueConstraint("tag", name="uq_inbox_tag"),
    )
    for name, columns in (("ix_inbox_open", ["id"]), ("ix_inbox_open_lane", ["lane_kind", "lane_id", "id"])):
        op.create_index(name, "inbox", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


def _outbox() -> None:
    _table(
        "outbox",
        _id(),
        _big("address_id"),
        _big("person_id"),
        _flag("owed"),
        _words("platform", nullable=True),
        _sealed("routing_sealed", nullable=True),
        _sealed("body", nullable=True),
        sa.Column("priority", _SMALL, nullable=False),
        _flag("sending"),
        _whole("attempts"),
        _big("due_at"),
        _flag("resent"),
        _words("keep", nullable=True),
        _big("useless_after", nullable=True),
        _big("case_id", nullable=True),
        sa.Column("epoch", sa.Integer()),
        _words("purpose", nullable=True),
        _big("sender_id", nullable=True),
        _big("created_at"),
    )
    op.create_index("ix_outbox_priority_id", "outbox", ["priority", "id"])
    op.create_index("ix_outbox_address_id_due_at", "outbox", ["address_id", "due_at"])
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"])


def _timers() -> None:
    _table(
        "timer",
        _id(),
        _words("lane_kind"),
        _big("lane_id"),
        _words("kind"),
        _big("due_at"),
        _words("version"),
        _sealed("values_sealed", nullable=True),
        sa.UniqueConstraint("lane_kind", "lane_id", "kind", name="uq_timer_lane_kind_lane_id_kind"),
    )
    op.create_index("ix_timer_due_at", "timer", ["due_at"])


def _leftovers() -> None:
    """What sent and failed rows leave behind."""
    _table(
        "message_ref",
        _id(),
        _big("address_id"),
        _big("person_id"),
        _sealed("message_sealed"),
        _words("keep"),
        _big("sent_at"),
    )
    for column in ("address_id", "person_id"):
        op.create_index(f"ix_message_ref_{column}", "message_ref", [column])
    op.create_index(
        "uq_message_ref_screen",
        "message_ref",
        ["address_id"],
        unique=True,
        sqlite_where=_SCREEN,
        postgresql_where=_SCREEN,
    )
    _table(
        "dead_letter",
        _id("row_id"),
        _words("lane_kind"),
        _big("lane_id"),
        _words("cause"),
        _words("error"),
        _big("died_at"),
        _whole("day"),
        _sealed("body", nullable=True),
        key=("row_id",),
    )


def _own() -> None:
    """What the bot remembers about itself."""
    day = sa.Column("day", sa.Integer(), autoincrement=False, nullable=False)
    _table("counter", _words("name"), day, _big("value"), key=("name", "day"))
    _table("pause", _words("scope"), _big("until"), _words("reason"), key=("scope",))
    _table("memo", _words("name"), _words("value"), key=("name",))
