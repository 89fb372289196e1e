"""Messages of a line as each side has them, for as long as they can still be answered or edited."""

from sqlalchemy import Column, UniqueConstraint

from bot.store.tables.shape import Big, Blob, id_column, table

# line: the message's name on both sides. tag: under the index key of lines; message_sealed: under the person's key.
line_message = table(
    "line_message",
    id_column(),
    Column("line", Big, nullable=False),
    Column("case_id", Big, nullable=False),
    Column("person_id", Big, nullable=False, index=True),
    Column("address_id", Big, nullable=False),
    Column("tag", Blob, nullable=False, unique=True),
    Column("message_sealed", Blob, nullable=False),
    Column("sent_at", Big, nullable=False, index=True),
    UniqueConstraint("line", "person_id"),
)
