"""What moves everything: events to handle, calls to make, moments to come, and what they leave behind."""

from sqlalchemy import Column, Index, Integer, UniqueConstraint, text

from bot.store.tables.shape import Big, Blob, Flag, Small, Words, id_column, only_where, table

# body: under the key of `day`, or of `draft` while its person types a name. A row without handled_at is open; the tag
# stays behind to know a redelivery.
inbox = table(
    "inbox",
    id_column(),
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
    Column("draft", Big),
)
_OPEN = inbox.c.handled_at.is_(None)
Index("ix_inbox_due", inbox.c.due_at, inbox.c.id, **only_where(_OPEN))
Index("ix_inbox_open_lane", inbox.c.lane_kind, inbox.c.lane_id, inbox.c.id, **only_where(_OPEN))

# body: under the person's key, or of `draft` where it shows a name; an owed row (its person is gone) has body, platform
# and routing under a message key.
# While `sending`, due_at is the end of the lease. A row of a notice (notice_id) has no body: it is a reference.
# asks: it goes to another phone at that address too.
outbox = table(
    "outbox",
    id_column(),
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
    Column("line_id", Big),
    Column("draft", Big),
    Column("created_at", Big, nullable=False),
    Column("notice_id", Big),
    Column("asks", Flag),
    Index(None, "priority", "id"),
    Index(None, "address_id", "due_at"),
)
Index("ix_outbox_notice_id", outbox.c.notice_id, **only_where(outbox.c.notice_id.is_not(None)))

# purpose: the consent without which it does not fire.
# values_sealed: under the person's key in a person's lane, else under the service key.
timer = table(
    "timer",
    id_column(),
    Column("lane_kind", Words, nullable=False),
    Column("lane_id", Big, nullable=False),
    Column("kind", Words, nullable=False),
    Column("due_at", Big, nullable=False, index=True),
    Column("version", Words, nullable=False),
    Column("values_sealed", Blob),
    Column("purpose", Words),
    UniqueConstraint("lane_kind", "lane_id", "kind"),
)

# message_sealed: under the person's key. delete_at: when it is time to delete the message itself; how long that can be
# done depends on the platform.
message_ref = table(
    "message_ref",
    id_column(),
    Column("address_id", Big, nullable=False, index=True),
    Column("person_id", Big, nullable=False, index=True),
    Column("message_sealed", Blob, nullable=False),
    Column("keep", Words, nullable=False),
    Column("sent_at", Big, nullable=False, index=True),
    Column("delete_at", Big),
    Column("platform", Words, nullable=False),
)
Index("ix_message_ref_delete_at", message_ref.c.delete_at, **only_where(message_ref.c.delete_at.is_not(None)))
SCREEN_ONLY = text("keep = 'screen'")
Index("uq_message_ref_screen", message_ref.c.address_id, unique=True, **only_where(SCREEN_ONLY))

# body: as the inbox row had it, still under the key of `day`.
dead_letter = table(
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
