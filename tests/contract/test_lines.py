"""Which message is which on a line, on both databases: found by its name in a chat, also after it has a new one."""

from bot.store import lines
from bot.store.db import Database
from bot.store.lines import Copy
from bot.store.people import Known
from tests.store.shelf import NOW, meet


async def remembered(db: Database, known: Known, *, line: int, name: str) -> None:
    """A message of a line, as it stands in somebody's chat."""
    async with db.unit() as unit:
        copy = Copy(
            line=line, case_id=2, address_id=known.addresses[0].id, person_id=known.person.id, message_id=name
        )
        await lines.remember(unit, copy, now=NOW)
        await unit.commit()


async def found(db: Database, known: Known, name: str) -> tuple[int, int] | None:
    async with db.reading() as unit:
        return await lines.find(unit, known.addresses[0], name)


async def test_a_message_that_was_edited_is_found_by_its_new_name(db: Database) -> None:
    """An edit on Signal names the one before it; in the other chat nothing changes."""
    noa, dan = await meet(db, "1", "2")
    await remembered(db, noa, line=7, name="t1")
    await remembered(db, dan, line=7, name="o1")
    for old, new in (("t1", "t2"), ("t2", "t3")):
        async with db.unit() as unit:
            await lines.rename(unit, noa.addresses[0], old, to=new)
            await unit.commit()

    assert (await found(db, noa, "t3"), await found(db, noa, "t1")) == ((7, 2), None)
    async with db.reading() as unit:
        copies = [await lines.copy_of(unit, 7, one.person.id) for one in (noa, dan)]
    assert [one.message_id for one in copies if one] == ["t3", "o1"]


async def test_what_is_of_no_line_has_no_new_name(db: Database) -> None:
    """Nor has what only somebody else's chat has."""
    noa, dan = await meet(db, "1", "2")
    await remembered(db, noa, line=7, name="t1")
    async with db.unit() as unit:
        await lines.rename(unit, dan.addresses[0], "t1", to="t2")
        await unit.commit()

    assert (await found(db, noa, "t1"), await found(db, dan, "t2")) == ((7, 2), None)
