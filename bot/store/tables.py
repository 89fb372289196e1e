"""Every table of the data file: ciphertext, blind indexes, and as little else as the work needs.

Times are milliseconds since 1970 (UTC), days are ordinal numbers, ids are ours and known before the insert.
What a column holds sealed is named `*_sealed` or `body`; under whose key is said beside it. Migrations follow this.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The types a STRICT table of SQLite knows: INTEGER, TEXT, BLOB.
Big = BigInteger().with_variant(Integer(), "sqlite")
Small = SmallInteger().with_variant(Integer(), "sqlite")
Flag = Boolean(create_constraint=False).with_variant(Integer(), "sqlite")
Words = Text()
Blob = LargeBinary()


def _table(name: str, *items: Any) -> Table:
    return Table(name, metadata, *items, sqlite_strict=True)


def _where(condition: Any) -> dict[str, Any]:
    """An index of the rows that fulfil this, on both databases."""
    return {"sqlite_where": condition, "postgresql_where": condition}


def _id() -> Column[int]:
    return Column("id", Big, primary_key=True, autoincrement=False)


person = _table(
    "person",
    _id(),
    Column("language", Words),
    Column("form", Words, nullable=False),
    Column("zone", Words),
    Column("onboarded", Flag, nullable=False),
    Column("adult", Flag),
    Column("created_on", Integer, nullable=False),
    Column("seen_on", Integer, nullable=False, index=True),
)

# tag: under the index key of the platform; routing_sealed: under the person's key.
address = _table(
    "address",
    _id(),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("platform", Words, nullable=False),
    Column("tag", Blob, nullable=False, unique=True),
    Column("routing_sealed", Blob, nullable=False),
    Column("reachable", Flag, nullable=False),
)

# alias: what the audit calls its holder. secret_sealed: under the person's key; used_step: of the last code taken.
role = _table(
    "role",
    Column(
        "person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("role", Words, primary_key=True),
    Column("alias", Words, nullable=False, unique=True),
    Column("granted_on", Integer, nullable=False),
    Column("secret_sealed", Blob),
    Column("used_step", Big),
    Column("elevated_until", Big),
    Column("tries", Integer, nullable=False),
    Column("tries_since", Big),
)

# tag: under the index key of invites; secret_sealed: under the service key.
invite = _table(
    "invite",
    _id(),
    Column("role", Words, nullable=False),
    Column("tag", Blob, nullable=False, unique=True),
    Column("secret_sealed", Blob, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made_at", Big, nullable=False),
)

# hash: under the index key of the audit, over everything else in the row; prev is the hash of the row before.
audit = _table(
    "audit",
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),
    Column("actor", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("thing", Words, nullable=False),
    Column("prev", Blob, nullable=False),
    Column("hash", Blob, nullable=False),
)

alert = _table(
    "alert",
    Column("kind", Words, primary_key=True),
    Column("raised_at", Big, nullable=False),
)

# body: under the person's key.
session = _table(
    "session",
    Column(
        "person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("body", Blob, nullable=False),
    Column("updated_on", Integer, nullable=False, index=True),
)

# body: under the key of `day`. A row without handled_at is open; the tag stays behind to know a redelivery.
inbox = _table(
    "inbox",
    _id(),
    Column("lane_kind", Words, nullable=False),
    Column("lane_id", Big, nullable=False),
    Column("origin", Words, nullable=False),
    Column("tag", Blob, nullable=False, unique=True),
    Column("day", Integer, nullable=False),
    Column("body", Blob),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Big, nullable=False),
    Column("received_at", Big, nullable=False),
    Column("handled_at", Big),
)
_OPEN = inbox.c.handled_at.is_(None)
Index("ix_inbox_due", inbox.c.due_at, inbox.c.id, **_where(_OPEN))
Index("ix_inbox_open_lane", inbox.c.lane_kind, inbox.c.lane_id, inbox.c.id, **_where(_OPEN))

# body: under the person's key; an owed row (its person is gone) has body, platform and routing under a message key.
# While `sending`, due_at is the end of the lease.
outbox = _table(
    "outbox",
    _id(),
    Column("address_id", Big, nullable=False),
    Column("person_id", Big, nullable=False, index=True),
    Column("owed", Flag, nullable=False),
    Column("platform", Words),
    Column("routing_sealed", Blob),
    Column("body", Blob),
    Column("priority", Small, nullable=False),
    Column("sending", Flag, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Big, nullable=False),
    Column("resent", Flag, nullable=False),
    Column("keep", Words),
    Column("useless_after", Big),
    Column("case_id", Big),
    Column("epoch", Integer),
    Column("purpose", Words),
    Column("sender_id", Big),
    Column("created_at", Big, nullable=False),
    Index(None, "priority", "id"),
    Index(None, "address_id", "due_at"),
)

# values_sealed: under the person's key in a person's lane, else under the service key.
timer = _table(
    "timer",
    _id(),
    Column("lane_kind", Words, nullable=False),
    Column("lane_id", Big, nullable=False),
    Column("kind", Words, nullable=False),
    Column("due_at", Big, nullable=False, index=True),
    Column("version", Words, nullable=False),
    Column("values_sealed", Blob),
    UniqueConstraint("lane_kind", "lane_id", "kind"),
)

# message_sealed: under the person's key. delete_at: when it is time to delete the message itself.
message_ref = _table(
    "message_ref",
    _id(),
    Column("address_id", Big, nullable=False, index=True),
    Column("person_id", Big, nullable=False, index=True),
    Column("message_sealed", Blob, nullable=False),
    Column("keep", Words, nullable=False),
    Column("sent_at", Big, nullable=False, index=True),
    Column("delete_at", Big),
)
Index("ix_message_ref_delete_at", message_ref.c.delete_at, **_where(message_ref.c.delete_at.is_not(None)))
SCREEN_ONLY = text("keep = 'screen'")
Index("uq_message_ref_screen", message_ref.c.address_id, unique=True, **_where(SCREEN_ONLY))

# body: as the inbox row had it, still under the key of `day`.
dead_letter = _table(
    "dead_letter",
    Column("row_id", Big, primary_key=True, autoincrement=False),
    Column("lane_kind", Words, nullable=False),
    Column("lane_id", Big, nullable=False),
    Column("cause", Words, nullable=False),
    Column("error", Words, nullable=False),
    Column("died_at", Big, nullable=False),
    Column("day", Integer, nullable=False),
    Column("body", Blob),
)

counter = _table(
    "counter",
    Column("name", Words, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("value", Big, nullable=False),
)

pause = _table(
    "pause",
    Column("scope", Words, primary_key=True),
    Column("until", Big, nullable=False),
    Column("reason", Words, nullable=False),
)

card_pull = _table(
    "card_pull",
    Column("card", Words, primary_key=True),
    Column("content", Words, primary_key=True),
    Column("reason", Words, nullable=False),
    Column("pulled_at", Big, nullable=False),
)

memo = _table(
    "memo",
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
