"""Delivering: in order, by priority, again after trouble, and never into the void."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from bot.model.incoming import FileRef, MediaKind, MediaRef
from bot.model.outgoing import Failure, FailureKind, Priority, RemoveKeyboard, SendMedia
from bot.model.person import Platform
from bot.model.queue import Guard, Keep
from bot.pipeline import holding
from bot.pipeline.carry import PREPARED_WITHIN, SENT_WITHIN
from bot.pipeline.deliver import AT_ONCE, FOR_REPLIES, FRESH, GRACE, LEASE
from bot.pipeline.limiter import BulkLimiter
from bot.pipeline.retry import PLATFORM_PAUSE, RIDDLE_PAUSE
from bot.store import memo, outbox, pauses, people
from bot.store.errors import StorageTroubled
from bot.transports.signal.adapter import DELETED_WITHIN, POLL_WITHIN
from bot.transports.signal.reach import WITHIN
from bot.transports.signal.rpc import TIMEOUTS
from tests.darkroom import picture
from tests.pipeline.works import DAN, NOA, ScriptedTransport, Works, failure, said
from tests.store.shelf import call

SECOND: Final = timedelta(seconds=1)
WAITING: Final = "SELECT count(*) FROM outbox"
NOT_SENT: Final = failure(FailureKind.NOT_SENT)
BLOCKED: Final = failure(FailureKind.UNREACHABLE, "blocked")


def to(works: Works, number: int) -> list[str]:
    """The texts one person got, failed tries too."""
    texts = [payload.text.text for _, payload in works.transport.sent if hasattr(payload, "text")]
    return [text for (who, _), text in zip(works.transport.sent, texts, strict=True) if who == str(number)]


async def test_replies_leave_before_anything_else(works: Works) -> None:
    """Reply, relay, check-in, notice: whatever was written first."""
    known = await works.meet()
    for priority in reversed(Priority):
        await works.post(known, priority.name, priority=priority)
    for _ in Priority:
        await works.deliver()
        works.clock.pass_time(SECOND)

    assert works.transport.texts == [priority.name for priority in Priority]


async def test_messages_to_one_address_keep_their_order_and_one_waits_for_the_other(works: Works) -> None:
    """One call at a time to one person, many people at once."""
    noa, dan = await works.meet(NOA), await works.meet(DAN)
    hold = asyncio.Event()
    await works.post(noa, "1", "2", "3")
    await works.post(dan, "a")
    works.transport.ends = [hold, hold]
    await works.deliverer.round()
    await asyncio.sleep(0)
    under_way = set(works.transport.texts)
    hold.set()
    await works.deliver()

    assert under_way == {"1", "a"}
    assert to(works, NOA) == ["1", "2", "3"]


async def test_what_comes_meanwhile_waits_for_what_is_under_way(works: Works) -> None:
    """Even a reply: the order of a chat is worth more than a moment."""
    known, hold = await works.meet(), asyncio.Event()
    await works.post(known, "first", priority=Priority.CHECK_IN)
    works.transport.ends = [hold]
    await works.deliverer.round()
    await asyncio.sleep(0)
    await works.post(known, "second")
    claimed = await works.deliverer.round()
    hold.set()
    await works.deliver()

    assert claimed == 0
    assert works.transport.texts == ["first", "second"]


async def test_the_order_holds_through_a_backoff(works: Works) -> None:
    """What stands behind a message that could not go out waits with it, and counts no attempt."""
    known = await works.meet()
    await works.post(known, "1", "2", "3")
    works.transport.ends = [None, NOT_SENT]
    await works.deliver()
    tried, attempts = works.transport.texts[:], works.ask("SELECT attempts FROM outbox ORDER BY id")
    await works.post(known, "4")
    await works.deliver()
    too_early = works.transport.texts[len(tried) :]
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert tried == ["1", "2"]
    assert attempts == [(1,), (0,)]
    assert too_early == []
    assert works.transport.texts[2:] == ["2", "3", "4"]


async def test_waits_grow_with_the_attempts(works: Works) -> None:
    """One second, then two, then four."""
    await works.post(await works.meet(), "hello")
    works.transport.ends = [NOT_SENT] * 3
    tries: list[int] = []
    for second in range(9):
        await works.deliver()
        tries += [second] * (len(works.transport.sent) - len(tries))
        works.clock.pass_time(SECOND)

    assert tries == [0, 1, 3, 7]


async def test_a_flood_wait_is_obeyed_and_survives_a_restart(works: Works) -> None:
    """Not before the time the platform named, not even from another process."""
    await works.post(await works.meet(), "hello")
    works.transport.ends = [failure(FailureKind.RATE_LIMITED, "flood", retry_after=30)]
    await works.deliver()
    works.deliverer = works.another_deliverer()
    works.clock.pass_time(29 * SECOND)
    await works.deliver()
    early = len(works.transport.sent)
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert early == 1
    assert works.transport.texts == ["hello", "hello"]


async def test_two_limited_chats_hold_the_platform_back(works: Works) -> None:
    """Then it is the bot that is too fast, and everybody's messages wait."""
    await works.post(await works.meet(NOA), "1")
    await works.post(await works.meet(DAN), "2")
    works.transport.ends = [failure(FailureKind.RATE_LIMITED, "flood", retry_after=9)] * 2
    await works.deliver()
    await works.post(await works.meet(1003), "3")
    await works.deliver()
    early = len(works.transport.sent)
    async with works.db.reading() as unit:
        active = await pauses.active(unit, now=works.clock.now())
    works.clock.pass_time(9 * SECOND)
    await works.deliver()

    assert early == 2
    assert active["telegram"].reason == "flood"
    assert sorted(works.transport.texts[2:]) == ["1", "2", "3"]


