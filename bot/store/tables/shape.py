"""What every table is made of: the metadata, the types both databases know, and how a table is declared."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The types a STRICT table of SQLite knows: INTEGER, TEXT, BLOB.
Big = BigInteger().with_variant(Integer(), "sqlite")
Small = SmallInteger().with_variant(Integer(), "sqlite")
Flag = Boolean(create_constraint=False).with_variant(Integer(), "sqlite")
Words = Text()
Blob = LargeBinary()


def table(name: str, *items: Any) -> Table:
    """A table, strict where the database can be."""
    return Table(name, metadata, *items, sqlite_strict=True)


def id_column() -> Column[int]:
    """A primary key that is known before the insert."""
    return Column("id", Big, primary_key=True, autoincrement=False)


def only_where(condition: Any) -> dict[str, Any]:
    """An index of the rows that fulfil this, on both databases."""
    return {"sqlite_where": condition, "postgresql_where": condition}
