"""Who there is: people, where they are reached, what they may do, and where their conversation stands."""

from sqlalchemy import Column, ForeignKey, Index, Integer

from bot.store.tables.shape import Big, Blob, Flag, Words, id_column, table

# subject: random, made at the first consent; the only way from a person to what they agreed to.
person = table(
    "person",
    id_column(),
    Column("language", Words),
    Column("form", Words, nullable=False),
    Column("zone", Words),
    Column("onboarded", Flag, nullable=False),
    Column("adult", Flag),
    Column("created_on", Integer, nullable=False),
    Column("seen_on", Integer, nullable=False, index=True),
    Column("subject", Big),
)
Index("uq_person_subject", person.c.subject, unique=True)

# tag: under the index key of the platform; routing_sealed: under the person's key. expiry: after how many seconds
# messages of the chat disappear, as far as is known; own_expiry: the shorter time its person chose.
# rekeyed_at: since when another phone answers there and nobody knows who that is; asked_at: when that was asked last.
# later: it joined another by a code.
address = table(
    "address",
    id_column(),
    Column("person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("platform", Words, nullable=False),
    Column("tag", Blob, nullable=False, unique=True),
    Column("routing_sealed", Blob, nullable=False),
    Column("reachable", Flag, nullable=False),
    Column("expiry", Integer),
    Column("own_expiry", Integer),
    Column("rekeyed_at", Big),
    Column("asked_at", Big),
    Column("later", Flag, nullable=False),
)

# role: with "resting " before it while it is doubted whose phone it is; rested_at: since when.
# alias: what the audit calls its holder. secret_sealed: under the person's key; used_step: of the last code taken.
role = table(
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
    Column("rested_at", Big),
)

# body: under the person's key.
session = table(
    "session",
    Column(
        "person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("body", Blob, nullable=False),
    Column("updated_on", Integer, nullable=False, index=True),
)

# What one person does about going on in another app: the code they were given (tag: under the index key of such codes)
# and whether somebody wrote it there, and how many wrong codes they wrote themselves.
move = table(
    "move",
    Column(
        "person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("id", Big, nullable=False, unique=True),
    Column("tag", Blob, unique=True),
    Column("goes_to", Words),
    Column("made_at", Big, nullable=False),
    Column("claimed_by", Big),
    Column("agreed", Flag, nullable=False),
    Column("tries", Integer, nullable=False),
)
