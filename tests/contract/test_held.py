"""What organizers hold, on SQLite and on PostgreSQL alike."""

from bot.model.outgoing import Priority
from bot.model.person import Platform
from bot.store import alerts, outbox, pauses, vitals
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


async def test_a_longer_pause_stays(db: Database) -> None:
    """One that is over, or ends sooner, gives way."""
    kept = []
    for until, reason in ((5, "flood"), (9, "challenged"), (1, "no_account"), (9, "bad_token")):
        async with db.unit() as unit:
            await pauses.pause(unit, "signal", until=NOW + until * MINUTE, reason=reason)
            await unit.commit()
        async with db.reading() as reading:
            kept.append((await pauses.active(reading, now=NOW))["signal"].reason)

    assert kept == ["flood", "challenged", "challenged", "bad_token"]


async def test_what_a_paused_platform_would_not_take_is_not_late(db: Database) -> None:
    """It waits, and is counted; health is about what could leave and does not. Another platform is as it is."""
    (one,) = await meet(db, "1")
    await enqueue(db, call(one, "words"))
    late = []
    for scope in ("signal", "telegram"):
        async with db.unit() as unit:
            await pauses.pause(unit, scope, until=NOW + MINUTE, reason="challenged")
            await unit.commit()
        async with db.reading() as reading:
            late.append(await vitals.oldest_held_up(reading, now=NOW))
    async with db.reading() as reading:
        late.append(await vitals.oldest_held_up(reading, now=NOW + MINUTE))
        counts = [await vitals.waiting(reading, platform) for platform in Platform]

    assert late == [NOW, None, NOW]
    assert counts == [1, 0]


async def test_what_was_put_right_is_told_at_once_if_it_comes_again(db: Database) -> None:
    """It is in no list any more; the same about another platform is another."""
    names = [alerts.name_of("challenged", platform) for platform in Platform]
    async with db.unit() as unit:
        raised = [await alerts.raise_one(unit, name, now=NOW) for name in (*names, *names)]
        await alerts.put_right(unit, names[0])
        raised.append(await alerts.raise_one(unit, names[0], now=NOW))
        kinds = await alerts.kinds_since(unit, NOW - MINUTE)

    assert raised == [True, True, False, False, True]
    assert kinds == ["challenged"]


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