async def test_a_platform_that_refuses_us_is_paused_and_its_rows_are_kept(works: Works) -> None:
    """Nothing goes out for a minute, then everything does."""
    noa, dan = await works.meet(NOA), await works.meet(DAN)
    await works.post(noa, "1", "2")
    works.transport.ends = [failure(FailureKind.PLATFORM_DOWN, "bad_token")]
    await works.deliver()
    await works.post(dan, "3")
    await works.deliver()
    early = works.transport.texts[:]
    works.clock.pass_time(PLATFORM_PAUSE)
    await works.deliver()

    assert early == ["1"]
    assert to(works, NOA)[1:] == ["1", "2"]
    assert to(works, DAN) == ["3"]


async def test_what_a_person_has_to_solve_is_remembered(works: Works) -> None:
    """Whoever solves it is told which it is; meanwhile the rows are kept."""
    await works.post(await works.meet(NOA), "1")
    works.transport.ends = [failure(FailureKind.CHALLENGED, "challenge", riddle="token-1")]
    await works.deliver()
    async with works.db.reading() as unit:
        riddle = await memo.get(unit, memo.riddle(Platform.TELEGRAM))
    works.clock.pass_time(RIDDLE_PAUSE - SECOND)
    await works.deliver()
    early = len(works.transport.sent)
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert (riddle, early) == ("token-1", 1)
    assert works.transport.texts == ["1", "1"]


async def test_a_pause_that_is_ended_elsewhere_is_over_here_too(works: Works) -> None:
    """This process does not put back what another has lifted, and rows that were refused leave at once."""
    await works.post(await works.meet(NOA), "1")
    works.transport.ends = [failure(FailureKind.CHALLENGED, "challenge", riddle="token-1")]
    await works.deliver()
    async with works.db.unit() as unit:
        count = await holding.lift(unit, Platform.TELEGRAM, now=works.clock.now())
        await unit.commit()
    await works.post(await works.meet(DAN), "2")
    await works.deliver()
    async with works.db.reading() as unit:
        left = (
            await memo.get(unit, memo.riddle(Platform.TELEGRAM)),
            await pauses.active(unit, now=works.clock.now()),
        )

    assert (count, left) == (1, (None, {}))
    assert sorted(works.transport.texts) == ["1", "1", "2"]


async def test_a_pause_outlives_the_process(works: Works) -> None:
    """Another one sends nothing either until it is over."""
    await works.post(await works.meet(NOA), "1")
    works.transport.ends = [failure(FailureKind.CHALLENGED, "challenge", riddle="token-1")]
    await works.deliver()
    works.deliverer = works.another_deliverer()
    works.clock.pass_time(RIDDLE_PAUSE - SECOND)
    await works.deliver()

    assert works.transport.texts == ["1"]


