"""Flyers: printed codes that open the chat. How often one did is in the counters."""

from sqlalchemy import Column, Integer

from bot.store.tables.shape import Blob, Words, id_column, table

# name_sealed: under the service key. ends_on: the first day on which it counts no more.
flyer = table(
    "flyer",
    id_column(),
    Column("code", Words, nullable=False, unique=True),
    Column("name_sealed", Blob, nullable=False),
    Column("made_on", Integer, nullable=False),
    Column("ends_on", Integer, nullable=False),
)
