"""What organizers propose to each other."""

from sqlalchemy import Column

from bot.store.tables.shape import Big, Blob, Words, id_column, table

# inputs_sealed: under the service key; content: the hash over it. proposer, decider: aliases of roles.
proposal = table(
    "proposal",
    id_column(),
    Column("deed", Words, nullable=False),
    Column("inputs_sealed", Blob, nullable=False),
    Column("content", Words, nullable=False),
    Column("proposer", Words, nullable=False),
    Column("made_at", Big, nullable=False),
    Column("verdict", Words),
    Column("decider", Words),
)
