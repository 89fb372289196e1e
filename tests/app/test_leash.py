"""The sandbox's bot in this process, with a pipe as its leash."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO

import pytest

from bot import app
from bot.sandbox import Emulator, Message
from tests.app.bots import SOON, settings_for
from tests.app.test_serve import meet

VOLUNTEER: Final = "1500"
PEER: Final = "1600"


class Leash:
    """The owner's end."""

    def __init__(self, end: int, capsys: pytest.CaptureFixture[str], bot: asyncio.Task[None]) -> None:
        self._end, self._capsys, self._bot = end, capsys, bot

    async def note(self) -> Any:
        """What the bot says next."""
        async with asyncio.timeout(SOON):
            while not (said := self._capsys.readouterr().out):
                if self._bot.done():
                    self._bot.result()
                await asyncio.sleep(0.01)
        return json.loads(said)

    async def ask(self, note: Any) -> Any:
        os.write(self._end, f"{json.dumps(note)}\n".encode())
        return await self.note()

    async def cut(self) -> None:
        os.close(self._end)
        async with asyncio.timeout(SOON):
            await asyncio.wait([self._bot])


@pytest.fixture
async def leash(
    tmp_path: Path,
    emulator: Emulator,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Leash]:
    """A bot that is an hour ahead."""
    theirs, ours = os.pipe()
    stdin: TextIO = os.fdopen(theirs)
    monkeypatch.setattr(sys, "stdin", stdin)
    loop = asyncio.get_running_loop()
    bot = loop.create_task(
        app.run_on_leash(settings_for(tmp_path, emulator), ahead=3600, volunteer=VOLUNTEER)
    )
    loop.add_signal_handler(signal.SIGTERM, bot.cancel)  # as the command line has it
    yield Leash(ours, capsys, bot)
    bot.cancel()
    await asyncio.wait([bot])
    loop.remove_signal_handler(signal.SIGTERM)
    stdin.close()


async def test_it_says_when_it_serves_and_invites_an_organizer(leash: Leash, emulator: Emulator) -> None:
    """Once: where there is an open invitation, or an organizer, it makes no other."""
    first = await leash.note()
    later = await leash.ask({"ahead": 7200})

    assert first["ready"]
    assert first["invite"].keys() == {"payload", "secret"}
    assert later == {"ahead": 7200}
    await meet(emulator)
    await leash.cut()


async def test_when_time_jumps_what_is_due_has_happened(leash: Leash, emulator: Emulator) -> None:
    """The answer comes when it has: the invitation of long ago has ended, and there is a new one."""
    first = await leash.note()
    month = timedelta(days=30).total_seconds()
    emulator.advance(month)
    later = await leash.ask({"ahead": month})
    person = await meet(emulator)

    assert later["invite"] != first["invite"]
    assert datetime.fromtimestamp(person.last.date, UTC) > datetime.now(UTC) + timedelta(days=29)
    await leash.cut()


async def test_the_volunteer_it_is_told_of_is_ready(leash: Leash, emulator: Emulator) -> None:
    """Somebody asks for company, and the one who never did anything is asked whether it suits them."""
    volunteer = emulator.person(int(VOLUNTEER), started=True)
    await leash.note()
    person = await meet(emulator)
    asked = 0
    for choice in ("go_on", "none", "~human", "somebody", "buddy", "connect"):
        question = await person.wait_for(partial(offers, choice), timeout=SOON, after=asked)
        await person.press(next(data for data in choices(question) if data.endswith(f":{choice}")))
        asked = question.message_id
    await volunteer.wait_for(partial(offers, "accept"), timeout=SOON)
    await leash.cut()


def choices(message: Message) -> list[str]:
    """The data of its buttons."""
    return [button.data for button in message.buttons if button.data]


def offers(choice: str, message: Message) -> bool:
    """Whether it has a button of this choice."""
    return any(data.endswith(f":{choice}") for data in choices(message))


async def test_a_second_organizer_is_let_in_and_a_third_is_not(leash: Leash, emulator: Emulator) -> None:
    """The one who is has a desk, and is told no second secret; an open invitation counts as somebody."""
    peer = emulator.person(int(PEER), started=True)
    await leash.note()
    first = await leash.ask({"organizer": PEER})
    again = await leash.ask({"organizer": PEER})
    third = await leash.ask({"organizer": "1700"})
    await peer.send("/desk")
    await peer.wait_for(partial(offers, "two"), timeout=SOON)

    assert len(first["secret"]) == 32
    assert (again["secret"], third.get("refused")) == (None, True)
    await leash.cut()


async def test_it_ends_when_its_owner_does(leash: Leash) -> None:
    """As if it had been told to stop."""
    await leash.note()
    await leash.cut()