async def test_the_longest_pause_counts(works: Works) -> None:
    """What was under way when a platform began to refuse does not shorten what the first refusal said."""
    for number in (NOA, DAN):
        await works.post(await works.meet(number), str(number))
    works.transport.ends = [
        failure(FailureKind.CHALLENGED, "challenge", riddle="token-1"),
        failure(FailureKind.PLATFORM_DOWN, "no_account"),
    ]
    await works.deliver()
    async with works.db.unit() as unit:
        until = works.clock.now() + PLATFORM_PAUSE
        await pauses.pause(unit, Platform.TELEGRAM, until=until, reason="no_account")
        await unit.commit()
    works.clock.pass_time(PLATFORM_PAUSE)
    await works.deliver()

    assert sorted(works.transport.texts) == sorted(map(str, (NOA, DAN)))


async def test_a_pause_that_could_not_be_written_is_written_with_the_next(works: Works) -> None:
    """What the database did not take is not forgotten."""
    await works.post(await works.meet(NOA), "1")
    works.transport.ends = [failure(FailureKind.CHALLENGED, "challenge", riddle="token-1")]
    await works.deliverer.round()
    await works.ground.deliver.wait()
    with closing(sqlite3.connect(works.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageTroubled):
            await works.deliverer.round()
    await works.deliver()
    async with works.db.reading() as unit:
        held = await pauses.active(unit, now=works.clock.now())

    assert held["telegram"].reason == "challenged"


async def test_who_blocked_is_marked_and_the_rest_is_not_tried(works: Works) -> None:
    """One call meets the block; what stood behind it is given up; the next message they write is answered."""
    await works.receive(said("/start"))
    await works.handle()
    works.transport.ends = [BLOCKED]
    await works.deliver()
    unreachable, left = (await works.meet()).unreachable, works.number(WAITING)
    tried = len(works.transport.sent)
    await works.receive(said("menu"))
    await works.settle()

    assert (len(unreachable), left, tried) == (1, 0, 1)
    assert (await works.meet()).unreachable == frozenset()
    assert len(works.transport.sent) > tried


async def test_a_rejected_message_does_not_hold_up_the_next(works: Works) -> None:
    """What will never be accepted is given up alone."""
    await works.post(await works.meet(), "1", "2")
    works.transport.ends = [failure(FailureKind.REJECTED, "too_long")]
    await works.deliver()

    assert works.transport.texts == ["1", "2"]
    assert works.number(WAITING) == 0


async def test_an_ambiguous_send_is_sent_again(works: Works) -> None:
    """Doubled rather than lost; the row says so."""
    await works.post(await works.meet(), "hello")
    works.transport.ends = [failure(FailureKind.AMBIGUOUS, "timed_out")]
    await works.deliver()
    resent = works.number("SELECT resent FROM outbox")
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert resent == 1
    assert works.transport.texts == ["hello", "hello"]
    assert works.number(WAITING) == 0


async def test_a_call_a_crash_cut_off_is_made_again_when_its_lease_ends(works: Works) -> None:
    """The next process can't know how it ended."""
    await works.post(await works.meet(), "hello")
    works.transport.ends = [asyncio.Event()]
    await works.deliverer.round()
    await asyncio.sleep(0)
    works.deliverer = works.another_deliverer()
    await works.deliver()
    early = len(works.transport.sent)
    works.clock.pass_time(LEASE)
    await works.deliver()

    assert early == 1
    assert works.transport.texts == ["hello", "hello"]


async def test_a_long_run_to_a_slow_chat_gives_its_rows_back_in_time(works: Works) -> None:
    """No call begins that could outlive its lease, so no row is sent by two at once."""
    await works.post(await works.meet(), "1", "2", "3")
    hold = asyncio.Event()
    works.transport.ends = [hold]
    await works.deliverer.round()
    await asyncio.sleep(0)
    works.clock.pass_time(FRESH)
    hold.set()
    await works.deliver()

    assert works.transport.texts == ["1", "2", "3"]
    assert works.ask("SELECT * FROM outbox") == []


def test_nothing_that_is_begun_outlives_the_lease_of_its_row() -> None:
    """Words after a look whether Signal is there and the poll below them, deletions, a picture, words without one."""
    words = WITHIN + TIMEOUTS["send"]
    lasts = (words + POLL_WITHIN, DELETED_WITHIN, PREPARED_WITHIN + SENT_WITHIN, PREPARED_WITHIN + words)

    assert FRESH.total_seconds() + max(lasts) < LEASE.total_seconds()


async def test_nothing_is_sent_that_has_become_useless(works: Works) -> None:
    """The guard is asked in the claiming statement, and at every resend."""
    known = await works.meet()
    until = Guard(useless_after=works.clock.now() + SECOND)
    await works.enqueue(replace(call(known, "late"), guard=until))
    works.transport.ends = [NOT_SENT]
    await works.deliver()
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert works.transport.texts == ["late"]
    assert works.number(WAITING) == 0
    assert works.metric('bot_sends_total{outcome="guard",platform="none"} 1.0')


async def test_rows_that_are_refused_make_room_for_the_others(works: Works) -> None:
    """A whole page of useless rows does not stand in the way of one that is not."""
    known = await works.meet()
    gone = Guard(useless_after=works.clock.now() - SECOND)
    await works.enqueue(*[replace(call(known, "useless"), guard=gone)] * (AT_ONCE + 1), call(known, "useful"))
    await works.deliver()

    assert works.transport.texts == ["useful"]
    assert works.number(WAITING) == 0


async def test_who_wrote_what_cannot_be_passed_on_is_told(works: Works) -> None:
    """A relayed message whose words can't be opened any more: its writer hears of it, once."""
    noa, dan = await works.meet(NOA), await works.meet(DAN)
    await works.enqueue(replace(call(dan, "from Noa"), sender_id=noa.person.id, priority=Priority.RELAY))
    with closing(sqlite3.connect(works.path)) as other:
        other.execute("UPDATE outbox SET body = NULL")
        other.commit()
    await works.deliver()
    await works.settle()
    await works.settle()

    assert {number for number, _ in works.transport.sent} == {str(NOA)}
    assert works.metric('bot_sends_total{outcome="guard",platform="none"} 1.0') is False
    assert [("לא הספקנו לענות" in text) for text in works.transport.texts].count(True) == 1


async def test_of_a_guards_refusal_nobody_hears_here(works: Works) -> None:
    """Whatever made it useless tells those it concerns."""
    noa, dan = await works.meet(NOA), await works.meet(DAN)
    gone = Guard(useless_after=works.clock.now() - SECOND)
    await works.enqueue(replace(call(dan, "from Noa"), sender_id=noa.person.id, guard=gone))
    await works.deliver()
    await works.settle()

    assert works.transport.sent == []


async def test_what_is_meant_for_later_waits(works: Works) -> None:
    """And holds nobody up."""
    known = await works.meet()
    await works.post(known, "later", due_at=works.clock.now() + SECOND)
    await works.post(known, "now")
    await works.deliver()
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert works.transport.texts == ["now", "later"]


@pytest.mark.parametrize("priority", [Priority.CHECK_IN, Priority.NOTICE])
async def test_what_the_bot_begins_leaves_by_tokens(works: Works, priority: Priority) -> None:
    """A burst of three, then as the clock allows; a reply goes at once."""
    people = [await works.meet(2000 + number) for number in range(9)]
    for person in people:
        await works.post(person, "notice", priority=priority)
    await works.deliver()
    burst = len(works.transport.sent)
    await works.post(people[8], "reply")
    await works.deliver()
    with_reply = Counter(works.transport.texts)
    works.clock.pass_time(SECOND / 25)
    await works.deliver()

    assert burst == 3
    assert with_reply == {"notice": 3, "reply": 1}
    assert Counter(works.transport.texts)["notice"] == 4


async def test_a_chat_gets_one_notice_a_second_and_is_never_starved(works: Works) -> None:
    """Two notices to one person leave a second apart, however often is asked between."""
    known = await works.meet()
    await works.post(known, "1", "2", priority=Priority.NOTICE)
    sent = []
    for _ in range(12):
        await works.deliver()
        sent.append(len(works.transport.sent))
        works.clock.pass_time(SECOND / 10)

    assert sent == [1] * 10 + [2] * 2


async def test_notices_written_later_are_found(works: Works) -> None:
    """Asked for once a second while there are none."""
    known = await works.meet()
    await works.deliver()
    await works.post(known, "notice", priority=Priority.NOTICE)
    await works.deliver()
    at_once = len(works.transport.sent)
    works.clock.pass_time(SECOND)
    await works.deliver()

    assert (at_once, len(works.transport.sent)) == (0, 1)


async def test_the_next_token_wakes_the_loop(works: Works) -> None:
    """Notices keep their pace without anybody's call."""
    for number in range(4):
        await works.post(await works.meet(2000 + number), "notice", priority=Priority.NOTICE)
    await works.deliver()
    works.ground.deliver._event.clear()
    async with asyncio.timeout(0.5):
        await works.ground.deliver._event.wait()

    assert len(works.transport.sent) == 3


async def test_not_more_than_so_many_calls_are_under_way(works: Works) -> None:
    """The rest waits for room, and what ended is written down meanwhile."""
    first, hold = asyncio.Event(), asyncio.Event()
    works.transport.ends = [first, *[hold] * AT_ONCE]
    for number in range(AT_ONCE + 2):
        await works.post(await works.meet(2000 + number), "hello")
    await works.deliverer.round()
    await asyncio.sleep(0)
    full = await works.deliverer.round(), len(works.transport.sent)
    first.set()
    await asyncio.sleep(0)
    one_more = await works.deliverer.round()
    hold.set()
    await works.deliver()

    assert full == (0, AT_ONCE)
    assert one_more == 1
    assert len(works.transport.sent) == AT_ONCE + 2


async def test_ends_are_written_down_when_the_storage_is_back(works: Works) -> None:
    """What was sent is not sent again, and who blocked is marked."""
    await works.post(await works.meet(NOA), "1")
    await works.post(await works.meet(DAN), "2")
    works.transport.ends = [None, BLOCKED]
    await works.deliverer.round()
    await works.ground.deliver.wait()
    with closing(sqlite3.connect(works.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageTroubled):
            await works.deliverer.round()
    await works.deliver()

    assert len(works.transport.sent) == 2
    assert works.number(WAITING) == 0
    assert works.number("SELECT count(*) FROM address WHERE NOT reachable") == 1


async def test_a_person_deleted_meanwhile_stays_deleted(works: Works) -> None:
    """The end of a call to somebody who is gone writes nothing of them."""
    known, hold = await works.meet(), asyncio.Event()
    await works.post(known, "1", keep=Keep.SCREEN)
    await works.post(known, "2")
    works.transport.ends = [hold, NOT_SENT]
    await works.deliverer.round()
    await asyncio.sleep(0)
    async with works.db.unit() as unit:
        await people.forget(unit, known.person.id)
        await unit.commit()
    hold.set()
    await works.deliver()

    assert works.rows("outbox", "message_ref", "person", "address") == 0


async def test_a_screens_message_is_remembered(works: Works) -> None:
    """Its number is needed to take its keyboard away, and an edit has none."""
    known = await works.meet()
    await works.post(known, "What?", keep=Keep.SCREEN)
    await works.enqueue(replace(call(known), payload=RemoveKeyboard(message_id="3")))
    await works.deliver()

    assert works.ask("SELECT keep FROM message_ref ORDER BY keep") == [("chat",), ("screen",)]


async def test_told_to_stop_it_ends_what_is_under_way_and_begins_nothing(works: Works) -> None:
    """Nothing is left in doubt, so nothing is sent twice by the next process."""
    await works.post(await works.meet(), "1", "2")
    hold = asyncio.Event()
    works.transport.ends = [hold]
    loop = asyncio.get_running_loop().create_task(works.deliverer.run())
    works.ground.deliver.set()
    async with asyncio.timeout(5):
        while not works.transport.sent:  # noqa: ASYNC110 - the call is what it waits for
            await asyncio.sleep(0.01)
    stopping = asyncio.get_running_loop().create_task(works.deliverer.finish())
    await asyncio.sleep(0.01)
    hold.set()
    await stopping
    loop.cancel()
    await asyncio.wait([loop])

    assert works.transport.texts == ["1"]
    assert works.ask("SELECT sending, attempts FROM outbox") == [(0, 0)]


async def test_told_to_stop_at_rest_it_stops_at_once(works: Works) -> None:
    """And claims nothing any more."""
    async with asyncio.timeout(GRACE / 2):
        await works.deliverer.finish()
    await works.post(await works.meet(), "1")

    assert await works.deliverer.round() == 0


async def test_told_to_stop_it_does_not_wait_for_ever(works: Works) -> None:
    """A call that does not end is cut off after the grace, and counts as ambiguous at the next start."""
    await works.post(await works.meet(), "1")
    works.transport.ends = [asyncio.Event()]
    await works.deliverer.round()
    async with asyncio.timeout(2 * GRACE):
        await works.deliverer.finish()

    assert works.ask("SELECT sending FROM outbox") == [(1,)]


async def test_a_start_takes_up_what_a_crash_left(works: Works) -> None:
    """On SQLite nobody else can be sending, so it need not wait for the lease."""
    await works.post(await works.meet(), "hello")
    works.transport.ends = [asyncio.Event()]
    await works.deliverer.round()
    works.deliverer = works.another_deliverer()
    async with works.db.unit() as unit:
        released = await outbox.release(unit, now=works.clock.now())
        await unit.commit()
    await works.deliver()

    assert released == 1
    assert works.transport.texts == ["hello", "hello"]


async def test_what_the_bot_begins_leaves_room_for_replies(works: Works) -> None:
    """Though the platform takes its time with every call, and no limit holds the bot."""
    works.deliverer = works.another_deliverer(BulkLimiter(rate=100_000.0))
    hold = asyncio.Event()
    works.transport.ends = [hold] * AT_ONCE
    for number in range(AT_ONCE):
        await works.post(await works.meet(2000 + number), "notice", priority=Priority.NOTICE)
    await works.deliverer.round()
    await works.post(await works.meet(), "reply")
    await works.deliverer.round()
    await asyncio.sleep(0)
    under_way = Counter(works.transport.texts)
    hold.set()

    assert under_way == {"notice": AT_ONCE - FOR_REPLIES, "reply": 1}


async def test_no_platform_waits_for_another(works: Works) -> None:
    """Each has its own pace and its own room: a slow one that is asked first, and hangs, holds nobody back."""
    signal, hold = ScriptedTransport(), asyncio.Event()
    signal.ends = [hold] * AT_ONCE
    works.ground = replace(
        works.ground, transports={Platform.SIGNAL: signal, Platform.TELEGRAM: works.transport}
    )
    works.deliverer = works.another_deliverer(BulkLimiter(rate=1.0, burst=20), signal=BulkLimiter(rate=1.0))
    for number in range(AT_ONCE):
        known = await works.meet(2000 + number, on=Platform.SIGNAL)
        await works.post(known, "notice", priority=Priority.NOTICE)
        await works.post(known, "reply")
    for number in range(20):
        await works.post(await works.meet(5000 + number), "notice", priority=Priority.NOTICE)
    await works.deliverer.round()
    await asyncio.sleep(0)
    hung, went = Counter(signal.texts), Counter(works.transport.texts)
    hold.set()
    await works.deliver()

    assert (hung, went) == ({"reply": AT_ONCE}, {"notice": 20})
    assert Counter(signal.texts) == {"reply": AT_ONCE, "notice": 3}


async def test_what_is_for_a_platform_that_is_not_served_waits(works: Works) -> None:
    """Until it is, or its time is up; nobody tries to send it."""
    await works.post(await works.meet(on=Platform.SIGNAL), "hello")
    await works.deliver()

    assert works.transport.texts == []
    assert works.number(WAITING) == 1


@pytest.mark.parametrize(
    ("end", "line", "is_given_up"),
    [
        (None, 5, True),
        (failure(FailureKind.REJECTED), 5, True),
        (failure(FailureKind.NOT_SENT), 5, False),
        (None, None, False),
    ],
)
async def test_a_file_is_given_up_once_nobody_asks_for_it(
    works: Works, end: Failure | None, line: int | None, *, is_given_up: bool
) -> None:
    """What went over a line, or never can; not while it is tried again, nor what a notice shows to others too."""
    given_up: list[MediaRef] = []
    works.ground = replace(works.ground, discard=given_up.append)
    works.deliverer = works.another_deliverer()
    works.transport.files["f"], works.transport.ends = picture("word"), [end] if end else []
    file = MediaRef(media=MediaKind.PHOTO, source=Platform.TELEGRAM, file=FileRef(file_id="f"))
    payload = SendMedia(media=MediaKind.PHOTO, source=file.source, file=file.file)
    row = call(await works.meet())
    await works.enqueue(replace(row, payload=payload, priority=Priority.RELAY, line_id=line))
    await works.deliver()

    assert given_up == ([file] if is_given_up else [])
