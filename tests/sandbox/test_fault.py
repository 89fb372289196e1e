"""Scripted failures: what the bot's library sees, and what really happened."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter

from bot.sandbox import Emulator, Fault, FaultKind, Person
from bot.sandbox.fault import Faults
from bot.sandbox.flood import Flood


async def test_a_drop_before_processing_leaves_nothing(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """The connection closes and the message does not exist."""
    emulator.faults.add(Fault(kind=FaultKind.DROP_BEFORE, method="sendMessage"))

    with pytest.raises(NetworkError) as caught:
        await bot.send_message(7, "lost")

    assert isinstance(caught.value.__cause__, httpx.RemoteProtocolError)
    assert noa.chat == []


async def test_a_drop_after_processing_is_the_ambiguous_case(
    bot: Bot, emulator: Emulator, noa: Person
) -> None:
    """The bot sees a reset, the person sees the message."""
    emulator.faults.add(Fault(kind=FaultKind.DROP_AFTER, method="sendMessage"))

    with pytest.raises(NetworkError) as caught:
        await bot.send_message(7, "arrived")

    assert isinstance(caught.value.__cause__, httpx.ReadError | httpx.RemoteProtocolError)
    assert [message.text for message in noa.chat] == ["arrived"]


async def test_a_lost_message_is_answered_as_sent(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """The bot gets a message id, nobody gets the message."""
    emulator.faults.add(Fault(kind=FaultKind.LOSE))
    lost = await bot.send_message(7, "lost")
    sent = await bot.send_message(7, "sent")

    assert (lost.message_id, sent.message_id) == (1, 2)
    assert [message.text for message in noa.history] == ["sent"]


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        (FaultKind.BAD_REQUEST, BadRequest),
        (FaultKind.BLOCKED, Forbidden),
        (FaultKind.UNAUTHORIZED, InvalidToken),
        (FaultKind.FLOOD, RetryAfter),
    ],
)
async def test_error_answers_raise_the_librarys_errors(
    bot: Bot, emulator: Emulator, noa: Person, kind: FaultKind, raised: type[Exception]
) -> None:
    """Each scripted answer comes once, and nothing was sent."""
    emulator.faults.add(Fault(kind=kind, chat_id=7))

    with pytest.raises(raised):
        await bot.send_message(7, "x")

    assert noa.chat == []
    assert [call.outcome for call in emulator.calls("sendMessage")] == [kind.value]


@pytest.mark.parametrize("processed", [False, True])
async def test_a_bad_gateway_may_hide_a_sent_message(
    bot: Bot, emulator: Emulator, noa: Person, processed: bool
) -> None:
    """502 with a page of HTML, before or after the message was sent."""
    emulator.faults.add(Fault(kind=FaultKind.BAD_GATEWAY, processed=processed))

    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(7, "x")

    assert len(noa.chat) == int(processed)


async def test_a_delay_and_a_latency_slow_the_answer(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """A delayed call is processed first; latency is put before every call."""
    loop = asyncio.get_running_loop()
    emulator.faults.add(Fault(kind=FaultKind.DELAY, seconds=0.1))
    emulator.faults.latency_ms = 100
    begun = loop.time()

    await bot.send_message(noa.user_id, "x")

    assert loop.time() - begun >= 0.2


async def test_while_down_every_connection_is_reset(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """A waiting poll too, and it confirms nothing; up again, the update is still there."""
    polling = asyncio.get_running_loop().create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    emulator.go_down()

    with pytest.raises(NetworkError):
        await polling
    with pytest.raises(NetworkError):
        await bot.get_me()
    await noa.send("kept")
    emulator.come_up()
    assert len(await bot.get_updates(offset=1)) == 1


async def test_a_person_who_blocks_is_403_until_they_unblock(bot: Bot, noa: Person) -> None:
    """my_chat_member tells of both."""
    await noa.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(7, "x")
    await noa.unblock()
    await bot.send_message(7, "again")
    changes = [update.my_chat_member for update in await bot.get_updates()]

    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_a_deleted_account_is_403_without_an_update(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """The bot finds out only when it writes."""
    await noa.delete_account()

    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(7, "x")
    assert emulator.pending == 0


def test_a_fault_hits_its_calls_its_number_of_times() -> None:
    """Method, chat, skip and times decide; what is used up is forgotten."""
    faults = Faults()
    faults.add(Fault(kind=FaultKind.FLOOD, method="sendMessage", chat_id=1, times=2, skip=1))

    hits = [faults.pick(method, chat) is not None for method, chat in (("getme", 1), ("sendmessage", 2))]
    later = [faults.pick("sendmessage", 1) is not None for _ in range(4)]

    assert hits == [False, False]
    assert later == [False, True, True, False]
    assert faults.in_force() == ()


def test_the_same_seed_fails_the_same_calls() -> None:
    """Random faults can be repeated."""

    def run(seed: int) -> list[bool]:
        faults = Faults()
        faults.add(Fault(kind=FaultKind.DROP_AFTER, probability=0.3, seed=seed, times=None))
        return [faults.pick("sendmessage", 1) is not None for _ in range(200)]

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert 30 < sum(run(1)) < 90


def test_bulk_is_thirty_a_second_and_replies_are_not_bulk() -> None:
    """The 31st message to silent chats waits a second; an answer to somebody who just wrote goes."""
    flood = Flood(enforced=True)
    waits = [flood.seconds_to_wait(chat_id=n, last_heard=float("-inf"), now=0.0) for n in range(1, 32)]

    assert waits == [0] * 30 + [1]
    assert flood.seconds_to_wait(chat_id=99, last_heard=-1.0, now=0.0) == 0
    assert flood.seconds_to_wait(chat_id=98, last_heard=float("-inf"), now=0.1) == 0


def test_one_chat_takes_a_burst_and_then_one_a_second() -> None:
    """Ten at once, then one for each second that passed."""
    flood = Flood(enforced=True)
    burst = [flood.seconds_to_wait(chat_id=1, last_heard=0.0, now=0.0) for _ in range(11)]

    assert burst == [0] * 10 + [1]
    assert flood.seconds_to_wait(chat_id=1, last_heard=0.0, now=1.0) == 0
    assert flood.seconds_to_wait(chat_id=1, last_heard=0.0, now=1.0) == 1


async def test_enforced_limits_answer_429(bot: Bot, emulator: Emulator, noa: Person) -> None:
    """A bot that writes eleven times at once to one person is told to wait."""
    emulator.enforce_limits()
    for number in range(10):
        await bot.send_message(noa.user_id, str(number))

    with pytest.raises(RetryAfter):
        await bot.send_message(noa.user_id, "too much")
