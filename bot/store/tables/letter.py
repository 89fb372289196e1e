"""Who stands, or thinks of standing, under a public letter. Nobody's name can be read here."""

from sqlalchemy import Column, Index, Integer, UniqueConstraint

from bot.store.tables.shape import Big, Blob, Flag, Words, id_column, only_where, table

# subject: as in `consent`. text: the fingerprint of the letter that was read. draft: names the key of a name that is
# being typed, draft_sealed is under it. sealed: to the letter keeper's offline key; entry: its random name.
# ask_again: their person may be asked once more when the text has changed. called, fresh, published: the publication
# that asked last, the one that got a fresh yes, the last one it stood in. quiet: their person stopped everything, and
# hears of no publication before they look at the letter again. verified: how far the letter team came.
signature = table(
    "signature",
    id_column(),
    Column("subject", Big, nullable=False),
    Column("letter", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("form", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("ready_at", Big, nullable=False),
    Column("agreed_on", Integer, nullable=False),
    Column("draft", Big),
    Column("draft_at", Big),
    Column("draft_sealed", Blob),
    Column("entry", Words),
    Column("sealed", Blob),
    Column("ask_again", Flag),
    Column("called", Big),
    Column("fresh", Big),
    Column("published", Big),
    Column("quiet", Flag),
    Column("verified", Words),
    UniqueConstraint("subject", "letter", "state"),
)
Index("ix_signature_draft_at", signature.c.draft_at, **only_where(signature.c.draft_at.is_not(None)))
