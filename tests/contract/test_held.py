"""What organizers hold, on SQLite and on PostgreSQL alike."""

from bot.model.outgoing import Priority
from bot.store import alerts, outbox, pauses
from bot.store.db import Database
from bot.store.withheld import withheld
from tests.store.shelf import MINUTE, NOW, call, enqueue, meet, take, texts


async def _hold(db: Database, scope: str) -> None:
    async with db.unit() as unit:
        await pauses.hold(unit, scope, reason="organizer")
        await unit.commit()


async def test_while_everything_is_held_only_replies_leave(db: Database) -> None:
    """The others stay as they are, count as late for nobody, and leave once it is over."""
    people = await meet(db, *map(str, range(len(Priority))))
    rows = [
        call(one, priority.name, priority=priority) for one, priority in zip(people, Priority, strict=True)
    ]
    await enqueue(db, *rows)
    await _hold(db, pauses.EVERYTHING)
    held = texts(await take(db, limit=9))
    async with db.reading() as reading:
        due, kept = await outbox.oldest_due(reading), await withheld(reading)
    async with db.unit() as unit:
        await pauses.resume(unit, pauses.EVERYTHING)
        await unit.commit()
    after = texts(await take(db, limit=9))

    assert (held, due, kept.is_held) == (["REPLY"], None, True)
    assert after == ["RELAY", "CHECK_IN", "EMERGENCY", "NOTICE"]


async def test_a_seal_holds_until_it_is_ended(db: Database) -> None:
    """And is no pause: what is under way still leaves."""
    (one,) = await meet(db, "1")
    await enqueue(db, call(one, "words", priority=Priority.RELAY))
    await _hold(db, pauses.SEALED)

    assert texts(await take(db)) == ["words"]
    async with db.unit() as unit:
        sealed = await pauses.held(unit, pauses.SEALED)
        await pauses.resume(unit, pauses.SEALED)
        assert (sealed, await pauses.held(unit, pauses.SEALED)) == ("organizer", None)


async def test_an_alert_of_a_kind_is_raised_once_an_hour(db: Database) -> None:
    """Whoever asks; kinds do not hide each other."""
    raised = []
    for minutes, kind in ((0, "keys"), (1, "keys"), (1, "sweep"), (59, "keys"), (60, "keys")):
        async with db.unit() as unit:
            raised.append(await alerts.raise_one(unit, kind, now=NOW + minutes * MINUTE))
            await unit.commit()
    async with db.reading() as reading:
        kinds = [await alerts.kinds_since(reading, NOW + minutes * MINUTE) for minutes in (0, 1, 60)]

    assert raised == [True, False, True, False, True]
    assert kinds == [["keys", "sweep"], ["keys"], []]
