"""Which message is which on a line, on both databases: found by its name in a chat, also after it has a new one."""

from dataclasses import replace

from bot.store import lines, unsent
from bot.store.db import Database
from bot.store.lines import Copy
from bot.store.people import Known
from tests.store.shelf import NOW, call, enqueue, meet, take, texts


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


async def test_a_message_has_every_name_it_was_given(db: Database) -> None:
    """Of its parts, of before an edit, and of each file; a name that begins alike is another message's."""
    noa, dan = await meet(db, "1", "2")
    for line, name in ((7, "t1"), (8, "t1:2"), (9, "t12")):
        await remembered(db, noa, line=line, name=name)
    await remembered(db, dan, line=7, name="o1")
    here, there = noa.addresses[0], dan.addresses[0]
    async with db.unit() as unit:
        part = Copy(line=7, case_id=2, address_id=there.id, person_id=dan.person.id, message_id="o2")
        for _ in range(2):
            await lines.add_part(unit, part)
        await lines.rename(unit, here, "t1", to="t3")
        await unit.commit()

    async with db.reading() as unit:
        written = [await lines.written(unit, here, name) for name in ("t1", "t3", "t12", "o1")]
        assert [[one.line for one in found] for found in written] == [[7, 8], [7], [9], []]
        assert [one.names for one in await lines.elsewhere(unit, written[1][0])] == [("o1", "o2")]


async def test_what_was_taken_back_has_no_name(db: Database) -> None:
    """Its line is known to be gone, at its writer's end alone; who has no row there has deleted nothing."""
    noa, dan = await meet(db, "1", "2")
    await remembered(db, noa, line=7, name="t1")
    await remembered(db, dan, line=7, name="o1")
    async with db.unit() as unit:
        (own,) = await lines.written(unit, noa.addresses[0], "t1")
        await lines.take_back(unit, own)
        await unit.commit()

    async with db.unit() as unit:
        gone = [await lines.is_gone(unit, line, noa.person.id) for line in (7, 8)]
        assert (gone, await lines.is_gone(unit, 7, dan.person.id)) == ([True, False], False)
        assert await lines.copy_of(unit, 7, noa.person.id) is None
        assert await lines.written(unit, noa.addresses[0], "t1") == []


async def test_on_both_databases_what_waits_is_taken_out(db: Database) -> None:
    """Of that line and of these people only."""
    noa, dan = await meet(db, "1", "2")
    rows = [replace(call(dan, text), line_id=line) for text, line in (("gone", 7), ("stays", 8))]
    await enqueue(db, *rows, replace(call(noa, "hers"), line_id=7))
    async with db.unit() as unit:
        for people in ((), (dan.person.id,)):
            assert await unsent.take_out(unit, 7, people, now=NOW) == []
        await unit.commit()

    assert sorted(texts(await take(db))) == ["hers", "stays"]
