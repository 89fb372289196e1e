"""Letters of support and who can be written to. No column leads to whoever wrote, or to whoever read them."""

from sqlalchemy import Column, Index, Integer

from bot.store.tables.shape import Big, Blob, Words, id_column, table

# name_sealed: under the service key. ends_on: the first day on which nobody can write to them.
addressee = table(
    "addressee",
    id_column(),
    Column("name_sealed", Blob, nullable=False),
    Column("given", Words, nullable=False),
    Column("agreed", Words, nullable=False),
    Column("ends_on", Integer, nullable=False),
)

# receipt_tag: a blind index of the number that its writer alone has, under their key. text_sealed: under a key of its
# own (`own_key`); none once it is over. lease: a random number that one volunteer's conversation knows. batch: of the
# last file.
support = table(
    "support",
    id_column(),
    Column("receipt_tag", Blob, nullable=False, unique=True),
    Column("addressee_id", Big, nullable=False),
    Column("fate", Words, nullable=False),
    Column("reason", Words),
    Column("text_sealed", Blob),
    Column("written_on", Integer, nullable=False),
    Column("lease", Big),
    Column("leased_until", Big),
    Column("batch", Big),
)
Index("ix_support_fate", support.c.fate, support.c.written_on)
