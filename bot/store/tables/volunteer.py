"""Who volunteers, with what and when; and when organizers are on call."""

from sqlalchemy import Column, ForeignKey, Integer

from bot.store.tables.shape import Big, Blob, Small, Words, table

# languages, needs: codes parted by spaces; hours: a week as one number (`model.hours`). spoken_tag: under the index key
# of invitations, of the code they tell somebody by another way; invited_by: an organizer, until they are vouched for.
volunteer = table(
    "volunteer",
    Column(
        "person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("standing", Words, nullable=False),
    Column("languages", Words, nullable=False),
    Column("needs", Words, nullable=False),
    Column("capacity", Small, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("duty", Words, nullable=False),
    Column("duty_until", Big),
    Column("away_until", Integer),
    Column("deputy_id", Big),
    Column("joined_on", Integer, nullable=False),
    Column("spoken_tag", Blob, unique=True),
    Column("spoken_at", Big),
    Column("invited_by", Big),
)

on_call = table(
    "on_call",
    Column(
        "person_id", Big, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("hours", Integer, nullable=False),
)
