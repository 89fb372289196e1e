"""Telegram in trouble: whatever goes wrong on its side, every answer arrives, late at worst."""

from typing import Any

import pytest

from bot.sandbox import Emulator
from bot.sandbox.fault import Fault, FaultKind
from bot.sandbox.refusal import Refusal
from tests.faults.crowd import WALK, Visitor, crowd, going_about, judged, learned, visitor_at_home
from tests.faults.place import VICTIM, Place

OPEN_ROWS = "SELECT count(*) FROM outbox"
STEP = WALK["home"][0]


def fail(emulator: Emulator, visitor: Visitor, kind: FaultKind, **more: Any) -> None:
    """The next message to one person meets this."""
    emulator.faults.add(Fault(kind=kind, method="sendMessage", chat_id=visitor.person.user_id, **more))


def ends(emulator: Emulator, visitor: Visitor) -> list[str]:
    """How the messages to one person ended, in order."""
    return [call.outcome for call in emulator.calls("sendMessage", chat_id=visitor.person.user_id)]


async def test_an_outage_only_delays(place: Place) -> None:
    """Telegram resets every connection for a while; then everything is answered, and doubled at most what was cut."""
    emulator = place.emulator
    await place.start()
    replies = await learned(emulator)
    visitors = crowd(emulator, 10, seed=3, pause=0.02)
    async with going_about(visitors):
        await place.until(lambda: all(len(visitor.done) > 3 for visitor in visitors))
        emulator.go_down()
        await place.until(lambda: emulator.journal.count("getUpdates", "down") >= 2)
        emulator.come_up()
        before = len(visitors[0].done)
        await place.until(lambda: len(visitors[0].done) > before + 2)
    await place.until_quiet()

    judged(visitors, replies).check(in_flight=emulator.journal.count("sendMessage", "down"))


async def test_broken_answers_are_sent_again(place: Place) -> None:
    """502 pages and resets: a message that was not taken comes once, one that was taken comes at most twice."""
    emulator = place.emulator
    await place.start()
    replies = await learned(emulator)
    clean = [await visitor_at_home(emulator) for _ in range(2)]
    ambiguous = [await visitor_at_home(emulator) for _ in range(2)]
    fail(emulator, clean[0], FaultKind.BAD_GATEWAY)
    fail(emulator, clean[1], FaultKind.DROP_BEFORE)
    fail(emulator, ambiguous[0], FaultKind.BAD_GATEWAY, processed=True)
    fail(emulator, ambiguous[1], FaultKind.DROP_AFTER)
    for visitor in clean + ambiguous:
        await visitor.step(STEP)
    await place.until_quiet()

    judged(clean, replies).check(in_flight=0)
    judged(ambiguous, replies).check(in_flight=2)
    assert [len(ends(emulator, visitor)) for visitor in clean + ambiguous] == [6] * 4


async def test_a_flood_wait_is_obeyed_across_a_kill(place: Place) -> None:
    """After 429 nothing goes to that chat before the time Telegram named, not even from the next process."""
    emulator = place.emulator
    bot = await place.start()
    visitor, other = await visitor_at_home(emulator), await visitor_at_home(emulator)
    await place.until_quiet()
    fail(emulator, visitor, FaultKind.FLOOD, retry_after=6)
    await visitor.person.press("Thinking it over")
    await place.until_number(f"{OPEN_ROWS} WHERE attempts = 1 AND NOT sending", 1)
    bot.kill()
    await bot.ended()
    await place.start()
    await other.step(STEP)
    early = ends(emulator, visitor)
    await place.until_quiet()

    calls = emulator.calls("sendMessage", chat_id=visitor.person.user_id)
    assert early[-1] == "flood", "the other chat waited too"
    assert calls[-1].outcome == "ok"
    assert calls[-1].at - calls[-2].at >= 6


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refusal_of_the_bot_pauses_the_platform(place: Place, status: int) -> None:
    """401 and 404 stop all sending for a minute and lose no row; then it goes on."""
    emulator = place.emulator
    bot = await place.start()
    replies = await learned(emulator)
    visitors = [await visitor_at_home(emulator) for _ in range(2)]
    await place.until_quiet()
    usual = emulator.answerers["sendmessage"]
    emulator.answerers["sendmessage"] = _refusing(status)
    await visitors[0].person.send("menu")
    await place.until_number("SELECT count(*) FROM pause", 1)
    emulator.answerers["sendmessage"] = usual
    await visitors[1].person.send("menu")
    await place.until_number("SELECT count(*) FROM inbox WHERE handled_at IS NULL", 0)
    await place.until_number(f"{OPEN_ROWS} WHERE NOT sending", 3)  # the first keyboard was taken away in time
    bot.kill()
    await bot.ended()
    calls = [len(ends(emulator, visitor)) for visitor in visitors]
    await place.start([*VICTIM, "--ahead", "61"])
    await place.until_quiet()

    assert calls == [5, 4], "the second person's answer went out in the pause"
    for visitor in visitors:
        visitor.done.append(("home", WALK["home"][2][0]))
    judged(visitors, replies).check(in_flight=0)


def _refusing(status: int) -> Any:
    def answer(_params: object) -> object:
        raise Refusal(status, "Unauthorized" if status == 401 else "Not Found")

    return answer


async def test_who_blocked_the_bot_is_left_alone(place: Place) -> None:
    """One call meets the block, the rest of the answer is not tried; after they write again, they are answered."""
    emulator = place.emulator
    await place.start()
    replies = await learned(emulator)
    visitor = await visitor_at_home(emulator)
    await place.until_quiet()
    seen, before = len(visitor.seen), emulator.journal.total
    await visitor.person.send("/start")
    await visitor.person.block()
    await place.until_quiet()
    refused = [
        call.outcome for call in emulator.calls(chat_id=visitor.person.user_id) if call.number > before
    ]
    await visitor.person.unblock()
    await visitor.person.send("menu")
    await place.until(lambda: len(visitor.seen) > seen)

    assert refused == ["403"]
    assert visitor.seen[-1].text == replies["home", WALK["home"][2][0]][-1].removeprefix("?\x00")
