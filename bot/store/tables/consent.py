"""What people agreed to, and the words that stand for each purpose at present."""

from sqlalchemy import Column, Index, Integer

from bot.store.tables.shape import Big, Words, id_column, only_where, table

# subject: as in `person`; nothing else leads from here to anybody. text: the hash of the words that were shown.
consent = table(
    "consent",
    id_column(),
    Column("subject", Big, nullable=False, index=True),
    Column("purpose", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("method", Words, nullable=False),
    Column("given_on", Integer, nullable=False),
    Column("withdrawn_on", Integer),
)
Index(
    "uq_consent_live",
    consent.c.subject,
    consent.c.purpose,
    unique=True,
    **only_where(consent.c.withdrawn_on.is_(None)),
)
Index(
    "ix_consent_purpose",
    consent.c.purpose,
    consent.c.subject,
    **only_where(consent.c.withdrawn_on.is_(None)),
)

consent_text = table(
    "consent_text",
    Column("purpose", Words, primary_key=True),
    Column("text", Words, primary_key=True),
)
