"""What organizers work with: invitations, the audit, alerts, pauses, pulled cards, counters and notes."""

from sqlalchemy import Column, Integer

from bot.store.tables.shape import Big, Blob, Words, id_column, table

# tag: under the index key of invites; secret_sealed: under the service key; made_by: who invites, in chat.
invite = table(
    "invite",
    id_column(),
    Column("role", Words, nullable=False),
    Column("tag", Blob, nullable=False, unique=True),
    Column("secret_sealed", Blob, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made_at", Big, nullable=False),
    Column("made_by", Big),
)

# hash: under the index key of the audit, over everything else in the row; prev is the hash of the row before.
audit = table(
    "audit",
    Column("seq", Big, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),
    Column("actor", Words, nullable=False),
    Column("act", Words, nullable=False),
    Column("thing", Words, nullable=False),
    Column("prev", Blob, nullable=False),
    Column("hash", Blob, nullable=False),
)

alert = table(
    "alert",
    Column("kind", Words, primary_key=True),
    Column("raised_at", Big, nullable=False),
)

counter = table(
    "counter",
    Column("name", Words, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("value", Big, nullable=False),
)

pause = table(
    "pause",
    Column("scope", Words, primary_key=True),
    Column("until", Big, nullable=False),
    Column("reason", Words, nullable=False),
)

card_pull = table(
    "card_pull",
    Column("card", Words, primary_key=True),
    Column("content", Words, primary_key=True),
    Column("reason", Words, nullable=False),
    Column("pulled_at", Big, nullable=False),
)

# content: which words of which card. text_sealed: under a key of its own (`own_key`); none where nothing was written.
card_doubt = table(
    "card_doubt",
    id_column(),
    Column("content", Words, nullable=False, index=True),
    Column("said_on", Integer, nullable=False),
    Column("text_sealed", Blob),
)

memo = table(
    "memo",
    Column("name", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
