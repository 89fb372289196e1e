"""References to messages: what is due, what is put off, what is gone, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.model.incoming import FileRef, MediaKind
from bot.model.outgoing import DeleteMessages, SendMedia, SendMessage
from bot.model.person import Platform
from bot.model.queue import Ending, Keep, MessageRef, Settlement
from bot.model.text import Rich
from bot.store import outbox, refs, tables
from bot.store.db import Database
from bot.store.people import Known
from tests.store.shelf import NOW, call, enqueue, meet, take

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


def ref(
    known: Known,
    number: int,
    keep: Keep = Keep.SENSITIVE,
    *,
    at: datetime = NOW,
    on: Platform = Platform.TELEGRAM,
) -> MessageRef:
    """A message to or from a person."""
    return MessageRef(
        address_id=known.addresses[0].id,
        person_id=known.person.id,
        platform=on,
        message_id=str(number),
        keep=keep,
        sent_at=at,
    )


async def remembered(db: Database, *found: MessageRef) -> None:
    async with db.unit() as unit:
        await refs.remember(unit, found)
        await unit.commit()


async def due(db: Database, at: datetime, *, chats: int = 9) -> list[str]:
    """The messages to delete at a moment."""
    async with db.unit() as unit:
        return [one.message_id for one in (await refs.due(unit, now=at, chats=chats)).values()]


async def test_a_sensitive_message_is_due_after_a_day_and_within_half_a_day(db: Database) -> None:
    """What is only in the chat is never due."""
    (one,) = await meet(db, "1")
    await remembered(db, ref(one, 1), ref(one, 2, Keep.CHAT), ref(one, 3, Keep.SCREEN))
    async with db.unit() as unit:
        first = await refs.next_due(unit, now=NOW)

    assert first is not None
    assert DAY <= first - NOW < DAY + 12 * HOUR
    assert await due(db, NOW + DAY - HOUR) == []
    assert await due(db, NOW + 36 * HOUR) == ["1"]
    assert await due(db, NOW + 48 * HOUR) == [], "too late for it"


async def test_on_signal_it_is_due_hours_before_apps_ignore_it(db: Database) -> None:
    """Apps there take a message away for a day; then it lapses, and is not asked for in vain."""
    (one,) = await meet(db, "1")
    await remembered(db, ref(one, 1, on=Platform.SIGNAL), ref(one, 2, Keep.CHAT, on=Platform.SIGNAL))
    async with db.unit() as unit:
        first = await refs.next_due(unit, now=NOW)
        never = await refs.next_due(unit, now=NOW + DAY)
        early = await refs.lapsed(unit, now=NOW + DAY - HOUR)

    assert first is not None
    assert 16 * HOUR <= first - NOW < 20 * HOUR
    assert await due(db, NOW + 20 * HOUR) == ["1"]
    assert await due(db, NOW + DAY) == [], "too late for it"
    assert (never, early) == (None, {})
    async with db.unit() as unit:
        assert set(await refs.lapsed(unit, now=NOW + DAY)) == {one.person.id}


async def test_each_chat_is_emptied_by_the_time_of_its_platform(db: Database) -> None:
    """What is sixteen hours old goes together on Signal; on Telegram it stays for the rest of the day."""
    one, two = await meet(db, "1", "2")
    await remembered(db, *(ref(one, number, on=Platform.SIGNAL) for number in range(5)), ref(two, 9))
    async with db.unit() as unit:
        first = await refs.next_due(unit, now=NOW)
    assert first is not None

    assert await due(db, first) == ["0", "1", "2", "3", "4"]


async def test_the_oldest_that_is_to_be_deleted_stays_it_until_it_is_gone(db: Database) -> None:
    """Putting it off changes nothing, and what is only in the chat is none."""
    (one,) = await meet(db, "1")
    await remembered(db, ref(one, 1, Keep.CHAT, at=NOW - HOUR))
    async with db.unit() as unit:
        none = await refs.oldest_to_delete(unit)
    await remembered(db, ref(one, 2), ref(one, 3, at=NOW + HOUR))
    async with db.unit() as unit:
        found = await refs.due(unit, now=NOW + 37 * HOUR, chats=1)
        await refs.put_off(unit, list(found), until=NOW + 39 * HOUR)
        late = await refs.oldest_to_delete(unit)
        await refs.deleted(unit, one.addresses[0].id, ["2"])
        after = await refs.oldest_to_delete(unit)

    assert (none, late, after) == (None, NOW, NOW + HOUR)


async def test_a_chat_is_emptied_of_all_that_is_a_day_old_together(db: Database) -> None:
    """And as many chats at once as asked for."""
    one, two = await meet(db, "1", "2")
    await remembered(db, *(ref(who, number) for who in (one, two) for number in range(5)))
    async with db.unit() as unit:
        first = await refs.next_due(unit, now=NOW)
    assert first is not None

    assert await due(db, first) == ["0", "1", "2", "3", "4"]
    assert len(await due(db, NOW + 36 * HOUR)) == 10
    assert len(await due(db, NOW + 36 * HOUR, chats=1)) == 5


async def test_what_cannot_be_opened_does_not_stand_before_the_others(db: Database) -> None:
    """It is looked at once; it still lapses, so that its person hears of it."""
    one, two = await meet(db, "1", "2")
    await remembered(db, ref(one, 1), ref(two, 2))
    at = NOW + 36 * HOUR
    async with db.unit() as unit:
        broken = tables.message_ref.c.person_id == one.person.id
        await unit.change(tables.message_ref.update().where(broken).values(message_sealed=b"\x01broken"))
        found = []
        for _ in range(2):
            found.append(await refs.due(unit, now=at, chats=1))
            await refs.put_off(unit, list(found[-1]), until=at + HOUR)
        upcoming = await refs.next_due(unit, now=at)
        late = await refs.lapsed(unit, now=NOW + 2 * DAY)
        await unit.commit()

    assert {known.message_id for some in found for known in some.values()} == {"2"}
    assert upcoming == at + HOUR
    assert set(late) == {one.person.id, two.person.id}


async def test_what_was_put_off_is_due_again_later(db: Database) -> None:
    """Unless it is gone by then."""
    (one,) = await meet(db, "1")
    await remembered(db, ref(one, 1), ref(one, 2))
    at = NOW + 36 * HOUR
    async with db.unit() as unit:
        await refs.put_off(unit, list(await refs.due(unit, now=at, chats=9)), until=at + 2 * HOUR)
        await unit.commit()
        await refs.put_off(unit, [], until=at)
    assert await due(db, at + 3 * HOUR) == ["1", "2"]

    async with db.unit() as unit:
        await refs.deleted(unit, one.addresses[0].id, ["1", "7"])
        await unit.commit()
    assert await due(db, at + 3 * HOUR) == ["2"]


async def test_a_cleared_chat_is_due_at_once(db: Database) -> None:
    """Whatever it was kept for; the open screen and other chats stay."""
    one, two = await meet(db, "1", "2")
    await remembered(
        db, ref(one, 1), ref(one, 2, Keep.CHAT), ref(one, 3, Keep.SCREEN), ref(two, 4, Keep.CHAT)
    )
    async with db.unit() as unit:
        await refs.hide(unit, [one.addresses[0].id], now=NOW)
        await refs.hide(unit, [], now=NOW)
        await unit.commit()

    assert await due(db, NOW) == ["1", "2"]


async def test_what_is_sensitive_can_go_at_once(db: Database) -> None:
    """Of one person, from a moment on; what is only in the chat stays."""
    one, other = await meet(db, "1", "2")
    old, new = ref(one, 1, at=NOW - 3 * HOUR), ref(one, 2, at=NOW - HOUR)
    await remembered(db, old, new, ref(one, 3, Keep.CHAT, at=NOW - HOUR), ref(other, 4, at=NOW - HOUR))
    async with db.unit() as unit:
        await refs.hasten(unit, one.person.id, since=NOW - 2 * HOUR, now=NOW)
        await unit.commit()

    assert await due(db, NOW) == ["2"]


async def test_what_was_never_deleted_lapses_once_a_person(db: Database) -> None:
    """A message that was only in the chat is forgotten without a word."""
    one, two = await meet(db, "1", "2")
    await remembered(db, ref(one, 1), ref(one, 2), ref(two, 3, Keep.CHAT))
    async with db.unit() as unit:
        early = await refs.lapsed(unit, now=NOW + 2 * DAY - HOUR)
        late = await refs.lapsed(unit, now=NOW + 2 * DAY)
        again = await refs.lapsed(unit, now=NOW + 2 * DAY)

    assert (early, again) == ({}, {})
    assert set(late) == {one.person.id}


async def test_what_is_sent_while_a_chat_is_cleared_is_due_at_once(db: Database) -> None:
    """Also where the row was claimed before; and a confirmed deletion takes its references away."""
    (one,) = await meet(db, "1")
    await enqueue(db, call(one), replace(call(one), payload=SendMessage(text=Rich("x"), protect=True)))
    first, second = (await take(db)).deliveries
    async with db.unit() as unit:
        await outbox.hide(unit, one.addresses[0].id)
        done = [
            Settlement(delivery=delivery, ending=Ending.SENT, message_id=number)
            for delivery, number in ((first, "1"), (second, "2"))
        ]
        await outbox.settle(unit, done, now=NOW)
        await unit.commit()
    assert await due(db, NOW) == ["1", "2"]

    deletion = replace(call(one), payload=DeleteMessages(message_ids=("1", "2")))
    await enqueue(db, deletion)
    (delivery,) = (await take(db)).deliveries
    async with db.unit() as unit:
        await outbox.settle(unit, [Settlement(delivery=delivery, ending=Ending.SENT)], now=NOW)
        await unit.commit()
    assert await due(db, NOW) == []


async def test_a_protected_voice_message_is_deleted_after_a_day(db: Database) -> None:
    """As protected words are."""
    (one,) = await meet(db, "1")
    voice = SendMedia(
        media=MediaKind.VOICE, source=Platform.TELEGRAM, file=FileRef(file_id="f"), protect=True
    )
    await enqueue(db, replace(call(one), payload=voice))
    (delivery,) = (await take(db)).deliveries
    async with db.unit() as unit:
        done = Settlement(delivery=delivery, ending=Ending.SENT, message_id="1")
        await outbox.settle(unit, [done], now=NOW)
        await unit.commit()

    assert await due(db, NOW + 36 * HOUR) == ["1"]
