"""What people said to notices by a button: counts, and for as long as it can be changed, what each of them said."""

from sqlalchemy import Column

from bot.store.tables.shape import Big, Blob, Words, table

# answer_sealed: under the person's key. until: when what it is about begins; then nobody's own answer is kept.
notice_answer = table(
    "notice_answer",
    Column("notice_id", Big, primary_key=True, autoincrement=False),
    Column("person_id", Big, primary_key=True, autoincrement=False, index=True),
    Column("answer_sealed", Blob, nullable=False),
    Column("until", Big, nullable=False, index=True),
)

notice_reply = table(
    "notice_reply",
    Column("notice_id", Big, primary_key=True, autoincrement=False),
    Column("answer", Words, primary_key=True),
    Column("people", Big, nullable=False),
)
