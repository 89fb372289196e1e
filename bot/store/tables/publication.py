"""Publications of a letter, and which published lines have been withdrawn since."""

from sqlalchemy import Column, Index, Integer

from bot.store.tables.shape import Big, Words, id_column, only_where, table

# text: the fingerprint of the letter that is published.
publication = table(
    "publication",
    id_column(),
    Column("letter", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("closes_at", Big, nullable=False),
    Column("ended_on", Integer),
)
Index(
    "ix_publication_letter",
    publication.c.letter,
    unique=True,
    **only_where(publication.c.ended_on.is_(None)),
)
# entry: the random name of a line that was published and must go; nothing leads from it to anybody. told: in which one.
removal = table(
    "removal",
    Column("entry", Words, primary_key=True),
    Column("letter", Words, nullable=False),
    Column("told", Big),
)
