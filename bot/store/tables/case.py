"""Cases of people who asked for help, and whom each of them is offered to."""

from sqlalchemy import Column, Index, Integer

from bot.store.tables.shape import Big, Blob, Small, Words, id_column, only_where, table

# date_sealed: a day that the need is about, under the person's key. The names are keys of flows/names.yaml.
case = table(
    "case",
    id_column(),
    Column("person_id", Big, nullable=False, index=True),
    Column("need", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("volunteer_id", Big, index=True),
    Column("person_name", Words, nullable=False),
    Column("volunteer_name", Words, nullable=False),
    Column("round", Small, nullable=False),
    Column("told_on", Integer),
    Column("opened_at", Big, nullable=False),
    Column("claimed_at", Big),
    Column("answered_at", Big),
    Column("changed_at", Big, nullable=False),
    Column("closed_on", Integer),
    Column("date_sealed", Blob),
)
Index(
    "uq_case_open",
    case.c.person_id,
    case.c.need,
    unique=True,
    **only_where(case.c.closed_on.is_(None)),
)

offer = table(
    "offer",
    Column("case_id", Big, primary_key=True, autoincrement=False),
    Column("volunteer_id", Big, primary_key=True, autoincrement=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("state", Words, nullable=False),
    Column("offered_at", Big, nullable=False),
)
